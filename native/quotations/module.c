/* dedup.quotations._native: the search for quotation marks. dedup/quotations/_native.pyi says what
 * each function does; dedup/quotations/reference.py says the same in Python, with the reasons. */
#include "records.h"
#include "text.h"

#include <stdint.h>

/* Characters --------------------------------------------------------------------------------- */

enum { FEW_MARKS = 4, NEAR = 3, FIRST_UNSPACED = 0x2E80 };

typedef enum {
    DOUBLE,
    SINGLE,
    GUILLEMETS,
    SINGLE_GUILLEMETS,
    CORNER_BRACKETS,
    WHITE_CORNER_BRACKETS,
    PRIME_MARKS,
    FAMILIES,
} Family;

typedef enum { OPENS, CLOSES, EITHER, ROLES, NO_ROLE = ROLES } Role;

static const char *const FAMILY_NAMES[FAMILIES] = {
    "double",          "single",         "guillemets",
    "single guillemets", "corner brackets", "white corner brackets",
    "prime marks",
};
static const char *const ROLE_NAMES[ROLES] = {"opens", "closes", "either"};

enum {
    GRAVE = '`',
    HEBREW_GERSHAYIM = 0x05F4,
    LEFT_SINGLE = 0x2018,
    RIGHT_SINGLE,
    LOW_SINGLE,
    LEFT_DOUBLE = 0x201C,
    RIGHT_DOUBLE,
    LOW_DOUBLE,
    REVERSED_DOUBLE,
    LEFT_GUILLEMET = 0xAB,
    RIGHT_GUILLEMET = 0xBB,
    LEFT_SINGLE_GUILLEMET = 0x2039,
    RIGHT_SINGLE_GUILLEMET,
    LEFT_CORNER = 0x300C,
    RIGHT_CORNER,
    LEFT_WHITE_CORNER,
    RIGHT_WHITE_CORNER,
    OPENING_PRIME = 0x301D,
    CLOSING_PRIME,
    LOW_PRIME,
    FULL_WIDTH = 0xFF02,
};

static inline int
is_mark(Py_UCS4 character)
{
    switch (character) {
    case '"':
    case '\'':
    case GRAVE:
    case LEFT_GUILLEMET:
    case RIGHT_GUILLEMET:
    case HEBREW_GERSHAYIM:
    case LEFT_SINGLE:
    case RIGHT_SINGLE:
    case LOW_SINGLE:
    case LEFT_DOUBLE:
    case RIGHT_DOUBLE:
    case LOW_DOUBLE:
    case REVERSED_DOUBLE:
    case LEFT_SINGLE_GUILLEMET:
    case RIGHT_SINGLE_GUILLEMET:
    case LEFT_CORNER:
    case RIGHT_CORNER:
    case LEFT_WHITE_CORNER:
    case RIGHT_WHITE_CORNER:
    case OPENING_PRIME:
    case CLOSING_PRIME:
    case LOW_PRIME:
    case FULL_WIDTH:
        return 1;
    default:
        return 0;
    }
}

static Family
family_of(Py_UCS4 mark, int is_doubled)
{
    switch (mark) {
    case '\'':
    case LEFT_SINGLE:
    case RIGHT_SINGLE:
    case LOW_SINGLE:
        return is_doubled ? DOUBLE : SINGLE;
    case LEFT_GUILLEMET:
    case RIGHT_GUILLEMET:
        return GUILLEMETS;
    case LEFT_SINGLE_GUILLEMET:
    case RIGHT_SINGLE_GUILLEMET:
        return SINGLE_GUILLEMETS;
    case LEFT_CORNER:
    case RIGHT_CORNER:
        return CORNER_BRACKETS;
    case LEFT_WHITE_CORNER:
    case RIGHT_WHITE_CORNER:
        return WHITE_CORNER_BRACKETS;
    case OPENING_PRIME:
    case CLOSING_PRIME:
    case LOW_PRIME:
        return PRIME_MARKS;
    default:
        return DOUBLE;
    }
}

