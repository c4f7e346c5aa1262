/* dedup._native.Kernel */
#include "module.h"

#include <string.h>

#include "kernel.h"

typedef struct {
    PyObject_HEAD
    AlphabetObject *alphabet;
    struct plan plan;
} KernelObject;

/* A copy of a buffer's items, or NULL with an exception. */
static void *
copy_items(const Py_buffer *buffer, size_t n_items, size_t bytes, const char *name)
{
    if ((size_t)buffer->len != n_items * bytes) {
        PyErr_Format(PyExc_ValueError, "%s: %zd bytes instead of %zu", name, buffer->len,
                     n_items * bytes);
        return NULL;
    }
    void *copy = malloc(n_items * bytes + 1);
    if (copy == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    return memcpy(copy, buffer->buf, n_items * bytes);
}

static int
fill_permutations(struct permutations *drawn, const Py_buffer *multipliers,
                  const Py_buffer *increments)
{
    drawn->number = (size_t)multipliers->len / sizeof(uint32_t);
    drawn->multipliers = copy_items(multipliers, drawn->number, sizeof(uint32_t), "multipliers");
    drawn->increments = copy_items(increments, drawn->number, sizeof(uint32_t), "increments");
    return drawn->multipliers == NULL || drawn->increments == NULL ? -1 : 0;
}

static int
check_places(const struct banding *banding, size_t n_permutations)
{
    for (size_t i = 0; i < banding->n_bands * banding->rows; i++)
        if (banding->places[i] < 0 || (size_t)banding->places[i] >= n_permutations) {
            PyErr_SetString(PyExc_ValueError, "a row of a band lies outside of the signature");
            return -1;
        }
    return 0;
}

/* `given`: (rows, places, firsts), or None. */
static int
fill_banding(struct banding *banding, int *has, PyObject *given, size_t n_permutations)
{
    *has = given != Py_None;
    if (!*has)
        return 0;
    Py_ssize_t rows;
    Py_buffer places, firsts;
    if (!PyArg_ParseTuple(given, "ny*y*;a banding is (rows, places, firsts)", &rows, &places,
                          &firsts))
        return -1;
    int done = -1;
    if (rows < 1)
        PyErr_SetString(PyExc_ValueError, "a band has at least one row");
    else {
        banding->rows = (size_t)rows;
        banding->n_bands = (size_t)firsts.len / sizeof(uint64_t);
        banding->firsts = copy_items(&firsts, banding->n_bands, sizeof(uint64_t), "firsts");
        banding->places =
            copy_items(&places, banding->n_bands * banding->rows, sizeof(int32_t), "places");
        if (banding->firsts != NULL && banding->places != NULL)
            done = check_places(banding, n_permutations);
    }
    PyBuffer_Release(&places);
    PyBuffer_Release(&firsts);
    return done;
}

static PyObject *
kernel_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"alphabet",       "multipliers",   "increments",    "shingle_words",
                            "passage_window", "least_windows", "passage_first", "content_weight",
                            "telling_weight", "wording",       "content",       "passages",
                            NULL};
    PyObject *alphabet, *wording, *content;
    Py_buffer multipliers, increments;
    Py_ssize_t shingle_words, passage_window, least_windows;
    struct plan plan = {0};
    unsigned long long passage_first;
    if (!PyArg_ParseTupleAndKeywords(
            arguments, keywords, "$O!y*y*nnnKddOOp:Kernel", names, state_of(type)->alphabet,
            &alphabet, &multipliers, &increments, &shingle_words, &passage_window, &least_windows,
            &passage_first, &plan.weighting.content, &plan.weighting.telling, &wording, &content,
            &plan.has_passages))
        return NULL;
    KernelObject *self = (KernelObject *)type->tp_alloc(type, 0);
    if (self != NULL) {
        self->alphabet = (AlphabetObject *)Py_NewRef(alphabet);
        self->plan = plan;
        self->plan.shingle_words = (size_t)shingle_words;
        self->plan.passage_window = (size_t)passage_window;
        self->plan.least_windows = (size_t)least_windows;
        self->plan.passage_first = passage_first;
        struct permutations *drawn = &self->plan.permutations;
        int done = -1;
        if (shingle_words < 1 || passage_window < 1 || least_windows < 1)
            PyErr_SetString(PyExc_ValueError, "shingles and windows have a size");
        else if (fill_permutations(drawn, &multipliers, &increments) == 0 &&
                 fill_banding(&self->plan.wording, &self->plan.has_wording, wording,
                              drawn->number) == 0)
            done = fill_banding(&self->plan.content, &self->plan.has_content, content,
                                drawn->number);
        if (done < 0)
            Py_CLEAR(self);
    }
    PyBuffer_Release(&multipliers);
    PyBuffer_Release(&increments);
    return (PyObject *)self;
}

