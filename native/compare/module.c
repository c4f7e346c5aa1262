/* dedup.compare._native: the inner loops of the comparison. dedup/compare/_native.pyi says what
 * each does. Places and sizes are int32: a text has fewer words than 2^31. */
#include "in_order.h"
#include "passages.h"
#include "quotes.h"
#include "records.h"
#include "runs.h"
#include "scores.h"
#include "sentences.h"
#include "wording.h"

#include <stdlib.h>

static int
has_arguments(const char *name, Py_ssize_t n, Py_ssize_t expected)
{
    if (n == expected)
        return 1;
    PyErr_Format(PyExc_TypeError, "%s takes %zd arguments, not %zd", name, expected, n);
    return 0;
}

static int
is_within(Py_ssize_t start, Py_ssize_t end, Py_ssize_t n)
{
    if (0 <= start && start <= end && end <= n)
        return 1;
    PyErr_Format(PyExc_IndexError, "words %zd to %zd of %zd", start, end, n);
    return 0;
}

/* A tuple of so many items: their address; NULL with an exception set. */
static PyObject *const *
items_of(PyObject *tuple, Py_ssize_t n_items)
{
    if (PyTuple_Check(tuple) && PyTuple_GET_SIZE(tuple) == n_items)
        return &PyTuple_GET_ITEM(tuple, 0);
    PyErr_Format(PyExc_TypeError, "a tuple of %zd was expected", n_items);
    return NULL;
}

/* Words of an array from a first one on. */
typedef struct {
    const uint64_t *words;
    Py_ssize_t n;
    Py_ssize_t start;
} WordStretch;

static int
take_stretch(Taken *taken, PyObject *tuple, WordStretch *stretch)
{
    Py_ssize_t n_words;
    PyObject *const *items = items_of(tuple, 3);
    if (items == NULL)
        return -1;
    const uint64_t *words = also_take(taken, items[0], sizeof(uint64_t), &n_words);
    if (words == NULL)
        return -1;
    Py_ssize_t start = PyLong_AsSsize_t(items[1]), end = PyLong_AsSsize_t(items[2]);
    if (PyErr_Occurred() || !is_within(start, end, n_words))
        return -1;
    *stretch = (WordStretch){words + start, end - start, start};
    return 0;
}

static PyObject *
py_n_in_order(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    Taken taken = {.n = 0};
    WordStretch one, other;
    Py_ssize_t found = -1;
    if (!has_arguments("n_in_order", n_arguments, 2))
        return NULL;
    if (take_stretch(&taken, arguments[0], &one) == 0
        && take_stretch(&taken, arguments[1], &other) == 0)
        found = n_in_order(one.words, one.n, other.words, other.n);
    release(&taken);
    return found < 0 ? NULL : PyLong_FromSsize_t(found);
}

static PyObject *
py_blocks_in_order(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    Taken taken = {.n = 0};
    WordStretch one, other;
    Blocks blocks = {NULL, 0};
    PyObject *made = NULL;
    if (!has_arguments("blocks_in_order", n_arguments, 2))
        return NULL;
    if (take_stretch(&taken, arguments[0], &one) == 0
        && take_stretch(&taken, arguments[1], &other) == 0
        && blocks_in_order(one.words, one.n, other.words, other.n, &blocks) == 0) {
        made = PyList_New(blocks.n);
        for (Py_ssize_t i = 0; made != NULL && i < blocks.n; i++) {
            Block *block = &blocks.blocks[i];
            PyObject *row = Py_BuildValue(
                "nnn", one.start + block->one, other.start + block->other, block->size);
            if (row == NULL)
                Py_CLEAR(made);
            else
                PyList_SET_ITEM(made, i, row);
        }
        PyMem_Free(blocks.blocks);
    }
    release(&taken);
    return made;
}

/* Whether windows are of so many words; else an exception is set. */
static int
is_size(Py_ssize_t n_words)
{
    if (n_words > 0)
        return 1;
    PyErr_SetString(PyExc_ValueError, "a window has a word");
    return 0;
}

/* A tuple of a class that has no state of its own, to be filled; NULL with an exception set. */
static PyObject *
new_record(PyObject *class, Py_ssize_t n_fields)
{
    PyTypeObject *type = (PyTypeObject *)class;
    if (!PyType_Check(class) || !PyType_IsSubtype(type, &PyTuple_Type)) {
        PyErr_SetString(PyExc_TypeError, "a class of named tuples was expected");
        return NULL;
    }
    return empty_record(type, n_fields);
}

static PyObject *
run_record(PyObject *class, const Run *run)
{
    PyObject *record = new_record(class, 3);
    if (record == NULL)
        return NULL;
    PyTuple_SET_ITEM(record, 0, PyLong_FromLong(run->query));
    PyTuple_SET_ITEM(record, 1, PyLong_FromLong(run->candidate));
    PyTuple_SET_ITEM(record, 2, PyLong_FromLong(run->length));
    if (PyErr_Occurred())
        Py_CLEAR(record);
    return record;
}

static PyObject *
py_common_runs(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    Taken taken = {.n = 0};
    Py_ssize_t n, m;
    Runs runs = {NULL, 0};
    PyObject *made = NULL;
    if (!has_arguments("common_runs", n_arguments, 4))
        return NULL;
    PyObject *class = arguments[0], *const *given = items_of(arguments[3], 3);
    if (given == NULL)
        return NULL;
    RunBounds bounds = {
        PyLong_AsSsize_t(given[0]),
        PyLong_AsSsize_t(given[1]),
        PyLong_AsSsize_t(given[2]),
    };
    if (PyErr_Occurred() || !is_size(bounds.shortest))
        return NULL;
    if (bounds.most_repeats < 0 || bounds.most_runs < 0) {
        PyErr_SetString(PyExc_ValueError, "there are no fewer runs than none");
        return NULL;
    }
    const uint64_t *query = also_take(&taken, arguments[1], sizeof(uint64_t), &n);
    const uint64_t *candidate =
        query ? also_take(&taken, arguments[2], sizeof(uint64_t), &m) : NULL;
    if (candidate != NULL && common_runs(query, n, candidate, m, bounds, &runs) == 0) {
        made = PyTuple_New(runs.n);
        for (Py_ssize_t i = 0; made != NULL && i < runs.n; i++) {
            PyObject *record = run_record(class, &runs.runs[i]);
            if (record == NULL)
                Py_CLEAR(made);
            else
                PyTuple_SET_ITEM(made, i, record);
        }
        PyMem_Free(runs.runs);
    }
    release(&taken);
    return made;
}

static PyObject *
py_shares_a_window(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    Taken taken = {.n = 0};
    Py_ssize_t n, m;
    int found = -1;
    if (!has_arguments("shares_a_window", n_arguments, 3))
        return NULL;
    Py_ssize_t size = PyLong_AsSsize_t(arguments[2]);
    if (PyErr_Occurred() || !is_size(size))
        return NULL;
    const uint64_t *query = also_take(&taken, arguments[0], sizeof(uint64_t), &n);
    const uint64_t *candidate =
        query ? also_take(&taken, arguments[1], sizeof(uint64_t), &m) : NULL;
    if (candidate != NULL)
        found = shares_a_window(query, n, candidate, m, size);
    release(&taken);
    return found < 0 ? NULL : PyBool_FromLong(found);
}

