#include "content.h"

#include <stdlib.h>
#include <string.h>

#include "hashing.h"
#include "room.h"

#define MULTIPLIER UINT64_C(0x9E3779B97F4A7C15) /* dedup/hashing.py */

/* Elements that a term makes at most. */
#define MOST_COPIES 3

/* What `sign` may add behind the elements. */
#define SPARE_ELEMENTS 15

static int
want(struct vocabulary *vocabulary, const struct words *words, size_t number)
{
    uint64_t hash = words->hashes[number];
    if (vocabulary->asked == NULL && (vocabulary->asked = lexicon_new()) == NULL)
        return -1;
    int is_new = lexicon_want(&vocabulary->asked, hash);
    if (is_new <= 0)
        return is_new;
    size_t n_wanted = vocabulary->n_wanted;
    size_t from = n_wanted ? vocabulary->wanted_ends[n_wanted - 1] : 0;
    size_t length = words->lengths[number];
    if (make_room(&vocabulary->wanted, &vocabulary->wanted_room, n_wanted + 1,
                  sizeof *vocabulary->wanted) < 0 ||
        make_room(&vocabulary->wanted_ends, &vocabulary->ends_room, n_wanted + 1,
                  sizeof *vocabulary->wanted_ends) < 0 ||
        make_room(&vocabulary->wanted_utf8, &vocabulary->utf8_room, from + length, 1) < 0)
        return -1;
    memcpy(vocabulary->wanted_utf8 + from, words->folded + words->at[number], length);
    vocabulary->wanted[n_wanted] = hash;
    vocabulary->wanted_ends[n_wanted] = from + length;
    vocabulary->n_wanted++;
    return 0;
}

/* Look all words up: `terms->found`. */
static int
find_terms(const struct words *words, struct vocabulary *vocabulary, struct terms *terms)
{
    if (make_room(&terms->found, &terms->found_room, words->n_words, sizeof *terms->found) < 0)
        return TERMS_NO_MEMORY;
    int state = TERMS_MADE;
    for (size_t i = 0; i < words->n_words; i++) {
        struct term *term = lexicon_find(vocabulary->known, words->hashes[i]);
        if (vocabulary->has_answers && term == NULL)
            term = lexicon_find(vocabulary->asked, words->hashes[i]);
        else if (!vocabulary->has_answers && term != NULL)
            lexicon_mark_met(term);
        terms->found[i] = term;
        if (term != NULL)
            continue;
        state = TERMS_WANTED;
        if (want(vocabulary, words, i) < 0)
            return TERMS_NO_MEMORY;
    }
    return state;
}

/* A stem has one weight in a language, and characters joined side by side are the same ones in
 * whatever window they stand: so terms are told apart by their stems alone. */
static inline void
add_term(struct terms *terms, uint64_t stem, double weight)
{
    size_t mask = terms->n_slots - 1;
    size_t at = stem & mask;
    for (; terms->slots[at]; at = (at + 1) & mask)
        if (terms->stems[terms->slots[at] - 1] == stem) {
            terms->is_repeated[terms->slots[at] - 1] = 1;
            return;
        }
    size_t number = terms->n_terms++;
    terms->slots[at] = (uint32_t)terms->n_terms;
    terms->stems[number] = stem;
    terms->weights[number] = weight;
    terms->is_repeated[number] = 0;
}

/* The term of words that touch: their stems side by side, their mean weight. */
static int
join(struct terms *terms, size_t from, size_t to)
{
    size_t length = 0;
    double weight = 0;
    for (size_t i = from; i < to; i++) {
        const struct term *term = terms->found[i];
        if (make_room(&terms->joined, &terms->joined_room, length + term->length, 1) < 0)
            return -1;
        memcpy(terms->joined + length, term->stem.utf8, term->length);
        length += term->length;
        weight += term->weight;
    }
    add_term(terms, word_hash(terms->joined, length), weight / (double)(to - from));
    return 0;
}

/* The end of the unbroken stretch of single characters that begins at word `from`. */
static size_t
end_of_stretch(const struct words *words, const struct terms *terms, size_t from)
{
    size_t to = from + 1;
    while (to < words->n_words && terms->found[to]->window &&
           words->starts[to] == words->ends[to - 1])
        to++;
    return to;
}

static int
join_stretch(struct terms *terms, size_t from, size_t to)
{
    size_t window = terms->found[from]->window;
    if (to - from <= window)
        return join(terms, from, to);
    for (size_t i = from; i + window <= to; i++)
        if (join(terms, i, i + window) < 0)
            return -1;
    return 0;
}

static int
collect(const struct words *words, struct terms *terms)
{
    for (size_t i = 0; i < words->n_words;) {
        const struct term *term = terms->found[i];
        if (term->window == 0) {
            add_term(terms, term->stem.hash, term->weight);
            i++;
            continue;
        }
        size_t end = end_of_stretch(words, terms, i);
        if (join_stretch(terms, i, end) < 0)
            return -1;
        i = end;
    }
    return 0;
}

static void
make_copies(struct terms *terms, struct weighting weighting)
{
    terms->n_elements = 0;
    for (size_t i = 0; i < terms->n_terms; i++) {
        if (!(terms->weights[i] >= weighting.content))
            continue;
        int copies = 1 + (terms->weights[i] >= weighting.telling) + terms->is_repeated[i];
        uint64_t hash = terms->stems[i];
        for (; copies > 0; copies--, hash += MULTIPLIER)
            terms->elements[terms->n_elements++] = (uint32_t)(fmix64(hash) >> 32);
    }
}

/* Room for as many terms as there are words, and an empty table. */
static int
clear(struct terms *terms, size_t n_words)
{
    size_t n_slots = 64;
    while (n_slots < 2 * n_words)
        n_slots *= 2;
    if (make_room(&terms->stems, &terms->stems_room, n_words, sizeof *terms->stems) < 0 ||
        make_room(&terms->weights, &terms->weights_room, n_words, sizeof *terms->weights) < 0 ||
        make_room(&terms->is_repeated, &terms->repeated_room, n_words, 1) < 0 ||
        make_room(&terms->slots, &terms->slots_room, n_slots, sizeof *terms->slots) < 0 ||
        make_room(&terms->elements, &terms->elements_room,
                  MOST_COPIES * n_words + SPARE_ELEMENTS, sizeof *terms->elements) < 0)
        return -1;
    terms->n_terms = 0;
    terms->n_slots = n_slots;
    memset(terms->slots, 0, n_slots * sizeof *terms->slots);
    return 0;
}

int
make_elements(const struct words *words, struct vocabulary *vocabulary,
              struct weighting weighting, struct terms *terms)
{
    int state = find_terms(words, vocabulary, terms);
    if (state != TERMS_MADE)
        return state;
    if (clear(terms, words->n_words) < 0 || collect(words, terms) < 0)
        return TERMS_NO_MEMORY;
    make_copies(terms, weighting);
    return TERMS_MADE;
}

void
vocabulary_free(struct vocabulary *vocabulary)
{
    lexicon_release(vocabulary->asked);
    free(vocabulary->wanted);
    free(vocabulary->wanted_ends);
    free(vocabulary->wanted_utf8);
}

void
terms_free(struct terms *terms)
{
    free(terms->stems);
    free(terms->weights);
    free(terms->is_repeated);
    free(terms->slots);
    free(terms->found);
    free(terms->joined);
    free(terms->elements);
    memset(terms, 0, sizeof *terms);
}