static void
free_banding(struct banding *banding)
{
    free((void *)banding->places);
    free((void *)banding->firsts);
}

static void
kernel_dealloc(KernelObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    free((void *)self->plan.permutations.multipliers);
    free((void *)self->plan.permutations.increments);
    free_banding(&self->plan.wording);
    free_banding(&self->plan.content);
    Py_XDECREF(self->alphabet);
    type->tp_free(self);
    Py_DECREF(type);
}

/* What one call works on. */
struct call {
    KernelObject *kernel;
    struct texts texts;
    Py_buffer languages;
    PyObject *lexicons; /* tuple of LexiconObject */
    struct lexicon **held;
    struct vocabulary *vocabularies;
    struct prints prints;
    PyObject *wording, *content; /* signatures, or None */
};

static int
take_lexicons(struct call *call)
{
    size_t n_lexicons = (size_t)PyTuple_GET_SIZE(call->lexicons);
    PyTypeObject *type = state_of(Py_TYPE(call->kernel))->lexicon;
    call->vocabularies = calloc(n_lexicons + 1, sizeof *call->vocabularies);
    call->held = calloc(n_lexicons + 1, sizeof *call->held);
    if (call->vocabularies == NULL || call->held == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t i = 0; i < n_lexicons; i++) {
        PyObject *lexicon = PyTuple_GET_ITEM(call->lexicons, (Py_ssize_t)i);
        if (!PyObject_TypeCheck(lexicon, type)) {
            PyErr_SetString(PyExc_TypeError, "lexicons are of the type Lexicon");
            return -1;
        }
        call->held[i] = ((LexiconObject *)lexicon)->lexicon;
        call->held[i]->n_users++;
        call->vocabularies[i].known = call->held[i];
    }
    return 0;
}

static int
check_languages(const struct call *call)
{
    const int32_t *languages = call->languages.buf;
    Py_ssize_t n_lexicons = PyTuple_GET_SIZE(call->lexicons);
    if ((size_t)call->languages.len != call->texts.n_texts * sizeof *languages) {
        PyErr_SetString(PyExc_ValueError, "every text needs the number of its language");
        return -1;
    }
    if (!call->kernel->plan.has_content)
        return 0;
    for (size_t i = 0; i < call->texts.n_texts; i++)
        if (languages[i] < 0 || languages[i] >= n_lexicons) {
            PyErr_Format(PyExc_ValueError, "text %zu has the language %d of %zd", i,
                         (int)languages[i], n_lexicons);
            return -1;
        }
    return 0;
}

static PyObject *
new_signatures(const struct call *call, int has)
{
    size_t n_permutations = call->kernel->plan.permutations.number;
    if (!has)
        return Py_NewRef(Py_None);
    return new_array(call->texts.n_texts, n_permutations * sizeof(uint32_t));
}

static uint32_t *
items_of(PyObject *signatures)
{
    return signatures == Py_None ? NULL : (uint32_t *)PyByteArray_AS_STRING(signatures);
}

