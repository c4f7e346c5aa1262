/* MinHash of sets of 32-bit elements: dedup/fingerprint/signature.py. */
#ifndef SECONDHAND_MINHASH_H
#define SECONDHAND_MINHASH_H

#include <stddef.h>
#include <stdint.h>

struct permutations {
    size_t number;
    const uint32_t *multipliers;
    const uint32_t *increments;
};

/* The elements of a set come in blocks of so many, which stay in the first-level cache. */
#define ELEMENTS_PER_BLOCK 4096

/* Sign one set. `signature`: shape (number,), all UINT32_MAX before the first block.
 * `elements`: at most ELEMENTS_PER_BLOCK, in an array with room for 15 more; they are spoilt. */
void sign(struct permutations drawn, uint32_t *elements, size_t n_elements, uint32_t *signature);

#endif
