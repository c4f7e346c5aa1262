/* What two aligned sentences have of each other: terms kept, words in place of others. */
#ifndef SECONDHAND_COMPARE_WORDING_H
#define SECONDHAND_COMPARE_WORDING_H

#include "words.h"

/* What a word is, a bit each (dedup/compare/profile.py). */
enum { CONTENT = 1, FIGURE = 2, NAME = 4 };

/* Stems, and what each is. */
typedef struct {
    const uint64_t *terms;
    const uint8_t *kinds;
} Wording;

/* Half-open. */
typedef struct {
    Py_ssize_t start;
    Py_ssize_t end;
} Stretch;

/* dedup.compare.rewording.Rewording */
typedef struct {
    Py_ssize_t words;
    Py_ssize_t substituted;
    Py_ssize_t function_words;
    Py_ssize_t function_words_kept;
} Rewording;

/* Count what differs in two sentences, of which so many words are put in order; -1 with an
 * exception set. */
int count_rewording(
    const Wording *query, Stretch ours, const Wording *candidate, Stretch theirs,
    Py_ssize_t max_sequence, Rewording *counts);

/* Terms of some kinds in a sentence, and those of them that another sentence holds. */
typedef struct {
    Py_ssize_t kept;
    Py_ssize_t total;
} Kept;

/* Count the figures and the names of a sentence; -1 with an exception set. */
int count_kept(
    const Wording *query, Stretch ours, const Wording *candidate, Stretch theirs, Kept *figures,
    Kept *names);

#endif
