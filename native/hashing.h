/* Hashes of words, and how hashes are spread: dedup/hashing.py and
 * dedup/fingerprint/mixing.py say which and why. All arithmetic wraps around. */
#ifndef SECONDHAND_HASHING_H
#define SECONDHAND_HASHING_H

#include <stddef.h>
#include <stdint.h>

#define XXH_INLINE_ALL
#include "vendor/xxhash.h"

static inline uint64_t
word_hash(const void *utf8, size_t length)
{
    return XXH3_64bits(utf8, length);
}

static inline uint32_t
fmix32(uint32_t value)
{
    value ^= value >> 16;
    value *= UINT32_C(0x85EBCA6B);
    value ^= value >> 13;
    value *= UINT32_C(0xC2B2AE35);
    return value ^ value >> 16;
}

static inline uint64_t
fmix64(uint64_t value)
{
    value ^= value >> 33;
    value *= UINT64_C(0xFF51AFD7ED558CCD);
    value ^= value >> 33;
    value *= UINT64_C(0xC4CEB9FE1A85EC53);
    return value ^ value >> 33;
}

#endif
