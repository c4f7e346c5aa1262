/* dedup.sentences._native: dedup/sentences/_native.pyi says what each function does. */
#include "rules.h"
#include "words.h"

#include <stdlib.h>

/* The second of a pair of numbers; -1 with an exception. */
static Py_ssize_t
end_of(PyObject *segment)
{
    if (!PyTuple_Check(segment) || PyTuple_GET_SIZE(segment) != 2) {
        PyErr_SetString(PyExc_TypeError, "a segment is a pair of numbers");
        return -1;
    }
    return PyLong_AsSsize_t(PyTuple_GET_ITEM(segment, 1));
}

/* Ends of segments, which count UTF-16 code units, in code points. 0, or -1 with an exception. */
static int
read_ends(const Text *text, PyObject *const *segments, Py_ssize_t n, int32_t *ends)
{
    Py_ssize_t place = 0, units = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_ssize_t end = end_of(segments[i]);
        if (end < 0 && PyErr_Occurred())
            return -1;
        if (end <= units)
            goto refused;
        if (text->kind != PyUnicode_4BYTE_KIND)
            place = units = end;
        while (units < end && place < text->n)
            units += at(text, place++) > 0xFFFF ? 2 : 1;
        if (units < end || place > text->n)
            goto refused;
        ends[i] = (int32_t)place;
    }
    return 0;
refused:
    PyErr_SetString(PyExc_ValueError, "segments ascend and end in the text");
    return -1;
}

/* Where each sentence begins, and where each ends. */
static PyObject *
starts_and_ends(const Stretches *sentences)
{
    Py_ssize_t size = (Py_ssize_t)(sentences->n * sizeof(int32_t));
    PyObject *starts = PyByteArray_FromStringAndSize(NULL, size);
    PyObject *ends = PyByteArray_FromStringAndSize(NULL, size);
    PyObject *made = NULL;
    if (starts != NULL && ends != NULL) {
        for (size_t i = 0; i < sentences->n; i++) {
            ((int32_t *)PyByteArray_AS_STRING(starts))[i] = sentences->stretches[i].start;
            ((int32_t *)PyByteArray_AS_STRING(ends))[i] = sentences->stretches[i].end;
        }
        made = PyTuple_Pack(2, starts, ends);
    }
    Py_XDECREF(starts);
    Py_XDECREF(ends);
    return made;
}

static PyObject *
find(PyObject *string, PyObject *segments, PyObject *stops, PyObject *opens)
{
    Text text = text_of(string);
    Py_ssize_t n = PyList_GET_SIZE(segments);
    Stretches sentences = {NULL, 0, 0};
    PyObject *made = NULL;
    int32_t *ends = PyMem_Calloc((size_t)n, sizeof(int32_t));
    if (ends == NULL)
        return PyErr_NoMemory();
    if (read_ends(&text, n > 0 ? &PyList_GET_ITEM(segments, 0) : NULL, n, ends) == 0
        && sentences_find(&text, ends, n, stops, opens, &sentences) == 0)
        made = starts_and_ends(&sentences);
    PyMem_Free(ends);
    free(sentences.stretches);
    return made;
}

static PyObject *
py_sentences(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    if (n_arguments != 4 || !PyUnicode_Check(arguments[0]) || !PyList_Check(arguments[1])) {
        PyErr_SetString(
            PyExc_TypeError, "sentences takes a text, a list of segments, full stops and openers");
        return NULL;
    }
    if (PyUnicode_GET_LENGTH(arguments[0]) > INT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "a text has fewer characters than 2^31");
        return NULL;
    }
    return find(arguments[0], arguments[1], arguments[2], arguments[3]);
}

/* An array of int32, to be released; NULL with an exception. */
static const int32_t *
take(PyObject *array, Py_buffer *view, Py_ssize_t *n)
{
    if (PyObject_GetBuffer(array, view, PyBUF_SIMPLE) < 0)
        return NULL;
    *n = view->len / (Py_ssize_t)sizeof(int32_t);
    /* An empty array may have no address, and NULL says that something failed. */
    static const int32_t none = 0;
    if (view->itemsize == sizeof(int32_t) && *n < INT32_MAX)
        return view->buf != NULL ? view->buf : &none;
    PyBuffer_Release(view);
    PyErr_SetString(PyExc_TypeError, "an array of fewer than 2^31 items of 4 bytes was expected");
    return NULL;
}

static PyObject *
grouped(const int32_t *begins, Py_ssize_t n_begins, const int32_t *places, Py_ssize_t n_places)
{
    Py_ssize_t size = n_places * (Py_ssize_t)sizeof(int32_t);
    PyObject *bounds = PyByteArray_FromStringAndSize(NULL, size + (Py_ssize_t)sizeof(int32_t));
    PyObject *sentences = PyByteArray_FromStringAndSize(NULL, size);
    PyObject *made = NULL;
    if (bounds != NULL && sentences != NULL) {
        Py_ssize_t n_bounds = words_by_sentence(
            begins, n_begins, places, n_places, (int32_t *)PyByteArray_AS_STRING(bounds),
            (int32_t *)PyByteArray_AS_STRING(sentences));
        if (PyByteArray_Resize(bounds, n_bounds * (Py_ssize_t)sizeof(int32_t)) == 0)
            made = PyTuple_Pack(2, bounds, sentences);
    }
    Py_XDECREF(bounds);
    Py_XDECREF(sentences);
    return made;
}

static PyObject *
py_words_by_sentence(
    PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    Py_buffer begins_view, places_view;
    Py_ssize_t n_begins, n_places;
    PyObject *made = NULL;
    if (n_arguments != 2) {
        PyErr_SetString(PyExc_TypeError, "words_by_sentence takes begins and places");
        return NULL;
    }
    const int32_t *begins = take(arguments[0], &begins_view, &n_begins);
    if (begins == NULL)
        return NULL;
    const int32_t *places = take(arguments[1], &places_view, &n_places);
    if (places != NULL) {
        made = grouped(begins, n_begins, places, n_places);
        PyBuffer_Release(&places_view);
    }
    PyBuffer_Release(&begins_view);
    return made;
}

static PyMethodDef methods[] = {
    {"sentences", (PyCFunction)(void (*)(void))py_sentences, METH_FASTCALL, NULL},
    {"words_by_sentence", (PyCFunction)(void (*)(void))py_words_by_sentence, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "dedup.sentences._native",
    .m_methods = methods,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    return PyModuleDef_Init(&definition);
}
