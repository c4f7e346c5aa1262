/* How two texts overlap, seen from either: over all words, and over those outside quotations. */
#ifndef SECONDHAND_COMPARE_SCORES_H
#define SECONDHAND_COMPARE_SCORES_H

#include "passages.h"

/* dedup.model.Scores without the order, which is that of the aligned sentences. */
typedef struct {
    double resemblance;
    double containment_in;
    double containment_of;
    double verbatim;
    double aligned;
    double identity;
} Scores;

/* Over all words, and over those that stand outside quotations. */
typedef struct {
    Scores all;
    Scores unquoted;
} BothScores;

/* The scores of two texts, each seen from itself; -1 with an exception set. A byte of unquoted says
 * of each word whether it stands outside quotations in its text. Windows are of so many words. */
int pair_scores(
    const SentenceText *query, const uint8_t *query_unquoted, const SentenceText *candidate,
    const uint8_t *candidate_unquoted, const Pair *pairs, Py_ssize_t n_pairs, const Run *runs,
    Py_ssize_t n_runs, Py_ssize_t size, BothScores *of_query, BothScores *of_candidate);

/* The words of a run that are chosen in so many of the two texts at least: how many, and the most
 * of them in a row. */
typedef struct {
    Py_ssize_t words;
    Py_ssize_t longest;
} RunWords;

RunWords run_words(Run run, const uint8_t *query, const uint8_t *candidate, long n_texts);

/* Least and largest identity of a sentence in other words, and the least of one that is kept. */
typedef struct {
    double low;
    double high;
    double kept;
} Levels;

/* Means over pairs of sentences, weighted by their words (dedup.judge.features.Pairs). */
typedef struct {
    double identity;
    double spread;
    double similarity;
    double mutual;
    double kept;
    double reworded;
} PairMeans;

/* Of the best pairs of both texts' sentences; -1 with an exception set. */
int best_means(
    const SentenceText *query, const SentenceText *candidate, const Pair *pairs,
    Py_ssize_t n_pairs, Levels levels, PairMeans *means);

/* The longest chain of pairs (dedup.judge.features.SharedPassage). */
typedef struct {
    Py_ssize_t start;
    Py_ssize_t end;
    Py_ssize_t candidate_start;
    Py_ssize_t candidate_end;
    Py_ssize_t aligned_words;
    PairMeans means;
} SharedPassage;

/* Find it, each pair a step of at most gap sentences on; -1 with an exception set. */
int shared_passage(
    const SentenceText *query, const SentenceText *candidate, const Pair *pairs,
    Py_ssize_t n_pairs, int32_t gap, Levels levels, SharedPassage *passage);

/* How many words of a run stand in the passage on both sides; 0 and less: none do. */
Py_ssize_t words_in_passage(Run run, const SharedPassage *passage);

#endif
