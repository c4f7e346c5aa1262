/* dedup.sentences._native: dedup/sentences/_native.pyi says what each function does. */
#include "rules.h"
#include "words.h"

#include <stdlib.h>

enum { CODE_POINTS = 0x110000 };

static int
has_arguments(const char *name, Py_ssize_t n, Py_ssize_t expected)
{
    if (n == expected)
        return 1;
    PyErr_Format(PyExc_TypeError, "%s takes %zd arguments, not %zd", name, expected, n);
    return 0;
}

/* Have Python add the classes of characters that have none yet. 0, or -1 with an exception. */
static int
learn(const Breaks *breaks, PyObject *rules)
{
    const Text *text = breaks->text;
    if (text->kind == PyUnicode_1BYTE_KIND || are_learned(breaks))
        return 0;
    PyObject *done = PyObject_CallMethod(rules, "learn", "O", text->string);
    if (done == NULL)
        return -1;
    Py_DECREF(done);
    return 0;
}

/* A text, and where it may break. */
typedef struct {
    Text text;
    Py_buffer classes;
    Breaks breaks;
} Taken;

/* To be released with PyBuffer_Release(&taken->classes). `rules`: dedup.sentences.breaks.Breaks.
 * 0, or -1 with an exception. */
static int
take_text(Taken *taken, PyObject *string, PyObject *rules)
{
    if (read_text(string, &taken->text) < 0)
        return -1;
    if (taken->text.n > INT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "a text has fewer characters than 2^31");
        return -1;
    }
    PyObject *classes = PyObject_GetAttrString(rules, "classes");
    if (classes == NULL)
        return -1;
    int failed = PyObject_GetBuffer(classes, &taken->classes, PyBUF_SIMPLE);
    Py_DECREF(classes);
    if (failed)
        return -1;
    taken->breaks = (Breaks){.text = &taken->text, .classes = taken->classes.buf};
    if (taken->classes.len != CODE_POINTS)
        PyErr_SetString(PyExc_ValueError, "every code point has a class");
    else if (learn(&taken->breaks, rules) == 0)
        return 0;
    PyBuffer_Release(&taken->classes);
    return -1;
}

static PyObject *
py_segment_ends(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    Taken taken;
    if (!has_arguments("segment_ends", n_arguments, 2)
        || take_text(&taken, arguments[0], arguments[1]) < 0)
        return NULL;
    PyObject *made = PyList_New(0);
    for (Py_ssize_t end = 0; made != NULL && end < taken.text.n;) {
        end = next_break(&taken.breaks, end);
        PyObject *number = PyLong_FromSsize_t(end);
        if (number == NULL || PyList_Append(made, number) < 0)
            Py_CLEAR(made);
        Py_XDECREF(number);
    }
    PyBuffer_Release(&taken.classes);
    return made;
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
py_sentences(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    Taken taken;
    Stretches sentences = {NULL, 0, 0};
    PyObject *made = NULL;
    if (!has_arguments("sentences", n_arguments, 3)
        || take_text(&taken, arguments[0], arguments[1]) < 0)
        return NULL;
    if (sentences_find(&taken.breaks, arguments[2], &sentences) == 0)
        made = starts_and_ends(&sentences);
    free(sentences.stretches);
    PyBuffer_Release(&taken.classes);
    return made;
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
    if (!has_arguments("words_by_sentence", n_arguments, 2))
        return NULL;
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
    {"segment_ends", (PyCFunction)(void (*)(void))py_segment_ends, METH_FASTCALL, NULL},
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
