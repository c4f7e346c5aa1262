#include "quotes.h"

#include "in_order.h"

/* The words of a quotation that are the speaker's. */
typedef struct {
    const uint64_t *words;
    Py_ssize_t n;
} Said;

/* All that one search needs. */
typedef struct {
    const QuotingText *query;
    const QuotingText *candidate;
    const Link *links;
    Py_ssize_t n_links;
    const QuoteBounds *bounds;
    WindowIndex windows; /* of the candidate */
    uint64_t *said;       /* room for as many as the query has words */
    uint64_t *said_there; /* likewise for the candidate's */
    int32_t *chosen;      /* sentences of the candidate where a quotation may be, ascending */
    Py_ssize_t n_chosen;
} Search;

/* The words of a stretch without those that were inserted; all, where no others are. */
static Said
said_in(const QuotingText *text, int32_t start, int32_t end, uint64_t *room)
{
    Said all = {text->words + start, end - start}, said = {room, 0};
    if (end == start || memchr(text->inserted + start, 1, (size_t)(end - start)) == NULL)
        return all;
    for (int32_t i = start; i < end; i++)
        if (!text->inserted[i])
            room[said.n++] = text->words[i];
    return said.n ? said : all;
}

/* The last of some numbers, each so many after the other, that is at most a value; -1 if none is. */
static Py_ssize_t
last_up_to(const int32_t *numbers, Py_ssize_t step, Py_ssize_t n, int32_t value)
{
    Py_ssize_t low = 0, high = n;
    while (low < high) {
        Py_ssize_t middle = low + (high - low) / 2;
        if (numbers[middle * step] <= value)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

/* The sentence that holds a word. */
static int32_t
sentence_of(const QuotingText *text, int32_t word)
{
    return (int32_t)last_up_to(text->bounds, 1, text->n_sentences, word);
}

/* A quotation that stands in a run whole. */
static int
is_in_run(const Run *runs, Py_ssize_t n_runs, Quote *quote)
{
    Py_ssize_t at = last_up_to(&runs->query, sizeof(Run) / sizeof(int32_t), n_runs, quote->start);
    if (at < 0 || quote->end > runs[at].query + runs[at].length)
        return 0;
    int32_t shift = runs[at].candidate - runs[at].query;
    quote->candidate_start = quote->start + shift;
    quote->candidate_end = quote->end + shift;
    quote->fate = KEPT;
    quote->identity = 1;
    return 1;
}

static int
by_number(const void *one, const void *other)
{
    int32_t a = *(const int32_t *)one, b = *(const int32_t *)other;
    return (a > b) - (a < b);
}

/* Choose the sentences where some words of a quotation stand in a row, and those that are aligned
 * with its own. -1 with an exception set. */
static int
choose_sentences(Search *search, const Quote *quote)
{
    const QuotingText *query = search->query;
    int32_t *chosen = search->chosen;
    Py_ssize_t n = first_places(
        &search->windows, query->words + quote->start, quote->end - quote->start, chosen);
    if (n < 0)
        return -1;
    for (Py_ssize_t i = 0; i < n; i++)
        chosen[i] = sentence_of(search->candidate, chosen[i]);
    int32_t first = sentence_of(query, quote->start), last = sentence_of(query, quote->end - 1);
    const size_t step = sizeof(Link) / sizeof(int32_t);
    Py_ssize_t at = last_up_to(&search->links->query, step, search->n_links, first - 1) + 1;
    for (; at < search->n_links && search->links[at].query <= last; at++)
        chosen[n++] = search->links[at].candidate;
    search->n_chosen = 0;
    if (n > 1)
        qsort(chosen, (size_t)n, sizeof(int32_t), by_number);
    for (Py_ssize_t i = 0; i < n; i++)
        if (search->n_chosen == 0 || chosen[i] != chosen[search->n_chosen - 1])
            chosen[search->n_chosen++] = chosen[i];
    return 0;
}

/* Words of a block that stand in a quotation of the candidate. */
static int32_t
words_within(const Block *block, int32_t offset, int32_t start, int32_t end)
{
    int32_t first = offset + (int32_t)block->other, behind = first + (int32_t)block->size;
    return most(least(end, behind) - most(start, first), 0);
}

/* A quotation of the candidate that is made of the words sought alone is the same, shortened; the one
 * that has the most of them, if at least half, is the counterpart. -1 with an exception set. */
static int
narrow(Search *search, Said sought, const Blocks *blocks, int32_t offset, Quote *found)
{
    const QuotingText *candidate = search->candidate;
    int32_t stretch_end = found->candidate_end, n_matched = 0;
    for (Py_ssize_t i = 0; i < blocks->n; i++)
        n_matched += (int32_t)blocks->blocks[i].size;
    double most_shared = (double)n_matched / 2;
    Py_ssize_t at = last_up_to(candidate->quotations, 2, candidate->n_quotations, offset - 1);
    for (at = at < 0 ? 0 : at; at < candidate->n_quotations; at++) {
        int32_t start = candidate->quotations[2 * at], end = candidate->quotations[2 * at + 1];
        int32_t in_a_row = 0, shared = 0;
        if (start >= stretch_end)
            break;
        if (end - start < search->bounds->min_words)
            continue;
        for (Py_ssize_t i = 0; i < blocks->n; i++) {
            int32_t within = words_within(&blocks->blocks[i], offset, start, end);
            in_a_row = most(in_a_row, within);
            shared += within;
        }
        if (in_a_row >= search->bounds->window) {
            Said theirs = said_in(candidate, start, end, search->said_there);
            Py_ssize_t common = n_in_order(sought.words, sought.n, theirs.words, theirs.n);
            if (common < 0)
                return -1;
            double shortened = (double)common / (double)theirs.n;
            if (shortened >= search->bounds->kept) {
                *found = (Quote){0, 0, start, end, KEPT, shortened};
                return 0;
            }
        }
        if ((double)shared > most_shared) {
            found->candidate_start = start;
            found->candidate_end = end;
            most_shared = (double)shared;
        }
    }
    return 0;
}

/* The words sought in a stretch of the candidate, as if they stood there; -1 with an exception set. */
static int
find_in(Search *search, Said sought, int32_t start, int32_t end, Quote *found)
{
    Blocks blocks;
    int failed = 0;
    Py_ssize_t n_matched = 0;
    end = least(end - start, search->bounds->max_words) + start;
    if (blocks_in_order(
            sought.words, sought.n, search->candidate->words + start, end - start, &blocks)
        < 0)
        return -1;
    for (Py_ssize_t i = 0; i < blocks.n; i++)
        n_matched += blocks.blocks[i].size;
    *found = (Quote){0, 0, start, end, REWORDED, (double)n_matched / (double)sought.n};
    if (found->identity >= search->bounds->kept && blocks.n) {
        const Block *last = &blocks.blocks[blocks.n - 1];
        found->fate = KEPT;
        found->candidate_start = start + (int32_t)blocks.blocks[0].other;
        found->candidate_end = start + (int32_t)(last->other + last->size);
    }
    else
        failed = narrow(search, sought, &blocks, start, found);
    PyMem_Free(blocks.blocks);
    return failed;
}

/* Add up the weights of distinct terms of a stretch, and of those that stand among others; a term's
 * last weight counts. Sums are made in the order in which terms stand first. -1 with an exception. */
static int
sum_shared(
    const QuotingText *text, int32_t start, int32_t end, const uint64_t *others, Py_ssize_t m,
    double *shared, double *total)
{
    Table places;
    size_t n = (size_t)(end - start);
    int32_t n_distinct = 0;
    *shared = *total = 0;
    float *last = PyMem_Malloc((n + 1) * (sizeof(float) + 1));
    if (last == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    if (table_new(&places, n) < 0) {
        PyMem_Free(last);
        return -1;
    }
    uint8_t *is_shared = (uint8_t *)(last + n);
    memset(is_shared, 0, n);
    for (int32_t i = start; i < end; i++) {
        int32_t place = table_number(&places, text->terms[i]);
        if (place == NONE) {
            place = n_distinct++;
            table_put(&places, text->terms[i], place);
        }
        last[place] = text->weights[i];
    }
    for (Py_ssize_t i = 0; i < m; i++) {
        int32_t place = table_number(&places, others[i]);
        if (place != NONE)
            is_shared[place] = 1;
    }
    for (int32_t place = 0; place < n_distinct; place++) {
        *total += (double)last[place];
        if (is_shared[place])
            *shared += (double)last[place];
    }
    table_free(&places);
    PyMem_Free(last);
    return 0;
}

/* Whether a place says what a quotation says, in other words; -1 with an exception set. */
static int
is_same_matter(const Search *search, int32_t start, int32_t end, const Quote *place)
{
    const QuoteBounds *bounds = search->bounds;
    int32_t words = end - start, words_there = place->candidate_end - place->candidate_start;
    if (2 * place->identity * (double)words
        >= bounds->min_similar * ((double)words + (double)words_there))
        return 1;
    double shared, total;
    if (sum_shared(
            search->query, start, end, search->candidate->terms + place->candidate_start,
            words_there, &shared, &total)
        < 0)
        return -1;
    double least_shared = bounds->min_shared_terms * total;
    return shared >= least_shared && least_shared > 0;
}

/* What became of a quotation, of the chosen sentences the best taken; -1 with an exception set. */
static int
follow(Search *search, Quote *quote)
{
    const QuotingText *candidate = search->candidate;
    int32_t words = least(quote->end - quote->start, search->bounds->max_words);
    Said sought = said_in(search->query, quote->start, quote->start + words, search->said);
    Quote best = {0, 0, NONE, NONE, ABSENT, -1}, found;
    for (Py_ssize_t i = 0, next; i < search->n_chosen; i = next) {
        /* Sentences that stand together; one between them may be missing. */
        for (next = i + 1; next < search->n_chosen; next++)
            if (search->chosen[next] > search->chosen[next - 1] + 2)
                break;
        int32_t start = candidate->bounds[search->chosen[i]];
        int32_t end = candidate->bounds[search->chosen[next - 1] + 1];
        if (find_in(search, sought, start, end, &found) < 0)
            return -1;
        if (found.identity > best.identity)
            best = found;
    }
    int is_here = best.fate == KEPT ? 1 : is_same_matter(search, quote->start, quote->end, &best);
    if (is_here < 0)
        return -1;
    quote->identity = best.identity;
    if (is_here) {
        quote->candidate_start = best.candidate_start;
        quote->candidate_end = best.candidate_end;
        quote->fate = best.fate;
    }
    return 0;
}

int
follow_quotes(
    const QuotingText *query, const QuotingText *candidate, const Run *runs, Py_ssize_t n_runs,
    const Link *links, Py_ssize_t n_links, const QuoteBounds *bounds, Quote *quotes)
{
    Py_ssize_t n_sought = 0;
    for (Py_ssize_t i = 0; i < query->n_told; i++) {
        quotes[i] = (Quote){query->told[2 * i], query->told[2 * i + 1], NONE, NONE, ABSENT, 0};
        n_sought += !is_in_run(runs, n_runs, &quotes[i]);
    }
    if (n_sought == 0)
        return 0;
    size_t n = (size_t)query->n_words, m = (size_t)candidate->n_words;
    Search search = {query, candidate, links, n_links, bounds, .n_chosen = 0};
    search.said = PyMem_Malloc(
        (n + m) * sizeof(uint64_t) + (n + (size_t)n_links) * sizeof(int32_t));
    if (search.said == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    search.said_there = search.said + n;
    search.chosen = (int32_t *)(search.said_there + m);
    int failed = window_index_new(
        &search.windows, candidate->words, candidate->n_words, bounds->window);
    if (!failed) {
        for (Py_ssize_t i = 0; !failed && i < query->n_told; i++)
            if (quotes[i].fate != KEPT)
                failed = choose_sentences(&search, &quotes[i]) < 0
                         || (search.n_chosen && follow(&search, &quotes[i]) < 0);
        window_index_free(&search.windows);
    }
    PyMem_Free(search.said);
    return failed ? -1 : 0;
}
