#include "word_table.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_BITS 10

static size_t
capacity(unsigned bits)
{
    return (size_t)1 << bits;
}

/* The word's place, or the empty one where it would be. Half of all places are empty. */
static inline struct known_word *
place_of(const struct word_table *table, uint64_t word)
{
    size_t mask = capacity(table->bits) - 1;
    size_t at = word >> (64 - table->bits);
    while (table->places[at].is_there && table->places[at].word != word)
        at = (at + 1) & mask;
    return &table->places[at];
}

int
word_table_init(struct word_table *table, size_t most_words)
{
    struct known_word *places = calloc(capacity(FIRST_BITS), sizeof *places);
    if (places == NULL)
        return -1;
    *table = (struct word_table){.most_words = most_words, .bits = FIRST_BITS, .places = places};
    return 0;
}

void
word_table_free(struct word_table *table)
{
    free(table->places);
    memset(table, 0, sizeof *table);
}

const struct known_word *
word_table_find(const struct word_table *table, uint64_t word)
{
    const struct known_word *found = place_of(table, word);
    return found->is_there ? found : NULL;
}

void
word_table_add(struct word_table *table, const struct known_word *known)
{
    struct known_word *place = place_of(table, known->word);
    if (place->is_there)
        return;
    *place = *known;
    place->is_there = 1;
    table->n_words++;
}

/* A table of the same words, with other room. */
static int
resize(struct word_table *table, unsigned bits)
{
    struct word_table larger = {.most_words = table->most_words, .bits = bits};
    larger.places = calloc(capacity(bits), sizeof *larger.places);
    if (larger.places == NULL)
        return -1;
    for (size_t i = 0; i < capacity(table->bits); i++)
        if (table->places[i].is_there)
            word_table_add(&larger, &table->places[i]);
    word_table_free(table);
    *table = larger;
    return 0;
}

int
word_table_reserve(struct word_table *table, size_t n_words)
{
    if (table->n_words > 0 && table->n_words + n_words > table->most_words) {
        struct word_table empty;
        if (word_table_init(&empty, table->most_words) < 0)
            return -1;
        word_table_free(table);
        *table = empty;
    }
    unsigned bits = table->bits;
    while (capacity(bits) / 2 < table->n_words + n_words)
        bits++;
    return bits == table->bits ? 0 : resize(table, bits);
}
