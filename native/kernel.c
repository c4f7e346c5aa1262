#include "kernel.h"

#include <stdlib.h>
#include <string.h>

#include "hashing.h"
#include "room.h"

#define NOWHERE -1 /* where a key stands that is no passage's */

int
prints_init(struct prints *prints, size_t n_texts)
{
    size_t n_items = n_texts ? n_texts : 1;
    prints->n_texts = n_texts;
    prints->has_wording = calloc(n_items, sizeof *prints->has_wording);
    prints->has_content = calloc(n_items, sizeof *prints->has_content);
    prints->passage_ends = calloc(n_items, sizeof *prints->passage_ends);
    prints->postponed = calloc(n_items, sizeof *prints->postponed);
    if (prints->has_wording == NULL || prints->has_content == NULL ||
        prints->passage_ends == NULL || prints->postponed == NULL)
        return -1;
    return 0;
}

void
prints_free(struct prints *prints)
{
    free(prints->has_wording);
    free(prints->has_content);
    free(prints->passage_ends);
    free(prints->postponed);
    free(prints->shingles);
    passages_free(&prints->passages);
    words_free(&prints->words);
    terms_free(&prints->terms);
    memset(prints, 0, sizeof *prints);
}

static uint32_t *
row_of(uint32_t *signatures, const struct plan *plan, size_t number)
{
    return signatures + number * plan->permutations.number;
}

static void
sign_content(struct prints *prints, const struct plan *plan, size_t number)
{
    struct terms *terms = &prints->terms;
    uint32_t *signature = row_of(prints->content, plan, number);
    prints->has_content[number] = terms->n_elements > 0;
    for (size_t from = 0; from < terms->n_elements; from += ELEMENTS_PER_BLOCK) {
        size_t left = terms->n_elements - from;
        uint32_t block[ELEMENTS_PER_BLOCK + 15];
        size_t n_elements = left < ELEMENTS_PER_BLOCK ? left : ELEMENTS_PER_BLOCK;
        memcpy(block, terms->elements + from, n_elements * sizeof *block);
        sign(plan->permutations, block, n_elements, signature);
    }
}

static void
sign_wording(struct prints *prints, const struct plan *plan, size_t number, size_t n_shingles)
{
    uint32_t *signature = row_of(prints->wording, plan, number);
    prints->has_wording[number] = n_shingles > 0;
    for (size_t from = 0; from < n_shingles; from += ELEMENTS_PER_BLOCK) {
        uint32_t block[ELEMENTS_PER_BLOCK + 15];
        size_t n_elements = 0;
        for (size_t i = from; i < n_shingles && n_elements < ELEMENTS_PER_BLOCK; i++)
            block[n_elements++] = (uint32_t)(prints->shingles[i] >> 32);
        sign(plan->permutations, block, n_elements, signature);
    }
}

static size_t
window_of(const struct plan *plan, size_t n_shingles)
{
    size_t window = n_shingles / plan->least_windows;
    if (window > plan->passage_window)
        window = plan->passage_window;
    return window ? window : 1;
}

/* The families that rest on shingles. */
static int
make_shingled(struct prints *prints, const struct plan *plan, size_t number)
{
    const struct words *words = &prints->words;
    if (make_room(&prints->shingles, &prints->shingles_room, words->n_words,
                  sizeof *prints->shingles) < 0)
        return -1;
    size_t n_shingles =
        hash_shingles(words->hashes, words->n_words, plan->shingle_words, prints->shingles);
    if (plan->has_wording)
        sign_wording(prints, plan, number, n_shingles);
    if (plan->has_passages)
        return select_passages(prints->shingles, n_shingles, window_of(plan, n_shingles),
                               &prints->passages);
    return 0;
}

static int
make_content(struct prints *prints, const struct plan *plan, struct vocabulary *vocabulary,
             size_t number)
{
    int state = make_elements(&prints->words, vocabulary, plan->weighting, &prints->terms);
    if (state == TERMS_MADE)
        sign_content(prints, plan, number);
    return state;
}

