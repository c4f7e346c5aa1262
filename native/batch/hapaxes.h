/* Words that occur once in a text, as a bitmap: dedup/batch/hapaxes.py. */
#ifndef SECONDHAND_HAPAXES_H
#define SECONDHAND_HAPAXES_H

#include <stddef.h>
#include <stdint.h>

/* Mark the hapaxes of each text.
 *
 * words: hashes, text after text; text i from offsets[i] to offsets[i + 1].
 * bitmaps: shape (n_texts, bits / 64), all zero.
 * 0, or -1 if there is no memory. */
int mark_hapaxes(const uint64_t *words, const int64_t *offsets, size_t n_texts, size_t bits,
                 uint64_t *bitmaps);

#endif
