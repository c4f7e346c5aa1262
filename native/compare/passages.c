/* Which stretches of two texts are shown beside each other: dedup/compare/passages.py says which and
 * why, and holds the same in Python (dedup/compare/reference.py). */
#include "passages.h"

#include "in_order.h"

#include <stdlib.h>

/* The first and the last sentence that answer to one of the query; NONE where none does. */
typedef struct {
    int32_t first;
    int32_t last;
} Counterpart;

/* What of a sentence that is not aligned stands in runs, and where that stands. */
typedef struct {
    int32_t words;
    int32_t first;
    int32_t end;
} InRuns;

/* All that one search needs. */
typedef struct {
    const SentenceText *query;
    const SentenceText *candidate;
    const Pair *pairs;
    Py_ssize_t n_pairs;
    const Run *runs;
    Py_ssize_t n_runs;
    const PassageBounds *bounds;
    Counterpart *counterparts; /* of each sentence of the query */
    InRuns *in_runs;           /* likewise */
    int32_t *partners;         /* of each sentence of the candidate, how many it is aligned with */
    uint8_t *starts;           /* of each place of the query, whether a sentence begins or ends */
    uint8_t *candidate_starts;
    uint8_t *told; /* of each word of the query, whether it is shown */
} Search;

/* The sentence that holds a word. */
static int32_t
sentence_of(const SentenceText *text, int32_t word)
{
    int32_t low = 0, high = (int32_t)text->n_sentences;
    while (high - low > 1) {
        int32_t middle = low + (high - low) / 2;
        if (text->bounds[middle] <= word)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static Run
cut(Run run, int32_t start, int32_t end)
{
    int32_t first = most(run.query, start), last = least(run.query + run.length, end);
    return (Run){first, run.candidate + first - run.query, last - first};
}

static int
add(ShownList *shown, Shown stretch)
{
    if (shown->n == shown->most) {
        Py_ssize_t size = shown->most ? 2 * shown->most : 64;
        Shown *at = PyMem_Realloc(shown->at, (size_t)size * sizeof(Shown));
        if (at == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        shown->at = at;
        shown->most = size;
    }
    shown->at[shown->n++] = stretch;
    return 0;
}

/* Whether a pair of one sentence, among those from first to end, is the counterpart's only one. */
static int
is_own(const Search *search, Py_ssize_t first, Py_ssize_t end, int32_t candidate)
{
    for (Py_ssize_t i = first; i < end; i++)
        if (search->pairs[i].candidate == candidate)
            return search->pairs[i].identity >= search->bounds->min_identity
                   && search->partners[candidate] == 1;
    return 0;
}

/* Aligned sentences: the best counterpart, with those next to it that are aligned with no other. */
static void
find_aligned(Search *search)
{
    double min_identity = search->bounds->min_identity;
    for (Py_ssize_t i = 0; i < search->n_pairs; i++)
        if (search->pairs[i].identity >= min_identity)
            search->partners[search->pairs[i].candidate]++;
    for (Py_ssize_t first = 0, end; first < search->n_pairs; first = end) {
        const Pair *best = &search->pairs[first];
        for (end = first + 1; end < search->n_pairs; end++) {
            const Pair *pair = &search->pairs[end];
            if (pair->query != best->query)
                break;
            if (pair->is_mutual > best->is_mutual
                || (pair->is_mutual == best->is_mutual && pair->identity > best->identity))
                best = pair;
        }
        if (best->identity < min_identity)
            continue;
        Counterpart found = {best->candidate, best->candidate};
        while (is_own(search, first, end, found.first - 1))
            found.first--;
        while (is_own(search, first, end, found.last + 1))
            found.last++;
        search->counterparts[best->query] = found;
    }
}

/* Sentences that are not aligned, and stand in runs for the most part. */
static void
find_in_runs(Search *search)
{
    const int32_t *bounds = search->query->bounds;
    for (Py_ssize_t k = 0; k < search->n_runs; k++) {
        Run run = search->runs[k];
        int32_t last = sentence_of(search->query, run.query + run.length - 1);
        for (int32_t i = sentence_of(search->query, run.query); i <= last; i++) {
            Run part = cut(run, bounds[i], bounds[i + 1]);
            InRuns *held = &search->in_runs[i];
            int32_t end = part.candidate + part.length;
            held->first = held->words ? least(held->first, part.candidate) : part.candidate;
            held->end = held->words ? most(held->end, end) : end;
            held->words += part.length;
        }
    }
    for (int32_t i = 0; i < search->query->n_sentences; i++) {
        InRuns held = search->in_runs[i];
        int32_t length = bounds[i + 1] - bounds[i];
        if (search->counterparts[i].first == NONE && held.words
            && (double)held.words >= search->bounds->mostly * (double)length)
            search->counterparts[i] = (Counterpart){
                sentence_of(search->candidate, held.first),
                sentence_of(search->candidate, held.end - 1),
            };
    }
}

/* Words of a stretch that stand in runs within its counterpart, and elsewhere. */
typedef struct {
    int32_t inside;
    int32_t elsewhere;
    int32_t is_part; /* a run holds all of the shorter side, and the other is longer */
} Held;

static Held
held_by_runs(const Search *search, Shown stretch)
{
    int32_t ours = stretch.end - stretch.start;
    int32_t theirs = stretch.candidate_end - stretch.candidate_start;
    Held held = {0, 0, 0};
    for (Py_ssize_t k = 0; k < search->n_runs; k++) {
        Run part = cut(search->runs[k], stretch.start, stretch.end);
        if (search->runs[k].query >= stretch.end)
            break;
        if (part.length <= 0)
            continue;
        int32_t within = least(part.candidate + part.length, stretch.candidate_end)
                         - most(part.candidate, stretch.candidate_start);
        within = most(within, 0);
        if (within == least(ours, theirs) && ours != theirs) {
            held.is_part = 1;
            return held;
        }
        held.inside += within;
        held.elsewhere += part.length - within;
    }
    return held;
}

/* Whether the sentences are shown whole, and not only the runs in them; -1 with an exception set. */
static int
is_shown_whole(const Search *search, Shown stretch)
{
    int32_t ours = stretch.end - stretch.start;
    int32_t theirs = stretch.candidate_end - stretch.candidate_start;
    const PassageBounds *bounds = search->bounds;
    if (least(ours, theirs) < bounds->min_sentence_words)
        return 0;
    Held held = held_by_runs(search, stretch);
    if (held.is_part || held.elsewhere > held.inside)
        return 0;
    if (!held.inside || (double)held.inside >= bounds->nearly_all * (double)most(ours, theirs))
        return 1;
    Py_ssize_t common = n_in_order(
        search->query->words + stretch.start, least(ours, bounds->max_sequence),
        search->candidate->words + stretch.candidate_start,
        least(theirs, bounds->max_sequence));
    if (common < 0)
        return -1;
    int32_t rest = ours + theirs - 2 * held.inside;
    return (double)(2 * (common - held.inside)) >= bounds->min_identity * (double)rest;
}

/* Sentences that are shown whole; those one after the other that have one counterpart are one. */
static int
find_whole(const Search *search, ShownList *whole)
{
    int32_t n = (int32_t)search->query->n_sentences, next;
    for (int32_t i = 0; i < n; i = next) {
        Counterpart found = search->counterparts[i];
        next = i + 1;
        if (found.first == NONE)
            continue;
        while (next < n && search->counterparts[next].first == found.first
               && search->counterparts[next].last == found.last)
            next++;
        Shown stretch = {
            search->query->bounds[i],
            search->query->bounds[next],
            search->candidate->bounds[found.first],
            search->candidate->bounds[found.last + 1],
            0,
        };
        int32_t length = stretch.end - stretch.start;
        stretch.is_verbatim =
            length == stretch.candidate_end - stretch.candidate_start
            && memcmp(
                   search->query->words + stretch.start,
                   search->candidate->words + stretch.candidate_start,
                   (size_t)length * sizeof(uint64_t))
                   == 0;
        int is_whole = is_shown_whole(search, stretch);
        if (is_whole < 0 || (is_whole && add(whole, stretch) < 0))
            return -1;
    }
    return 0;
}

/* The run without the few words that it holds of one more sentence. */
static Run
trimmed(const Search *search, Run run)
{
    const PassageBounds *bounds = search->bounds;
    for (int32_t words = 1; words <= bounds->max_dangling; words++) {
        int32_t last = run.query + run.length, last_there = run.candidate + run.length;
        if (run.length - words < bounds->min_run_words)
            break;
        if (!search->starts[run.query] && search->starts[run.query + words]
            && search->candidate_starts[run.candidate + words]) {
            run = (Run){run.query + words, run.candidate + words, run.length - words};
            words = 0;
        }
        else if (
            !search->starts[last] && search->starts[last - words]
            && search->candidate_starts[last_there - words]) {
            run.length -= words;
            words = 0;
        }
    }
    return run;
}

/* Runs, but for what stands in sentences that are shown whole, which are told. */
static int
find_verbatim(const Search *search, ShownList *shown)
{
    const PassageBounds *bounds = search->bounds;
    for (Py_ssize_t k = 0; k < search->n_runs; k++) {
        Run run = search->runs[k];
        int32_t end = run.query + run.length, behind;
        for (int32_t first = run.query; first < end; first = behind + 1) {
            for (behind = first; behind < end && !search->told[behind]; behind++)
                ;
            Run piece = cut(run, first, behind);
            if (piece.length <= 0)
                continue;
            /* What is left beside a sentence is of use as a sentence, or a run. */
            if (piece.length < run.length && piece.length < bounds->min_run_words
                && (piece.length < bounds->min_sentence_words || !search->starts[first]
                    || !search->starts[behind]))
                continue;
            piece = trimmed(search, piece);
            Shown stretch = {
                piece.query, piece.query + piece.length, piece.candidate,
                piece.candidate + piece.length, 1,
            };
            if (add(shown, stretch) < 0)
                return -1;
        }
    }
    return 0;
}

static void
mark(uint8_t *places, const int32_t *bounds, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i <= n; i++)
        places[bounds[i]] = 1;
}

static void
tell(uint8_t *told, Shown stretch)
{
    memset(told + stretch.start, 1, (size_t)(stretch.end - stretch.start));
}

static int
by_place(const void *one, const void *other)
{
    const Shown *a = one, *b = other;
    const int32_t keys[] = {a->start, a->end, a->candidate_start, a->candidate_end, a->is_verbatim};
    const int32_t others[] = {
        b->start, b->end, b->candidate_start, b->candidate_end, b->is_verbatim};
    for (int i = 0; i < 5; i++)
        if (keys[i] != others[i])
            return keys[i] < others[i] ? -1 : 1;
    return 0;
}

/* Reworded sentences first, then runs, then sentences that are kept word for word and told nowhere. */
static int
find_all(Search *search, ShownList *whole, ShownList *shown)
{
    find_aligned(search);
    find_in_runs(search);
    if (find_whole(search, whole) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < whole->n; i++)
        if (!whole->at[i].is_verbatim) {
            tell(search->told, whole->at[i]);
            if (add(shown, whole->at[i]) < 0)
                return -1;
        }
    Py_ssize_t n_reworded = shown->n;
    if (find_verbatim(search, shown) < 0)
        return -1;
    memset(search->told, 0, (size_t)search->query->n_words);
    for (Py_ssize_t i = n_reworded; i < shown->n; i++)
        tell(search->told, shown->at[i]);
    for (Py_ssize_t i = 0; i < whole->n; i++) {
        Shown stretch = whole->at[i];
        size_t length = (size_t)(stretch.end - stretch.start);
        if (stretch.is_verbatim && !memchr(search->told + stretch.start, 1, length)
            && add(shown, stretch) < 0)
            return -1;
    }
    if (shown->n)
        qsort(shown->at, (size_t)shown->n, sizeof(Shown), by_place);
    return 0;
}

int
shown_stretches(
    const SentenceText *query, const SentenceText *candidate, const Pair *pairs,
    Py_ssize_t n_pairs, const Run *runs, Py_ssize_t n_runs, const PassageBounds *bounds,
    ShownList *shown)
{
    size_t s = (size_t)query->n_sentences, t = (size_t)candidate->n_sentences;
    size_t n = (size_t)query->n_words, m = (size_t)candidate->n_words;
    ShownList whole = {NULL, 0, 0};
    *shown = (ShownList){NULL, 0, 0};
    if (s == 0 || t == 0)
        return 0;
    char *memory = PyMem_Calloc(
        s * (sizeof(InRuns) + sizeof(Counterpart)) + t * sizeof(int32_t) + 2 * (n + 1) + m + 1, 1);
    if (memory == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    Search search = {query, candidate, pairs, n_pairs, runs, n_runs, bounds, .told = NULL};
    search.in_runs = (InRuns *)memory;
    search.counterparts = (Counterpart *)(search.in_runs + s);
    search.partners = (int32_t *)(search.counterparts + s);
    search.starts = (uint8_t *)(search.partners + t);
    search.candidate_starts = search.starts + n + 1;
    search.told = search.candidate_starts + m + 1;
    memset(search.counterparts, 0xFF, s * sizeof(Counterpart));
    mark(search.starts, query->bounds, query->n_sentences);
    mark(search.candidate_starts, candidate->bounds, candidate->n_sentences);
    int failed = find_all(&search, &whole, shown);
    PyMem_Free(whole.at);
    PyMem_Free(memory);
    if (failed) {
        PyMem_Free(shown->at);
        *shown = (ShownList){NULL, 0, 0};
    }
    return failed;
}