/* What a mark does in most languages. */
static Role
usual_role(Py_UCS4 mark, int is_doubled)
{
    switch (mark) {
    case '\'':
        return is_doubled ? CLOSES : EITHER;
    case '"':
    case HEBREW_GERSHAYIM:
    case FULL_WIDTH:
        return EITHER;
    case RIGHT_SINGLE:
    case RIGHT_DOUBLE:
    case RIGHT_GUILLEMET:
    case RIGHT_SINGLE_GUILLEMET:
    case RIGHT_CORNER:
    case RIGHT_WHITE_CORNER:
    case CLOSING_PRIME:
    case LOW_PRIME:
        return CLOSES;
    default:
        return OPENS;
    }
}

static Role
reversed_role(Py_UCS4 mark, int is_doubled)
{
    switch (mark) {
    case RIGHT_SINGLE:
    case RIGHT_DOUBLE:
        return OPENS;
    case LEFT_SINGLE:
    case LEFT_DOUBLE:
        return CLOSES;
    default:
        return usual_role(mark, is_doubled);
    }
}

static int
is_bracket(Py_UCS4 mark)
{
    return (mark >= LEFT_CORNER && mark <= RIGHT_WHITE_CORNER)
           || (mark >= OPENING_PRIME && mark <= LOW_PRIME);
}

/* ([{<（-–—―/…:：¿¡、 */
static int
stands_before_opening(Py_UCS4 character)
{
    switch (character) {
    case '(':
    case '[':
    case '{':
    case '<':
    case 0xFF08:
    case '-':
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case '/':
    case 0x2026:
    case ':':
    case 0xFF1A:
    case 0xBF:
    case 0xA1:
    case 0x3001:
        return 1;
    default:
        return 0;
    }
}

/* )]}>,.;:!?-–—―/…。，、；：！？）؟،؛۔। */
static int
stands_after_closing(Py_UCS4 character)
{
    switch (character) {
    case ')':
    case ']':
    case '}':
    case '>':
    case ',':
    case '.':
    case ';':
    case ':':
    case '!':
    case '?':
    case '-':
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case '/':
    case 0x2026:
    case 0x3002:
    case 0xFF0C:
    case 0x3001:
    case 0xFF1B:
    case 0xFF1A:
    case 0xFF01:
    case 0xFF1F:
    case 0xFF09:
    case 0x061F:
    case 0x060C:
    case 0x061B:
    case 0x06D4:
    case 0x0964:
        return 1;
    default:
        return 0;
    }
}

/* Of those, what also stands between an opening mark and its first word. */
static int
is_dash_or_slash(Py_UCS4 character)
{
    return character == '-' || character == '/' || (character >= 0x2013 && character <= 0x2015);
}

/* Behind what words and particles of these scripts follow, a mark is no apostrophe. */
static int
follows_marks(Py_UCS4 character)
{
    return (character >= 0x0E00 && character <= 0x0EFF)
           || (character >= 0x1100 && character <= 0x11FF)
           || (character >= 0x2E80 && character <= 0xFFFF);
}

/* Texts -------------------------------------------------------------------------------------- */

static inline int
is_word_at(const Text *text, Py_ssize_t place)
{
    return place >= 0 && place < text->n && is_word(at(text, place));
}

static inline int
is_digit_at(const Text *text, Py_ssize_t place)
{
    return place >= 0 && is_digit(at(text, place));
}

#define DEFINE_SEEK(width)                                                                        \
    static Py_ssize_t seek_##width(const Py_UCS##width *text, Py_ssize_t place, Py_ssize_t end)   \
    {                                                                                             \
        while (place < end && !is_mark(text[place]))                                              \
            place++;                                                                              \
        return place;                                                                             \
    }
DEFINE_SEEK(1)
DEFINE_SEEK(2)
DEFINE_SEEK(4)

