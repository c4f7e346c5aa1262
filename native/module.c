/* dedup._native: what costs too much in Python. dedup/_native.pyi says what each part does. */
#include "module.h"

#include "hashing.h"
#include "simd.h"

static int
hash_string(PyObject *word, uint64_t *hash)
{
    if (!PyUnicode_Check(word)) {
        PyErr_Format(PyExc_TypeError, "a word is a str, not %.100s", Py_TYPE(word)->tp_name);
        return -1;
    }
    if (PyUnicode_IS_COMPACT_ASCII(word)) {
        *hash = word_hash(PyUnicode_1BYTE_DATA(word), (size_t)PyUnicode_GET_LENGTH(word));
        return 0;
    }
    PyObject *utf8 = PyUnicode_AsEncodedString(word, "utf-8", "surrogatepass");
    if (utf8 == NULL)
        return -1;
    *hash = word_hash(PyBytes_AS_STRING(utf8), (size_t)PyBytes_GET_SIZE(utf8));
    Py_DECREF(utf8);
    return 0;
}

static PyObject *
hash_words(PyObject *Py_UNUSED(module), PyObject *argument)
{
    PyObject *words = PySequence_Fast(argument, "words are a sequence of str");
    if (words == NULL)
        return NULL;
    Py_ssize_t n_words = PySequence_Fast_GET_SIZE(words);
    PyObject *made = new_array((size_t)n_words, sizeof(uint64_t));
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

static const char *const LEVEL_NAMES[SIMD_LEVELS] = {"baseline", "avx2", "avx512"};

static PyObject *
simd_levels(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    Py_ssize_t n_levels = (Py_ssize_t)simd_best() + 1;
    PyObject *names = PyTuple_New(n_levels);
    for (Py_ssize_t i = 0; names != NULL && i < n_levels; i++) {
        PyObject *name = PyUnicode_FromString(LEVEL_NAMES[i]);
        if (name == NULL)
            Py_CLEAR(names);
        else
            PyTuple_SET_ITEM(names, i, name);
    }
    return names;
}

static PyObject *
use_simd(PyObject *Py_UNUSED(module), PyObject *name)
{
    if (!PyUnicode_Check(name)) {
        PyErr_SetString(PyExc_TypeError, "a level is a str");
        return NULL;
    }
    for (int level = 0; level <= (int)simd_best(); level++)
        if (PyUnicode_CompareWithASCIIString(name, LEVEL_NAMES[level]) == 0) {
            simd_level = (enum simd_level)level;
            Py_RETURN_NONE;
        }
    PyErr_Format(PyExc_ValueError, "this machine has no level %R", name);
    return NULL;
}

static PyMethodDef methods[] = {
    {"hash_words", hash_words, METH_O, NULL},
    {"simd_levels", simd_levels, METH_NOARGS, NULL},
    {"use_simd", use_simd, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static int
add_type(PyObject *module, PyType_Spec *spec, PyTypeObject **type)
{
    *type = (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, NULL);
    return *type == NULL ? -1 : PyModule_AddType(module, *type);
}

static int
execute(PyObject *module)
{
    struct module_state *state = PyModule_GetState(module);
    simd_level = simd_best();
    if (add_type(module, &alphabet_spec, &state->alphabet) < 0 ||
        add_type(module, &lexicon_spec, &state->lexicon) < 0 ||
        add_type(module, &kernel_spec, &state->kernel) < 0 ||
        add_type(module, &word_table_spec, &state->word_table) < 0)
        return -1;
    return 0;
}

static int
traverse(PyObject *module, visitproc visit, void *arg)
{
    struct module_state *state = PyModule_GetState(module);
    Py_VISIT(state->alphabet);
    Py_VISIT(state->lexicon);
    Py_VISIT(state->kernel);
    Py_VISIT(state->word_table);
    return 0;
}

static int
clear(PyObject *module)
{
    struct module_state *state = PyModule_GetState(module);
    Py_CLEAR(state->alphabet);
    Py_CLEAR(state->lexicon);
    Py_CLEAR(state->kernel);
    Py_CLEAR(state->word_table);
    return 0;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, execute},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "dedup._native",
    .m_size = sizeof(struct module_state),
    .m_methods = methods,
    .m_slots = slots,
    .m_traverse = traverse,
    .m_clear = clear,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    return PyModuleDef_Init(&definition);
}
