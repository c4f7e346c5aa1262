/* Which sentences of two texts say the same: dedup/compare/alignment.py says how that is told, and
 * holds the same in Python. Weights are added up as doubles, in the order of the terms, and every
 * other step is one operation on floats, so that both give the same numbers on any processor. */
#include "sentences.h"

#include "in_order.h"

#include <math.h>

enum { DIGITS = 256, DIGIT_BITS = 8, KEY_DIGITS = 8, UPPER_DIGITS = 4 };

/* By the digits from `lowest` on, of which there is an even number. */
static void
sort_by_digits(uint64_t *keys, int32_t *places, Py_ssize_t n, int lowest, uint64_t *spare,
               int32_t *spare_places)
{
    size_t counts[KEY_DIGITS][DIGITS] = {{0}};
    uint64_t *from = keys, *to = spare;
    int32_t *from_places = places, *to_places = spare_places;
    for (Py_ssize_t i = 0; i < n; i++)
        for (int digit = lowest; digit < KEY_DIGITS; digit++)
            counts[digit][keys[i] >> (DIGIT_BITS * digit) & (DIGITS - 1)]++;
    for (int digit = lowest; digit < KEY_DIGITS; digit++) {
        size_t *count = counts[digit], start = 0;
        for (int value = 0; value < DIGITS; value++) {
            size_t size = count[value];
            count[value] = start;
            start += size;
        }
        for (Py_ssize_t i = 0; i < n; i++) {
            size_t at = count[from[i] >> (DIGIT_BITS * digit) & (DIGITS - 1)]++;
            to[at] = from[i];
            to_places[at] = from_places[i];
        }
        uint64_t *keys_before = from;
        int32_t *places_before = from_places;
        from = to, from_places = to_places;
        to = keys_before, to_places = places_before;
    }
    /* After an even number of digits they are where they were. */
}

static int
is_sorted(const uint64_t *keys, Py_ssize_t n)
{
    for (Py_ssize_t i = 1; i < n; i++)
        if (keys[i - 1] > keys[i])
            return 0;
    return 1;
}

