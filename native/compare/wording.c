/* What aligned sentences have of each other: dedup/compare/rewording.py and the features of the
 * judge say what is counted, and hold the same in Python. */
#include "wording.h"

#include "in_order.h"

/* The terms of a sentence: a few are looked through, many are put into a table. */
enum { FEW = 48 };

typedef struct {
    const uint64_t *terms;
    Py_ssize_t n;
    Table table;
} TermSet;

static int
term_set_new(TermSet *set, const uint64_t *terms, Py_ssize_t n)
{
    *set = (TermSet){terms, n, {NULL, NULL, 0}};
    if (n <= FEW)
        return 0;
    if (table_new(&set->table, (size_t)n) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < n; i++)
        table_put(&set->table, terms[i], 0);
    return 0;
}

static int
holds(const TermSet *set, uint64_t term)
{
    if (set->table.keys != NULL)
        return table_number(&set->table, term) != NONE;
    for (Py_ssize_t i = 0; i < set->n; i++)
        if (set->terms[i] == term)
            return 1;
    return 0;
}

static void
term_set_free(TermSet *set)
{
    if (set->table.keys != NULL)
        table_free(&set->table);
}

static int
term_set_of(TermSet *set, const Wording *wording, Stretch stretch)
{
    return term_set_new(set, wording->terms + stretch.start, stretch.end - stretch.start);
}

static Py_ssize_t
n_function_words(const Wording *wording, Py_ssize_t start, Py_ssize_t end)
{
    Py_ssize_t n = 0;
    for (Py_ssize_t i = start; i < end; i++)
        n += !(wording->kinds[i] & CONTENT);
    return n;
}

/* Whether a word says something of its own, and is no number. */
static int
says(const Wording *wording, Py_ssize_t at)
{
    return (wording->kinds[at] & (CONTENT | FIGURE)) == CONTENT;
}

static Stretch
bounded(Stretch stretch, Py_ssize_t most)
{
    if (stretch.end - stretch.start > most)
        stretch.end = stretch.start + most;
    return stretch;
}

/* Count the places where one word of either text stands between words that both have. */
static int
count_substituted(
    const Wording *query, Stretch ours, Stretch ours_in_order, const Wording *candidate,
    Stretch theirs, Stretch theirs_in_order, const Blocks *blocks, Rewording *counts)
{
    Py_ssize_t at = ours_in_order.start, there = theirs_in_order.start;
    TermSet our_terms = {NULL, 0, {NULL, NULL, 0}}, their_terms = our_terms;
    int is_known = 0;
    for (Py_ssize_t i = 0; i <= blocks->n; i++) {
        int is_last = i == blocks->n;
        Py_ssize_t start = is_last ? ours_in_order.end : ours_in_order.start + blocks->blocks[i].one;
        Py_ssize_t other =
            is_last ? theirs_in_order.end : theirs_in_order.start + blocks->blocks[i].other;
        if (start - at == 1 && other - there == 1 && says(query, at) && says(candidate, there)) {
            if (!is_known && (term_set_of(&our_terms, query, ours) < 0
                              || term_set_of(&their_terms, candidate, theirs) < 0)) {
                term_set_free(&our_terms);
                return -1;
            }
            is_known = 1;
            counts->substituted += !holds(&their_terms, query->terms[at])
                                   && !holds(&our_terms, candidate->terms[there]);
        }
        if (!is_last) {
            at = start + blocks->blocks[i].size;
            there = other + blocks->blocks[i].size;
        }
    }
    term_set_free(&our_terms);
    term_set_free(&their_terms);
    return 0;
}

int
count_rewording(
    const Wording *query, Stretch ours, const Wording *candidate, Stretch theirs,
    Py_ssize_t max_sequence, Rewording *counts)
{
    Stretch mine = bounded(ours, max_sequence), other = bounded(theirs, max_sequence);
    Py_ssize_t n = mine.end - mine.start, m = other.end - other.start;
    Blocks blocks;
    if (blocks_in_order(query->terms + mine.start, n, candidate->terms + other.start, m, &blocks)
        < 0)
        return -1;
    counts->words += n + m;
    counts->function_words += n_function_words(query, mine.start, mine.end)
                              + n_function_words(candidate, other.start, other.end);
    for (Py_ssize_t i = 0; i < blocks.n; i++) {
        Py_ssize_t at = mine.start + blocks.blocks[i].one;
        counts->function_words_kept += 2 * n_function_words(query, at, at + blocks.blocks[i].size);
    }
    int failed =
        count_substituted(query, ours, mine, candidate, theirs, other, &blocks, counts);
    PyMem_Free(blocks.blocks);
    return failed;
}

int
count_kept(
    const Wording *query, Stretch ours, const Wording *candidate, Stretch theirs, Kept *figures,
    Kept *names)
{
    TermSet there = {NULL, 0, {NULL, NULL, 0}};
    int is_known = 0;
    for (Py_ssize_t i = ours.start; i < ours.end; i++) {
        int kind = query->kinds[i];
        if (!(kind & (FIGURE | NAME)))
            continue;
        if (!is_known && term_set_of(&there, candidate, theirs) < 0)
            return -1;
        is_known = 1;
        int is_kept = holds(&there, query->terms[i]);
        if (kind & FIGURE) {
            figures->total++;
            figures->kept += is_kept;
        }
        if (kind & NAME) {
            names->total++;
            names->kept += is_kept;
        }
    }
    term_set_free(&there);
    return 0;
}
