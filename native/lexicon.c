#include "lexicon.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_BITS 10

/* Bytes of stems per allocation; a longer one gets a block of its own. */
#define BLOCK_BYTES ((size_t)1 << 14)

/* Bytes of stems per term that a table may hold, on average, before it counts as full. A
 * character with its marks takes 3 or 6; somebody may send one with a thousand. */
#define BYTES_PER_TERM 16

struct block {
    struct block *next;
    size_t n_used;
    size_t room;
    uint8_t bytes[];
};

/* Hash 0 is taken for 1: an empty entry has the key 0. */
static uint64_t
key_of(uint64_t word)
{
    return word ? word : 1;
}

static size_t
capacity(const struct lexicon *lexicon)
{
    return (size_t)1 << lexicon->bits;
}

static struct lexicon *
new_of(unsigned bits)
{
    struct lexicon *lexicon = calloc(1, sizeof *lexicon);
    if (lexicon == NULL)
        return NULL;
    lexicon->n_users = 1;
    lexicon->bits = bits;
    lexicon->terms = calloc(capacity(lexicon), sizeof *lexicon->terms);
    if (lexicon->terms == NULL) {
        free(lexicon);
        return NULL;
    }
    return lexicon;
}

struct lexicon *
lexicon_new(void)
{
    return new_of(FIRST_BITS);
}

void
lexicon_release(struct lexicon *lexicon)
{
    if (lexicon == NULL || --lexicon->n_users > 0)
        return;
    for (struct block *block = lexicon->blocks; block != NULL;) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
    free(lexicon->terms);
    free(lexicon);
}

/* The word's entry, or the empty one where it would be; `*is_there` says which. Whoever holds no
 * lock must go by that: a key read once more may be that of another word, added meanwhile. */
static inline struct term *
place_of(const struct lexicon *lexicon, uint64_t key, int *is_there)
{
    size_t mask = capacity(lexicon) - 1;
    size_t at = key >> (64 - lexicon->bits);
    for (;; at = (at + 1) & mask) {
        struct term *term = &lexicon->terms[at];
        uint64_t found = __atomic_load_n(&term->key, __ATOMIC_ACQUIRE);
        if (found == key || found == 0) {
            *is_there = found != 0;
            return term;
        }
    }
}

struct term *
lexicon_find(const struct lexicon *lexicon, uint64_t word)
{
    int is_there;
    struct term *term = place_of(lexicon, key_of(word), &is_there);
    return is_there ? term : NULL;
}

void
lexicon_mark_met(struct term *term)
{
    if (!__atomic_load_n(&term->was_met, __ATOMIC_RELAXED))
        __atomic_store_n(&term->was_met, 1, __ATOMIC_RELAXED);
}

static const uint8_t *
keep_bytes(struct lexicon *lexicon, const uint8_t *bytes, size_t length)
{
    struct block *block = lexicon->blocks;
    if (block == NULL || block->room - block->n_used < length) {
        size_t room = length < BLOCK_BYTES ? BLOCK_BYTES : length;
        block = malloc(sizeof *block + room);
        if (block == NULL)
            return NULL;
        *block = (struct block){.next = lexicon->blocks, .room = room};
        lexicon->blocks = block;
    }
    uint8_t *kept = block->bytes + block->n_used;
    memcpy(kept, bytes, length);
    block->n_used += length;
    lexicon->n_bytes += length;
    return kept;
}

/* Fill an entry's fields, all but its key. */
static int
set(struct lexicon *lexicon, struct term *entry, const struct term *term)
{
    const uint8_t *stem = NULL;
    if (term->window) {
        stem = keep_bytes(lexicon, term->stem.utf8, term->length);
        if (stem == NULL)
            return -1;
    }
    entry->weight = term->weight;
    entry->length = term->length;
    entry->window = term->window;
    if (term->window)
        entry->stem.utf8 = stem;
    else
        entry->stem.hash = term->stem.hash;
    return 0;
}

static int
insert(struct lexicon *lexicon, uint64_t key, const struct term *term)
{
    int is_there;
    struct term *entry = place_of(lexicon, key, &is_there);
    if (is_there)
        return 0;
    if (set(lexicon, entry, term) < 0)
        return -1;
    __atomic_store_n(&entry->key, key, __ATOMIC_RELEASE);
    lexicon->n_terms++;
    return 0;
}

/* A table of `bits` with the terms of another one: all, or those met again. */
static struct lexicon *
copy_of(const struct lexicon *lexicon, unsigned bits, int only_met)
{
    struct lexicon *copy = new_of(bits);
    if (copy == NULL)
        return NULL;
    for (size_t i = 0; i < capacity(lexicon); i++) {
        const struct term *term = &lexicon->terms[i];
        if (term->key == 0 || (only_met && !__atomic_load_n(&term->was_met, __ATOMIC_RELAXED)))
            continue;
        if (insert(copy, term->key, term) < 0) {
            lexicon_release(copy);
            return NULL;
        }
    }
    return copy;
}

static size_t
n_met(const struct lexicon *lexicon)
{
    size_t n_found = 0;
    for (size_t i = 0; i < capacity(lexicon); i++)
        n_found += lexicon->terms[i].key != 0 &&
                   __atomic_load_n(&lexicon->terms[i].was_met, __ATOMIC_RELAXED);
    return n_found;
}

static int
is_half_full(const struct lexicon *lexicon)
{
    return 2 * (lexicon->n_terms + 1) > capacity(lexicon);
}

/* The next table of a language: larger, or of the terms that have been met again since this one
 * was made, so that words which occur once push out no others. If nearly all of them have, it
 * starts anew. */
static struct lexicon *
next_of(const struct lexicon *lexicon, size_t most_terms)
{
    if (lexicon->n_terms < most_terms && lexicon->n_bytes < most_terms * BYTES_PER_TERM)
        return copy_of(lexicon, lexicon->bits + 1, 0);
    if (2 * n_met(lexicon) > most_terms || lexicon->n_bytes >= most_terms * BYTES_PER_TERM)
        return lexicon_new();
    return copy_of(lexicon, lexicon->bits, 1);
}

static int
replace(struct lexicon **lexicon, struct lexicon *by)
{
    if (by == NULL)
        return -1;
    lexicon_release(*lexicon);
    *lexicon = by;
    return 0;
}

int
lexicon_add(struct lexicon **lexicon, uint64_t word, const struct term *term, size_t most_terms)
{
    if ((*lexicon)->n_terms >= most_terms || is_half_full(*lexicon) ||
        (*lexicon)->n_bytes >= most_terms * BYTES_PER_TERM)
        if (replace(lexicon, next_of(*lexicon, most_terms)) < 0)
            return -1;
    return insert(*lexicon, key_of(word), term);
}

int
lexicon_want(struct lexicon **lexicon, uint64_t word)
{
    if (is_half_full(*lexicon) &&
        replace(lexicon, copy_of(*lexicon, (*lexicon)->bits + 1, 0)) < 0)
        return -1;
    int is_there;
    struct term *entry = place_of(*lexicon, key_of(word), &is_there);
    if (is_there)
        return 0;
    entry->key = key_of(word);
    (*lexicon)->n_terms++;
    return 1;
}

int
lexicon_fill(struct lexicon *lexicon, uint64_t word, const struct term *term)
{
    int is_there;
    return set(lexicon, place_of(lexicon, key_of(word), &is_there), term);
}