/* Which words are chosen, a byte each. */
static int
take_chosen(Taken *taken, PyObject *array, Py_ssize_t n_words, const uint8_t **chosen)
{
    Py_ssize_t n;
    *chosen = also_take(taken, array, 1, &n);
    if (*chosen == NULL)
        return -1;
    if (n == n_words)
        return 0;
    PyErr_Format(PyExc_ValueError, "%zd words, of which %zd may be chosen", n_words, n);
    return -1;
}

static PyObject *
array_of(const void *items, Py_ssize_t n, size_t item_size)
{
    return PyByteArray_FromStringAndSize(items, n * (Py_ssize_t)item_size);
}

static PyObject *
py_distinct(PyObject *Py_UNUSED(module), PyObject *argument)
{
    Taken taken = {.n = 0};
    Py_ssize_t n = 0, n_distinct = 0;
    PyObject *made = NULL;
    const uint64_t *values = also_take(&taken, argument, sizeof(uint64_t), &n);
    uint64_t *keys = PyMem_Malloc((size_t)(n + 1) * (sizeof(uint64_t) + sizeof(int32_t)));
    if (keys == NULL)
        PyErr_NoMemory();
    else if (values != NULL) {
        int32_t *places = (int32_t *)(keys + n);
        memcpy(keys, values, (size_t)n * sizeof(uint64_t));
        for (Py_ssize_t i = 0; i < n; i++)
            places[i] = (int32_t)i;
        if (sort_places(keys, places, n) == 0) {
            for (Py_ssize_t i = 0; i < n; i++)
                if (n_distinct == 0 || keys[i] != keys[n_distinct - 1]) {
                    keys[n_distinct] = keys[i];
                    places[n_distinct++] = places[i];
                }
            made = Py_BuildValue(
                "NN", array_of(keys, n_distinct, sizeof(uint64_t)),
                array_of(places, n_distinct, sizeof(int32_t)));
        }
    }
    PyMem_Free(keys);
    release(&taken);
    return made;
}

/* The weights of those of the query's terms that the candidate has, too; all ascending. */
static PyObject *
py_weights_of_shared(
    PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    Taken taken = {.n = 0};
    Py_ssize_t n, m, n_weights, n_shared = 0;
    PyObject *made = NULL;
    if (!has_arguments("weights_of_shared", n_arguments, 3))
        return NULL;
    const uint64_t *query = also_take(&taken, arguments[0], sizeof(uint64_t), &n);
    const float *weights =
        query ? also_take(&taken, arguments[1], sizeof(float), &n_weights) : NULL;
    const uint64_t *candidate =
        weights ? also_take(&taken, arguments[2], sizeof(uint64_t), &m) : NULL;
    if (candidate != NULL && n_weights != n)
        PyErr_Format(PyExc_ValueError, "%zd terms and %zd weights", n, n_weights);
    else if (candidate != NULL)
        made = PyByteArray_FromStringAndSize(NULL, n * (Py_ssize_t)sizeof(float));
    if (made != NULL) {
        float *shared = (float *)PyByteArray_AS_STRING(made);
        for (Py_ssize_t i = 0, j = 0; i < n && j < m;) {
            uint64_t ours = query[i], theirs = candidate[j];
            shared[n_shared] = weights[i];
            n_shared += ours == theirs;
            i += ours <= theirs;
            j += theirs <= ours;
        }
        if (PyByteArray_Resize(made, n_shared * (Py_ssize_t)sizeof(float)) < 0)
            Py_CLEAR(made);
    }
    release(&taken);
    return made;
}

/* The arrays of dedup.compare.profile.SentenceTerms. */
static PyObject *
py_sentence_terms(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    Taken taken = {.n = 0};
    Py_ssize_t n = 0, n_weights, n_places;
    PyObject *made = NULL;
    if (!has_arguments("sentence_terms", n_arguments, 4))
        return NULL;
    Py_ssize_t n_sentences = PyLong_AsSsize_t(arguments[3]);
    if (PyErr_Occurred())
        return NULL;
    const uint64_t *terms = also_take(&taken, arguments[0], sizeof(uint64_t), &n);
    const float *weights =
        terms ? also_take(&taken, arguments[1], sizeof(float), &n_weights) : NULL;
    const int32_t *sentence =
        weights ? also_take(&taken, arguments[2], sizeof(int32_t), &n_places) : NULL;
    if (sentence != NULL && (n_weights != n || n_places != n)) {
        PyErr_SetString(PyExc_ValueError, "every word has a term, a weight and a sentence");
        sentence = NULL;
    }
    uint64_t *keys = PyMem_Malloc((size_t)(n + 1) * (sizeof(uint64_t) + 5 * sizeof(int32_t)));
    if (keys == NULL)
        PyErr_NoMemory();
    else if (sentence != NULL) {
        int32_t *places = (int32_t *)(keys + n);
        int32_t *frequency = places + n, *held = frequency + n;
        float *first_weights = (float *)(held + n), *scaled = first_weights + n;
        Py_ssize_t n_chosen = 0, n_terms = 0, n_held = 0;
        for (Py_ssize_t i = 0; i < n; i++)
            if (weights[i] > 0 && sentence[i] < n_sentences) {
                keys[n_chosen] = terms[i];
                places[n_chosen++] = (int32_t)i;
            }
        if (sort_places(keys, places, n_chosen) == 0) {
            for (Py_ssize_t i = 0; i < n_chosen; i++) {
                int32_t place = places[i];
                if (n_terms == 0 || keys[i] != keys[n_terms - 1]) {
                    keys[n_terms] = keys[i];
                    first_weights[n_terms] = weights[place];
                    frequency[n_terms++] = 0;
                }
                else if (held[n_held - 1] == sentence[place])
                    continue;
                frequency[n_terms - 1]++;
                held[n_held++] = sentence[place];
            }
            for (Py_ssize_t i = 0; i < n_terms; i++)
                scaled[i] = scaled_weight(first_weights[i], frequency[i]);
            made = Py_BuildValue(
                "NNNNN", array_of(keys, n_terms, sizeof(uint64_t)),
                array_of(first_weights, n_terms, sizeof(float)),
                array_of(frequency, n_terms, sizeof(int32_t)),
                array_of(scaled, n_terms, sizeof(float)),
                array_of(held, n_held, sizeof(int32_t)));
        }
    }
    PyMem_Free(keys);
    release(&taken);
    return made;
}

