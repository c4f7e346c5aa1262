#include "sets.h"

#include <stdlib.h>
#include <string.h>

#include "passages.h"

enum {
    FEWEST_HEAPS_BITS = 4,
    MOST_HEAPS_BITS = 14,
};

static void
sort_few(uint64_t *values, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint64_t moved = values[i];
        size_t to = i;
        for (; to > 0 && moved < values[to - 1]; to--)
            values[to] = values[to - 1];
        values[to] = moved;
    }
}

/* Sort hashes: one heap for each start of a hash, about as many as there are hashes, so that a
 * heap holds one or two. `ends`: room for all heaps. */
static void
sort_hashes(const uint64_t *hashes, size_t n, uint64_t *sorted, uint32_t *ends)
{
    int bits = FEWEST_HEAPS_BITS;
    while (bits < MOST_HEAPS_BITS && (size_t)1 << bits < n)
        bits++;
    size_t n_heaps = (size_t)1 << bits;
    uint32_t begin = 0;
    memset(ends, 0, n_heaps * sizeof *ends);
    for (size_t i = 0; i < n; i++)
        ends[hashes[i] >> (64 - bits)]++;
    for (size_t heap = 0; heap < n_heaps; heap++) {
        uint32_t count = ends[heap];
        ends[heap] = begin;
        begin += count;
    }
    for (size_t i = 0; i < n; i++)
        sorted[ends[hashes[i] >> (64 - bits)]++] = hashes[i];
    begin = 0;
    for (size_t heap = 0; heap < n_heaps; heap++) {
        sort_few(sorted + begin, ends[heap] - begin);
        begin = ends[heap];
    }
}

int
make_sets(const uint64_t *words, const int64_t *offsets, size_t n_texts, size_t size, uint64_t *sets,
          int64_t *bounds)
{
    size_t most = 1;
    for (size_t text = 0; text < n_texts; text++) {
        size_t n_words = (size_t)(offsets[text + 1] - offsets[text]);
        most = n_words > most ? n_words : most;
    }
    uint64_t *hashes = malloc(2 * most * sizeof *hashes);
    uint32_t *ends = malloc(((size_t)1 << MOST_HEAPS_BITS) * sizeof *ends);
    if (hashes == NULL || ends == NULL) {
        free(hashes);
        free(ends);
        return -1;
    }
    uint64_t *sorted = hashes + most;
    int64_t n_elements = 0;
    for (size_t text = 0; text < n_texts; text++) {
        bounds[text] = n_elements;
        size_t n_words = (size_t)(offsets[text + 1] - offsets[text]);
        size_t n = hash_shingles(words + offsets[text], n_words, size, hashes);
        sort_hashes(hashes, n, sorted, ends);
        for (size_t i = 0; i < n; i++)
            if (i == 0 || sorted[i] != sorted[i - 1])
                sets[n_elements++] = sorted[i];
    }
    bounds[n_texts] = n_elements;
    free(hashes);
    free(ends);
    return 0;
}

void
sign_sets(struct permutations drawn, const uint64_t *sets, const int64_t *bounds, size_t n_sets,
          uint32_t *signatures)
{
    memset(signatures, 0xFF, n_sets * drawn.number * sizeof *signatures);
    for (size_t set = 0; set < n_sets; set++) {
        uint32_t block[ELEMENTS_PER_BLOCK + 15];
        size_t n_elements = 0;
        for (int64_t i = bounds[set]; i < bounds[set + 1]; i++) {
            block[n_elements++] = (uint32_t)(sets[i] >> 32);
            if (n_elements == ELEMENTS_PER_BLOCK || i + 1 == bounds[set + 1]) {
                sign(drawn, block, n_elements, signatures + set * drawn.number);
                n_elements = 0;
            }
        }
    }
}

/* Which of the two is the larger is as good as a coin thrown: no branch depends on it. */
static int64_t
n_common(const uint64_t *one, size_t n_one, const uint64_t *other, size_t n_other)
{
    if (n_one == n_other && memcmp(one, other, n_one * sizeof *one) == 0)
        return (int64_t)n_one;
    int64_t n = 0;
    size_t i = 0, j = 0;
    while (i < n_one && j < n_other) {
        uint64_t a = one[i], b = other[j];
        n += a == b;
        i += a <= b;
        j += b <= a;
    }
    return n;
}

void
count_common(const uint64_t *sets, const int64_t *bounds, const int64_t *one, const int64_t *other,
             size_t n_pairs, int64_t *counts)
{
    for (size_t pair = 0; pair < n_pairs; pair++) {
        int64_t a = one[pair], b = other[pair];
        counts[pair] = n_common(sets + bounds[a], (size_t)(bounds[a + 1] - bounds[a]),
                                sets + bounds[b], (size_t)(bounds[b + 1] - bounds[b]));
    }
}