/* The next character that may be a mark; `end` if there is none. */
static Py_ssize_t
seek(const Text *text, Py_ssize_t place, Py_ssize_t end)
{
    switch (text->kind) {
    case PyUnicode_1BYTE_KIND:
        return seek_1(text->data, place, end);
    case PyUnicode_2BYTE_KIND:
        return seek_2(text->data, place, end);
    default:
        return seek_4(text->data, place, end);
    }
}

/* Marks -------------------------------------------------------------------------------------- */

typedef struct {
    Py_ssize_t start;
    Py_ssize_t end;
    Py_UCS4 character; /* the first of two */
    int is_doubled;
    Family family;
    Role role;
    int is_possessive;
    Py_UCS4 behind;
} Mark;

typedef struct {
    int is_reversed;
    int is_unspaced;
    int opens_with_closing_mark;
} Habits;

/* How many characters the mark at a place has; 0 if it is an apostrophe inside a word. */
static int
mark_length(const Text *text, Py_ssize_t place)
{
    Py_UCS4 mark = at(text, place);
    int is_single = mark == '\'' || mark == RIGHT_SINGLE;
    if ((is_single || mark == GRAVE || mark == LEFT_SINGLE) && place + 1 < text->n
        && at(text, place + 1) == mark)
        return 2;
    int is_apostrophe = (is_single || mark == HEBREW_GERSHAYIM) && is_word_at(text, place - 1)
                        && is_word_at(text, place + 1) && !follows_marks(at(text, place + 1));
    return !is_apostrophe;
}

/* The next of what looks like a mark, from a place on; 0 if there is none. */
static int
next_mark(const Text *text, Py_ssize_t place, Py_ssize_t end, Mark *mark)
{
    while ((place = seek(text, place, end)) < end) {
        int length = mark_length(text, place);
        if (length) {
            mark->start = place;
            mark->end = place + length;
            mark->character = at(text, place);
            mark->is_doubled = length == 2;
            return 1;
        }
        place++;
    }
    return 0;
}

/* A word cut short before a mark: l’“air”, d’« importants ». */
static int
follows_elision(const Text *text, Py_ssize_t start, Py_UCS4 after)
{
    if (start < 2)
        return 0;
    Py_UCS4 before = at(text, start - 1);
    if ((before != '\'' && before != RIGHT_SINGLE) || !Py_UNICODE_ISALPHA(at(text, start - 2)))
        return 0;
    return Py_UNICODE_ISALNUM(after) || at(text, start) == LEFT_GUILLEMET;
}

/* What a mark between two characters does. */
static Role
role_between(const Mark *mark, Py_UCS4 before, Py_UCS4 after, const Habits *habits)
{
    Role usual = habits->is_reversed ? reversed_role(mark->character, mark->is_doubled)
                                     : usual_role(mark->character, mark->is_doubled);
    if (is_bracket(mark->character) || (usual != EITHER && habits->is_unspaced))
        return usual;
    int is_behind_gap = Py_UNICODE_ISSPACE(before), is_before_gap = Py_UNICODE_ISSPACE(after);
    int ends = stands_after_closing(after);
    int can_open = (is_behind_gap || stands_before_opening(before)) && !is_before_gap
                   && (!ends || is_dash_or_slash(after));
    int can_close = !is_behind_gap && (is_before_gap || ends);
    if (can_open != can_close)
        return can_open ? OPENS : CLOSES;
    int is_inside_word = Py_UNICODE_ISALNUM(before) && Py_UNICODE_ISALNUM(after)
                         && before < FIRST_UNSPACED && after < FIRST_UNSPACED;
    int is_hebrew = before >= 0x0590 && before < 0x0600;
    int is_glued = mark->character == '"' && Py_UNICODE_ISALPHA(before) && !is_hebrew;
    return usual == EITHER && is_inside_word && !is_glued ? NO_ROLE : usual;
}

