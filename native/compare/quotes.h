/* What became of one text's quotations in another (dedup/compare/quotes.py). */
#ifndef SECONDHAND_COMPARE_QUOTES_H
#define SECONDHAND_COMPARE_QUOTES_H

#include "runs.h"
#include "sentences.h"

/* A text with its quotations; n words. */
typedef struct {
    const uint64_t *words;     /* n */
    const uint64_t *terms;     /* n */
    const float *weights;      /* n */
    const uint8_t *inserted;   /* n: 1 for words that are not the speaker's, else 0 */
    const int32_t *bounds;     /* words bounds[i] to bounds[i + 1] are sentence i */
    const int32_t *quotations; /* the first word of each, and the one behind its last, in order */
    const int32_t *told;       /* likewise, of those that are followed */
    Py_ssize_t n_words;
    Py_ssize_t n_sentences;
    Py_ssize_t n_quotations;
    Py_ssize_t n_told;
} QuotingText;

typedef struct {
    double kept;
    double min_shared_terms;
    double min_similar;
    int32_t window;
    int32_t min_words;
    int32_t max_words;
} QuoteBounds;

typedef enum { ABSENT, REWORDED, KEPT, FATES } Fate;

/* A quotation, and what became of it; NONE where it has no counterpart. */
typedef struct {
    int32_t start;
    int32_t end;
    int32_t candidate_start;
    int32_t candidate_end;
    Fate fate;
    double identity;
} Quote;

/* What became of those of the query's quotations that are told; -1 with an exception set. Runs and
 * links of aligned sentences are in the order of the query. */
int follow_quotes(
    const QuotingText *query, const QuotingText *candidate, const Run *runs, Py_ssize_t n_runs,
    const Link *links, Py_ssize_t n_links, const QuoteBounds *bounds, Quote *quotes);

#endif
