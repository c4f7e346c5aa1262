/* dedup.batch._native: the loops that a join spends its time in. dedup/batch/_native.pyi says what
 * each does. All of them leave other threads free. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "hapaxes.h"
#include "meetings.h"
#include "sets.h"
#include "simd.h"
#include "sort.h"

static size_t
n_of(const Py_buffer *buffer, size_t bytes)
{
    return (size_t)buffer->len / bytes;
}

static int
is_as_long(const Py_buffer *one, size_t bytes, const Py_buffer *other, size_t other_bytes)
{
    if (n_of(one, bytes) == n_of(other, other_bytes))
        return 1;
    PyErr_SetString(PyExc_ValueError, "arrays of different lengths");
    return 0;
}

/* Bounds of n things are n + 1 numbers. */
static int
are_bounds(const Py_buffer *bounds)
{
    if (n_of(bounds, sizeof(int64_t)) > 0)
        return 1;
    PyErr_SetString(PyExc_ValueError, "bounds hold a number at least");
    return 0;
}

static PyObject *
sort_and_add_up(PyObject *arguments, enum sort_by by, int adds_up)
{
    Py_buffer keys, values;
    PyObject *left = NULL;
    if (!PyArg_ParseTuple(arguments, "w*w*", &keys, &values))
        return NULL;
    if (is_as_long(&keys, sizeof(uint64_t), &values, sizeof(uint64_t))) {
        size_t n = n_of(&keys, sizeof(uint64_t));
        int failed;
        Py_BEGIN_ALLOW_THREADS
        failed = sort_columns(keys.buf, values.buf, n, by) < 0;
        if (!failed && adds_up)
            n = add_up_neighbours(keys.buf, values.buf, n);
        Py_END_ALLOW_THREADS
        left = failed ? PyErr_NoMemory() : PyLong_FromSize_t(n);
    }
    PyBuffer_Release(&keys);
    PyBuffer_Release(&values);
    return left;
}

static PyObject *
sort(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    return sort_and_add_up(arguments, BY_KEY_AND_VALUE, 0);
}

static PyObject *
add_up(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    return sort_and_add_up(arguments, BY_KEY, 1);
}

static PyObject *
agreeing(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    Py_buffer sketches, earlier, later, counts;
    Py_ssize_t width;
    PyObject *done = NULL;
    if (!PyArg_ParseTuple(arguments, "y*ny*y*w*", &sketches, &width, &earlier, &later, &counts))
        return NULL;
    if (is_as_long(&earlier, sizeof(uint32_t), &later, sizeof(uint32_t)) &&
        is_as_long(&earlier, sizeof(uint32_t), &counts, sizeof(uint8_t))) {
        Py_BEGIN_ALLOW_THREADS
        count_agreeing(sketches.buf, (size_t)width, earlier.buf, later.buf,
                       n_of(&earlier, sizeof(uint32_t)), counts.buf);
        Py_END_ALLOW_THREADS
        done = Py_NewRef(Py_None);
    }
    PyBuffer_Release(&sketches);
    PyBuffer_Release(&earlier);
    PyBuffer_Release(&later);
    PyBuffer_Release(&counts);
    return done;
}

static PyObject *
collide(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    Py_buffer entries, firsts, counts, sketches, bitmaps, tongues, sizes, pairs, counted;
    Py_ssize_t begin, end, reach, width, least, bitmap_words;
    double resemblance;
    PyObject *made = NULL;
    if (!PyArg_ParseTuple(arguments, "y*y*nnny*y*nnz*nz*z*dw*w*", &entries, &firsts, &begin, &end,
                          &reach, &counts, &sketches, &width, &least, &bitmaps, &bitmap_words,
                          &tongues, &sizes, &resemblance, &pairs, &counted))
        return NULL;
    if (is_as_long(&pairs, sizeof(uint64_t), &counted, sizeof(uint64_t)) && are_bounds(&firsts)) {
        struct buckets buckets = {entries.buf, firsts.buf, n_of(&firsts, sizeof(int64_t)) - 1};
        struct worth worth = {counts.buf, n_of(&counts, sizeof(uint64_t))};
        struct likeness likeness = {
            .sketches = sketches.buf,
            .width = (size_t)width,
            .least = (unsigned)least,
            .bitmaps = bitmaps.buf,
            .bitmap_words = (size_t)bitmap_words,
            .tongues = tongues.buf,
            .sizes = sizes.buf,
            .resemblance = resemblance,
        };
        size_t n;
        Py_BEGIN_ALLOW_THREADS
        n = meet(buckets, (size_t)begin, (size_t)end, (size_t)reach, worth, likeness, pairs.buf,
                 counted.buf);
        Py_END_ALLOW_THREADS
        made = PyLong_FromSize_t(n);
    }
    PyBuffer_Release(&entries);
    PyBuffer_Release(&firsts);
    PyBuffer_Release(&counts);
    PyBuffer_Release(&sketches);
    PyBuffer_Release(&bitmaps);
    PyBuffer_Release(&tongues);
    PyBuffer_Release(&sizes);
    PyBuffer_Release(&pairs);
    PyBuffer_Release(&counted);
    return made;
}

