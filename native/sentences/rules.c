/* dedup.sentences.reference says why each rule is there. */
#include "rules.h"

#include "ends.h"
#include "room.h"

/* dedup.sentences.fullstops */
enum { ENDS = 1, ASKS = 2, BEFORE_NUMBER = 4 };

enum { LOOK_AHEAD = 40, DIGITS_OF_A_LIST_NUMBER = 3 };

static const uint_least32_t CLOSERS[] = U"\"'\u201D\u2019\u00BB\u203A)]}";
static const uint_least32_t BEHIND_NEXT_WORD[] = U"'\u2019.";

static int
is_list_number(const Text *text, Py_ssize_t start, Py_ssize_t end)
{
    Py_ssize_t place = start;
    while (place < end && is_space(at(text, place)))
        place++;
    Py_ssize_t first = place;
    while (place < end && place < first + DIGITS_OF_A_LIST_NUMBER && is_digit(at(text, place)))
        place++;
    if (place == first || place == end || (at(text, place) != '.' && at(text, place) != ')'))
        return 0;
    for (place++; place < end; place++) {
        if (!is_space(at(text, place)) || at(text, place) == '\n')
            return 0;
    }
    return 1;
}

/* Behind a place; empty if there is none. */
static Stretch
next_word(const Text *text, Py_ssize_t place)
{
    Py_ssize_t limit = text->n - place > LOOK_AHEAD ? place + LOOK_AHEAD : text->n;
    while (place < limit && !is_word(at(text, place)))
        place++;
    Py_ssize_t start = place;
    while (place < limit && is_alphanumeric(at(text, place)))
        place++;
    if (place > start && place < limit && is_among(at(text, place), BEHIND_NEXT_WORD))
        place++;
    return (Stretch){(int32_t)start, (int32_t)place};
}

static int
is_opener(const Text *text, Stretch word, PyObject *stops)
{
    PyObject *string = PyUnicode_Substring(text->string, word.start, word.end);
    if (string == NULL)
        return -1;
    PyObject *answer = PyObject_CallMethod(stops, "is_opener", "O", string);
    Py_DECREF(string);
    if (answer == NULL)
        return -1;
    int is_true = PyObject_IsTrue(answer);
    Py_DECREF(answer);
    return is_true;
}

/* What a full stop says behind a word; -1 with an exception. */
static long
full_stop(const Text *text, Py_ssize_t start, Py_ssize_t end, PyObject *stops)
{
    PyObject *last = PyUnicode_Substring(text->string, start, end);
    if (last == NULL)
        return -1;
    PyObject *answer = PyObject_GetItem(stops, last);
    Py_DECREF(last);
    if (answer == NULL)
        return -1;
    long says = PyLong_AsLong(answer);
    Py_DECREF(answer);
    if (says < 0 && !PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "what a full stop says is no negative number");
    return says;
}

/* `stop`: of the full stop, in the segment from `start` to `end`. 1, 0, or -1 with an exception. */
static int
full_stop_ends(const Text *text, Py_ssize_t start, Py_ssize_t stop, Py_ssize_t end,
               PyObject *stops)
{
    Py_ssize_t first = stop;
    while (first > start && at(text, first - 1) != ' ')
        first--;
    long says = full_stop(text, first, stop, stops);
    if (says < 0)
        return -1;
    if (!(says & ASKS))
        return (says & ENDS) != 0;
    Stretch next = next_word(text, end);
    if (says & BEFORE_NUMBER && next.start < next.end
        && Py_UNICODE_ISDIGIT(at(text, next.start)))
        return 0;
    return says & ENDS ? 1 : is_opener(text, next, stops);
}

/* Whether a sentence ends with a segment. 1, 0, or -1 with an exception. */
static int
is_end(const Text *text, Py_ssize_t start, Py_ssize_t end, PyObject *stops)
{
    Py_ssize_t body = end;
    int has_line_break = 0;
    while (body > start && is_space(at(text, body - 1)))
        has_line_break |= Py_UNICODE_ISLINEBREAK(at(text, --body));
    if (has_line_break)
        return 1;
    if (body == start) /* the possible end before this one stood in front of the same space */
        return 0;
    Py_ssize_t core = body;
    while (core > start && is_among(at(text, core - 1), CLOSERS))
        core--;
    Py_UCS4 mark = core > start ? at(text, core - 1) : 0;
    if (mark == '!' || mark == '?') {
        Stretch next = next_word(text, end);
        return next.start == next.end || !Py_UNICODE_ISLOWER(at(text, next.start));
    }
    if (mark != '.' || core != body)
        return 1;
    return full_stop_ends(text, start, body - 1, end, stops);
}

static int
add_trimmed(Stretches *sentences, const Text *text, Py_ssize_t start, Py_ssize_t end)
{
    while (start < end && is_space(at(text, start)))
        start++;
    while (start < end && is_space(at(text, end - 1)))
        end--;
    if (start == end)
        return 0;
    if (make_room(&sentences->stretches, &sentences->room, sentences->n + 1, sizeof(Stretch)) < 0) {
        PyErr_NoMemory();
        return -1;
    }
    sentences->stretches[sentences->n++] = (Stretch){(int32_t)start, (int32_t)end};
    return 0;
}

int
sentences_find(const Breaks *breaks, PyObject *stops, Stretches *sentences)
{
    const Text *text = breaks->text;
    Ends ends;
    Py_ssize_t start = 0, previous = 0, end;
    if (ends_begin(&ends, breaks) < 0)
        return -1;
    for (;;) {
        if (ends_next(&ends, &end) < 0)
            return -1;
        if (end == NONE)
            return add_trimmed(sentences, text, start, text->n);
        if (start < previous || !is_list_number(text, previous, end)) {
            int answer = is_end(text, previous, end, stops);
            if (answer < 0 || (answer && add_trimmed(sentences, text, start, end) < 0))
                return -1;
            if (answer)
                start = end;
        }
        previous = end;
    }
}
