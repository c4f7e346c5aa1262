/* How two texts overlap: dedup/compare/comparison.py says what each number is. */
#include "scores.h"

#include <math.h>

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

/* Pairs, and how much each counts. */
typedef struct {
    const Pair *pair;
    Py_ssize_t words;
} Weighed;

/* Volatile, so that the library's pow is called, as Python calls it: a product may differ from it in
 * the last bit. */
static const volatile double SQUARED = 2.0;

static PairMeans
means_of(const Weighed *rows, Py_ssize_t n, Levels levels)
{
    double identity = 0, similarity = 0, variance = 0;
    Py_ssize_t words = 0, mutual = 0, kept = 0, reworded = 0;
    for (const Weighed *row = rows; row < rows + n; row++) {
        identity += row->pair->identity * (double)row->words;
        similarity += row->pair->similarity * (double)row->words;
        words += row->words;
        mutual += row->pair->is_mutual ? row->words : 0;
        kept += row->pair->identity >= levels.kept ? row->words : 0;
        reworded += levels.low <= row->pair->identity && row->pair->identity < levels.high
                        ? row->words
                        : 0;
    }
    double total = (double)(words > 1 ? words : 1), mean = identity / total;
    for (const Weighed *row = rows; row < rows + n; row++)
        variance += pow(row->pair->identity - mean, SQUARED) * (double)row->words;
    return (PairMeans){
        mean,
        sqrt(variance / total),
        similarity / total,
        (double)mutual / total,
        (double)kept / total,
        (double)reworded / total,
    };
}

static Py_ssize_t
sentence_words(const SentenceText *text, Py_ssize_t sentence)
{
    return text->bounds[sentence + 1] - text->bounds[sentence];
}

int
best_means(
    const SentenceText *query, const SentenceText *candidate, const Pair *pairs,
    Py_ssize_t n_pairs, Levels levels, PairMeans *means)
{
    const SentenceText *texts[] = {query, candidate};
    size_t most = (size_t)(query->n_sentences + candidate->n_sentences);
    Py_ssize_t n = 0;
    Weighed *rows = PyMem_Malloc((most + 1) * (sizeof(Weighed) + sizeof(Pair *)));
    if (rows == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    const Pair **best = (const Pair **)(rows + most + 1);
    for (int side = 0; side < 2; side++) {
        best_pairs(pairs, n_pairs, side, best, texts[side]->n_sentences);
        for (Py_ssize_t i = 0; i < texts[side]->n_sentences; i++)
            if (best[i] != NULL)
                rows[n++] = (Weighed){best[i], sentence_words(texts[side], i)};
    }
    *means = means_of(rows, n, levels);
    PyMem_Free(rows);
    return 0;
}

/* What the pairs of a chain span. */
static void
span(
    const SentenceText *query, const SentenceText *candidate, const Weighed *rows, Py_ssize_t n,
    SharedPassage *passage)
{
    const Pair *first = rows[0].pair, *last = rows[n - 1].pair;
    passage->start = query->bounds[first->query];
    passage->end = query->bounds[last->query + 1];
    passage->candidate_start = candidate->bounds[first->candidate];
    passage->candidate_end = candidate->bounds[last->candidate + 1];
    /* A sentence that is in two pairs counts once: on either side the chain goes forward. */
    for (Py_ssize_t i = 0; i < n; i++) {
        const Pair *pair = rows[i].pair, *before = i ? rows[i - 1].pair : NULL;
        if (before == NULL || before->query != pair->query)
            passage->aligned_words += sentence_words(query, pair->query);
        if (before == NULL || before->candidate != pair->candidate)
            passage->aligned_words += sentence_words(candidate, pair->candidate);
    }
}

int
shared_passage(
    const SentenceText *query, const SentenceText *candidate, const Pair *pairs,
    Py_ssize_t n_pairs, int32_t gap, Levels levels, SharedPassage *passage)
{
    size_t room = sizeof(Weighed) + sizeof(Link) + sizeof(int32_t);
    Weighed *rows = PyMem_Malloc((size_t)(n_pairs + 1) * room);
    *passage = (SharedPassage){0};
    if (rows == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    Link *links = (Link *)(rows + n_pairs + 1);
    int32_t *chain = (int32_t *)(links + n_pairs + 1);
    for (Py_ssize_t i = 0; i < n_pairs; i++)
        links[i] = (Link){pairs[i].query, pairs[i].candidate};
    Py_ssize_t n = longest_chain(links, n_pairs, query->bounds, candidate->bounds, gap, chain);
    for (Py_ssize_t i = 0; i < n; i++) {
        const Pair *pair = &pairs[chain[i]];
        Py_ssize_t words =
            sentence_words(query, pair->query) + sentence_words(candidate, pair->candidate);
        rows[i] = (Weighed){pair, words};
    }
    if (n > 0)
        span(query, candidate, rows, n, passage);
    if (n >= 0)
        passage->means = means_of(rows, n, levels);
    PyMem_Free(rows);
    return n < 0 ? -1 : 0;
}

static inline Py_ssize_t
at_least(Py_ssize_t one, Py_ssize_t other)
{
    return one > other ? one : other;
}

static inline Py_ssize_t
at_most(Py_ssize_t one, Py_ssize_t other)
{
    return one < other ? one : other;
}

Py_ssize_t
words_in_passage(Run run, const SharedPassage *passage)
{
    Py_ssize_t before =
        at_least(passage->start - run.query, passage->candidate_start - run.candidate);
    Py_ssize_t after = at_most(passage->end - run.query, passage->candidate_end - run.candidate);
    return at_most(after, run.length) - at_least(before, 0);
}
