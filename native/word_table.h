/* What is known of the words of one language, by their hashes (dedup/compare/words.py): a bounded
 * hash table. Whoever reads or adds holds the interpreter's lock. */
#ifndef SECONDHAND_WORD_TABLE_H
#define SECONDHAND_WORD_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct known_word {
    uint64_t word;
    uint64_t term;
    float weight;
    uint8_t kind;
    uint8_t is_there; /* 0: an empty place */
};

struct word_table {
    size_t n_words;
    size_t most_words;
    unsigned bits; /* of the capacity */
    struct known_word *places;
};

/* 0, or -1 if there is no memory. */
int word_table_init(struct word_table *table, size_t most_words);

void word_table_free(struct word_table *table);

/* What is known of a word, or NULL if nothing is. */
const struct known_word *word_table_find(const struct word_table *table, uint64_t word);

/* Make room for some words more: where they would be more than `most_words` with those that are
 * there, these are forgotten. 0, or -1 if there is no memory. */
int word_table_reserve(struct word_table *table, size_t n_words);

/* Add a word that there is room for; where it is there already, nothing changes. */
void word_table_add(struct word_table *table, const struct known_word *known);

#endif
