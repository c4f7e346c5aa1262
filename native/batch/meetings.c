#include "meetings.h"

#include "simd.h"

enum {
    RANK_BITS = 32,
    AHEAD = 8,    /* entries whose sketches are fetched while others are compared */
    USUAL = 128,  /* the usual width of a sketch, for which the loop is unrolled */
    AT_ONCE = 32, /* others beside which a sketch is laid in one call */
};

/* At most 255 values agree, so bytes hold the counts: 16 and more of them in a register. */
static ALWAYS_INLINE uint8_t
n_equal(const uint8_t *one, const uint8_t *other, size_t width)
{
    uint8_t n = 0;
    for (size_t i = 0; i < width; i++)
        n = (uint8_t)(n + (one[i] == other[i]));
    return n;
}

static ALWAYS_INLINE void
lay_beside_body(const uint8_t *sketches, size_t width, uint32_t one, const uint32_t *others, size_t n,
                uint8_t *counts)
{
    const uint8_t *own = sketches + one * width;
    for (size_t i = 0; i < n; i++) {
        const uint8_t *other = sketches + others[i] * width;
        counts[i] = width == USUAL ? n_equal(own, other, USUAL) : n_equal(own, other, width);
    }
}

VERSIONS(lay_beside,
         (const uint8_t *sketches, size_t width, uint32_t one, const uint32_t *others, size_t n,
          uint8_t *counts),
         (sketches, width, one, others, n, counts))

void
count_agreeing(const uint8_t *sketches, size_t width, const uint32_t *earlier,
               const uint32_t *later, size_t n, uint8_t *counts)
{
    for (size_t i = 0; i < n; i++) {
        if (i + AHEAD < n) {
            __builtin_prefetch(sketches + earlier[i + AHEAD] * width);
            __builtin_prefetch(sketches + later[i + AHEAD] * width);
        }
        lay_beside(sketches, width, later[i], &earlier[i], 1, &counts[i]);
    }
}

/* How many bits are set in one, in the other, and in both. */
static ALWAYS_INLINE void
count_bits_body(const uint64_t *one, const uint64_t *other, size_t n_words, size_t counts[3])
{
    size_t n_one = 0, n_other = 0, n_both = 0;
    for (size_t i = 0; i < n_words; i++) {
        n_one += (size_t)__builtin_popcountll(one[i]);
        n_other += (size_t)__builtin_popcountll(other[i]);
        n_both += (size_t)__builtin_popcountll(one[i] & other[i]);
    }
    counts[0] = n_one;
    counts[1] = n_other;
    counts[2] = n_both;
}

VERSIONS(count_bits,
         (const uint64_t *one, const uint64_t *other, size_t n_words, size_t counts[3]),
         (one, other, n_words, counts))

/* dedup/batch/hapaxes.py: overlaps, in the same order of operations. */
static double
resemblance_of(struct likeness likeness, uint32_t one, uint32_t other)
{
    size_t counts[3];
    count_bits(likeness.bitmaps + one * likeness.bitmap_words,
               likeness.bitmaps + other * likeness.bitmap_words, likeness.bitmap_words, counts);
    double all = likeness.sizes[counts[0] + counts[1] - counts[2]];
    double common = likeness.sizes[counts[0]] + likeness.sizes[counts[1]] - all;
    return (common > 0 ? common : 0) / (all > 1 ? all : 1);
}

static int
use_like_words(struct likeness likeness, uint32_t one, uint32_t other)
{
    if (likeness.bitmaps == NULL)
        return 1;
    uint32_t tongue = likeness.tongues[one];
    if (tongue == 0 || tongue != likeness.tongues[other])
        return 1;
    return resemblance_of(likeness, one, other) >= likeness.resemblance;
}

/* The bucket that an entry is in. */
static size_t
bucket_at(struct buckets buckets, size_t entry)
{
    size_t low = 0, high = buckets.n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if ((size_t)buckets.firsts[middle] <= entry)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* One later article and what it met. */
struct meeting {
    struct likeness likeness;
    uint64_t worth;
    uint64_t *pairs, *counted;
    size_t n;
};

/* Entries `from` to `to` are met by the article `later`. */
static void
meet_stretch(struct meeting *meeting, const uint64_t *entries, size_t from, size_t to, uint32_t later)
{
    uint32_t others[AT_ONCE];
    uint8_t agreeing[AT_ONCE];
    while (from < to) {
        size_t n = to - from < AT_ONCE ? to - from : AT_ONCE;
        for (size_t i = 0; i < n; i++)
            others[i] = (uint32_t)(entries[from + i] >> RANK_BITS);
        if (meeting->likeness.least)
            lay_beside(meeting->likeness.sketches, meeting->likeness.width, later, others, n,
                       agreeing);
        for (size_t i = 0; i < n; i++) {
            if (meeting->likeness.least && agreeing[i] < meeting->likeness.least)
                continue;
            if (!use_like_words(meeting->likeness, later, others[i]))
                continue;
            meeting->pairs[meeting->n] = (uint64_t)others[i] << RANK_BITS | later;
            meeting->counted[meeting->n++] = meeting->worth;
        }
        from += n;
    }
}

static inline void
fetch_ahead(const uint64_t *entries, size_t entry, size_t end, struct likeness likeness)
{
    if (likeness.least == 0 || entry + AHEAD >= end)
        return;
    const uint8_t *sketch =
        likeness.sketches + (size_t)(entries[entry + AHEAD] >> RANK_BITS) * likeness.width;
    __builtin_prefetch(sketch);
    __builtin_prefetch(sketch + 64); /* bytes of a line of the cache */
}

size_t
meet(struct buckets buckets, size_t begin, size_t end, size_t reach, struct worth worth,
     struct likeness likeness, uint64_t *pairs, uint64_t *counted)
{
    struct meeting meeting = {likeness, 0, pairs, counted, 0};
    size_t entry = begin;
    for (size_t bucket = bucket_at(buckets, begin); entry < end; bucket++) {
        size_t first = (size_t)buckets.firsts[bucket], last = (size_t)buckets.firsts[bucket + 1];
        size_t length = last - first;
        meeting.worth = worth.counts[length < worth.n ? length : worth.n - 1];
        for (; entry < last && entry < end; entry++) {
            uint32_t later = (uint32_t)(buckets.entries[entry] >> RANK_BITS);
            size_t near = entry - first > reach ? entry - reach : first;
            size_t oldest = near - first > reach ? first + reach : near;
            fetch_ahead(buckets.entries, entry, end, likeness);
            meet_stretch(&meeting, buckets.entries, first, oldest, later);
            meet_stretch(&meeting, buckets.entries, near, entry, later);
        }
    }
    return meeting.n;
}
