/* Arrays of word hashes as Python gives them, and small hash tables of them. */
#ifndef SECONDHAND_COMPARE_WORDS_H
#define SECONDHAND_COMPARE_WORDS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdint.h>

static inline int32_t
least(int32_t one, int32_t other)
{
    return one < other ? one : other;
}

static inline int32_t
most(int32_t one, int32_t other)
{
    return one > other ? one : other;
}

/* The elements of an array; release it with PyBuffer_Release. */
static inline int
take(PyObject *array, Py_ssize_t item_size, Py_buffer *view)
{
    if (PyObject_GetBuffer(array, view, PyBUF_SIMPLE) < 0)
        return -1;
    if (view->itemsize == item_size)
        return 0;
    PyBuffer_Release(view);
    PyErr_Format(PyExc_TypeError, "an array of items of %zd bytes was expected", item_size);
    return -1;
}

/* Arrays that were taken together, and are released together. */
enum { MOST_TAKEN = 16 };

typedef struct {
    Py_buffer views[MOST_TAKEN];
    int n;
} Taken;

static inline const void *
also_take(Taken *taken, PyObject *array, Py_ssize_t item_size, Py_ssize_t *n_items)
{
    Py_buffer *view = &taken->views[taken->n];
    if (take(array, item_size, view) < 0)
        return NULL;
    taken->n++;
    if (n_items != NULL)
        *n_items = view->len / item_size;
    /* An empty array may have no address, and NULL says that something failed. */
    return view->buf != NULL ? view->buf : "";
}

static inline void
release(Taken *taken)
{
    while (taken->n > 0)
        PyBuffer_Release(&taken->views[--taken->n]);
}

/* A set of hashes, each with a number. At most half full, so that a search ends. */
typedef struct {
    uint64_t *keys;
    int32_t *numbers; /* NONE where there is no key */
    size_t mask;
} Table;

enum { NONE = -1 };

static inline int
table_new(Table *table, size_t most_keys)
{
    size_t size = 16;
    while (size < 2 * most_keys)
        size *= 2;
    table->mask = size - 1;
    table->keys = PyMem_Malloc(size * (sizeof(uint64_t) + sizeof(int32_t)));
    if (table->keys == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    table->numbers = (int32_t *)(table->keys + size);
    memset(table->numbers, 0xFF, size * sizeof(int32_t));
    return 0;
}

static inline void
table_free(Table *table)
{
    PyMem_Free(table->keys);
    table->keys = NULL;
}

/* Where a key stands, or would. */
static inline size_t
table_slot(const Table *table, uint64_t key)
{
    size_t slot = (size_t)key & table->mask;
    while (table->numbers[slot] != NONE && table->keys[slot] != key)
        slot = (slot + 1) & table->mask;
    return slot;
}

/* The number of a key; NONE if it is not there. */
static inline int32_t
table_number(const Table *table, uint64_t key)
{
    return table->numbers[table_slot(table, key)];
}

static inline void
table_put(Table *table, uint64_t key, int32_t number)
{
    size_t slot = table_slot(table, key);
    table->keys[slot] = key;
    table->numbers[slot] = number;
}

/* dedup.hashing.window_hashes: of all stretches of so many words. */
static inline void
window_hashes(const uint64_t *words, Py_ssize_t n_windows, Py_ssize_t size, uint64_t *hashes)
{
    const uint64_t multiplier = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t hash = 0, highest = 1;
    if (n_windows <= 0)
        return;
    for (Py_ssize_t i = 0; i < size; i++) {
        hash = hash * multiplier + words[i];
        if (i)
            highest *= multiplier;
    }
    hashes[0] = hash;
    for (Py_ssize_t i = 1; i < n_windows; i++) {
        hash = (hash - words[i - 1] * highest) * multiplier + words[i + size - 1];
        hashes[i] = hash;
    }
}

#endif
