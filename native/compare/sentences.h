/* Which terms sentences hold, and which sentences of two texts say the same. */
#ifndef SECONDHAND_COMPARE_SENTENCES_H
#define SECONDHAND_COMPARE_SENTENCES_H

#include "words.h"

/* Numbers sorted, each with the place where it stood; equal ones in the order of their places.
 * -1 with an exception set. */
int sort_places(uint64_t *keys, int32_t *places, Py_ssize_t n);

/* What a term weighs in a sentence, where so many hold it. */
float scaled_weight(float weight, int32_t n_sentences);

/* A text as it is aligned (dedup.compare.profile.SentenceTerms); t terms, p places. */
typedef struct {
    const uint64_t *terms;    /* t, ascending */
    const float *weights;     /* t */
    const int32_t *frequency; /* t */
    const float *scaled;      /* t */
    const int32_t *sentence;  /* p: of each term its sentences, ascending */
    Py_ssize_t n_terms;
    const uint64_t *words;
    const int32_t *bounds; /* words bounds[i] to bounds[i + 1] are sentence i */
    Py_ssize_t n_sentences;
} Text;

/* When two sentences are aligned (dedup/compare/alignment.py). */
typedef struct {
    float min_similarity;
    float min_containment;
    float min_shared_weight;
    Py_ssize_t max_sequence;
} AlignmentBounds;

typedef struct {
    int32_t query;
    int32_t candidate;
    double similarity;
    double identity;
    int is_mutual;
} Pair;

typedef struct {
    Pair *pairs; /* PyMem_Free them */
    Py_ssize_t n;
} Pairs;

/* The aligned sentences in the order of the query; -1 with an exception set. */
int align(const Text *query, const Text *candidate, AlignmentBounds bounds, Pairs *found);

/* Sentences of the two texts that answer to each other. */
typedef struct {
    int32_t query;
    int32_t candidate;
} Link;

/* The places of the links, each a step of at most gap sentences on, that hold the most words, of
 * several such chains the one that ends first: how many; -1 with an exception set. Links stand in
 * order; the bounds say where sentences begin. */
Py_ssize_t longest_chain(
    const Link *links, Py_ssize_t n, const int32_t *query_bounds,
    const int32_t *candidate_bounds, int32_t gap, int32_t *chain);

#endif
