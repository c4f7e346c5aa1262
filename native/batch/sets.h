/* Texts as sets of shingles, and what two sets have in common: dedup/batch/reference.py. */
#ifndef SECONDHAND_SETS_H
#define SECONDHAND_SETS_H

#include <stddef.h>
#include <stdint.h>

#include "minhash.h"

/* Hash every run of `size` words of each text, and put down the distinct ones, ascending.
 *
 * words: text after text; text i from offsets[i] to offsets[i + 1].
 * sets: with room for as many as there are words; set i from bounds[i] to bounds[i + 1].
 * 0, or -1 if there is no memory. */
int make_sets(const uint64_t *words, const int64_t *offsets, size_t n_texts, size_t size,
              uint64_t *sets, int64_t *bounds);

/* Sign the upper halves of each set's elements.
 *
 * signatures: shape (n_sets, drawn.number). */
void sign_sets(struct permutations drawn, const uint64_t *sets, const int64_t *bounds,
               size_t n_sets, uint32_t *signatures);

/* How many elements the two sets of each pair have in common. */
void count_common(const uint64_t *sets, const int64_t *bounds, const int64_t *one,
                  const int64_t *other, size_t n_pairs, int64_t *counts);

#endif