int
sort_places(uint64_t *keys, int32_t *places, Py_ssize_t n)
{
    uint64_t *spare = PyMem_Malloc(((size_t)n + 1) * (sizeof(uint64_t) + sizeof(int32_t)));
    if (spare == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    int32_t *spare_places = (int32_t *)(spare + n);
    /* Keys are hashes: of the words of an article, hardly two agree in their upper half. */
    sort_by_digits(keys, places, n, KEY_DIGITS - UPPER_DIGITS, spare, spare_places);
    if (!is_sorted(keys, n))
        sort_by_digits(keys, places, n, 0, spare, spare_places);
    PyMem_Free(spare);
    return 0;
}

float
scaled_weight(float weight, int32_t n_sentences)
{
    return (float)((double)weight / sqrt((double)n_sentences));
}

/* A term that both texts hold. */
typedef struct {
    Py_ssize_t query;
    Py_ssize_t candidate;
    float weight;
} SharedTerm;

static inline float
larger(float one, float other)
{
    return one > other ? one : other;
}

static inline float
smaller(float one, float other)
{
    return one < other ? one : other;
}

static Py_ssize_t
shared_terms(const Text *query, const Text *candidate, SharedTerm *shared)
{
    Py_ssize_t n = 0;
    for (Py_ssize_t i = 0, j = 0; i < query->n_terms && j < candidate->n_terms;) {
        if (query->terms[i] < candidate->terms[j])
            i++;
        else if (query->terms[i] > candidate->terms[j])
            j++;
        else {
            int32_t often = query->frequency[i] > candidate->frequency[j]
                                ? query->frequency[i]
                                : candidate->frequency[j];
            float weight = larger(query->weights[i], candidate->weights[j]);
            shared[n++] = (SharedTerm){i++, j++, scaled_weight(weight, often)};
        }
    }
    return n;
}

/* Where the sentences of each term begin in Text.sentence. */
static void
first_places(const Text *text, Py_ssize_t *first)
{
    first[0] = 0;
    for (Py_ssize_t i = 0; i < text->n_terms; i++)
        first[i + 1] = first[i] + text->frequency[i];
}

/* The weight of every sentence of a text, where shared terms weigh what they weigh to both. */
static void
sentence_weights(
    const Text *text, const Py_ssize_t *first, const SharedTerm *shared, Py_ssize_t n_shared,
    int is_query, double *sums, float *totals)
{
    Py_ssize_t k = 0;
    memset(sums, 0, (size_t)text->n_sentences * sizeof(double));
    for (Py_ssize_t i = 0; i < text->n_terms; i++) {
        double weight = text->scaled[i];
        if (k < n_shared && (is_query ? shared[k].query : shared[k].candidate) == i)
            weight = shared[k++].weight;
        for (Py_ssize_t at = first[i]; at < first[i + 1]; at++)
            sums[text->sentence[at]] += weight;
    }
    for (Py_ssize_t i = 0; i < text->n_sentences; i++)
        totals[i] = (float)sums[i];
}

static void
shared_weights(
    const Text *query, const Py_ssize_t *first, const Text *candidate,
    const Py_ssize_t *first_there, const SharedTerm *shared, Py_ssize_t n_shared, double *weights)
{
    for (Py_ssize_t k = 0; k < n_shared; k++) {
        Py_ssize_t here = shared[k].query, there = shared[k].candidate;
        for (Py_ssize_t at = first[here]; at < first[here + 1]; at++) {
            double *row = weights + (Py_ssize_t)query->sentence[at] * candidate->n_sentences;
            for (Py_ssize_t to = first_there[there]; to < first_there[there + 1]; to++)
                row[candidate->sentence[to]] += shared[k].weight;
        }
    }
}

static const float TINY = 1e-6f;

static inline float
dice(float shared, float total, float other_total)
{
    return 2.0f * shared / larger(total + other_total, TINY);
}

static inline float
score(float shared, float total, float other_total, AlignmentBounds bounds)
{
    float similarity = dice(shared, total, other_total);
    float contained = shared / larger(smaller(total, other_total), TINY);
    float score = similarity >= bounds.min_similarity ? similarity : 0.0f;
    if (shared >= bounds.min_shared_weight && contained >= bounds.min_containment)
        score = larger(score, contained * bounds.min_similarity);
    return score;
}

/* A sentence's best partner, the first of several; its score is 0 where there is none. */
typedef struct {
    float score;
    int32_t partner;
} Best;

/* The first words of a sentence, as many as are put in order with another one's. */
static inline Py_ssize_t
n_sentence_words(const Text *text, Py_ssize_t sentence, Py_ssize_t most)
{
    Py_ssize_t n = text->bounds[sentence + 1] - text->bounds[sentence];
    return n < most ? n : most;
}

/* Share of the words of two sentences that stand in both in the same order. */
static double
identity(
    const Text *query, Py_ssize_t i, const Text *candidate, Py_ssize_t j, Py_ssize_t most,
    int *failed)
{
    Py_ssize_t n = n_sentence_words(query, i, most), m = n_sentence_words(candidate, j, most);
    Py_ssize_t common =
        n_in_order(query->words + query->bounds[i], n, candidate->words + candidate->bounds[j], m);
    if (common < 0)
        *failed = -1;
    return (double)(2 * common) / (double)(n + m);
}

static int
fill(
    const Text *query, const Best *best, const float *totals, const Text *candidate,
    const Best *best_there, const float *totals_there, const double *shared,
    AlignmentBounds bounds, Pairs *found)
{
    int failed = 0;
    Py_ssize_t width = candidate->n_sentences;
    /* Of each sentence of the query the ones that take it for their best partner, ascending. */
    int32_t *first = PyMem_Malloc((size_t)(query->n_sentences + width + 1) * sizeof(int32_t));
    if (first == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    int32_t *next = first + query->n_sentences;
    memset(first, 0xFF, (size_t)query->n_sentences * sizeof(int32_t));
    for (Py_ssize_t j = width - 1; j >= 0; j--)
        if (best_there[j].score > 0) {
            next[j] = first[best_there[j].partner];
            first[best_there[j].partner] = (int32_t)j;
        }
    for (Py_ssize_t i = 0; i < query->n_sentences && !failed; i++) {
        int32_t own = best[i].score > 0 ? best[i].partner : NONE, taker = first[i];
        while ((own != NONE || taker != NONE) && !failed) {
            int32_t j = own != NONE && (taker == NONE || own <= taker) ? own : taker;
            float weight = (float)shared[i * width + j];
            found->pairs[found->n++] = (Pair){
                (int32_t)i,
                j,
                (double)dice(weight, totals[i], totals_there[j]),
                identity(query, i, candidate, j, bounds.max_sequence, &failed),
                j == own && j == taker,
            };
            if (j == taker)
                taker = next[taker];
            if (j == own)
                own = NONE;
        }
    }
    PyMem_Free(first);
    return failed ? -1 : 0;
}

int
align(const Text *query, const Text *candidate, AlignmentBounds bounds, Pairs *found)
{
    Py_ssize_t n = query->n_sentences, m = candidate->n_sentences;
    Py_ssize_t t = query->n_terms, u = candidate->n_terms;
    size_t n_sentences = (size_t)(n + m);
    *found = (Pairs){NULL, 0};
    if (n == 0 || m == 0)
        return 0;
    int failed = -1;
    SharedTerm *shared = PyMem_Malloc((size_t)(t < u ? t : u) * sizeof(SharedTerm) + 1);
    Py_ssize_t *first = PyMem_Malloc((size_t)(t + u + 2) * sizeof(Py_ssize_t));
    double *weights = PyMem_Calloc((size_t)n * (size_t)m + n_sentences, sizeof(double));
    float *totals = PyMem_Malloc(n_sentences * sizeof(float));
    Best *best = PyMem_Calloc(n_sentences, sizeof(Best));
    Pair *pairs = PyMem_Malloc(n_sentences * sizeof(Pair));
    if (!shared || !first || !weights || !totals || !best || !pairs) {
        PyErr_NoMemory();
        goto done;
    }
    Py_ssize_t *first_there = first + t + 1;
    double *sums = weights + n * m;
    float *totals_there = totals + n;
    Best *best_there = best + n;
    Py_ssize_t n_shared = shared_terms(query, candidate, shared);
    first_places(query, first);
    first_places(candidate, first_there);
    sentence_weights(query, first, shared, n_shared, 1, sums, totals);
    sentence_weights(candidate, first_there, shared, n_shared, 0, sums + n, totals_there);
    shared_weights(query, first, candidate, first_there, shared, n_shared, weights);
    for (Py_ssize_t i = 0; i < n; i++)
        for (Py_ssize_t j = 0; j < m; j++) {
            float weight = (float)weights[i * m + j];
            if (weight == 0)
                continue;
            float value = score(weight, totals[i], totals_there[j], bounds);
            if (value > best[i].score)
                best[i] = (Best){value, (int32_t)j};
            if (value > best_there[j].score)
                best_there[j] = (Best){value, (int32_t)i};
        }
    found->pairs = pairs;
    failed = fill(query, best, totals, candidate, best_there, totals_there, weights, bounds, found);
done:
    PyMem_Free(shared);
    PyMem_Free(first);
    PyMem_Free(weights);
    PyMem_Free(totals);
    PyMem_Free(best);
    if (failed) {
        PyMem_Free(pairs);
        *found = (Pairs){NULL, 0};
    }
    return failed;
}

/* The longest chain that ends with a link. */
typedef struct {
    int64_t words;
    int32_t before;
} Chain;

static int32_t
sentence_length(const int32_t *bounds, int32_t sentence)
{
    return bounds[sentence + 1] - bounds[sentence];
}

Py_ssize_t
longest_chain(
    const Link *links, Py_ssize_t n, const int32_t *query_bounds,
    const int32_t *candidate_bounds, int32_t gap, int32_t *chain)
{
    Chain *chains = PyMem_Malloc((size_t)(n + 1) * sizeof(Chain));
    int32_t longest = NONE;
    Py_ssize_t n_chain = 0;
    if (chains == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (int32_t place = 0; place < n; place++) {
        Link link = links[place];
        int32_t ours = sentence_length(query_bounds, link.query);
        int32_t theirs = sentence_length(candidate_bounds, link.candidate);
        Chain best = {0, NONE};
        for (int32_t previous = place - 1; previous >= 0; previous--) {
            int32_t down = link.query - links[previous].query;
            int32_t right = link.candidate - links[previous].candidate;
            if (down > gap)
                break;
            if (right < 0 || right > gap)
                continue;
            int64_t words =
                chains[previous].words - (down ? 0 : ours) - (right ? 0 : theirs);
            if (words > best.words)
                best = (Chain){words, previous};
        }
        chains[place] = (Chain){best.words + ours + theirs, best.before};
        if (longest == NONE || chains[place].words > chains[longest].words)
            longest = place;
    }
    for (int32_t place = longest; place != NONE; place = chains[place].before)
        n_chain++;
    for (Py_ssize_t at = n_chain; longest != NONE; longest = chains[longest].before)
        chain[--at] = longest;
    PyMem_Free(chains);
    return n_chain;
}
