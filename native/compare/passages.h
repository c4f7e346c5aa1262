/* Which stretches of two texts are shown beside each other: dedup/compare/passages.py. */
#ifndef SECONDHAND_COMPARE_PASSAGES_H
#define SECONDHAND_COMPARE_PASSAGES_H

#include "runs.h"
#include "sentences.h"

/* A text, and how its words make sentences. */
typedef struct {
    const uint64_t *words;
    Py_ssize_t n_words;
    const int32_t *bounds;
    Py_ssize_t n_sentences;
} SentenceText;

/* What the search is bounded by (dedup/compare/passages.py). */
typedef struct {
    double min_identity;
    double mostly;
    double nearly_all;
    int32_t min_sentence_words;
    int32_t min_run_words;
    int32_t max_dangling;
    int32_t max_sequence;
} PassageBounds;

/* Words [start, end) of the query that answer to those of the candidate. */
typedef struct {
    int32_t start;
    int32_t end;
    int32_t candidate_start;
    int32_t candidate_end;
    int32_t is_verbatim;
} Shown;

typedef struct {
    Shown *at; /* PyMem_Free them */
    Py_ssize_t n;
    Py_ssize_t most;
} ShownList;

/* What is shown, in the order of the query; -1 with an exception set. Pairs and runs stand in the
 * order of the query. */
int shown_stretches(
    const SentenceText *query, const SentenceText *candidate, const Pair *pairs,
    Py_ssize_t n_pairs, const Run *runs, Py_ssize_t n_runs, const PassageBounds *bounds,
    ShownList *shown);

#endif
