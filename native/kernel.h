/* Many texts in, signatures and passages out: dedup/fingerprint/kernel.py. No Python here. */
#ifndef SECONDHAND_KERNEL_H
#define SECONDHAND_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "alphabet.h"
#include "content.h"
#include "minhash.h"
#include "passages.h"
#include "tokenizer.h"

/* As in dedup/model.py. */
enum family { FAMILY_WORDING, FAMILY_CONTENT, FAMILY_PASSAGES };

/* How a signature becomes keys: dedup/fingerprint/banding.py. */
struct banding {
    size_t n_bands;
    size_t rows;
    const int32_t *places;  /* of each band's rows in a signature: shape (n_bands, rows) */
    const uint64_t *firsts; /* what the bands' keys begin as: shape (n_bands,) */
};

struct plan {
    int has_wording, has_content, has_passages;
    struct permutations permutations;
    size_t shingle_words;
    size_t passage_window;
    size_t least_windows;
    uint64_t passage_first; /* what the key of a passage begins as */
    struct weighting weighting;
    struct banding wording, content;
};

/* Fingerprints of many texts in the making, with all that one thread needs to make them. */
struct prints {
    size_t n_texts;
    uint32_t *wording; /* shape (n_texts, permutations), or NULL; not owned */
    uint32_t *content;
    uint8_t *has_wording; /* of each text: whether it has an element of the family */
    uint8_t *has_content;
    size_t *passage_ends;
    struct passages passages;
    size_t *postponed; /* texts that wait for answers */
    size_t n_postponed;

    struct words words;
    struct terms terms;
    uint64_t *shingles;
    size_t shingles_room;
};

/* The owned arrays for so many texts. 0, or -1 if there is no memory. */
int prints_init(struct prints *prints, size_t n_texts);

void prints_free(struct prints *prints);

/* Fingerprint all texts; the content of those with words that nobody knows is postponed, the words
 * are put down in their vocabularies. `languages`: the vocabulary of each text.
 * 0, or -1 if there is no memory. */
int prints_make(struct prints *prints, const struct plan *plan, const struct alphabet *alphabet,
                const struct text *texts, struct vocabulary *vocabularies,
                const int32_t *languages);

/* The content of those postponed. The vocabularies have the answers. */
int prints_finish(struct prints *prints, const struct plan *plan, const struct alphabet *alphabet,
                  const struct text *texts, struct vocabulary *vocabularies,
                  const int32_t *languages);

size_t prints_count_keys(const struct prints *prints, const struct plan *plan);

/* Fill the columns of keys: shapes (count,), and (n_texts + 1,) for `offsets`. */
void prints_write_keys(const struct prints *prints, const struct plan *plan, uint64_t *keys,
                       uint8_t *families, int32_t *starts, int64_t *offsets);

#endif
