/* dedup._native.Alphabet */
#include "module.h"

#include <string.h>

#include "room.h"

/* The last code points that are folded as ASCII is, and the punctuation that the tokenizer
 * passes over without looking it up. */
static int
is_as_expected(const struct alphabet *alphabet)
{
    for (uint32_t unit = 0; unit < 0x80; unit++) {
        int is_upper = unit >= 'A' && unit <= 'Z';
        int is_word = is_upper || (unit >= 'a' && unit <= 'z') || (unit >= '0' && unit <= '9');
        const struct letter *letter = letter_of(alphabet, unit);
        if (letter->class != (is_word ? WORD : SEPARATOR))
            return 0;
        if (is_word && (letter->is_spelled || letter->shift != (is_upper ? 0x20 : 0)))
            return 0;
    }
    for (uint32_t mark = 0x2010; mark < 0x2028; mark++)
        if (letter_of(alphabet, mark)->class != SEPARATOR)
            return 0;
    return letter_of(alphabet, 0xFFFD)->class == SEPARATOR;
}

static int
read_spellings(struct alphabet *alphabet, PyObject *spellings)
{
    size_t n_bytes = 0;
    for (size_t i = 0; i < alphabet->n_letters; i++) {
        PyObject *spelling = PyTuple_GET_ITEM(spellings, (Py_ssize_t)i);
        if (spelling == Py_None)
            continue;
        if (!PyBytes_Check(spelling) || PyBytes_GET_SIZE(spelling) > UINT8_MAX) {
            PyErr_SetString(PyExc_ValueError, "a spelling is None, or at most 255 bytes");
            return -1;
        }
        n_bytes += (size_t)PyBytes_GET_SIZE(spelling);
    }
    alphabet->longest = 4; /* a code point in UTF-8 */
    alphabet->spellings = malloc(n_bytes + 1);
    if (alphabet->spellings == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    uint8_t *end = alphabet->spellings;
    for (size_t i = 0; i < alphabet->n_letters; i++) {
        PyObject *spelling = PyTuple_GET_ITEM(spellings, (Py_ssize_t)i);
        if (spelling == Py_None)
            continue;
        struct letter *letter = &alphabet->letters[i];
        letter->is_spelled = 1;
        letter->length = (uint8_t)PyBytes_GET_SIZE(spelling);
        letter->spelling = memcpy(end, PyBytes_AS_STRING(spelling), letter->length);
        end += letter->length;
        if (letter->length > alphabet->longest)
            alphabet->longest = letter->length;
    }
    return 0;
}

static int
check_shifts(const struct alphabet *alphabet, const uint16_t *numbers)
{
    for (uint32_t code_point = 0; code_point < CODE_POINTS; code_point++) {
        if (numbers[code_point] >= alphabet->n_letters)
            return -1;
        int64_t folded = (int64_t)code_point + alphabet->letters[numbers[code_point]].shift;
        if (folded < 0 || folded >= CODE_POINTS)
            return -1;
    }
    return 0;
}

static int
fill(struct alphabet *alphabet, const Py_buffer *numbers, const Py_buffer *classes,
     const Py_buffer *shifts, PyObject *spellings)
{
    alphabet->n_letters = (size_t)classes->len;
    alphabet->letters = calloc(alphabet->n_letters + 1, sizeof *alphabet->letters);
    if (alphabet->letters == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    if (numbers->len != CODE_POINTS * sizeof(uint16_t) ||
        shifts->len != classes->len * (Py_ssize_t)sizeof(int32_t) ||
        PyTuple_GET_SIZE(spellings) != classes->len) {
        PyErr_SetString(PyExc_ValueError, "the tables of an alphabet differ in length");
        return -1;
    }
    for (size_t i = 0; i < alphabet->n_letters; i++) {
        alphabet->letters[i].class = ((const uint8_t *)classes->buf)[i];
        alphabet->letters[i].shift = ((const int32_t *)shifts->buf)[i];
    }
    if (read_spellings(alphabet, spellings) < 0)
        return -1;
    if (check_shifts(alphabet, numbers->buf) < 0) {
        PyErr_SetString(PyExc_ValueError, "a code point is folded to none");
        return -1;
    }
    if (alphabet_page(alphabet, numbers->buf) < 0) {
        PyErr_NoMemory();
        return -1;
    }
    if (!is_as_expected(alphabet)) {
        PyErr_SetString(PyExc_ValueError, "ASCII or common punctuation has other classes");
        return -1;
    }
    return 0;
}

static PyObject *
alphabet_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"numbers", "classes", "shifts", "spellings", NULL};
    Py_buffer numbers, classes, shifts;
    PyObject *spellings;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "$y*y*y*O!:Alphabet", names, &numbers,
                                     &classes, &shifts, &PyTuple_Type, &spellings))
        return NULL;
    AlphabetObject *self = (AlphabetObject *)type->tp_alloc(type, 0);
    if (self != NULL && fill(&self->alphabet, &numbers, &classes, &shifts, spellings) < 0)
        Py_CLEAR(self);
    PyBuffer_Release(&numbers);
    PyBuffer_Release(&classes);
    PyBuffer_Release(&shifts);
    return (PyObject *)self;
}

