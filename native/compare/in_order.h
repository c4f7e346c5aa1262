/* What stands in two sequences of words in the same order: the longest common subsequence. */
#ifndef SECONDHAND_COMPARE_IN_ORDER_H
#define SECONDHAND_COMPARE_IN_ORDER_H

#include "words.h"

typedef struct {
    Py_ssize_t one;
    Py_ssize_t other;
    Py_ssize_t size;
} Block;

typedef struct {
    Block *blocks; /* PyMem_Free them */
    Py_ssize_t n;
} Blocks;

/* How many words stand in both in the same order; -1 with an exception set. */
Py_ssize_t n_in_order(
    const uint64_t *one, Py_ssize_t n_one, const uint64_t *other, Py_ssize_t n_other);

/* Which ones, as stretches without a gap on either side, in order; -1 with an exception set. */
int blocks_in_order(
    const uint64_t *one, Py_ssize_t n_one, const uint64_t *other, Py_ssize_t n_other,
    Blocks *found);

#endif