/* Whether a letter is one of ASCII, or its capital, as `re.IGNORECASE` has it. */
static int
is_in_any_case(Py_UCS4 character, char letter)
{
    return Py_UNICODE_TOLOWER(character) == (Py_UCS4)letter
           || (letter == 'i' && character == 0x0131) || (letter == 's' && character == 0x017F);
}

static int
is_clipped_word(const Text *text, Py_ssize_t start)
{
    static const char *const words[] = {"tis", "twas", "em", "n", "cause", "til", "bout"};
    if (start + 1 < text->n && is_digit_at(text, start) && is_digit_at(text, start + 1)) {
        Py_ssize_t end = start + 2;
        if (end < text->n && is_in_any_case(at(text, end), 's'))
            end++;
        return !is_word_at(text, end);
    }
    for (size_t i = 0; i < Py_ARRAY_LENGTH(words); i++) {
        Py_ssize_t end = start;
        const char *letter = words[i];
        while (*letter && end < text->n && is_in_any_case(at(text, end), *letter)) {
            letter++;
            end++;
        }
        if (!*letter && !is_word_at(text, end))
            return 1;
    }
    return 0;
}

static int
is_apostrophe(const Mark *mark, const Text *text, const Habits *habits)
{
    if (mark->family != SINGLE || mark->role == CLOSES)
        return 0;
    if (mark->character == RIGHT_SINGLE && !habits->opens_with_closing_mark)
        return 1;
    return is_clipped_word(text, mark->end);
}

/* 6'2", 6’12”: feet in front of the mark for inches. */
static int
follows_feet(const Text *text, Py_ssize_t start)
{
    if (!is_digit_at(text, start - 1))
        return 0;
    Py_ssize_t sign = is_digit_at(text, start - 2) ? start - 3 : start - 2;
    return is_digit_at(text, sign - 1)
           && (at(text, sign) == '\'' || at(text, sign) == RIGHT_SINGLE);
}

/* The last character before a mark that is no space, of those near it in the paragraph. */
static Py_UCS4
character_behind(const Text *text, Py_ssize_t start, Py_ssize_t first)
{
    Py_ssize_t furthest = start - first < NEAR ? first : start - NEAR;
    while (start-- > furthest)
        if (!Py_UNICODE_ISSPACE(at(text, start)))
            return at(text, start);
    return '.';
}

/* Say what a mark of a paragraph does; 0 if it neither opens nor closes. */
static int
read_mark(const Text *text, Py_ssize_t first, Py_ssize_t end, const Habits *habits, Mark *mark)
{
    if (mark->character == GRAVE && !mark->is_doubled)
        return 0;
    Py_ssize_t left = mark->start - 1, right = mark->end;
    while (left >= first && is_mark(at(text, left)) && mark->start - left <= FEW_MARKS)
        left--;
    while (right < end && is_mark(at(text, right)) && right - mark->end < FEW_MARKS)
        right++;
    Py_UCS4 before = left >= first ? at(text, left) : ' ';
    Py_UCS4 after = right < end ? at(text, right) : ' ';
    if (follows_elision(text, mark->start, after))
        before = ' ';
    mark->family = family_of(mark->character, mark->is_doubled);
    mark->role = role_between(mark, before, after, habits);
    if (mark->role == NO_ROLE || is_apostrophe(mark, text, habits)
        || (Py_UNICODE_ISDECIMAL(before) && follows_feet(text, mark->start)))
        return 0;
    mark->is_possessive = before == 's' && mark->end + 1 < text->n
                          && at(text, mark->end) == ' '
                          && Py_UNICODE_ISLOWER(at(text, mark->end + 1));
    mark->behind = character_behind(text, mark->start, first);
    return 1;
}

/* Python ------------------------------------------------------------------------------------- */

typedef struct {
    PyObject *families[FAMILIES];
    PyObject *roles[ROLES];
} State;

enum { MARK_FIELDS = 7 };

