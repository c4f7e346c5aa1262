/* How two texts overlap: dedup/compare/comparison.py says what each number is. */
#include "scores.h"

/* What is chosen of a text: words outside quotations, and those that only one of the two texts puts
 * between quotation marks, where they stand in an exact run. */
static void
choose(
    uint8_t *chosen, const uint8_t *ours, Py_ssize_t n, const uint8_t *theirs, const Run *runs,
    Py_ssize_t n_runs, int of_candidate)
{
    for (Py_ssize_t i = 0; i < n; i++)
        chosen[i] = ours[i] != 0;
    for (Py_ssize_t i = 0; i < n_runs; i++) {
        int32_t here = of_candidate ? runs[i].candidate : runs[i].query;
        int32_t there = of_candidate ? runs[i].query : runs[i].candidate;
        for (int32_t word = 0; word < runs[i].length; word++)
            chosen[here + word] |= theirs[there + word] != 0;
    }
}

/* What is known of a window: the texts that it stands in, and those where all its words are chosen. */
enum { IN_QUERY = 1, CHOSEN_IN_QUERY = 2, IN_CANDIDATE = 4, CHOSEN_IN_CANDIDATE = 8 };

/* Distinct windows of two texts, and those that both have. */
typedef struct {
    Py_ssize_t query;
    Py_ssize_t candidate;
    Py_ssize_t shared;
} Overlap;

static void
count(Overlap *overlap, int known, int found, int in_query, int in_candidate)
{
    overlap->query += (found & in_query) != 0;
    overlap->candidate += (found & in_candidate) != 0;
    overlap->shared += (found & in_candidate) != 0 && (known & in_query) != 0;
}

/* Enter the windows of a text; those of the query first. */
static void
enter(
    Table *table, const uint64_t *hashes, Py_ssize_t n, const uint8_t *chosen, Py_ssize_t size,
    int in_text, int chosen_in_text, Overlap *all, Overlap *unquoted)
{
    Py_ssize_t in_a_row = 0; /* chosen words up to the end of the window */
    for (Py_ssize_t i = 0; n > 0 && i < size - 1; i++)
        in_a_row = chosen[i] ? in_a_row + 1 : 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        in_a_row = chosen[i + size - 1] ? in_a_row + 1 : 0;
        size_t slot = table_slot(table, hashes[i]);
        int known = table->numbers[slot] == NONE ? 0 : table->numbers[slot];
        int found = (in_text | (in_a_row >= size ? chosen_in_text : 0)) & ~known;
        if (!found)
            continue;
        table->keys[slot] = hashes[i];
        table->numbers[slot] = known | found;
        count(all, known, found, IN_QUERY, IN_CANDIDATE);
        count(unquoted, known, found, CHOSEN_IN_QUERY, CHOSEN_IN_CANDIDATE);
    }
}

static int
overlaps(
    const SentenceText *query, const uint8_t *ours, const SentenceText *candidate,
    const uint8_t *theirs, Py_ssize_t size, Overlap *all, Overlap *unquoted)
{
    Py_ssize_t n = query->n_words < size ? 0 : query->n_words - size + 1;
    Py_ssize_t m = candidate->n_words < size ? 0 : candidate->n_words - size + 1;
    Table table;
    uint64_t *hashes = PyMem_Malloc((size_t)(n > m ? n : m) * sizeof(uint64_t) + 1);
    *all = *unquoted = (Overlap){0, 0, 0};
    if (hashes == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    if (table_new(&table, (size_t)(n + m)) < 0) {
        PyMem_Free(hashes);
        return -1;
    }
    window_hashes(query->words, n, size, hashes);
    enter(&table, hashes, n, ours, size, IN_QUERY, CHOSEN_IN_QUERY, all, unquoted);
    window_hashes(candidate->words, m, size, hashes);
    enter(&table, hashes, m, theirs, size, IN_CANDIDATE, CHOSEN_IN_CANDIDATE, all, unquoted);
    table_free(&table);
    PyMem_Free(hashes);
    return 0;
}

/* The best pair of each sentence of one of the texts; NULL where there is none. */
static void
best_pairs(
    const Pair *pairs, Py_ssize_t n_pairs, int of_candidate, const Pair **best, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++)
        best[i] = NULL;
    for (const Pair *pair = pairs; pair < pairs + n_pairs; pair++) {
        const Pair **known = &best[of_candidate ? pair->candidate : pair->query];
        if (*known == NULL || pair->is_mutual > (*known)->is_mutual
            || (pair->is_mutual == (*known)->is_mutual && pair->identity > (*known)->identity))
            *known = pair;
    }
}

