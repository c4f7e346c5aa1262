/* The longest common subsequence with a bit for each word of the one sequence (Hyyrö 2004).
 *
 * A row of bits says, after each word of the other sequence, where the length of the longest
 * common subsequence does not grow. Of several longest ones the one is taken that RapidFuzz
 * takes (recover_alignment in rapidfuzz-cpp), so that both say the same.
 */
#include "in_order.h"

enum { BITS = 64 };

/* Which places of a sequence hold a word: one bit for each place. */
typedef struct {
    Table numbers;
    uint64_t *bits; /* n_rows of a word each */
    Py_ssize_t n_rows;
} Places;

static int
places_new(Places *places, const uint64_t *words, Py_ssize_t n_words)
{
    int32_t n_distinct = 0;
    places->n_rows = (n_words + BITS - 1) / BITS;
    places->bits = NULL;
    if (table_new(&places->numbers, (size_t)n_words) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < n_words; i++) {
        size_t slot = table_slot(&places->numbers, words[i]);
        if (places->numbers.numbers[slot] == NONE) {
            places->numbers.keys[slot] = words[i];
            places->numbers.numbers[slot] = n_distinct++;
        }
    }
    places->bits = PyMem_Calloc((size_t)n_distinct * (size_t)places->n_rows, sizeof(uint64_t));
    if (places->bits == NULL) {
        table_free(&places->numbers);
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < n_words; i++) {
        int32_t number = table_number(&places->numbers, words[i]);
        places->bits[number * places->n_rows + i / BITS] |= UINT64_C(1) << (i % BITS);
    }
    return 0;
}

static void
places_free(Places *places)
{
    table_free(&places->numbers);
    PyMem_Free(places->bits);
}

/* The next row of bits, from the one before and the places of the next word. */
static inline void
next_row(const uint64_t *row, const uint64_t *places, Py_ssize_t n, uint64_t *next)
{
    uint64_t carry = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        uint64_t matched = row[i] & places[i];
        uint64_t sum = row[i] + carry;
        uint64_t grown = sum + matched;
        carry = (uint64_t)(sum < carry) | (uint64_t)(grown < matched);
        next[i] = grown | (row[i] - matched);
    }
}

static Py_ssize_t
n_same_at_start(
    const uint64_t *one, Py_ssize_t n_one, const uint64_t *other, Py_ssize_t n_other)
{
    Py_ssize_t most = n_one < n_other ? n_one : n_other, n = 0;
    while (n < most && one[n] == other[n])
        n++;
    return n;
}

static Py_ssize_t
n_same_at_end(const uint64_t *one, Py_ssize_t n_one, const uint64_t *other, Py_ssize_t n_other)
{
    Py_ssize_t most = n_one < n_other ? n_one : n_other, n = 0;
    while (n < most && one[n_one - 1 - n] == other[n_other - 1 - n])
        n++;
    return n;
}

static inline Py_ssize_t
n_bits(uint64_t bits)
{
    return (Py_ssize_t)__builtin_popcountll(bits);
}

/* A sentence has fewer words than a number has bits, as a rule: no memory is asked for. */
static Py_ssize_t
n_in_order_of_few(
    const uint64_t *few, Py_ssize_t n_few, const uint64_t *other, Py_ssize_t n_other)
{
    enum { SLOTS = 2 * BITS };
    uint64_t keys[SLOTS], places[SLOTS] = {0}, row = ~UINT64_C(0);
    for (Py_ssize_t i = 0; i < n_few; i++) {
        size_t slot = few[i] % SLOTS;
        while (places[slot] && keys[slot] != few[i])
            slot = (slot + 1) % SLOTS;
        keys[slot] = few[i];
        places[slot] |= UINT64_C(1) << i;
    }
    for (Py_ssize_t i = 0; i < n_other; i++) {
        size_t slot = other[i] % SLOTS;
        while (places[slot] && keys[slot] != other[i])
            slot = (slot + 1) % SLOTS;
        uint64_t matched = row & places[slot];
        row = (row + matched) | (row - matched);
    }
    return n_bits(~row);
}

static Py_ssize_t
n_in_order_of_many(
    const uint64_t *one, Py_ssize_t n_one, const uint64_t *other, Py_ssize_t n_other)
{
    Places places;
    if (places_new(&places, one, n_one) < 0)
        return -1;
    Py_ssize_t n_rows = places.n_rows, found = 0;
    uint64_t *row = PyMem_Malloc((size_t)n_rows * sizeof(uint64_t));
    if (row == NULL) {
        places_free(&places);
        PyErr_NoMemory();
        return -1;
    }
    memset(row, 0xFF, (size_t)n_rows * sizeof(uint64_t));
    for (Py_ssize_t i = 0; i < n_other; i++) {
        int32_t number = table_number(&places.numbers, other[i]);
        if (number != NONE)
            next_row(row, places.bits + number * n_rows, n_rows, row);
    }
    for (Py_ssize_t i = 0; i < n_rows; i++)
        found += n_bits(~row[i]);
    PyMem_Free(row);
    places_free(&places);
    return found;
}

