/* Shingles of a text, and those of them that are its passages: dedup/fingerprint/passages.py. */
#ifndef SECONDHAND_PASSAGES_H
#define SECONDHAND_PASSAGES_H

#include <stddef.h>
#include <stdint.h>

/* Hash every run of `size` words: `shingles` has room for n_words - size + 1. Returns how many
 * there are. */
size_t hash_shingles(const uint64_t *words, size_t n_words, size_t size, uint64_t *shingles);

/* Passages of many texts, one after the other. */
struct passages {
    size_t n_passages;
    uint64_t *hashes;
    int32_t *starts; /* in words */

    size_t room, starts_room;
    uint32_t *slots; /* for one text at a time */
    size_t slots_room;
};

/* Add those of one text. 0, or -1 if there is no memory. */
int select_passages(const uint64_t *shingles, size_t n_shingles, size_t window,
                    struct passages *passages);

void passages_free(struct passages *passages);

#endif
