#include "hapaxes.h"

#include <stdlib.h>
#include <string.h>

enum { WORD_BITS = 64 };

/* Words seen in one text, by the highest bits of their hashes. */
struct seen {
    uint32_t *slots;   /* place of the word's first occurrence + 1; 0 is empty */
    uint8_t *repeated; /* of each place: whether the word came again */
    int bits;          /* log2 of the number of slots */
};

static void
see(struct seen *seen, const uint64_t *words, uint32_t place)
{
    size_t mask = ((size_t)1 << seen->bits) - 1;
    size_t slot = (size_t)(words[place] >> (WORD_BITS - seen->bits));
    while (seen->slots[slot] != 0) {
        uint32_t first = seen->slots[slot] - 1;
        if (words[first] == words[place]) {
            seen->repeated[first] = seen->repeated[place] = 1;
            return;
        }
        slot = (slot + 1) & mask;
    }
    seen->slots[slot] = place + 1;
}

static int
bits_for(size_t n_words)
{
    int bits = 1;
    while ((size_t)1 << bits < 2 * n_words)
        bits++;
    return bits;
}

int
mark_hapaxes(const uint64_t *words, const int64_t *offsets, size_t n_texts, size_t bits,
             uint64_t *bitmaps)
{
    size_t most = 1;
    for (size_t text = 0; text < n_texts; text++) {
        size_t n_words = (size_t)(offsets[text + 1] - offsets[text]);
        most = n_words > most ? n_words : most;
    }
    struct seen seen = {
        .slots = malloc(((size_t)1 << bits_for(most)) * sizeof *seen.slots),
        .repeated = malloc(most),
    };
    if (seen.slots == NULL || seen.repeated == NULL) {
        free(seen.slots);
        free(seen.repeated);
        return -1;
    }
    for (size_t text = 0; text < n_texts; text++) {
        const uint64_t *own = words + offsets[text];
        uint32_t n_words = (uint32_t)(offsets[text + 1] - offsets[text]);
        seen.bits = bits_for(n_words);
        memset(seen.slots, 0, ((size_t)1 << seen.bits) * sizeof *seen.slots);
        memset(seen.repeated, 0, n_words);
        for (uint32_t place = 0; place < n_words; place++)
            see(&seen, own, place);
        uint64_t *bitmap = bitmaps + text * (bits / WORD_BITS);
        for (uint32_t place = 0; place < n_words; place++)
            if (!seen.repeated[place]) {
                size_t bit = (size_t)(own[place] % bits);
                bitmap[bit / WORD_BITS] |= UINT64_C(1) << (bit % WORD_BITS);
            }
    }
    free(seen.slots);
    free(seen.repeated);
    return 0;
}
