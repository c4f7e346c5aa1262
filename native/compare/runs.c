/* Windows of words that two texts have in common, and the runs that they make: dedup/compare/runs.py
 * says what a run is, and holds the same in Python. */
#include "runs.h"

#include <stdlib.h>

static Py_ssize_t
n_windows_of(Py_ssize_t n_words, Py_ssize_t size)
{
    return n_words < size ? 0 : n_words - size + 1;
}

/* The hashes of all windows; NULL with an exception set. */
static uint64_t *
windows_new(const uint64_t *words, Py_ssize_t n_windows, Py_ssize_t size)
{
    uint64_t *hashes = PyMem_Malloc((size_t)(n_windows + 1) * sizeof(uint64_t));
    if (hashes == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    window_hashes(words, n_windows, size, hashes);
    return hashes;
}

/* Maximal runs, as they are met along the query. */
typedef struct {
    Run *runs;
    int32_t n;
    int32_t most;
} Met;

static int
meet(Met *met, int32_t query, int32_t candidate, int32_t length)
{
    if (met->n == met->most) {
        int32_t most = met->most ? 2 * met->most : 64;
        Run *runs = PyMem_Realloc(met->runs, (size_t)most * sizeof(Run));
        if (runs == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        met->runs = runs;
        met->most = most;
    }
    met->runs[met->n++] = (Run){query, candidate, length};
    return 0;
}

/* Where the windows of a text stand: the first place of each hash, and after each place the next. */
typedef struct {
    Table first;
    int32_t *next;
} Index;

static int
index_new(Index *index, const uint64_t *hashes, Py_ssize_t n)
{
    if (table_new(&index->first, (size_t)n) < 0)
        return -1;
    index->next = PyMem_Malloc((size_t)(n + 1) * sizeof(int32_t));
    if (index->next == NULL) {
        table_free(&index->first);
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = n - 1; i >= 0; i--) {
        size_t slot = table_slot(&index->first, hashes[i]);
        index->next[i] = index->first.numbers[slot];
        index->first.keys[slot] = hashes[i];
        index->first.numbers[slot] = (int32_t)i;
    }
    return 0;
}

static void
index_free(Index *index)
{
    table_free(&index->first);
    PyMem_Free(index->next);
}

/* The run that was last met on a diagonal, and the place of its last window in the query. */
typedef struct {
    int32_t run;
    int32_t last;
} Diagonal;

static int
meet_all(
    const uint64_t *query, int32_t n_query, const Index *candidate, int32_t n_candidate,
    RunBounds bounds, Met *met)
{
    Diagonal *diagonals = PyMem_Malloc(((size_t)n_query + (size_t)n_candidate) * sizeof(Diagonal));
    int failed = 0;
    if (diagonals == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (int64_t i = 0; i < (int64_t)n_query + n_candidate; i++)
        diagonals[i] = (Diagonal){NONE, NONE};
    for (int32_t at = 0; at < n_query && !failed; at++) {
        int32_t there = table_number(&candidate->first, query[at]);
        for (Py_ssize_t n = 0; there != NONE && n < bounds.most_repeats && !failed; n++) {
            Diagonal *diagonal = &diagonals[(int64_t)there - at + n_query];
            if (diagonal->run != NONE && diagonal->last == at - 1)
                met->runs[diagonal->run].length++;
            else {
                diagonal->run = met->n;
                failed = meet(met, at, there, (int32_t)bounds.shortest) < 0;
            }
            diagonal->last = at;
            there = candidate->next[there];
        }
    }
    PyMem_Free(diagonals);
    return failed ? -1 : 0;
}

static int
compare_numbers(int32_t one, int32_t other)
{
    return (one > other) - (one < other);
}

/* Longest first; of equally long ones the first in the query, then in the candidate. */
static int
by_length(const void *one, const void *other)
{
    const Run *a = one, *b = other;
    if (a->length != b->length)
        return compare_numbers(b->length, a->length);
    if (a->query != b->query)
        return compare_numbers(a->query, b->query);
    return compare_numbers(a->candidate, b->candidate);
}

/* Longest first; of equally long ones that of the lowest diagonal, then the first in the query. */
static int
by_length_and_diagonal(const void *one, const void *other)
{
    const Run *a = one, *b = other;
    int32_t diagonal = a->candidate - a->query, other_diagonal = b->candidate - b->query;
    if (a->length != b->length)
        return compare_numbers(b->length, a->length);
    if (diagonal != other_diagonal)
        return compare_numbers(diagonal, other_diagonal);
    return compare_numbers(a->query, b->query);
}

static int
by_place(const void *one, const void *other)
{
    const Run *a = one, *b = other;
    if (a->query != b->query)
        return compare_numbers(a->query, b->query);
    return compare_numbers(a->candidate, b->candidate);
}

/* The longest part of a run whose words no longer run has taken, the first of several. */
static Run
longest_free(Run run, const uint8_t *taken_query, const uint8_t *taken_candidate)
{
    Run longest = {run.query, run.candidate, 0};
    int32_t start = 0;
    for (int32_t i = 0; i <= run.length; i++) {
        if (i < run.length && !taken_query[run.query + i] && !taken_candidate[run.candidate + i])
            continue;
        if (i - start > longest.length)
            longest = (Run){run.query + start, run.candidate + start, i - start};
        start = i + 1;
    }
    return longest;
}

/* Tile both texts, longest run first; what is left of them is put in the place of the runs. */
static int
tile(Met *met, Py_ssize_t n_query, Py_ssize_t n_candidate, Py_ssize_t shortest)
{
    uint8_t *taken_query = PyMem_Calloc((size_t)(n_query + n_candidate), 1);
    uint8_t *taken_candidate = taken_query + n_query;
    int32_t n_tiles = 0;
    if (taken_query == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (int32_t i = 0; i < met->n; i++) {
        Run free = longest_free(met->runs[i], taken_query, taken_candidate);
        if (free.length < shortest)
            continue;
        memset(taken_query + free.query, 1, (size_t)free.length);
        memset(taken_candidate + free.candidate, 1, (size_t)free.length);
        met->runs[n_tiles++] = free;
    }
    met->n = n_tiles;
    PyMem_Free(taken_query);
    return 0;
}

int
common_runs(
    const uint64_t *query, Py_ssize_t n_query, const uint64_t *candidate,
    Py_ssize_t n_candidate, RunBounds bounds, Runs *found)
{
    Py_ssize_t n = n_windows_of(n_query, bounds.shortest);
    Py_ssize_t m = n_windows_of(n_candidate, bounds.shortest);
    Met met = {NULL, 0, 0};
    Index index;
    int failed = -1;
    *found = (Runs){NULL, 0};
    if (n == 0 || m == 0)
        return 0;
    uint64_t *ours = windows_new(query, n, bounds.shortest);
    uint64_t *theirs = ours ? windows_new(candidate, m, bounds.shortest) : NULL;
    if (theirs != NULL && index_new(&index, theirs, m) == 0) {
        failed = meet_all(ours, (int32_t)n, &index, (int32_t)m, bounds, &met);
        index_free(&index);
    }
    PyMem_Free(ours);
    PyMem_Free(theirs);
    if (!failed && met.n > bounds.most_runs) {
        qsort(met.runs, (size_t)met.n, sizeof(Run), by_length_and_diagonal);
        met.n = (int32_t)bounds.most_runs;
    }
    if (!failed && met.n) {
        qsort(met.runs, (size_t)met.n, sizeof(Run), by_length);
        failed = tile(&met, n_query, n_candidate, bounds.shortest);
        if (!failed)
            qsort(met.runs, (size_t)met.n, sizeof(Run), by_place);
    }
    if (failed) {
        PyMem_Free(met.runs);
        return -1;
    }
    *found = (Runs){met.runs, met.n};
    return 0;
}

int
shares_a_window(
    const uint64_t *query, Py_ssize_t n_query, const uint64_t *candidate,
    Py_ssize_t n_candidate, Py_ssize_t size)
{
    Py_ssize_t n = n_windows_of(n_query, size), m = n_windows_of(n_candidate, size);
    Table table;
    int found = 0;
    if (n == 0 || m == 0)
        return 0;
    uint64_t *ours = windows_new(query, n, size);
    uint64_t *theirs = ours ? windows_new(candidate, m, size) : NULL;
    if (theirs == NULL || table_new(&table, (size_t)n) < 0) {
        PyMem_Free(ours);
        PyMem_Free(theirs);
        return -1;
    }
    for (Py_ssize_t i = 0; i < n; i++)
        table_put(&table, ours[i], 0);
    for (Py_ssize_t i = 0; i < m && !found; i++)
        found = table_number(&table, theirs[i]) != NONE;
    table_free(&table);
    PyMem_Free(ours);
    PyMem_Free(theirs);
    return found;
}

int
window_index_new(WindowIndex *index, const uint64_t *words, Py_ssize_t n_words, Py_ssize_t size)
{
    Py_ssize_t n = n_windows_of(n_words, size);
    uint64_t *hashes = windows_new(words, n, size);
    index->size = size;
    if (hashes == NULL || table_new(&index->first, (size_t)n) < 0) {
        PyMem_Free(hashes);
        return -1;
    }
    for (Py_ssize_t i = n - 1; i >= 0; i--)
        table_put(&index->first, hashes[i], (int32_t)i);
    PyMem_Free(hashes);
    return 0;
}

void
window_index_free(WindowIndex *index)
{
    table_free(&index->first);
}

Py_ssize_t
first_places(const WindowIndex *index, const uint64_t *words, Py_ssize_t n_words, int32_t *places)
{
    Py_ssize_t n = n_windows_of(n_words, index->size), n_found = 0;
    uint64_t *hashes = windows_new(words, n, index->size);
    if (hashes == NULL)
        return -1;
    for (Py_ssize_t i = 0; i < n; i++) {
        int32_t place = table_number(&index->first, hashes[i]);
        if (place != NONE)
            places[n_found++] = place;
    }
    PyMem_Free(hashes);
    return n_found;
}