static PyObject *
mark_record(PyTypeObject *class, const State *state, PyObject *string, const Mark *mark)
{
    PyObject *record = empty_record(class, MARK_FIELDS);
    if (record == NULL)
        return NULL;
    PyTuple_SET_ITEM(record, 0, PyLong_FromSsize_t(mark->start));
    PyTuple_SET_ITEM(record, 1, PyLong_FromSsize_t(mark->end));
    PyTuple_SET_ITEM(record, 2, PyUnicode_Substring(string, mark->start, mark->end));
    PyTuple_SET_ITEM(record, 3, Py_NewRef(state->families[mark->family]));
    PyTuple_SET_ITEM(record, 4, Py_NewRef(state->roles[mark->role]));
    PyTuple_SET_ITEM(record, 5, PyBool_FromLong(mark->is_possessive));
    PyTuple_SET_ITEM(record, 6, PyUnicode_FromOrdinal((int)mark->behind));
    if (PyErr_Occurred())
        Py_CLEAR(record);
    return record;
}

/* Where a paragraph begins and ends; -1 with an exception set. */
static int
read_paragraph(PyObject *span, Py_ssize_t length, Py_ssize_t *start, Py_ssize_t *end)
{
    if (!PyTuple_Check(span) || PyTuple_GET_SIZE(span) != 2) {
        PyErr_SetString(PyExc_TypeError, "a paragraph is where it begins and ends");
        return -1;
    }
    *start = PyLong_AsSsize_t(PyTuple_GET_ITEM(span, 0));
    *end = PyLong_AsSsize_t(PyTuple_GET_ITEM(span, 1));
    if (PyErr_Occurred())
        return -1;
    if (0 <= *start && *start <= *end && *end <= length)
        return 0;
    PyErr_SetString(PyExc_IndexError, "a paragraph that is not in the text");
    return -1;
}

static PyObject *
py_find_marks(PyObject *module, PyObject *arguments)
{
    PyObject *record, *string, *span;
    Habits habits;
    Text text;
    Mark mark;
    Py_ssize_t start, end;
    if (!PyArg_ParseTuple(
            arguments, "O!OO(ppp):find_marks", &PyType_Type, &record, &string, &span,
            &habits.is_reversed, &habits.is_unspaced, &habits.opens_with_closing_mark)
        || read_text(string, &text) < 0 || read_paragraph(span, text.n, &start, &end) < 0)
        return NULL;
    PyTypeObject *class = (PyTypeObject *)record;
    if (!PyType_IsSubtype(class, &PyTuple_Type)) {
        PyErr_SetString(PyExc_TypeError, "a class of named tuples was expected");
        return NULL;
    }
    PyObject *marks = PyList_New(0);
    for (Py_ssize_t place = start; marks != NULL && next_mark(&text, place, end, &mark);
         place = mark.end) {
        if (!read_mark(&text, start, end, &habits, &mark))
            continue;
        PyObject *made = mark_record(class, PyModule_GetState(module), string, &mark);
        if (made == NULL || PyList_Append(marks, made) < 0)
            Py_CLEAR(marks);
        Py_XDECREF(made);
    }
    return marks;
}

/* Add what stands between two marks, white space at its ends left out; -1 with an exception set. */
static int
add_between(PyObject *quotations, const Text *text, Py_ssize_t start, Py_ssize_t end)
{
    while (start < end && Py_UNICODE_ISSPACE(at(text, start)))
        start++;
    while (start < end && Py_UNICODE_ISSPACE(at(text, end - 1)))
        end--;
    if (start == end)
        return 0;
    PyObject *span = Py_BuildValue("nn", start, end);
    int failed = span == NULL || PyList_Append(quotations, span) < 0;
    Py_XDECREF(span);
    return failed ? -1 : 0;
}

/* The quotations of a paragraph whose double marks open and close by turns, beside single ones that
 * close at most; None if it has others. NULL with an exception set. */
