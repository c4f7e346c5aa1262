/* Keys with a value beside each, sorted: dedup/batch/reference.py. */
#ifndef SECONDHAND_SORT_H
#define SECONDHAND_SORT_H

#include <stddef.h>
#include <stdint.h>

enum sort_by { BY_KEY, BY_KEY_AND_VALUE };

/* Sort in place. 0, or -1 if there is no memory (then nothing has changed). */
int sort_columns(uint64_t *keys, uint64_t *values, size_t n, enum sort_by by);

/* Make one of neighbours with equal keys, with the sum of their values. Returns how many are left. */
size_t add_up_neighbours(uint64_t *keys, uint64_t *values, size_t n);

#endif
