/* Articles that meet in buckets: dedup/batch/reference.py. */
#ifndef SECONDHAND_MEETINGS_H
#define SECONDHAND_MEETINGS_H

#include <stddef.h>
#include <stdint.h>

struct buckets {
    const uint64_t *entries; /* rank << 32 | start */
    const int64_t *firsts;   /* shape (n + 1,) */
    size_t n;
};

/* What two articles must have in common beside a key: values of their sketches; and if their words
 * tell them apart, hapaxes (dedup/batch/hapaxes.py). */
struct likeness {
    const uint8_t *sketches; /* shape (n_articles, width) */
    size_t width;            /* at most 255 */
    unsigned least;          /* values that agree; 0 if nothing is asked */

    const uint64_t *bitmaps; /* shape (n_articles, bitmap_words); NULL if nothing is asked */
    size_t bitmap_words;
    const uint32_t *tongues; /* shape (n_articles,): the same one, not 0, if words tell them apart */
    const double *sizes;     /* of sets, by how many bits they set */
    double resemblance;      /* at least */
};

struct worth {
    const uint64_t *counts; /* of collisions in buckets of 0, 1, … entries; the last for longer ones */
    size_t n;
};

/* Put down the pairs in which entries from `begin` to `end` are the later ones, and what each
 * counts. Each entry meets up to `reach` of the oldest in its bucket, and up to `reach` right before
 * it. There is room for all of these. Returns how many pairs there are. */
size_t meet(struct buckets buckets, size_t begin, size_t end, size_t reach, struct worth worth,
            struct likeness likeness, uint64_t *pairs, uint64_t *counted);

/* In how many values the sketches of each pair agree. */
void count_agreeing(const uint8_t *sketches, size_t width, const uint32_t *earlier,
                    const uint32_t *later, size_t n, uint8_t *counts);

#endif