static PyObject *
plain_of(const Text *text, Py_ssize_t start, Py_ssize_t end, const Habits *habits)
{
    Mark mark;
    Py_ssize_t opened = -1; /* behind the mark that opened */
    PyObject *quotations = PyList_New(0);
    for (Py_ssize_t place = start; quotations != NULL && next_mark(text, place, end, &mark);
         place = mark.end) {
        if (!read_mark(text, start, end, habits, &mark)
            || (mark.family == SINGLE && mark.role == CLOSES))
            continue;
        if (mark.family != DOUBLE || mark.role != (opened < 0 ? OPENS : CLOSES)) {
            Py_DECREF(quotations);
            Py_RETURN_NONE;
        }
        if (opened >= 0 && add_between(quotations, text, opened, mark.start) < 0)
            Py_CLEAR(quotations);
        opened = opened < 0 ? mark.end : -1;
    }
    if (quotations == NULL || opened < 0)
        return quotations;
    Py_DECREF(quotations);
    Py_RETURN_NONE;
}

static PyObject *
py_plain_quotations(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    PyObject *string, *given;
    Habits habits;
    Text text;
    if (!PyArg_ParseTuple(
            arguments, "OO(ppp):plain_quotations", &string, &given, &habits.is_reversed,
            &habits.is_unspaced, &habits.opens_with_closing_mark)
        || read_text(string, &text) < 0)
        return NULL;
    PyObject *paragraphs = PySequence_Fast(given, "paragraphs are a sequence");
    if (paragraphs == NULL)
        return NULL;
    Py_ssize_t n = PySequence_Fast_GET_SIZE(paragraphs), start, end;
    PyObject *made = PyList_New(n);
    for (Py_ssize_t i = 0; made != NULL && i < n; i++) {
        PyObject *span = PySequence_Fast_GET_ITEM(paragraphs, i), *quotations = NULL;
        if (read_paragraph(span, text.n, &start, &end) == 0)
            quotations = plain_of(&text, start, end, &habits);
        if (quotations == NULL)
            Py_CLEAR(made);
        else
            PyList_SET_ITEM(made, i, quotations);
    }
    Py_DECREF(paragraphs);
    return made;
}

static PyObject *
py_has_marks(PyObject *Py_UNUSED(module), PyObject *string)
{
    Text text;
    Mark mark;
    if (read_text(string, &text) < 0)
        return NULL;
    return PyBool_FromLong(next_mark(&text, 0, text.n, &mark));
}

static PyMethodDef methods[] = {
    {"find_marks", py_find_marks, METH_VARARGS, NULL},
    {"has_marks", py_has_marks, METH_O, NULL},
    {"plain_quotations", py_plain_quotations, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static int
name_all(const char *const *names, size_t n, PyObject **strings)
{
    for (size_t i = 0; i < n; i++) {
        strings[i] = PyUnicode_InternFromString(names[i]);
        if (strings[i] == NULL)
            return -1;
    }
    return 0;
}

static int
fill(PyObject *module)
{
    State *state = PyModule_GetState(module);
    if (name_all(FAMILY_NAMES, FAMILIES, state->families) < 0)
        return -1;
    return name_all(ROLE_NAMES, ROLES, state->roles);
}

static int
clear(PyObject *module)
{
    State *state = PyModule_GetState(module);
    for (size_t i = 0; i < FAMILIES; i++)
        Py_CLEAR(state->families[i]);
    for (size_t i = 0; i < ROLES; i++)
        Py_CLEAR(state->roles[i]);
    return 0;
}

static void
free_module(void *module)
{
    clear(module);
}

static struct PyModuleDef_Slot slots[] = {
    {Py_mod_exec, fill},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "dedup.quotations._native",
    .m_size = sizeof(State),
    .m_methods = methods,
    .m_slots = slots,
    .m_clear = clear,
    .m_free = free_module,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    return PyModuleDef_Init(&definition);
}