static Py_ssize_t
n_chosen(const uint8_t *chosen, Py_ssize_t start, Py_ssize_t end)
{
    Py_ssize_t n = 0;
    if (chosen == NULL)
        return end - start;
    for (Py_ssize_t i = start; i < end; i++)
        n += chosen[i];
    return n;
}

static inline double
share(Py_ssize_t part, Py_ssize_t whole)
{
    return (double)part / (double)(whole > 1 ? whole : 1);
}

/* The scores of a text over its chosen words; NULL: all. */
static Scores
scores_of(
    const SentenceText *text, const uint8_t *chosen, const Pair *const *best, const Run *runs,
    Py_ssize_t n_runs, int of_candidate, Overlap overlap)
{
    Py_ssize_t words = n_chosen(chosen, 0, text->n_words), verbatim = 0, aligned = 0;
    Py_ssize_t ours = of_candidate ? overlap.candidate : overlap.query;
    Py_ssize_t theirs = of_candidate ? overlap.query : overlap.candidate;
    double same = 0;
    for (Py_ssize_t i = 0; i < n_runs; i++) {
        Py_ssize_t start = of_candidate ? runs[i].candidate : runs[i].query;
        verbatim += n_chosen(chosen, start, start + runs[i].length);
    }
    for (Py_ssize_t i = 0; i < text->n_sentences; i++)
        if (best[i] != NULL) {
            Py_ssize_t held = n_chosen(chosen, text->bounds[i], text->bounds[i + 1]);
            aligned += held;
            same += (double)held * best[i]->identity;
        }
    return (Scores){
        share(overlap.shared, ours + theirs - overlap.shared),
        share(overlap.shared, ours),
        share(overlap.shared, theirs),
        share(verbatim, words),
        share(aligned, words),
        same / (double)(aligned > 1 ? aligned : 1),
    };
}

int
pair_scores(
    const SentenceText *query, const uint8_t *query_unquoted, const SentenceText *candidate,
    const uint8_t *candidate_unquoted, const Pair *pairs, Py_ssize_t n_pairs, const Run *runs,
    Py_ssize_t n_runs, Py_ssize_t size, BothScores *of_query, BothScores *of_candidate)
{
    Overlap all, unquoted;
    size_t n = (size_t)query->n_words, m = (size_t)candidate->n_words;
    size_t n_best = (size_t)query->n_sentences, m_best = (size_t)candidate->n_sentences;
    int failed = -1;
    const Pair **best = PyMem_Malloc((n_best + m_best + 1) * sizeof(Pair *) + n + m);
    if (best == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    const Pair **best_there = best + n_best;
    uint8_t *ours = (uint8_t *)(best_there + m_best), *theirs = ours + n;
    choose(ours, query_unquoted, query->n_words, candidate_unquoted, runs, n_runs, 0);
    choose(theirs, candidate_unquoted, candidate->n_words, query_unquoted, runs, n_runs, 1);
    if (overlaps(query, ours, candidate, theirs, size, &all, &unquoted) == 0) {
        best_pairs(pairs, n_pairs, 0, best, query->n_sentences);
        best_pairs(pairs, n_pairs, 1, best_there, candidate->n_sentences);
        of_query->all = scores_of(query, NULL, best, runs, n_runs, 0, all);
        of_query->unquoted = scores_of(query, ours, best, runs, n_runs, 0, unquoted);
        of_candidate->all = scores_of(candidate, NULL, best_there, runs, n_runs, 1, all);
        of_candidate->unquoted =
            scores_of(candidate, theirs, best_there, runs, n_runs, 1, unquoted);
        failed = 0;
    }
    PyMem_Free(best);
    return failed;
}

RunWords
run_words(Run run, const uint8_t *query, const uint8_t *candidate, long n_texts)
{
    RunWords found = {0, 0};
    Py_ssize_t in_a_row = 0;
    for (int32_t i = 0; i < run.length; i++) {
        int n = (query[run.query + i] != 0) + (candidate[run.candidate + i] != 0);
        int is_chosen = n >= n_texts;
        found.words += is_chosen;
        in_a_row = is_chosen ? in_a_row + 1 : 0;
        if (in_a_row > found.longest)
            found.longest = in_a_row;
    }
    return found;
}
