#include "module.h"

#include <string.h>

static int
check_length(size_t length)
{
    if (length <= LONGEST_TEXT)
        return 0;
    PyErr_Format(PyExc_ValueError, "a text of %zu units is longer than %zu: cut it", length,
                 LONGEST_TEXT);
    return -1;
}

static int
read_string(PyObject *string, struct text *text)
{
    if (!PyUnicode_Check(string)) {
        PyErr_Format(PyExc_TypeError, "a text is a str, not %.100s", Py_TYPE(string)->tp_name);
        return -1;
    }
#if PY_VERSION_HEX < 0x030C0000
    if (PyUnicode_READY(string) < 0)
        return -1;
#endif
    text->data = PyUnicode_DATA(string);
    text->length = (size_t)PyUnicode_GET_LENGTH(string);
    text->form = (enum text_form)PyUnicode_KIND(string);
    return check_length(text->length);
}

static int
read_strings(struct texts *texts, PyObject *source)
{
    texts->strings = PySequence_Tuple(source);
    if (texts->strings == NULL)
        return -1;
    texts->n_texts = (size_t)PyTuple_GET_SIZE(texts->strings);
    texts->texts = PyMem_New(struct text, texts->n_texts);
    if (texts->texts == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t i = 0; i < texts->n_texts; i++)
        if (read_string(PyTuple_GET_ITEM(texts->strings, i), &texts->texts[i]) < 0)
            return -1;
    return 0;
}

static int64_t
offset_at(const Py_buffer *offsets, size_t number)
{
    if (offsets->itemsize == 8)
        return ((const int64_t *)offsets->buf)[number];
    return ((const int32_t *)offsets->buf)[number];
}

static int
read_utf8(struct texts *texts, PyObject *source, PyObject *offsets)
{
    if (PyObject_GetBuffer(source, &texts->utf8, PyBUF_SIMPLE) < 0 ||
        PyObject_GetBuffer(offsets, &texts->offsets, PyBUF_ND | PyBUF_FORMAT) < 0)
        return -1;
    const char *format = texts->offsets.format;
    if (format == NULL || strlen(format) != 1 || strchr("ilq", format[0]) == NULL ||
        (texts->offsets.itemsize != 4 && texts->offsets.itemsize != 8) ||
        texts->offsets.len < texts->offsets.itemsize) {
        PyErr_SetString(PyExc_ValueError, "offsets are int32 or int64, one more than texts");
        return -1;
    }
    texts->n_texts = (size_t)(texts->offsets.len / texts->offsets.itemsize) - 1;
    texts->texts = PyMem_New(struct text, texts->n_texts);
    if (texts->texts == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t i = 0; i < texts->n_texts; i++) {
        int64_t start = offset_at(&texts->offsets, i);
        int64_t end = offset_at(&texts->offsets, i + 1);
        if (start < 0 || end < start || end > texts->utf8.len) {
            PyErr_Format(PyExc_ValueError, "text %zu stands from %lld to %lld of %zd bytes", i,
                         (long long)start, (long long)end, texts->utf8.len);
            return -1;
        }
        texts->texts[i].data = (const char *)texts->utf8.buf + start;
        texts->texts[i].length = (size_t)(end - start);
        texts->texts[i].form = TEXT_UTF8;
        if (check_length(texts->texts[i].length) < 0)
            return -1;
    }
    return 0;
}

int
texts_read(struct texts *texts, PyObject *source, PyObject *offsets)
{
    memset(texts, 0, sizeof *texts);
    int done =
        offsets == Py_None ? read_strings(texts, source) : read_utf8(texts, source, offsets);
    if (done < 0)
        texts_release(texts);
    return done;
}

void
texts_release(struct texts *texts)
{
    PyMem_Free(texts->texts);
    Py_XDECREF(texts->strings);
    PyBuffer_Release(&texts->utf8);
    PyBuffer_Release(&texts->offsets);
    memset(texts, 0, sizeof *texts);
}