static void
fill_empty(uint32_t *signatures, const struct plan *plan, size_t n_texts)
{
    if (signatures != NULL)
        memset(signatures, 0xFF, n_texts * plan->permutations.number * sizeof *signatures);
}

int
prints_make(struct prints *prints, const struct plan *plan, const struct alphabet *alphabet,
            const struct text *texts, struct vocabulary *vocabularies, const int32_t *languages)
{
    fill_empty(prints->wording, plan, prints->n_texts);
    fill_empty(prints->content, plan, prints->n_texts);
    for (size_t i = 0; i < prints->n_texts; i++) {
        if (tokenize(alphabet, texts[i], &prints->words) < 0)
            return -1;
        if ((plan->has_wording || plan->has_passages) && make_shingled(prints, plan, i) < 0)
            return -1;
        prints->passage_ends[i] = prints->passages.n_passages;
        if (!plan->has_content)
            continue;
        int state = make_content(prints, plan, &vocabularies[languages[i]], i);
        if (state == TERMS_NO_MEMORY)
            return -1;
        if (state == TERMS_WANTED)
            prints->postponed[prints->n_postponed++] = i;
    }
    return 0;
}

int
prints_finish(struct prints *prints, const struct plan *plan, const struct alphabet *alphabet,
              const struct text *texts, struct vocabulary *vocabularies, const int32_t *languages)
{
    for (size_t i = 0; i < prints->n_postponed; i++) {
        size_t number = prints->postponed[i];
        /* Nothing is wanted any more: tables lose no words while they are held. */
        if (tokenize(alphabet, texts[number], &prints->words) < 0 ||
            make_content(prints, plan, &vocabularies[languages[number]], number) != TERMS_MADE)
            return -1;
    }
    return 0;
}

size_t
prints_count_keys(const struct prints *prints, const struct plan *plan)
{
    size_t n_keys = prints->passages.n_passages;
    for (size_t i = 0; i < prints->n_texts; i++) {
        n_keys += prints->has_wording[i] * plan->wording.n_bands;
        n_keys += prints->has_content[i] * plan->content.n_bands;
    }
    return n_keys;
}

static void
write_bands(const struct banding *banding, const uint32_t *signature, uint64_t *keys)
{
    for (size_t band = 0; band < banding->n_bands; band++) {
        const int32_t *places = banding->places + band * banding->rows;
        uint64_t key = banding->firsts[band];
        for (size_t row = 0; row < banding->rows; row += 2) {
            uint64_t word = signature[places[row]];
            if (row + 1 < banding->rows)
                word |= (uint64_t)signature[places[row + 1]] << 32;
            key = fmix64(key ^ word);
        }
        keys[band] = key;
    }
}

void
prints_write_keys(const struct prints *prints, const struct plan *plan, uint64_t *keys,
                  uint8_t *families, int32_t *starts, int64_t *offsets)
{
    const struct {
        const struct banding *banding;
        uint32_t *signatures;
        const uint8_t *has;
        uint8_t family;
    } signed_families[] = {
        {&plan->wording, prints->wording, prints->has_wording, FAMILY_WORDING},
        {&plan->content, prints->content, prints->has_content, FAMILY_CONTENT},
    };
    size_t at = 0, passage = 0;
    for (size_t i = 0; i < prints->n_texts; i++) {
        offsets[i] = (int64_t)at;
        for (size_t f = 0; f < 2; f++) {
            if (!signed_families[f].has[i])
                continue;
            const struct banding *banding = signed_families[f].banding;
            write_bands(banding, row_of(signed_families[f].signatures, plan, i), keys + at);
            for (size_t band = 0; band < banding->n_bands; band++, at++) {
                families[at] = signed_families[f].family;
                starts[at] = NOWHERE;
            }
        }
        for (; passage < prints->passage_ends[i]; passage++, at++) {
            keys[at] = fmix64(plan->passage_first ^ prints->passages.hashes[passage]);
            families[at] = FAMILY_PASSAGES;
            starts[at] = prints->passages.starts[passage];
        }
    }
    offsets[prints->n_texts] = (int64_t)at;
}