/* A text as a tuple of arrays; -1 with an exception set. */
static int
take_text(Taken *taken, PyObject *arrays, Py_ssize_t most_sentences, Text *text)
{
    Py_ssize_t n_weights, n_frequencies, n_scaled, n_places, n_words, n_bounds;
    PyObject *const *items = items_of(arrays, 7);
    if (items == NULL)
        return -1;
#define TAKE(place, type, n) also_take(taken, items[place], sizeof(type), n)
    if ((text->terms = TAKE(0, uint64_t, &text->n_terms)) == NULL
        || (text->weights = TAKE(1, float, &n_weights)) == NULL
        || (text->frequency = TAKE(2, int32_t, &n_frequencies)) == NULL
        || (text->scaled = TAKE(3, float, &n_scaled)) == NULL
        || (text->sentence = TAKE(4, int32_t, &n_places)) == NULL
        || (text->words = TAKE(5, uint64_t, &n_words)) == NULL
        || (text->bounds = TAKE(6, int32_t, &n_bounds)) == NULL)
        return -1;
#undef TAKE
    text->n_sentences = n_bounds - 1 < most_sentences ? n_bounds - 1 : most_sentences;
    int is_whole = n_bounds > 0 && most_sentences >= 0 && n_weights == text->n_terms && n_scaled == text->n_terms
                   && n_frequencies == text->n_terms;
    Py_ssize_t n_held = 0;
    for (Py_ssize_t i = 0; is_whole && i < text->n_terms; i++) {
        is_whole = 0 <= text->frequency[i];
        n_held += text->frequency[i];
    }
    for (Py_ssize_t i = 0; is_whole && i < n_places; i++)
        is_whole = 0 <= text->sentence[i] && text->sentence[i] < text->n_sentences;
    for (Py_ssize_t i = 0; is_whole && i < n_bounds - 1; i++)
        is_whole = 0 <= text->bounds[i] && text->bounds[i] < text->bounds[i + 1];
    if (is_whole && n_held == n_places && text->bounds[n_bounds - 1] <= n_words)
        return 0;
    PyErr_SetString(PyExc_ValueError, "the arrays of a text do not go together");
    return -1;
}

static PyObject *
pair_record(PyObject *class, const Pair *pair, int is_mirrored)
{
    PyObject *record = new_record(class, 5);
    if (record == NULL)
        return NULL;
    PyTuple_SET_ITEM(record, is_mirrored, PyLong_FromLong(pair->query));
    PyTuple_SET_ITEM(record, !is_mirrored, PyLong_FromLong(pair->candidate));
    PyTuple_SET_ITEM(record, 2, PyFloat_FromDouble(pair->similarity));
    PyTuple_SET_ITEM(record, 3, PyFloat_FromDouble(pair->identity));
    PyTuple_SET_ITEM(record, 4, PyBool_FromLong(pair->is_mutual));
    if (PyErr_Occurred())
        Py_CLEAR(record);
    return record;
}

static PyObject *
py_align(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    Taken taken = {.n = 0};
    Text query, candidate;
    Pairs pairs = {NULL, 0};
    PyObject *made = NULL;
    if (!has_arguments("align", n_arguments, 5))
        return NULL;
    PyObject *const *thresholds = items_of(arguments[3], 3);
    PyObject *const *most = thresholds ? items_of(arguments[4], 2) : NULL;
    if (most == NULL)
        return NULL;
    AlignmentBounds bounds = {
        (float)PyFloat_AsDouble(thresholds[0]),
        (float)PyFloat_AsDouble(thresholds[1]),
        (float)PyFloat_AsDouble(thresholds[2]),
        PyLong_AsSsize_t(most[0]),
    };
    Py_ssize_t most_sentences = PyLong_AsSsize_t(most[1]);
    if (PyErr_Occurred())
        return NULL;
    if (take_text(&taken, arguments[1], most_sentences, &query) == 0
        && take_text(&taken, arguments[2], most_sentences, &candidate) == 0
        && align(&query, &candidate, bounds, &pairs) == 0) {
        made = PyTuple_New(pairs.n);
        for (Py_ssize_t i = 0; made != NULL && i < pairs.n; i++) {
            PyObject *record = pair_record(arguments[0], &pairs.pairs[i], 0);
            if (record == NULL)
                Py_CLEAR(made);
            else
                PyTuple_SET_ITEM(made, i, record);
        }
        PyMem_Free(pairs.pairs);
    }
    release(&taken);
    return made;
}

/* Where the sentences of a text begin, and the last one ends. */
typedef struct {
    const int32_t *at;
    Py_ssize_t n_sentences;
} Bounds;

static int
take_bounds(Taken *taken, PyObject *array, Py_ssize_t n_words, Bounds *bounds)
{
    Py_ssize_t n;
    bounds->at = also_take(taken, array, sizeof(int32_t), &n);
    if (bounds->at == NULL)
        return -1;
    bounds->n_sentences = n - 1;
    int is_whole = n > 0 && bounds->at[0] >= 0 && bounds->at[n - 1] <= n_words;
    for (Py_ssize_t i = 0; is_whole && i < n - 1; i++)
        is_whole = bounds->at[i] < bounds->at[i + 1];
    if (is_whole)
        return 0;
    PyErr_SetString(PyExc_ValueError, "sentences hold a word and end with the text");
    return -1;
}

static Stretch
sentence_at(const Bounds *bounds, int32_t sentence)
{
    return (Stretch){bounds->at[sentence], bounds->at[sentence + 1]};
}

/* Read the first two items of each of some tuples, which are sentences; -1 with an exception set. */
static int
read_links(PyObject *pairs, Py_ssize_t n_query, Py_ssize_t n_candidate, Link *links)
{
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(pairs); i++) {
        PyObject *pair = PySequence_Fast_GET_ITEM(pairs, i);
        if (!PyTuple_Check(pair) || PyTuple_GET_SIZE(pair) < 2) {
            PyErr_SetString(PyExc_TypeError, "a pair of sentences is a tuple");
            return -1;
        }
        long query = PyLong_AsLong(PyTuple_GET_ITEM(pair, 0));
        long candidate = PyLong_AsLong(PyTuple_GET_ITEM(pair, 1));
        if (PyErr_Occurred())
            return -1;
        if (query < 0 || query >= n_query || candidate < 0 || candidate >= n_candidate) {
            PyErr_SetString(PyExc_IndexError, "a sentence that is not there");
            return -1;
        }
        links[i] = (Link){(int32_t)query, (int32_t)candidate};
    }
    return 0;
}

/* The stems of a text, what each is, and its sentences, as a tuple; -1 with an exception set. */
static int
take_wording(Taken *taken, PyObject *tuple, Wording *wording, Bounds *bounds)
{
    Py_ssize_t n, n_kinds;
    PyObject *const *items = items_of(tuple, 3);
    if (items == NULL
        || (wording->terms = also_take(taken, items[0], sizeof(uint64_t), &n)) == NULL
        || (wording->kinds = also_take(taken, items[1], 1, &n_kinds)) == NULL
        || take_bounds(taken, items[2], n, bounds) < 0)
        return -1;
    if (n_kinds == n)
        return 0;
    PyErr_Format(PyExc_ValueError, "%zd terms of %zd kinds", n, n_kinds);
    return -1;
}

/* Two texts, and sentences of both. */
typedef struct {
    Taken taken;
    Wording query;
    Wording candidate;
    Bounds query_bounds;
    Bounds candidate_bounds;
    PyObject *pairs;
    Link *links;
    Py_ssize_t n;
} WordingPairs;

