/* dedup.paragraphs._native: dedup/paragraphs/_native.pyi says what each function does. */
#include "lines.h"
#include "records.h"

/* dedup.paragraphs.lines */
static const uint_least32_t TERMINATORS[] = U".!?\u2026:;\u3002\uFF01\uFF1F\uFF1A\uFF1B\u061F\u06D4\u0964";
static const uint_least32_t CLOSERS[] = U"'\"\u201D\u2019\u00BB)]\uFF09\u300D\u300F";

static int
is_broken_off(const Text *text, Line line)
{
    while (line.end > line.start && is_among(at(text, line.end - 1), CLOSERS))
        line.end--;
    return line.end == line.start || !is_among(at(text, line.end - 1), TERMINATORS);
}

static int
begin(Lines *lines, Text *text, PyObject *string)
{
    return read_text(string, text) < 0 ? -1 : lines_begin(lines, text);
}

static PyObject *
py_breaks_off(PyObject *Py_UNUSED(module), PyObject *string)
{
    Text text;
    Lines lines;
    Line line;
    int found, breaks_off = 0;
    if (begin(&lines, &text, string) < 0)
        return NULL;
    while ((found = lines_next(&lines, &line)) > 0) {
        if (line.start == line.end)
            breaks_off = 0;
        else if (breaks_off)
            return PyBool_FromLong(1);
        else
            breaks_off = is_broken_off(&text, line);
    }
    return found < 0 ? NULL : PyBool_FromLong(0);
}

/* A tuple of a class of named pairs; NULL with an exception. */
static PyObject *
new_record(PyTypeObject *class, Line line)
{
    PyObject *start = PyLong_FromSsize_t(line.start), *end = PyLong_FromSsize_t(line.end);
    PyObject *record = start != NULL && end != NULL ? empty_record(class, 2) : NULL;
    if (record == NULL) {
        Py_XDECREF(start);
        Py_XDECREF(end);
        return NULL;
    }
    PyTuple_SET_ITEM(record, 0, start);
    PyTuple_SET_ITEM(record, 1, end);
    return record;
}

static int
append_record(PyObject *records, PyTypeObject *class, Line line)
{
    PyObject *record = new_record(class, line);
    int failed = record == NULL || PyList_Append(records, record) < 0;
    Py_XDECREF(record);
    return failed ? -1 : 0;
}

static PyObject *
py_paragraphs(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    Text text;
    Lines lines;
    Line line;
    int found;
    if (n_arguments != 2 || !PyType_Check(arguments[0])
        || !PyType_IsSubtype((PyTypeObject *)arguments[0], &PyTuple_Type)) {
        PyErr_SetString(PyExc_TypeError, "paragraphs takes a class of named pairs and a text");
        return NULL;
    }
    if (begin(&lines, &text, arguments[1]) < 0)
        return NULL;
    PyObject *records = PyList_New(0);
    if (records == NULL)
        return NULL;
    while ((found = lines_next(&lines, &line)) > 0) {
        if (line.start < line.end
            && append_record(records, (PyTypeObject *)arguments[0], line) < 0) {
            found = -1;
            break;
        }
    }
    PyObject *made = found < 0 ? NULL : PyList_AsTuple(records);
    Py_DECREF(records);
    return made;
}

static PyMethodDef methods[] = {
    {"breaks_off", py_breaks_off, METH_O, NULL},
    {"paragraphs", (PyCFunction)(void (*)(void))py_paragraphs, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "dedup.paragraphs._native",
    .m_methods = methods,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    return PyModuleDef_Init(&definition);
}