static void
alphabet_dealloc(AlphabetObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    alphabet_free(&self->alphabet);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *
array_of(const void *items, size_t n_items, size_t bytes)
{
    PyObject *array = new_array(n_items, bytes);
    if (array != NULL && n_items > 0)
        memcpy(PyByteArray_AS_STRING(array), items, n_items * bytes);
    return array;
}

static PyObject *
alphabet_tokenize(AlphabetObject *self, PyObject *string)
{
    struct texts texts;
    PyObject *strings = PyTuple_Pack(1, string);
    if (strings == NULL)
        return NULL;
    int done = texts_read(&texts, strings, Py_None);
    Py_DECREF(strings);
    if (done < 0)
        return NULL;
    struct words words = {0};
    PyObject *made = NULL;
    if (tokenize(&self->alphabet, texts.texts[0], &words) < 0)
        PyErr_NoMemory();
    else
        made = Py_BuildValue("NNN",
                             array_of(words.hashes, words.n_words, sizeof *words.hashes),
                             array_of(words.starts, words.n_words, sizeof *words.starts),
                             array_of(words.ends, words.n_words, sizeof *words.ends));
    words_free(&words);
    texts_release(&texts);
    return made;
}

/* The hashes of all words of all texts, and where each text's begin. */
struct hashes {
    size_t n_hashes;
    uint64_t *hashes;
    size_t room;
    int64_t *offsets;
};

static int
hash_texts(const struct alphabet *alphabet, const struct texts *texts, struct hashes *made)
{
    struct words words = {0};
    int done = 0;
    for (size_t i = 0; done == 0 && i < texts->n_texts; i++) {
        done = tokenize(alphabet, texts->texts[i], &words);
        size_t n_hashes = made->n_hashes + words.n_words;
        if (done == 0)
            done = make_room(&made->hashes, &made->room, n_hashes, sizeof *made->hashes);
        if (done == 0 && words.n_words > 0)
            memcpy(made->hashes + made->n_hashes, words.hashes,
                   words.n_words * sizeof *made->hashes);
        made->offsets[i] = (int64_t)made->n_hashes;
        made->n_hashes = n_hashes;
    }
    made->offsets[texts->n_texts] = (int64_t)made->n_hashes;
    words_free(&words);
    return done;
}

static PyObject *
alphabet_hash_words(AlphabetObject *self, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"texts", "offsets", NULL};
    PyObject *source, *offsets = Py_None;
    struct texts texts;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|O:hash_words", names, &source,
                                     &offsets) ||
        texts_read(&texts, source, offsets) < 0)
        return NULL;
    PyObject *made = NULL;
    PyObject *starts = new_array(texts.n_texts + 1, sizeof(int64_t));
    if (starts != NULL) {
        struct hashes hashes = {.offsets = (int64_t *)PyByteArray_AS_STRING(starts)};
        int done;
        Py_BEGIN_ALLOW_THREADS
        done = hash_texts(&self->alphabet, &texts, &hashes);
        Py_END_ALLOW_THREADS
        if (done < 0)
            PyErr_NoMemory();
        else
            made = Py_BuildValue(
                "NO", array_of(hashes.hashes, hashes.n_hashes, sizeof *hashes.hashes), starts);
        free(hashes.hashes);
        Py_DECREF(starts);
    }
    texts_release(&texts);
    return made;
}

static PyMethodDef methods[] = {
    {"tokenize", (PyCFunction)alphabet_tokenize, METH_O, NULL},
    {"hash_words", (PyCFunction)(void (*)(void))alphabet_hash_words,
     METH_VARARGS | METH_KEYWORDS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_new, alphabet_new},
    {Py_tp_dealloc, alphabet_dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};

PyType_Spec alphabet_spec = {
    .name = "dedup._native.Alphabet",
    .basicsize = sizeof(AlphabetObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = slots,
};