static int
take_wording_pairs(WordingPairs *given, PyObject *const *arguments)
{
    given->taken.n = 0;
    given->pairs = NULL;
    given->links = NULL;
    if (take_wording(&given->taken, arguments[0], &given->query, &given->query_bounds) < 0
        || take_wording(
               &given->taken, arguments[1], &given->candidate, &given->candidate_bounds)
               < 0)
        return -1;
    given->pairs = PySequence_Fast(arguments[2], "pairs of sentences");
    if (given->pairs == NULL)
        return -1;
    given->n = PySequence_Fast_GET_SIZE(given->pairs);
    given->links = PyMem_Malloc((size_t)(given->n + 1) * sizeof(Link));
    if (given->links == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    return read_links(
        given->pairs, given->query_bounds.n_sentences, given->candidate_bounds.n_sentences,
        given->links);
}

static void
release_wording_pairs(WordingPairs *given)
{
    PyMem_Free(given->links);
    Py_XDECREF(given->pairs);
    release(&given->taken);
}

static PyObject *
py_count_rewording(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    WordingPairs given;
    Rewording counts = {0, 0, 0, 0};
    if (!has_arguments("count_rewording", n_arguments, 4))
        return NULL;
    Py_ssize_t max_sequence = PyLong_AsSsize_t(arguments[3]);
    if (PyErr_Occurred())
        return NULL;
    int failed = take_wording_pairs(&given, arguments);
    for (Py_ssize_t i = 0; !failed && i < given.n; i++)
        failed = count_rewording(
            &given.query, sentence_at(&given.query_bounds, given.links[i].query),
            &given.candidate, sentence_at(&given.candidate_bounds, given.links[i].candidate),
            max_sequence, &counts);
    release_wording_pairs(&given);
    return failed ? NULL
                  : Py_BuildValue(
                        "nnnn", counts.words, counts.substituted, counts.function_words,
                        counts.function_words_kept);
}

static PyObject *
py_count_kept(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    WordingPairs given;
    Kept figures = {0, 0}, names = {0, 0};
    if (!has_arguments("count_kept", n_arguments, 3))
        return NULL;
    int failed = take_wording_pairs(&given, arguments);
    for (Py_ssize_t i = 0; !failed && i < given.n; i++)
        failed = count_kept(
            &given.query, sentence_at(&given.query_bounds, given.links[i].query),
            &given.candidate, sentence_at(&given.candidate_bounds, given.links[i].candidate),
            &figures, &names);
    release_wording_pairs(&given);
    return failed ? NULL
                  : Py_BuildValue(
                        "(nn)(nn)", figures.kept, figures.total, names.kept, names.total);
}

static int
take_sentence_text(Taken *taken, PyObject *tuple, SentenceText *text)
{
    Bounds bounds;
    PyObject *const *items = items_of(tuple, 2);
    if (items == NULL
        || (text->words = also_take(taken, items[0], sizeof(uint64_t), &text->n_words)) == NULL
        || take_bounds(taken, items[1], text->n_words, &bounds) < 0)
        return -1;
    text->bounds = bounds.at;
    text->n_sentences = bounds.n_sentences;
    if (bounds.at[0] == 0 && bounds.at[bounds.n_sentences] == text->n_words)
        return 0;
    PyErr_SetString(PyExc_ValueError, "every word stands in a sentence");
    return -1;
}

/* Aligned sentences as Python has them; NULL with an exception set. */
static Pair *
read_pairs(PyObject *rows, const SentenceText *query, const SentenceText *candidate)
{
    Py_ssize_t n = PyTuple_GET_SIZE(rows);
    Pair *pairs = PyMem_Malloc((size_t)(n + 1) * sizeof(Pair));
    if (pairs == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *const *items = items_of(PyTuple_GET_ITEM(rows, i), 5);
        if (items == NULL)
            goto fail;
        long ours = PyLong_AsLong(items[0]), theirs = PyLong_AsLong(items[1]);
        double similarity = PyFloat_AsDouble(items[2]), identity = PyFloat_AsDouble(items[3]);
        int is_mutual = PyObject_IsTrue(items[4]);
        if (PyErr_Occurred())
            goto fail;
        if (ours < 0 || ours >= query->n_sentences || theirs < 0
            || theirs >= candidate->n_sentences) {
            PyErr_SetString(PyExc_IndexError, "a sentence that is not there");
            goto fail;
        }
        pairs[i] = (Pair){(int32_t)ours, (int32_t)theirs, similarity, identity, is_mutual};
    }
    return pairs;
fail:
    PyMem_Free(pairs);
    return NULL;
}

static Run *
read_runs(PyObject *rows, const SentenceText *query, const SentenceText *candidate)
{
    Py_ssize_t n = PyTuple_GET_SIZE(rows);
    Run *runs = PyMem_Malloc((size_t)(n + 1) * sizeof(Run));
    if (runs == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *const *items = items_of(PyTuple_GET_ITEM(rows, i), 3);
        if (items == NULL)
            goto fail;
        long at = PyLong_AsLong(items[0]), there = PyLong_AsLong(items[1]);
        long length = PyLong_AsLong(items[2]);
        if (PyErr_Occurred())
            goto fail;
        if (at < 0 || there < 0 || length <= 0 || length > query->n_words - at
            || length > candidate->n_words - there) {
            PyErr_SetString(PyExc_IndexError, "a run that is not there");
            goto fail;
        }
        runs[i] = (Run){(int32_t)at, (int32_t)there, (int32_t)length};
    }
    return runs;
fail:
    PyMem_Free(runs);
    return NULL;
}

static int
read_passage_bounds(PyObject *given, PassageBounds *bounds)
{
    PyObject *const *both = items_of(given, 2);
    PyObject *const *share = both ? items_of(both[0], 3) : NULL;
    PyObject *const *size = share ? items_of(both[1], 4) : NULL;
    if (size == NULL)
        return -1;
    *bounds = (PassageBounds){
        PyFloat_AsDouble(share[0]),
        PyFloat_AsDouble(share[1]),
        PyFloat_AsDouble(share[2]),
        (int32_t)PyLong_AsLong(size[0]),
        (int32_t)PyLong_AsLong(size[1]),
        (int32_t)PyLong_AsLong(size[2]),
        (int32_t)PyLong_AsLong(size[3]),
    };
    if (PyErr_Occurred())
        return -1;
    if (bounds->min_sentence_words > 0 && bounds->min_run_words > 0 && bounds->max_sequence > 0)
        return 0;
    PyErr_SetString(PyExc_ValueError, "sentences and runs have words");
    return -1;
}

/* A text whose passages are shown: where its words begin and end, in code points. */
typedef struct {
    SentenceText sentences;
    const int32_t *starts;
    const int32_t *ends;
} ShownText;

static int
take_shown_text(Taken *taken, PyObject *tuple, ShownText *text)
{
    Py_ssize_t n_starts, n_ends;
    PyObject *const *items = items_of(tuple, 2);
    if (items == NULL || take_sentence_text(taken, items[0], &text->sentences) < 0)
        return -1;
    PyObject *const *places = items_of(items[1], 2);
    if (places == NULL
        || (text->starts = also_take(taken, places[0], sizeof(int32_t), &n_starts)) == NULL
        || (text->ends = also_take(taken, places[1], sizeof(int32_t), &n_ends)) == NULL)
        return -1;
    if (n_starts == text->sentences.n_words && n_ends == n_starts)
        return 0;
    PyErr_SetString(PyExc_ValueError, "every word begins and ends");
    return -1;
}

/* Where words [start, end), one at least, stand in a text. */
static PyObject *
span_record(PyObject *class, const ShownText *text, int32_t start, int32_t end)
{
    PyObject *record = new_record(class, 2);
    if (record == NULL)
        return NULL;
    PyTuple_SET_ITEM(record, 0, PyLong_FromLong(text->starts[start]));
    PyTuple_SET_ITEM(record, 1, PyLong_FromLong(text->ends[end - 1]));
    if (PyErr_Occurred())
        Py_CLEAR(record);
    return record;
}

static int
is_quotation(const Shown *at, const uint8_t *unquoted, double mostly)
{
    Py_ssize_t quoted = 0;
    for (int32_t word = at->start; word < at->end; word++)
        quoted += unquoted[word] == 0;
    return (double)quoted >= mostly * (double)(at->end - at->start);
}

static PyObject *
list_of_shown(
    PyObject *class, const ShownList *shown, const ShownText *query, const ShownText *candidate,
    const uint8_t *unquoted, double mostly)
{
    PyObject *made = PyList_New(shown->n);
    for (Py_ssize_t i = 0; made != NULL && i < shown->n; i++) {
        const Shown *at = &shown->at[i];
        PyObject *row = PyTuple_New(4);
        if (row == NULL) {
            Py_CLEAR(made);
            break;
        }
        PyTuple_SET_ITEM(row, 0, span_record(class, query, at->start, at->end));
        PyTuple_SET_ITEM(
            row, 1, span_record(class, candidate, at->candidate_start, at->candidate_end));
        PyTuple_SET_ITEM(row, 2, PyBool_FromLong(at->is_verbatim));
        PyTuple_SET_ITEM(row, 3, PyBool_FromLong(is_quotation(at, unquoted, mostly)));
        PyList_SET_ITEM(made, i, row);
        if (PyErr_Occurred())
            Py_CLEAR(made);
    }
    return made;
}

static PyObject *
py_shown_passages(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    Taken taken = {.n = 0};
    ShownText query, candidate;
    const uint8_t *unquoted;
    PassageBounds bounds;
    ShownList shown = {NULL, 0, 0};
    PyObject *made = NULL;
    Pair *pairs = NULL;
    Run *runs = NULL;
    if (!has_arguments("shown_passages", n_arguments, 5))
        return NULL;
    PyObject *const *shared = items_of(arguments[3], 3);
    if (shared == NULL)
        return NULL;
    if (!PyTuple_Check(shared[0]) || !PyTuple_Check(shared[1])) {
        PyErr_SetString(PyExc_TypeError, "pairs and runs are tuples");
        return NULL;
    }
    if (read_passage_bounds(arguments[4], &bounds) == 0
        && take_shown_text(&taken, arguments[1], &query) == 0
        && take_shown_text(&taken, arguments[2], &candidate) == 0
        && take_chosen(&taken, shared[2], query.sentences.n_words, &unquoted) == 0
        && (pairs = read_pairs(shared[0], &query.sentences, &candidate.sentences)) != NULL
        && (runs = read_runs(shared[1], &query.sentences, &candidate.sentences)) != NULL
        && shown_stretches(
               &query.sentences, &candidate.sentences, pairs, PyTuple_GET_SIZE(shared[0]), runs,
               PyTuple_GET_SIZE(shared[1]), &bounds, &shown)
               == 0)
        made = list_of_shown(
            arguments[0], &shown, &query, &candidate, unquoted, bounds.mostly);
    PyMem_Free(shown.at);
    PyMem_Free(pairs);
    PyMem_Free(runs);
    release(&taken);
    return made;
}

/* A text and which of its words stand outside quotations; -1 with an exception set. */
static int
take_scored_text(Taken *taken, PyObject *tuple, SentenceText *text, const uint8_t **unquoted)
{
    Bounds bounds;
    PyObject *const *items = items_of(tuple, 3);
    if (items == NULL
        || (text->words = also_take(taken, items[0], sizeof(uint64_t), &text->n_words)) == NULL
        || take_bounds(taken, items[1], text->n_words, &bounds) < 0
        || take_chosen(taken, items[2], text->n_words, unquoted) < 0)
        return -1;
    text->bounds = bounds.at;
    text->n_sentences = bounds.n_sentences;
    return 0;
}

static PyObject *
scores_record(PyObject *class, const Scores *scores, PyObject *order)
{
    const double shares[] = {
        scores->resemblance, scores->containment_in, scores->containment_of,
        scores->verbatim,    scores->aligned,        scores->identity,
    };
    enum { N_SHARES = sizeof(shares) / sizeof(shares[0]) };
    PyObject *record = new_record(class, N_SHARES + 1);
    if (record == NULL)
        return NULL;
    for (int i = 0; i < N_SHARES; i++)
        PyTuple_SET_ITEM(record, i, PyFloat_FromDouble(shares[i]));
    Py_INCREF(order);
    PyTuple_SET_ITEM(record, N_SHARES, order);
    if (PyErr_Occurred())
        Py_CLEAR(record);
    return record;
}

static PyObject *
py_scores(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    Taken taken = {.n = 0};
    SentenceText query, candidate;
    const uint8_t *ours, *theirs;
    BothScores of_query, of_candidate;
    Pair *pairs = NULL;
    Run *runs = NULL;
    PyObject *made = NULL;
    if (!has_arguments("scores", n_arguments, 5))
        return NULL;
    PyObject *const *shared = items_of(arguments[3], 3);
    Py_ssize_t size = PyLong_AsSsize_t(arguments[4]);
    if (shared == NULL || PyErr_Occurred())
        return NULL;
    PyObject *pair_rows = shared[0], *run_rows = shared[1], *order = shared[2];
    if (!PyTuple_Check(pair_rows) || !PyTuple_Check(run_rows) || size < 1) {
        PyErr_SetString(PyExc_TypeError, "pairs and runs are tuples, a window has a word");
        return NULL;
    }
    if (take_scored_text(&taken, arguments[1], &query, &ours) == 0
        && take_scored_text(&taken, arguments[2], &candidate, &theirs) == 0
        && (pairs = read_pairs(pair_rows, &query, &candidate)) != NULL
        && (runs = read_runs(run_rows, &query, &candidate)) != NULL
        && pair_scores(
               &query, ours, &candidate, theirs, pairs, PyTuple_GET_SIZE(pair_rows), runs,
               PyTuple_GET_SIZE(run_rows), size, &of_query, &of_candidate)
               == 0) {
        const Scores *each[] = {
            &of_query.all, &of_query.unquoted, &of_candidate.all, &of_candidate.unquoted};
        made = PyTuple_New(4);
        for (int i = 0; made != NULL && i < 4; i++) {
            PyObject *record = scores_record(arguments[0], each[i], order);
            if (record == NULL)
                Py_CLEAR(made);
            else
                PyTuple_SET_ITEM(made, i, record);
        }
    }
    PyMem_Free(pairs);
    PyMem_Free(runs);
    release(&taken);
    return made;
}

static PyObject *
py_words_in_runs(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    Taken taken = {.n = 0};
    SentenceText query = {0}, candidate = {0};
    Py_ssize_t longest = 0;
    Run *runs = NULL;
    PyObject *words = NULL;
    if (!has_arguments("words_in_runs", n_arguments, 4))
        return NULL;
    PyObject *rows = arguments[0];
    long n_texts = PyLong_AsLong(arguments[3]);
    if (PyErr_Occurred())
        return NULL;
    if (!PyTuple_Check(rows)) {
        PyErr_SetString(PyExc_TypeError, "runs are a tuple");
        return NULL;
    }
    const uint8_t *ours = also_take(&taken, arguments[1], 1, &query.n_words);
    const uint8_t *theirs = ours ? also_take(&taken, arguments[2], 1, &candidate.n_words) : NULL;
    if (theirs != NULL && (runs = read_runs(rows, &query, &candidate)) != NULL)
        words = PyList_New(PyTuple_GET_SIZE(rows));
    for (Py_ssize_t i = 0; words != NULL && i < PyTuple_GET_SIZE(rows); i++) {
        RunWords found = run_words(runs[i], ours, theirs, n_texts);
        PyObject *number = PyLong_FromSsize_t(found.words);
        if (found.longest > longest)
            longest = found.longest;
        if (number == NULL)
            Py_CLEAR(words);
        else
            PyList_SET_ITEM(words, i, number);
    }
    PyMem_Free(runs);
    release(&taken);
    return words == NULL ? NULL : Py_BuildValue("Nn", words, longest);
}

/* Whether an aligned pair is better than the one before; -1 with an exception set. */
static int
is_better(PyObject *const *pair, PyObject *const *known)
{
    int is_mutual = PyObject_IsTrue(pair[4]), was_mutual = PyObject_IsTrue(known[4]);
    double identity = PyFloat_AsDouble(pair[3]), before = PyFloat_AsDouble(known[3]);
    if (PyErr_Occurred())
        return -1;
    return is_mutual > was_mutual || (is_mutual == was_mutual && identity > before);
}

static PyObject *
py_best_pairs(PyObject *Py_UNUSED(module), PyObject *argument)
{
    PyObject *pairs = PySequence_Fast(argument, "pairs of sentences");
    PyObject *best = pairs ? PyList_New(0) : NULL;
    PyObject *const *known = NULL;
    for (Py_ssize_t i = 0; best != NULL && i < PySequence_Fast_GET_SIZE(pairs); i++) {
        PyObject *row = PySequence_Fast_GET_ITEM(pairs, i);
        PyObject *const *pair = items_of(row, 5);
        int failed = pair == NULL;
        int same = failed || known == NULL
                       ? 0
                       : PyObject_RichCompareBool(pair[0], known[0], Py_EQ);
        if (!failed && same == 0)
            failed = PyList_Append(best, row) < 0;
        else if (!failed && same == 1) {
            same = is_better(pair, known);
            if (same == 0)
                continue;
            failed = same < 0
                     || PyList_SetItem(best, PyList_GET_SIZE(best) - 1, Py_NewRef(row)) < 0;
        }
        if (failed || same < 0)
            Py_CLEAR(best);
        known = pair;
    }
    Py_XDECREF(pairs);
    return best;
}

/* The sentences of two texts, what is aligned of them, and what is asked of that. */
typedef struct {
    Taken taken;
    SentenceText query;
    SentenceText candidate;
    Pair *pairs;
    Py_ssize_t n_pairs;
    Levels levels;
} AlignedTexts;

static int
take_sentences(Taken *taken, PyObject *array, SentenceText *text)
{
    Bounds bounds;
    if (take_bounds(taken, array, PY_SSIZE_T_MAX, &bounds) < 0)
        return -1;
    *text = (SentenceText){
        NULL, bounds.at[bounds.n_sentences], bounds.at, bounds.n_sentences};
    return 0;
}

/* Pairs, bounds of the sentences of either text, levels; -1 with an exception set. */
static int
take_aligned_texts(AlignedTexts *given, PyObject *const *arguments)
{
    given->taken.n = 0;
    given->pairs = NULL;
    PyObject *const *bounds = items_of(arguments[1], 2);
    PyObject *const *levels = bounds ? items_of(arguments[2], 3) : NULL;
    if (levels == NULL)
        return -1;
    given->levels = (Levels){
        PyFloat_AsDouble(levels[0]),
        PyFloat_AsDouble(levels[1]),
        PyFloat_AsDouble(levels[2]),
    };
    if (PyErr_Occurred())
        return -1;
    if (!PyTuple_Check(arguments[0])) {
        PyErr_SetString(PyExc_TypeError, "pairs are a tuple");
        return -1;
    }
    given->n_pairs = PyTuple_GET_SIZE(arguments[0]);
    if (take_sentences(&given->taken, bounds[0], &given->query) < 0
        || take_sentences(&given->taken, bounds[1], &given->candidate) < 0)
        return -1;
    given->pairs = read_pairs(arguments[0], &given->query, &given->candidate);
    return given->pairs == NULL ? -1 : 0;
}

static void
release_aligned_texts(AlignedTexts *given)
{
    PyMem_Free(given->pairs);
    release(&given->taken);
}

static PyObject *
means_tuple(const PairMeans *means)
{
    return Py_BuildValue(
        "dddddd", means->identity, means->spread, means->similarity, means->mutual, means->kept,
        means->reworded);
}

static PyObject *
py_best_means(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    AlignedTexts given;
    PairMeans means;
    if (!has_arguments("best_means", n_arguments, 3))
        return NULL;
    int failed = take_aligned_texts(&given, arguments);
    if (!failed)
        failed = best_means(
            &given.query, &given.candidate, given.pairs, given.n_pairs, given.levels, &means);
    release_aligned_texts(&given);
    return failed ? NULL : means_tuple(&means);
}

static PyObject *
lengths_in_passage(const Run *runs, Py_ssize_t n_runs, const SharedPassage *passage)
{
    PyObject *lengths = PyList_New(0);
    for (Py_ssize_t i = 0; lengths != NULL && i < n_runs; i++) {
        Py_ssize_t words = words_in_passage(runs[i], passage);
        PyObject *number = words > 0 ? PyLong_FromSsize_t(words) : NULL;
        if ((words > 0 && number == NULL) || (number && PyList_Append(lengths, number) < 0))
            Py_CLEAR(lengths);
        Py_XDECREF(number);
    }
    return lengths;
}

static PyObject *
py_shared_passage(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    AlignedTexts given;
    SharedPassage passage;
    PyObject *made = NULL;
    if (!has_arguments("shared_passage", n_arguments, 5))
        return NULL;
    PyObject *rows = arguments[3];
    long gap = PyLong_AsLong(arguments[4]);
    if (PyErr_Occurred())
        return NULL;
    if (!PyTuple_Check(rows)) {
        PyErr_SetString(PyExc_TypeError, "runs are a tuple");
        return NULL;
    }
    Run *runs = NULL;
    if (take_aligned_texts(&given, arguments) == 0
        && (runs = read_runs(rows, &given.query, &given.candidate)) != NULL
        && shared_passage(
               &given.query, &given.candidate, given.pairs, given.n_pairs, (int32_t)gap,
               given.levels, &passage)
               == 0)
        made = Py_BuildValue(
            "nnnNN", passage.end - passage.start, passage.candidate_end - passage.candidate_start,
            passage.aligned_words, means_tuple(&passage.means),
            lengths_in_passage(runs, PyTuple_GET_SIZE(rows), &passage));
    PyMem_Free(runs);
    release_aligned_texts(&given);
    return made;
}

/* Numbers as pieces of their curves: each in scales from its mean, within a limit, and how far it is
 * beyond each of its knots. */
static PyObject *
py_curve_pieces(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    Taken taken = {.n = 0};
    Py_ssize_t n, n_scales, n_knots;
    PyObject *values = NULL, *made = NULL;
    if (!has_arguments("curve_pieces", n_arguments, 3))
        return NULL;
    PyObject *const *table = items_of(arguments[1], 3);
    double limit = PyFloat_AsDouble(arguments[2]);
    if (table == NULL || PyErr_Occurred())
        return NULL;
    const double *mean = also_take(&taken, table[0], sizeof(double), &n);
    const double *scale = mean ? also_take(&taken, table[1], sizeof(double), &n_scales) : NULL;
    const double *knots = scale ? also_take(&taken, table[2], sizeof(double), &n_knots) : NULL;
    if (knots == NULL || (values = PySequence_Tuple(arguments[0])) == NULL)
        goto done;
    if (n_scales != n || PyTuple_GET_SIZE(values) != n || n == 0 || n_knots % n != 0) {
        PyErr_SetString(PyExc_ValueError, "every number has a mean, a scale and as many knots");
        goto done;
    }
    n_knots /= n;
    made = PyByteArray_FromStringAndSize(NULL, n * (1 + n_knots) * (Py_ssize_t)sizeof(double));
    double *piece = made ? (double *)PyByteArray_AS_STRING(made) : NULL;
    for (Py_ssize_t i = 0; made != NULL && i < n; i++) {
        double z = (PyFloat_AsDouble(PyTuple_GET_ITEM(values, i)) - mean[i]) / scale[i];
        z = z < -limit ? -limit : z > limit ? limit : z;
        *piece++ = z;
        for (Py_ssize_t k = 0; k < n_knots; k++, knots++)
            *piece++ = z - *knots > 0 ? z - *knots : 0;
    }
    if (PyErr_Occurred())
        Py_CLEAR(made);
done:
    Py_XDECREF(values);
    release(&taken);
    return made;
}

/* Whether stretches of words, two numbers each, are in a text of so many; else an exception is set. */
static int
are_within(const int32_t *ends, Py_ssize_t n, Py_ssize_t n_words)
{
    int are_in = n % 2 == 0;
    for (Py_ssize_t i = 0; are_in && i < n; i += 2)
        are_in = 0 <= ends[i] && ends[i] < ends[i + 1] && ends[i + 1] <= n_words;
    if (!are_in)
        PyErr_SetString(PyExc_IndexError, "a quotation that is not there");
    return are_in;
}

static int
take_quoting_text(Taken *taken, PyObject *tuple, QuotingText *text)
{
    Bounds bounds;
    Py_ssize_t n_terms, n_weights, n_inserted, n_ends, n_told_ends;
    PyObject *const *items = items_of(tuple, 7);
    if (items == NULL
        || (text->words = also_take(taken, items[0], sizeof(uint64_t), &text->n_words)) == NULL
        || (text->terms = also_take(taken, items[1], sizeof(uint64_t), &n_terms)) == NULL
        || (text->weights = also_take(taken, items[2], sizeof(float), &n_weights)) == NULL
        || (text->inserted = also_take(taken, items[3], 1, &n_inserted)) == NULL
        || take_bounds(taken, items[4], text->n_words, &bounds) < 0
        || (text->quotations = also_take(taken, items[5], sizeof(int32_t), &n_ends)) == NULL
        || (text->told = also_take(taken, items[6], sizeof(int32_t), &n_told_ends)) == NULL
        || !are_within(text->quotations, n_ends, text->n_words)
        || !are_within(text->told, n_told_ends, text->n_words))
        return -1;
    text->bounds = bounds.at;
    text->n_sentences = bounds.n_sentences;
    text->n_quotations = n_ends / 2;
    text->n_told = n_told_ends / 2;
    if (n_terms == text->n_words && n_weights == n_terms && n_inserted == n_terms
        && bounds.at[0] == 0 && bounds.at[bounds.n_sentences] == n_terms)
        return 0;
    PyErr_SetString(PyExc_ValueError, "every word has a term and a weight, and stands in a sentence");
    return -1;
}

/* The words of quotations, of those that are told, and which words stand outside all of them. */
typedef struct {
    int32_t *ends;
    int32_t *told;
    Py_ssize_t n_ends;
    Py_ssize_t n_told;
    char *unquoted;
} QuotedWords;

/* The first word, from one on, that begins at a place of the text or behind it. */
static int32_t
first_word_from(const int32_t *starts, Py_ssize_t n, Py_ssize_t place)
{
    Py_ssize_t low = 0, high = n;
    while (low < high) {
        Py_ssize_t middle = low + (high - low) / 2;
        if (starts[middle] < place)
            low = middle + 1;
        else
            high = middle;
    }
    return (int32_t)low;
}

/* Place one quotation; -1 with an exception set. */
static int
place_quotation(
    const int32_t *starts, const int32_t *ends, Py_ssize_t n, PyObject *span,
    const Py_ssize_t *shortest, QuotedWords *words)
{
    PyObject *const *given = items_of(span, 2);
    if (given == NULL)
        return -1;
    Py_ssize_t begin = PyLong_AsSsize_t(given[0]), close = PyLong_AsSsize_t(given[1]);
    if (PyErr_Occurred())
        return -1;
    int32_t first = first_word_from(starts, n, begin), behind = first_word_from(starts, n, close);
    if (first >= behind)
        return 0;
    words->ends[words->n_ends++] = first;
    words->ends[words->n_ends++] = behind;
    memset(words->unquoted + first, 0, (size_t)(behind - first));
    Py_ssize_t n_words = behind - first;
    int is_spaced = (Py_ssize_t)ends[behind - 1] - starts[first] > 2 * n_words;
    if (n_words >= shortest[!is_spaced]) {
        words->told[words->n_told++] = first;
        words->told[words->n_told++] = behind;
    }
    return 0;
}

static PyObject *
py_quoted_words(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    Taken taken = {.n = 0};
    Py_ssize_t n, n_word_ends;
    PyObject *made = NULL;
    if (!has_arguments("quoted_words", n_arguments, 4))
        return NULL;
    PyObject *const *sizes = items_of(arguments[3], 2);
    PyObject *spans = sizes ? PySequence_Fast(arguments[2], "spans of quotations") : NULL;
    if (spans == NULL)
        return NULL;
    const Py_ssize_t shortest[2] = {PyLong_AsSsize_t(sizes[0]), PyLong_AsSsize_t(sizes[1])};
    Py_ssize_t n_spans = PySequence_Fast_GET_SIZE(spans);
    int32_t *room = PyMem_Malloc((size_t)(n_spans + 1) * 4 * sizeof(int32_t));
    PyObject *unquoted = NULL;
    if (room == NULL)
        PyErr_NoMemory();
    if (PyErr_Occurred())
        goto done;
    QuotedWords words = {.ends = room, .told = room + 2 * n_spans};
    const int32_t *starts = also_take(&taken, arguments[0], sizeof(int32_t), &n);
    const int32_t *ends =
        starts ? also_take(&taken, arguments[1], sizeof(int32_t), &n_word_ends) : NULL;
    if (ends != NULL && n != n_word_ends)
        PyErr_SetString(PyExc_ValueError, "every word begins and ends");
    else if (ends != NULL)
        unquoted = PyBytes_FromStringAndSize(NULL, n);
    if (unquoted == NULL)
        goto done;
    words.unquoted = PyBytes_AS_STRING(unquoted);
    memset(words.unquoted, 1, (size_t)n);
    int failed = 0;
    for (Py_ssize_t i = 0; !failed && i < n_spans; i++)
        failed = place_quotation(
            starts, ends, n, PySequence_Fast_GET_ITEM(spans, i), shortest, &words);
    if (!failed)
        made = Py_BuildValue(
            "NNO", array_of(words.ends, words.n_ends, sizeof(int32_t)),
            array_of(words.told, words.n_told, sizeof(int32_t)), unquoted);
done:
    PyMem_Free(room);
    Py_XDECREF(unquoted);
    Py_DECREF(spans);
    release(&taken);
    return made;
}

static int
read_quote_bounds(PyObject *given, QuoteBounds *bounds)
{
    PyObject *const *both = items_of(given, 2);
    PyObject *const *share = both ? items_of(both[0], 3) : NULL;
    PyObject *const *size = share ? items_of(both[1], 3) : NULL;
    if (size == NULL)
        return -1;
    *bounds = (QuoteBounds){
        PyFloat_AsDouble(share[0]),
        PyFloat_AsDouble(share[1]),
        PyFloat_AsDouble(share[2]),
        (int32_t)PyLong_AsLong(size[0]),
        (int32_t)PyLong_AsLong(size[1]),
        (int32_t)PyLong_AsLong(size[2]),
    };
    if (PyErr_Occurred())
        return -1;
    if (bounds->kept > 0 && bounds->window > 0 && bounds->min_words > 0 && bounds->max_words > 0)
        return 0;
    PyErr_SetString(PyExc_ValueError, "quotations have words");
    return -1;
}

static PyObject *
quote_record(PyObject *class, const Quote *quote)
{
    static const char *const names[FATES] = {"absent", "reworded", "kept"};
    PyObject *record = new_record(class, 6);
    if (record == NULL)
        return NULL;
    PyTuple_SET_ITEM(record, 0, PyLong_FromLong(quote->start));
    PyTuple_SET_ITEM(record, 1, PyLong_FromLong(quote->end));
    PyTuple_SET_ITEM(record, 2, PyLong_FromLong(quote->candidate_start));
    PyTuple_SET_ITEM(record, 3, PyLong_FromLong(quote->candidate_end));
    PyTuple_SET_ITEM(record, 4, PyUnicode_InternFromString(names[quote->fate]));
    PyTuple_SET_ITEM(record, 5, PyFloat_FromDouble(quote->identity));
    if (PyErr_Occurred())
        Py_CLEAR(record);
    return record;
}

static PyObject *
quote_records(PyObject *class, const Quote *quotes, Py_ssize_t n)
{
    PyObject *made = PyTuple_New(n);
    for (Py_ssize_t i = 0; made != NULL && i < n; i++) {
        PyObject *record = quote_record(class, &quotes[i]);
        if (record == NULL)
            Py_CLEAR(made);
        else
            PyTuple_SET_ITEM(made, i, record);
    }
    return made;
}

static PyObject *
py_follow_quotes(PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t n_arguments)
{
    Taken taken = {.n = 0};
    QuotingText query, candidate;
    QuoteBounds bounds;
    Run *runs = NULL;
    Link *links = NULL;
    Quote *quotes = NULL;
    PyObject *made = NULL;
    if (!has_arguments("follow_quotes", n_arguments, 5)
        || read_quote_bounds(arguments[4], &bounds) < 0)
        return NULL;
    PyObject *const *given = items_of(arguments[3], 2);
    if (given == NULL)
        return NULL;
    PyObject *run_rows = given[0], *pairs = given[1];
    if (!PyTuple_Check(run_rows) || !PyTuple_Check(pairs)) {
        PyErr_SetString(PyExc_TypeError, "runs and pairs are tuples");
        return NULL;
    }
    if (take_quoting_text(&taken, arguments[1], &query) < 0
        || take_quoting_text(&taken, arguments[2], &candidate) < 0)
        goto done;
    Py_ssize_t n_runs = PyTuple_GET_SIZE(run_rows), n_links = PyTuple_GET_SIZE(pairs);
    links = PyMem_Malloc((size_t)(n_links + 1) * sizeof(Link));
    quotes = PyMem_Malloc((size_t)(query.n_told + 1) * sizeof(Quote));
    if (links == NULL || quotes == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    runs = read_runs(
        run_rows, &(SentenceText){.n_words = query.n_words},
        &(SentenceText){.n_words = candidate.n_words});
    if (runs != NULL && read_links(pairs, query.n_sentences, candidate.n_sentences, links) == 0
        && follow_quotes(&query, &candidate, runs, n_runs, links, n_links, &bounds, quotes) == 0)
        made = quote_records(arguments[0], quotes, query.n_told);
done:
    PyMem_Free(runs);
    PyMem_Free(links);
    PyMem_Free(quotes);
    release(&taken);
    return made;
}

#define FAST(name)                                                                                \
    {                                                                                             \
        #name, (PyCFunction)(void (*)(void))py_##name, METH_FASTCALL, NULL                        \
    }

static PyMethodDef methods[] = {
    FAST(align),
    FAST(best_means),
    {"best_pairs", py_best_pairs, METH_O, NULL},
    FAST(blocks_in_order),
    FAST(common_runs),
    FAST(count_kept),
    FAST(count_rewording),
    FAST(curve_pieces),
    {"distinct", py_distinct, METH_O, NULL},
    FAST(follow_quotes),
    FAST(n_in_order),
    FAST(quoted_words),
    FAST(scores),
    FAST(sentence_terms),
    FAST(shared_passage),
    FAST(shares_a_window),
    FAST(shown_passages),
    FAST(weights_of_shared),
    FAST(words_in_runs),
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "dedup.compare._native",
    .m_methods = methods,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    return PyModuleDef_Init(&definition);
}
