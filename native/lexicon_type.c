/* dedup._native.Lexicon */
#include "module.h"

#include "hashing.h"

static PyObject *
lexicon_type_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"answer", "most_words", NULL};
    PyObject *answer;
    Py_ssize_t most_words;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "On:Lexicon", names, &answer,
                                     &most_words))
        return NULL;
    if (!PyCallable_Check(answer) || most_words < 1) {
        PyErr_SetString(PyExc_ValueError, "a lexicon needs a callable and room for a word");
        return NULL;
    }
    LexiconObject *self = (LexiconObject *)type->tp_alloc(type, 0);
    if (self == NULL)
        return NULL;
    self->answer = Py_NewRef(answer);
    self->most_words = (size_t)most_words;
    self->lexicon = lexicon_new();
    if (self->lexicon == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return (PyObject *)self;
}

static int
lexicon_traverse(LexiconObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->answer);
    return 0;
}

static int
lexicon_clear(LexiconObject *self)
{
    Py_CLEAR(self->answer);
    return 0;
}

static void
lexicon_dealloc(LexiconObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    lexicon_clear(self);
    lexicon_release(self->lexicon);
    type->tp_free(self);
    Py_DECREF(type);
}

static Py_ssize_t
lexicon_length(LexiconObject *self)
{
    return (Py_ssize_t)self->lexicon->n_terms;
}

static PyObject *
strings_of(const size_t *ends, const uint8_t *utf8, size_t n_strings)
{
    PyObject *strings = PyList_New((Py_ssize_t)n_strings);
    size_t start = 0;
    for (size_t i = 0; strings != NULL && i < n_strings; start = ends[i++]) {
        PyObject *string =
            PyUnicode_DecodeUTF8((const char *)utf8 + start, (Py_ssize_t)(ends[i] - start), NULL);
        if (string == NULL)
            Py_CLEAR(strings);
        else
            PyList_SET_ITEM(strings, (Py_ssize_t)i, string);
    }
    return strings;
}

/* One answer: (stem, weight, window). The stem's bytes are those of the answer. */
static int
read_answer(PyObject *answer, struct term *term)
{
    PyObject *stem;
    unsigned char window;
    if (!PyTuple_Check(answer)) {
        PyErr_SetString(PyExc_TypeError, "an answer is a tuple (stem, weight, window)");
        return -1;
    }
    if (!PyArg_ParseTuple(answer, "Udb", &stem, &term->weight, &window))
        return -1;
    Py_ssize_t length;
    const char *utf8 = PyUnicode_AsUTF8AndSize(stem, &length);
    if (utf8 == NULL)
        return -1;
    term->window = window;
    term->length = (uint32_t)length;
    if (window)
        term->stem.utf8 = (const uint8_t *)utf8;
    else
        term->stem.hash = word_hash(utf8, (size_t)length);
    return 0;
}

static int
read_answers(LexiconObject *self, PyObject *answers, struct lexicon *asked,
             const uint64_t *wanted, size_t n_wanted)
{
    if ((size_t)PySequence_Fast_GET_SIZE(answers) != n_wanted) {
        PyErr_SetString(PyExc_ValueError, "as many answers as words are wanted");
        return -1;
    }
    for (size_t i = 0; i < n_wanted; i++) {
        struct term term = {0};
        if (read_answer(PySequence_Fast_GET_ITEM(answers, (Py_ssize_t)i), &term) < 0)
            return -1;
        if (lexicon_fill(asked, wanted[i], &term) < 0 ||
            lexicon_add(&self->lexicon, wanted[i], &term, self->most_words) < 0) {
            PyErr_NoMemory();
            return -1;
        }
    }
    return 0;
}

int
lexicon_ask(LexiconObject *self, struct lexicon *asked, const uint64_t *wanted,
            const size_t *wanted_ends, const uint8_t *utf8, size_t n_wanted)
{
    PyObject *strings = strings_of(wanted_ends, utf8, n_wanted);
    if (strings == NULL)
        return -1;
    PyObject *listed = PyObject_CallOneArg(self->answer, strings);
    Py_DECREF(strings);
    if (listed == NULL)
        return -1;
    PyObject *answers = PySequence_Fast(listed, "answers are a sequence");
    Py_DECREF(listed);
    if (answers == NULL)
        return -1;
    int done = read_answers(self, answers, asked, wanted, n_wanted);
    Py_DECREF(answers);
    return done;
}

static PyType_Slot slots[] = {
    {Py_tp_new, lexicon_type_new},
    {Py_tp_dealloc, lexicon_dealloc},
    {Py_tp_traverse, lexicon_traverse},
    {Py_tp_clear, lexicon_clear},
    {Py_sq_length, lexicon_length},
    {0, NULL},
};

PyType_Spec lexicon_spec = {
    .name = "dedup._native.Lexicon",
    .basicsize = sizeof(LexiconObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = slots,
};
