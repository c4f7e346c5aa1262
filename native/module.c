/* dedup._native: what costs too much in Python. dedup/_native.pyi says what each does. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "hashing.h"

/* The UTF-8 of a string that holds lone surrogates: three bytes for each. */
static int
hash_surrogates(PyObject *word, uint64_t *hash)
{
    PyObject *utf8 = PyUnicode_AsEncodedString(word, "utf-8", "surrogatepass");
    if (utf8 == NULL)
        return -1;
    *hash = word_hash(PyBytes_AS_STRING(utf8), (size_t)PyBytes_GET_SIZE(utf8));
    Py_DECREF(utf8);
    return 0;
}

static int
hash_string(PyObject *word, uint64_t *hash)
{
    if (!PyUnicode_Check(word)) {
        PyErr_Format(PyExc_TypeError, "a word is a str, not %.100s", Py_TYPE(word)->tp_name);
        return -1;
    }
    if (PyUnicode_IS_ASCII(word)) {
        *hash = word_hash(PyUnicode_1BYTE_DATA(word), (size_t)PyUnicode_GET_LENGTH(word));
        return 0;
    }
    return hash_surrogates(word, hash);
}

static PyObject *
hash_words(PyObject *Py_UNUSED(module), PyObject *argument)
{
    PyObject *words = PySequence_Fast(argument, "words are a sequence of str");
    if (words == NULL)
        return NULL;
    Py_ssize_t n_words = PySequence_Fast_GET_SIZE(words);
    PyObject *made = PyByteArray_FromStringAndSize(NULL, n_words * (Py_ssize_t)sizeof(uint64_t));
    if (made != NULL) {
        uint64_t *hashes = (uint64_t *)PyByteArray_AS_STRING(made);
        for (Py_ssize_t i = 0; i < n_words; i++)
            if (hash_string(PySequence_Fast_GET_ITEM(words, i), &hashes[i]) < 0) {
                Py_CLEAR(made);
                break;
            }
    }
    Py_DECREF(words);
    return made;
}

static PyMethodDef methods[] = {
    {"hash_words", hash_words, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "dedup._native",
    .m_methods = methods,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    return PyModuleDef_Init(&definition);
}
