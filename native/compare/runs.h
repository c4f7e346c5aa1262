/* Exact runs: stretches of words that stand word for word in both texts, wherever. */
#ifndef SECONDHAND_COMPARE_RUNS_H
#define SECONDHAND_COMPARE_RUNS_H

#include "words.h"

typedef struct {
    int32_t query;
    int32_t candidate;
    int32_t length;
} Run;

typedef struct {
    Run *runs; /* PyMem_Free them */
    Py_ssize_t n;
} Runs;

/* What the search for runs is bounded by (dedup/compare/runs.py). */
typedef struct {
    Py_ssize_t shortest;
    Py_ssize_t most_repeats;
    Py_ssize_t most_runs;
} RunBounds;

/* The runs of two texts in the order of the query; -1 with an exception set. */
int common_runs(
    const uint64_t *query, Py_ssize_t n_query, const uint64_t *candidate,
    Py_ssize_t n_candidate, RunBounds bounds, Runs *found);

/* Whether any window of so many words stands in both; -1 with an exception set. */
int shares_a_window(
    const uint64_t *query, Py_ssize_t n_query, const uint64_t *candidate,
    Py_ssize_t n_candidate, Py_ssize_t size);

/* Where in a text each of its windows stands first. */
typedef struct {
    Table first;
    Py_ssize_t size;
} WindowIndex;

int window_index_new(
    WindowIndex *index, const uint64_t *words, Py_ssize_t n_words, Py_ssize_t size);
void window_index_free(WindowIndex *index);

/* The first places of those windows of a stretch of words that stand in the text: how many; -1 with
 * an exception set. There is room for as many as the stretch has words. */
Py_ssize_t first_places(
    const WindowIndex *index, const uint64_t *words, Py_ssize_t n_words, int32_t *places);

#endif
