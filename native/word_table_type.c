/* dedup._native.WordTable */
#include "module.h"

static PyObject *
word_table_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"most_words", NULL};
    Py_ssize_t most_words;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "n:WordTable", names, &most_words))
        return NULL;
    if (most_words < 1) {
        PyErr_SetString(PyExc_ValueError, "a table of words needs room for one");
        return NULL;
    }
    WordTableObject *self = (WordTableObject *)type->tp_alloc(type, 0);
    if (self != NULL && word_table_init(&self->table, (size_t)most_words) < 0) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static void
word_table_dealloc(WordTableObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    word_table_free(&self->table);
    type->tp_free(self);
    Py_DECREF(type);
}

static Py_ssize_t
word_table_length(WordTableObject *self)
{
    return (Py_ssize_t)self->table.n_words;
}

/* Fill the rows of a text's words; the places of those that are not known, in order. */
static size_t
find_all(const struct word_table *table, const uint64_t *words, size_t n_words, uint64_t *terms,
         float *weights, uint8_t *kinds, int32_t *unknown)
{
    static const struct known_word nothing;
    size_t n_unknown = 0;
    for (size_t i = 0; i < n_words; i++) {
        const struct known_word *known = word_table_find(table, words[i]);
        if (known == NULL) {
            unknown[n_unknown++] = (int32_t)i;
            known = &nothing;
        }
        terms[i] = known->term;
        weights[i] = known->weight;
        kinds[i] = known->kind;
    }
    return n_unknown;
}

static PyObject *
word_table_look_up(WordTableObject *self, PyObject *argument)
{
    Py_buffer words;
    if (PyObject_GetBuffer(argument, &words, PyBUF_SIMPLE) < 0)
        return NULL;
    size_t n_words = (size_t)words.len / sizeof(uint64_t);
    PyObject *terms = NULL, *weights = NULL, *kinds = NULL, *unknown = NULL, *made = NULL;
    if (words.len % (Py_ssize_t)sizeof(uint64_t) != 0 || n_words > INT32_MAX)
        PyErr_SetString(PyExc_ValueError, "words are hashes of 8 bytes, fewer than 2^31");
    else if ((terms = new_array(n_words, sizeof(uint64_t))) != NULL &&
             (weights = new_array(n_words, sizeof(float))) != NULL &&
             (kinds = new_array(n_words, sizeof(uint8_t))) != NULL &&
             (unknown = new_array(n_words, sizeof(int32_t))) != NULL) {
        size_t n_unknown = find_all(&self->table, words.buf, n_words,
                                    (uint64_t *)PyByteArray_AS_STRING(terms),
                                    (float *)PyByteArray_AS_STRING(weights),
                                    (uint8_t *)PyByteArray_AS_STRING(kinds),
                                    (int32_t *)PyByteArray_AS_STRING(unknown));
        if (PyByteArray_Resize(unknown, (Py_ssize_t)(n_unknown * sizeof(int32_t))) == 0)
            made = PyTuple_Pack(4, terms, weights, kinds, unknown);
    }
    Py_XDECREF(terms);
    Py_XDECREF(weights);
    Py_XDECREF(kinds);
    Py_XDECREF(unknown);
    PyBuffer_Release(&words);
    return made;
}

static int
add_all(struct word_table *table, const Py_buffer *words, const Py_buffer *terms,
        const Py_buffer *weights, const Py_buffer *kinds)
{
    size_t n_words = (size_t)kinds->len;
    if ((size_t)words->len != n_words * sizeof(uint64_t) || terms->len != words->len ||
        (size_t)weights->len != n_words * sizeof(float)) {
        PyErr_SetString(PyExc_ValueError, "as many terms, weights and kinds as words are wanted");
        return -1;
    }
    if (word_table_reserve(table, n_words) < 0) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t i = 0; i < n_words; i++) {
        struct known_word known = {.word = ((const uint64_t *)words->buf)[i],
                                   .term = ((const uint64_t *)terms->buf)[i],
                                   .weight = ((const float *)weights->buf)[i],
                                   .kind = ((const uint8_t *)kinds->buf)[i]};
        word_table_add(table, &known);
    }
    return 0;
}

static PyObject *
word_table_add_words(WordTableObject *self, PyObject *arguments)
{
    Py_buffer words, terms, weights, kinds;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*:add", &words, &terms, &weights, &kinds))
        return NULL;
    int done = add_all(&self->table, &words, &terms, &weights, &kinds);
    PyBuffer_Release(&words);
    PyBuffer_Release(&terms);
    PyBuffer_Release(&weights);
    PyBuffer_Release(&kinds);
    return done < 0 ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef methods[] = {
    {"look_up", (PyCFunction)word_table_look_up, METH_O, NULL},
    {"add", (PyCFunction)word_table_add_words, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_new, word_table_new},
    {Py_tp_dealloc, word_table_dealloc},
    {Py_tp_methods, methods},
    {Py_sq_length, word_table_length},
    {0, NULL},
};

PyType_Spec word_table_spec = {
    .name = "dedup._native.WordTable",
    .basicsize = sizeof(WordTableObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = slots,
};
