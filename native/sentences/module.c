/* dedup.sentences._native: dedup/sentences/_native.pyi says what it does. */
#include "rules.h"

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
        made = PyByteArray_FromStringAndSize(
            (const char *)sentences.stretches, (Py_ssize_t)(sentences.n * sizeof(Stretch)));
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

static PyMethodDef methods[] = {
    {"sentences", (PyCFunction)(void (*)(void))py_sentences, METH_FASTCALL, NULL},
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
