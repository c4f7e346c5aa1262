/* What the words of one language stand for: a bounded table that threads read without a lock.
 *
 * Python answers what a word stands for (dedup/terms.py), once per distinct word. Whoever adds
 * holds the interpreter's lock, so there is one at a time; whoever reads does not. An entry is
 * filled before its key is published, and a table is never changed otherwise: one that is full is
 * replaced, and lives on until its last reader has let go of it. */
#ifndef SECONDHAND_LEXICON_H
#define SECONDHAND_LEXICON_H

#include <stddef.h>
#include <stdint.h>

struct term {
    uint64_t key;    /* the word's hash; 0: no entry */
    double weight;   /* how much it says, 0 to 1 */
    union {
        uint64_t hash;       /* of the stem, where `window` is 0 */
        const uint8_t *utf8; /* the stem, where neighbours are joined */
    } stem;
    uint32_t length; /* of `stem.utf8` in bytes */
    uint8_t window;  /* words that make a term where they touch; 0 if this one is a term */
    uint8_t was_met; /* in a later text than the one it was added for, since the table was made */
};

struct block;

struct lexicon {
    size_t n_users; /* changed under the interpreter's lock */
    size_t n_terms;
    unsigned bits;  /* of the capacity */
    struct term *terms;
    struct block *blocks; /* what `stem.utf8` points into */
    size_t n_bytes;       /* in blocks */
};

/* With one user, or NULL if there is no memory. */
struct lexicon *lexicon_new(void);

void lexicon_release(struct lexicon *lexicon);

/* The term of a word, or NULL if it is not there. */
struct term *lexicon_find(const struct lexicon *lexicon, uint64_t word);

/* Note that a text has a word which others had before. */
void lexicon_mark_met(struct term *term);

/* Add a word; where it is there already, nothing changes. `term->stem.utf8` is copied.
 * `*lexicon` is replaced if there is no room in it, by one with at most `most_terms`.
 * 0, or -1 if there is no memory. */
int lexicon_add(struct lexicon **lexicon, uint64_t word, const struct term *term,
                size_t most_terms);

/* An entry that is to be filled later by the only user. 1 if it is new, 0 if not, -1 if there is
 * no memory. */
int lexicon_want(struct lexicon **lexicon, uint64_t word);

/* Fill it. */
int lexicon_fill(struct lexicon *lexicon, uint64_t word, const struct term *term);

#endif
