#include "passages.h"

#include <stdlib.h>
#include <string.h>

#include "hashing.h"
#include "room.h"

#define MULTIPLIER UINT64_C(0x9E3779B97F4A7C15) /* dedup/hashing.py */

size_t
hash_shingles(const uint64_t *words, size_t n_words, size_t size, uint64_t *shingles)
{
    if (n_words < size)
        return 0;
    uint64_t leaving = 1; /* what the first word of a window is multiplied by, once more */
    uint64_t window = 0;
    for (size_t i = 0; i < size; i++) {
        leaving *= MULTIPLIER;
        window = window * MULTIPLIER + words[i];
    }
    size_t n_shingles = n_words - size + 1;
    for (size_t i = 0; i + 1 < n_shingles; i++) {
        shingles[i] = fmix64(window);
        window = window * MULTIPLIER + words[i + size] - words[i] * leaving;
    }
    shingles[n_shingles - 1] = fmix64(window);
    return n_shingles;
}

/* A table of the hashes that some window selects. A slot holds the place of one shingle with the
 * hash, plus one; 0: empty. */
struct selected {
    const uint64_t *shingles;
    uint32_t *slots;
    size_t mask;
};

/* Set in the slot of a hash whose first place has been found. */
#define IS_FOUND UINT32_C(0x80000000)

static uint32_t *
slot_of(const struct selected *selected, uint64_t hash)
{
    for (size_t at = hash & selected->mask;; at = (at + 1) & selected->mask) {
        uint32_t *slot = &selected->slots[at];
        if (*slot == 0 || selected->shingles[(*slot & ~IS_FOUND) - 1] == hash)
            return slot;
    }
}

/* The last of the least of shingles[from … to - 1]: it will be in most windows to come. */
static size_t
last_least(const uint64_t *shingles, size_t from, size_t to)
{
    size_t least = from;
    for (size_t i = from + 1; i < to; i++)
        if (shingles[i] <= shingles[least])
            least = i;
    return least;
}

/* Put the least of every window into the table; returns how many hashes it holds then. */
static size_t
select_least(const struct selected *selected, size_t n_shingles, size_t window)
{
    const uint64_t *shingles = selected->shingles;
    size_t n_selected = 0;
    size_t least = last_least(shingles, 0, window);
    for (size_t end = window;; end++) {
        uint32_t *slot = slot_of(selected, shingles[least]);
        n_selected += *slot == 0;
        *slot = (uint32_t)least + 1;
        /* On to the window in which another one is least. */
        while (end < n_shingles && end - window < least && shingles[end] > shingles[least])
            end++;
        if (end == n_shingles)
            return n_selected;
        if (shingles[end] <= shingles[least])
            least = end;
        else
            least = last_least(shingles, end + 1 - window, end + 1);
    }
}

int
select_passages(const uint64_t *shingles, size_t n_shingles, size_t window,
                struct passages *passages)
{
    if (n_shingles == 0)
        return 0;
    size_t room = 64;
    while (room < 2 * n_shingles)
        room *= 2;
    if (make_room(&passages->slots, &passages->slots_room, room, sizeof *passages->slots) < 0)
        return -1;
    memset(passages->slots, 0, room * sizeof *passages->slots);
    struct selected selected = {shingles, passages->slots, room - 1};
    size_t n_selected = select_least(&selected, n_shingles, window);
    size_t n_passages = passages->n_passages;
    if (make_room(&passages->hashes, &passages->room, n_passages + n_selected,
                  sizeof *passages->hashes) < 0 ||
        make_room(&passages->starts, &passages->starts_room, n_passages + n_selected,
                  sizeof *passages->starts) < 0)
        return -1;
    for (size_t i = 0; n_passages < passages->n_passages + n_selected; i++) {
        uint32_t *slot = slot_of(&selected, shingles[i]);
        if (*slot == 0 || *slot & IS_FOUND)
            continue;
        *slot |= IS_FOUND;
        passages->hashes[n_passages] = shingles[i];
        passages->starts[n_passages++] = (int32_t)i;
    }
    passages->n_passages = n_passages;
    return 0;
}

void
passages_free(struct passages *passages)
{
    free(passages->hashes);
    free(passages->starts);
    free(passages->slots);
    memset(passages, 0, sizeof *passages);
}
