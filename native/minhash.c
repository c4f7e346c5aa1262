#include "minhash.h"

#include "hashing.h"
#include "simd.h"

#define LANES 16

/* The elements are the inner loop: its minimum is a vector of 4, 8 or 16 elements, and what the
 * permutation is stays in registers. */
static ALWAYS_INLINE void
sign_elements_body(struct permutations drawn, const uint32_t *elements, size_t n_elements,
          uint32_t *signature)
{
    for (size_t k = 0; k < drawn.number; k++) {
        uint32_t multiplier = drawn.multipliers[k];
        uint32_t increment = drawn.increments[k];
        uint32_t least = signature[k];
        for (size_t i = 0; i < n_elements; i++) {
            uint32_t value = elements[i] * multiplier + increment;
            least = value < least ? value : least;
        }
        signature[k] = least;
    }
}

VERSIONS(sign_elements,
         (struct permutations drawn, const uint32_t *elements, size_t n_elements,
          uint32_t *signature),
         (drawn, elements, n_elements, signature))

static ALWAYS_INLINE void
mix_elements_body(uint32_t *elements, size_t n_elements)
{
    for (size_t i = 0; i < n_elements; i++)
        elements[i] = fmix32(elements[i]);
}

VERSIONS(mix_elements, (uint32_t *elements, size_t n_elements), (elements, n_elements))

void
sign(struct permutations drawn, uint32_t *elements, size_t n_elements, uint32_t *signature)
{
    if (n_elements == 0)
        return;
    while (n_elements % LANES) /* a repetition changes no minimum */
        elements[n_elements++] = elements[0];
    mix_elements(elements, n_elements);
    sign_elements(drawn, elements, n_elements, signature);
}