static int
begin(struct call *call)
{
    if (check_languages(call) < 0 || take_lexicons(call) < 0)
        return -1;
    call->wording = new_signatures(call, call->kernel->plan.has_wording);
    call->content = new_signatures(call, call->kernel->plan.has_content);
    if (call->wording == NULL || call->content == NULL)
        return -1;
    call->prints.wording = items_of(call->wording);
    call->prints.content = items_of(call->content);
    if (prints_init(&call->prints, call->texts.n_texts) < 0) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

static void
end(struct call *call)
{
    size_t n_lexicons = (size_t)PyTuple_GET_SIZE(call->lexicons);
    for (size_t i = 0; i < n_lexicons; i++) {
        if (call->held != NULL)
            lexicon_release(call->held[i]);
        if (call->vocabularies != NULL)
            vocabulary_free(&call->vocabularies[i]);
    }
    free(call->held);
    free(call->vocabularies);
    prints_free(&call->prints);
    Py_XDECREF(call->wording);
    Py_XDECREF(call->content);
}

static int
ask(struct call *call)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(call->lexicons); i++) {
        struct vocabulary *vocabulary = &call->vocabularies[i];
        if (vocabulary->n_wanted > 0 &&
            lexicon_ask((LexiconObject *)PyTuple_GET_ITEM(call->lexicons, i), vocabulary->asked,
                        vocabulary->wanted, vocabulary->wanted_ends, vocabulary->wanted_utf8,
                        vocabulary->n_wanted) < 0)
            return -1;
        vocabulary->has_answers = 1;
    }
    return 0;
}

typedef int (*stage)(struct prints *, const struct plan *, const struct alphabet *,
                     const struct text *, struct vocabulary *, const int32_t *);

static int
run(struct call *call, stage work)
{
    int done;
    Py_BEGIN_ALLOW_THREADS
    done = work(&call->prints, &call->kernel->plan, &call->kernel->alphabet->alphabet,
                call->texts.texts, call->vocabularies, call->languages.buf);
    Py_END_ALLOW_THREADS
    if (done < 0)
        PyErr_NoMemory();
    return done;
}

static PyObject *
results(struct call *call)
{
    const struct plan *plan = &call->kernel->plan;
    size_t n_keys = prints_count_keys(&call->prints, plan);
    PyObject *keys = new_array(n_keys, sizeof(uint64_t));
    PyObject *families = new_array(n_keys, sizeof(uint8_t));
    PyObject *starts = new_array(n_keys, sizeof(int32_t));
    PyObject *offsets = new_array(call->texts.n_texts + 1, sizeof(int64_t));
    PyObject *made = NULL;
    if (keys != NULL && families != NULL && starts != NULL && offsets != NULL) {
        uint64_t *key_items = (uint64_t *)PyByteArray_AS_STRING(keys);
        uint8_t *family_items = (uint8_t *)PyByteArray_AS_STRING(families);
        int32_t *start_items = (int32_t *)PyByteArray_AS_STRING(starts);
        int64_t *offset_items = (int64_t *)PyByteArray_AS_STRING(offsets);
        Py_BEGIN_ALLOW_THREADS
        prints_write_keys(&call->prints, plan, key_items, family_items, start_items,
                          offset_items);
        Py_END_ALLOW_THREADS
        made = PyTuple_Pack(6, keys, families, starts, offsets, call->wording, call->content);
    }
    Py_XDECREF(keys);
    Py_XDECREF(families);
    Py_XDECREF(starts);
    Py_XDECREF(offsets);
    return made;
}

static PyObject *
kernel_fingerprint(KernelObject *self, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"texts", "languages", "lexicons", "offsets", NULL};
    struct call call = {.kernel = self};
    PyObject *source, *offsets = Py_None;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "Oy*O!|O:fingerprint", names, &source,
                                     &call.languages, &PyTuple_Type, &call.lexicons, &offsets))
        return NULL;
    PyObject *made = NULL;
    if (texts_read(&call.texts, source, offsets) == 0) {
        if (begin(&call) == 0 && run(&call, prints_make) == 0 &&
            (call.prints.n_postponed == 0 ||
             (ask(&call) == 0 && run(&call, prints_finish) == 0)))
            made = results(&call);
        end(&call);
        texts_release(&call.texts);
    }
    PyBuffer_Release(&call.languages);
    return made;
}

static PyMethodDef methods[] = {
    {"fingerprint", (PyCFunction)(void (*)(void))kernel_fingerprint,
     METH_VARARGS | METH_KEYWORDS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_new, kernel_new},
    {Py_tp_dealloc, kernel_dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};

PyType_Spec kernel_spec = {
    .name = "dedup._native.Kernel",
    .basicsize = sizeof(KernelObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = slots,
};