Py_ssize_t
n_in_order(const uint64_t *one, Py_ssize_t n_one, const uint64_t *other, Py_ssize_t n_other)
{
    Py_ssize_t start = n_same_at_start(one, n_one, other, n_other);
    one += start, other += start, n_one -= start, n_other -= start;
    Py_ssize_t end = n_same_at_end(one, n_one, other, n_other);
    n_one -= end, n_other -= end;
    Py_ssize_t found = 0;
    if (n_one == 0 || n_other == 0)
        found = 0;
    else if (n_one <= BITS)
        found = n_in_order_of_few(one, n_one, other, n_other);
    else if (n_other <= BITS)
        found = n_in_order_of_few(other, n_other, one, n_one);
    else
        found = n_in_order_of_many(one, n_one, other, n_other);
    return found < 0 ? -1 : start + found + end;
}

/* Blocks are found from the last to the first. */
typedef struct {
    Block *blocks;
    Py_ssize_t n;
    Py_ssize_t most;
} Reversed;

static int
put_before(Reversed *found, Py_ssize_t one, Py_ssize_t other, Py_ssize_t size)
{
    Block *first = found->n ? &found->blocks[found->n - 1] : NULL;
    if (size == 0)
        return 0;
    if (first != NULL && first->one == one + size && first->other == other + size) {
        *first = (Block){one, other, first->size + size};
        return 0;
    }
    if (found->n == found->most) {
        Py_ssize_t most = found->most ? 2 * found->most : 16;
        Block *blocks = PyMem_Realloc(found->blocks, (size_t)most * sizeof(Block));
        if (blocks == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        found->blocks = blocks;
        found->most = most;
    }
    found->blocks[found->n++] = (Block){one, other, size};
    return 0;
}

/* What stands between a common beginning and a common end; a row of bits is kept for each word. */
static int
blocks_between(
    const uint64_t *one, Py_ssize_t n_one, const uint64_t *other, Py_ssize_t n_other,
    Py_ssize_t start, Reversed *found)
{
    Places places;
    int failed = 0;
    if (places_new(&places, one, n_one) < 0)
        return -1;
    Py_ssize_t n_rows = places.n_rows;
    size_t row_size = (size_t)n_rows * sizeof(uint64_t);
    uint64_t *rows = PyMem_Malloc((size_t)(n_other + 1) * row_size);
    if (rows == NULL) {
        places_free(&places);
        PyErr_NoMemory();
        return -1;
    }
    memset(rows, 0xFF, row_size);
    for (Py_ssize_t i = 0; i < n_other; i++) {
        int32_t number = table_number(&places.numbers, other[i]);
        const uint64_t *row = rows + i * n_rows;
        if (number == NONE)
            memcpy(rows + (i + 1) * n_rows, row, row_size);
        else
            next_row(row, places.bits + number * n_rows, n_rows, rows + (i + 1) * n_rows);
    }
    Py_ssize_t column = n_one, row = n_other;
    while (row > 0 && column > 0 && !failed) {
        Py_ssize_t at = column - 1;
        uint64_t bit = UINT64_C(1) << (at % BITS);
        if (rows[row * n_rows + at / BITS] & bit)
            column--;
        else if (!(rows[(row - 1) * n_rows + at / BITS] & bit))
            row--;
        else {
            row--;
            column--;
            failed = put_before(found, start + column, start + row, 1) < 0;
        }
    }
    PyMem_Free(rows);
    places_free(&places);
    return failed ? -1 : 0;
}

int
blocks_in_order(
    const uint64_t *one, Py_ssize_t n_one, const uint64_t *other, Py_ssize_t n_other,
    Blocks *result)
{
    Reversed found = {NULL, 0, 0};
    Py_ssize_t start = n_same_at_start(one, n_one, other, n_other);
    Py_ssize_t end = n_same_at_end(one + start, n_one - start, other + start, n_other - start);
    Py_ssize_t between = n_one - start - end, other_between = n_other - start - end;
    if (put_before(&found, n_one - end, n_other - end, end) < 0)
        goto fail;
    if (between > 0 && other_between > 0
        && blocks_between(
               one + start, between, other + start, other_between, start, &found) < 0)
        goto fail;
    if (put_before(&found, 0, 0, start) < 0)
        goto fail;
    for (Py_ssize_t i = 0; i < found.n / 2; i++) {
        Block block = found.blocks[i];
        found.blocks[i] = found.blocks[found.n - 1 - i];
        found.blocks[found.n - 1 - i] = block;
    }
    result->blocks = found.blocks;
    result->n = found.n;
    return 0;
fail:
    PyMem_Free(found.blocks);
    return -1;
}
