/* The weighted content terms of a text: dedup/fingerprint/content.py. */
#ifndef SECONDHAND_CONTENT_H
#define SECONDHAND_CONTENT_H

#include <stddef.h>
#include <stdint.h>

#include "lexicon.h"
#include "tokenizer.h"

struct weighting {
    double content; /* least weight of a term that counts */
    double telling; /* least weight of one that counts twice */
};

/* What is known of a language: what all calls know, and what this call had to ask. */
struct vocabulary {
    const struct lexicon *known;
    struct lexicon *asked; /* NULL before there is something to ask */
    int has_answers; /* whether `asked` has been filled */

    size_t n_wanted; /* words to ask for */
    uint64_t *wanted;
    size_t *wanted_ends; /* in wanted_utf8 */
    uint8_t *wanted_utf8;
    size_t wanted_room, ends_room, utf8_room;
};

void vocabulary_free(struct vocabulary *vocabulary);

/* The terms of one text; the room is kept for the next one. */
struct terms {
    size_t n_terms;
    uint64_t *stems;
    double *weights;
    uint8_t *is_repeated;
    size_t stems_room, weights_room, repeated_room;

    uint32_t *slots; /* of `n_slots`, a power of two: number of the term plus one, or 0 */
    size_t n_slots, slots_room;

    const struct term **found; /* of each word */
    size_t found_room;
    uint8_t *joined; /* the stems of a window, side by side */
    size_t joined_room;

    size_t n_elements;
    uint32_t *elements;
    size_t elements_room;
};

enum { TERMS_NO_MEMORY = -1, TERMS_MADE = 0, TERMS_WANTED = 1 };

/* Make the elements of a text. TERMS_WANTED: words had to be put down to be asked for; come again
 * when the vocabulary has the answers. */
int make_elements(const struct words *words, struct vocabulary *vocabulary,
                  struct weighting weighting, struct terms *terms);

void terms_free(struct terms *terms);

#endif
