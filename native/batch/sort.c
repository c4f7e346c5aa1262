/* A radix sort from the highest digit that differs: hashes differ at once, and what is equal in all
 * digits but a few, as parts of keys and pairs of articles are, costs no pass for these. */
#include "sort.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_BITS = 11, /* of the first digit: 2,048 heaps, each soon in the cache */
    BITS = 8,        /* of the others */
    FEW = 48,        /* records that are sorted one by one */
};

struct record {
    uint64_t key, value;
};

/* Where records differ. */
struct digit {
    int is_key;
    int shift;
    uint64_t mask;
};

static inline size_t
digit_of(struct digit digit, uint64_t key, uint64_t value)
{
    return ((digit.is_key ? key : value) >> digit.shift) & digit.mask;
}

/* The digit that begins with the highest bit in which some key, else some value differs.
 * Returns whether there is one. */
static inline int
find_digit(uint64_t keys, uint64_t values, enum sort_by by, int bits, struct digit *digit)
{
    uint64_t differs = keys ? keys : by == BY_KEY_AND_VALUE ? values : 0;
    if (differs == 0)
        return 0;
    int length = 64 - __builtin_clzll(differs);
    digit->is_key = keys != 0;
    digit->shift = length > bits ? length - bits : 0;
    digit->mask = (UINT64_C(1) << bits) - 1;
    return 1;
}

static inline int
is_less(const struct record *one, const struct record *other, enum sort_by by)
{
    if (one->key != other->key)
        return one->key < other->key;
    return by == BY_KEY_AND_VALUE && one->value < other->value;
}

static void
sort_few(struct record *records, size_t n, enum sort_by by)
{
    for (size_t i = 1; i < n; i++) {
        struct record moved = records[i];
        size_t to = i;
        for (; to > 0 && is_less(&moved, &records[to - 1], by); to--)
            records[to] = records[to - 1];
        records[to] = moved;
    }
}

/* `room`: for as many records. */
static void
sort_records(struct record *records, struct record *room, size_t n, enum sort_by by)
{
    if (n <= FEW) {
        sort_few(records, n, by);
        return;
    }
    uint64_t keys = 0, values = 0;
    for (size_t i = 1; i < n; i++) {
        keys |= records[i].key ^ records[0].key;
        values |= records[i].value ^ records[0].value;
    }
    struct digit digit;
    if (!find_digit(keys, values, by, BITS, &digit))
        return;
    size_t ends[1 << BITS] = {0}, begin = 0;
    for (size_t i = 0; i < n; i++)
        ends[digit_of(digit, records[i].key, records[i].value)]++;
    for (size_t d = 0; d < 1 << BITS; d++) {
        size_t count = ends[d];
        ends[d] = begin;
        begin += count;
    }
    for (size_t i = 0; i < n; i++)
        room[ends[digit_of(digit, records[i].key, records[i].value)]++] = records[i];
    memcpy(records, room, n * sizeof *records);
    begin = 0;
    for (size_t d = 0; d < 1 << BITS; d++) {
        sort_records(records + begin, room, ends[d] - begin, by);
        begin = ends[d];
    }
}

/* The first pass goes from the columns to records, heap by heap; the room to sort these is as large
 * as the largest. */
int
sort_columns(uint64_t *keys, uint64_t *values, size_t n, enum sort_by by)
{
    uint64_t differing_keys = 0, differing_values = 0;
    for (size_t i = 1; i < n; i++) {
        differing_keys |= keys[i] ^ keys[0];
        differing_values |= values[i] ^ values[0];
    }
    struct digit digit;
    if (!find_digit(differing_keys, differing_values, by, FIRST_BITS, &digit))
        return 0;
    size_t ends[1 << FIRST_BITS] = {0}, begin = 0, largest = 0;
    for (size_t i = 0; i < n; i++)
        ends[digit_of(digit, keys[i], values[i])]++;
    for (size_t d = 0; d < 1 << FIRST_BITS; d++) {
        size_t count = ends[d];
        largest = count > largest ? count : largest;
        ends[d] = begin;
        begin += count;
    }
    struct record *records = malloc(n * sizeof *records);
    struct record *room = malloc(largest * sizeof *room);
    if (records == NULL || room == NULL) {
        free(records);
        free(room);
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        size_t to = ends[digit_of(digit, keys[i], values[i])]++;
        records[to] = (struct record){keys[i], values[i]};
    }
    begin = 0;
    for (size_t d = 0; d < 1 << FIRST_BITS; d++) {
        sort_records(records + begin, room, ends[d] - begin, by);
        for (size_t i = begin; i < ends[d]; i++) {
            keys[i] = records[i].key;
            values[i] = records[i].value;
        }
        begin = ends[d];
    }
    free(records);
    free(room);
    return 0;
}

size_t
add_up_neighbours(uint64_t *keys, uint64_t *values, size_t n)
{
    size_t n_left = 0;
    for (size_t i = 0; i < n; i++) {
        if (n_left > 0 && keys[n_left - 1] == keys[i]) {
            values[n_left - 1] += values[i];
        } else {
            keys[n_left] = keys[i];
            values[n_left++] = values[i];
        }
    }
    return n_left;
}