static PyObject *
shingle_sets(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    Py_buffer words, offsets, sets, bounds;
    Py_ssize_t size;
    PyObject *made = NULL;
    if (!PyArg_ParseTuple(arguments, "y*y*nw*w*", &words, &offsets, &size, &sets, &bounds))
        return NULL;
    if (is_as_long(&words, sizeof(uint64_t), &sets, sizeof(uint64_t)) &&
        is_as_long(&offsets, sizeof(int64_t), &bounds, sizeof(int64_t)) && are_bounds(&offsets)) {
        size_t n_texts = n_of(&offsets, sizeof(int64_t)) - 1;
        int64_t *ends = bounds.buf;
        int failed;
        Py_BEGIN_ALLOW_THREADS
        failed = make_sets(words.buf, offsets.buf, n_texts, (size_t)size, sets.buf, ends) < 0;
        Py_END_ALLOW_THREADS
        made = failed ? PyErr_NoMemory() : PyLong_FromLongLong(ends[n_texts]);
    }
    PyBuffer_Release(&words);
    PyBuffer_Release(&offsets);
    PyBuffer_Release(&sets);
    PyBuffer_Release(&bounds);
    return made;
}

static PyObject *
hapaxes(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    Py_buffer words, offsets, bitmaps;
    Py_ssize_t bits;
    PyObject *done = NULL;
    if (!PyArg_ParseTuple(arguments, "y*y*nw*", &words, &offsets, &bits, &bitmaps))
        return NULL;
    if (!are_bounds(&offsets))
        goto release;
    size_t n_texts = n_of(&offsets, sizeof(int64_t)) - 1;
    if (bits > 0 && n_texts * (size_t)bits == 8 * (size_t)bitmaps.len) {
        int failed;
        Py_BEGIN_ALLOW_THREADS
        failed = mark_hapaxes(words.buf, offsets.buf, n_texts, (size_t)bits, bitmaps.buf) < 0;
        Py_END_ALLOW_THREADS
        done = failed ? PyErr_NoMemory() : Py_NewRef(Py_None);
    } else {
        PyErr_SetString(PyExc_ValueError, "bitmaps of another size");
    }
release:
    PyBuffer_Release(&words);
    PyBuffer_Release(&offsets);
    PyBuffer_Release(&bitmaps);
    return done;
}

static PyObject *
common(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    Py_buffer sets, bounds, one, other, counts;
    PyObject *done = NULL;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*w*", &sets, &bounds, &one, &other, &counts))
        return NULL;
    if (is_as_long(&one, sizeof(int64_t), &other, sizeof(int64_t)) &&
        is_as_long(&one, sizeof(int64_t), &counts, sizeof(int64_t))) {
        Py_BEGIN_ALLOW_THREADS
        count_common(sets.buf, bounds.buf, one.buf, other.buf, n_of(&one, sizeof(int64_t)),
                     counts.buf);
        Py_END_ALLOW_THREADS
        done = Py_NewRef(Py_None);
    }
    PyBuffer_Release(&sets);
    PyBuffer_Release(&bounds);
    PyBuffer_Release(&one);
    PyBuffer_Release(&other);
    PyBuffer_Release(&counts);
    return done;
}

static PyObject *
minhash(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    Py_buffer sets, bounds, multipliers, increments, signatures;
    PyObject *done = NULL;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*w*", &sets, &bounds, &multipliers, &increments,
                          &signatures))
        return NULL;
    if (!is_as_long(&multipliers, sizeof(uint32_t), &increments, sizeof(uint32_t)) ||
        !are_bounds(&bounds))
        goto release;
    struct permutations drawn = {
        .number = n_of(&multipliers, sizeof(uint32_t)),
        .multipliers = multipliers.buf,
        .increments = increments.buf,
    };
    size_t n_sets = n_of(&bounds, sizeof(int64_t)) - 1;
    if (n_sets * drawn.number == n_of(&signatures, sizeof(uint32_t))) {
        Py_BEGIN_ALLOW_THREADS
        sign_sets(drawn, sets.buf, bounds.buf, n_sets, signatures.buf);
        Py_END_ALLOW_THREADS
        done = Py_NewRef(Py_None);
    } else {
        PyErr_SetString(PyExc_ValueError, "signatures of another size");
    }
release:
    PyBuffer_Release(&sets);
    PyBuffer_Release(&bounds);
    PyBuffer_Release(&multipliers);
    PyBuffer_Release(&increments);
    PyBuffer_Release(&signatures);
    return done;
}

static PyObject *
use_simd(PyObject *Py_UNUSED(module), PyObject *argument)
{
    long level = PyLong_AsLong(argument), best = (long)simd_best();
    if (level == -1 && PyErr_Occurred())
        return NULL;
    simd_level = (enum simd_level)(level < 0 ? 0 : level > best ? best : level);
    return PyLong_FromLong((long)simd_level);
}

static PyMethodDef methods[] = {
    {"add_up", add_up, METH_VARARGS, NULL},
    {"agreeing", agreeing, METH_VARARGS, NULL},
    {"collide", collide, METH_VARARGS, NULL},
    {"common", common, METH_VARARGS, NULL},
    {"hapaxes", hapaxes, METH_VARARGS, NULL},
    {"minhash", minhash, METH_VARARGS, NULL},
    {"shingle_sets", shingle_sets, METH_VARARGS, NULL},
    {"sort", sort, METH_VARARGS, NULL},
    {"use_simd", use_simd, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "dedup.batch._native",
    .m_methods = methods,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    simd_level = simd_best();
    return PyModuleDef_Init(&definition);
}
