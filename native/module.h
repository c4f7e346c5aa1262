/* What the parts of dedup._native that speak with Python share. */
#ifndef SECONDHAND_MODULE_H
#define SECONDHAND_MODULE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "alphabet.h"
#include "lexicon.h"
#include "tokenizer.h"
#include "word_table.h"

struct module_state {
    PyTypeObject *alphabet;
    PyTypeObject *lexicon;
    PyTypeObject *kernel;
    PyTypeObject *word_table;
};

static inline struct module_state *
state_of(PyTypeObject *type)
{
    return PyModule_GetState(PyType_GetModule(type));
}

typedef struct {
    PyObject_HEAD
    struct alphabet alphabet;
} AlphabetObject;

typedef struct {
    PyObject_HEAD
    struct lexicon *lexicon;
    PyObject *answer; /* callable */
    size_t most_words;
} LexiconObject;

typedef struct {
    PyObject_HEAD
    struct word_table table;
} WordTableObject;

extern PyType_Spec alphabet_spec;
extern PyType_Spec lexicon_spec;
extern PyType_Spec kernel_spec;
extern PyType_Spec word_table_spec;

/* Ask Python what words stand for (dedup/fingerprint/native.py): `wanted_ends` says where each ends
 * in `utf8`. The answers are filled into `asked`, and remembered for later calls.
 * 0, or -1 with an exception. */
int lexicon_ask(LexiconObject *self, struct lexicon *asked, const uint64_t *wanted,
                const size_t *wanted_ends, const uint8_t *utf8, size_t n_wanted);

/* Texts as Python hands them over. They are held until texts_release, so that threads can read
 * them without the interpreter's lock. */
struct texts {
    size_t n_texts;
    struct text *texts;
    PyObject *strings;
    Py_buffer utf8;
    Py_buffer offsets;
};

/* `source`: a sequence of str if `offsets` is None, else a buffer of UTF-8, where text i stands
 * from offsets[i] to offsets[i + 1] (int32 or int64, native). 0, or -1 with an exception. */
int texts_read(struct texts *texts, PyObject *source, PyObject *offsets);

void texts_release(struct texts *texts);

static inline PyObject *
new_array(size_t items, size_t bytes)
{
    if (items > PY_SSIZE_T_MAX / bytes)
        return PyErr_NoMemory();
    return PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)(items * bytes));
}

#endif
