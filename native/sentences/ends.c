/* dedup.sentences.reference says why each rule is there. */
#include "ends.h"

static const uint_least32_t STRAY_CLOSERS[] = U"\u201D\u2019\u00BB\u203A)]}";
static const uint_least32_t STRAY_OPENERS[] =
    U"\u201C\u2018\u00AB\u2039\u201E\u201A([{\u300C\u300E\uFF08\u3010\u3014\u300A\u3008";
static const uint_least32_t CLOSERS_BEHIND_MARK[] = U"\u201D\"\u2019\u00BB)";
static const uint_least32_t GLUED_OPENERS[] = U"\u201C\"\u2018\u00AB";
static const uint_least32_t OPENERS_BEHIND_ELLIPSIS[] = U"\u201C\"\u2018\u00AB(";

enum { ELLIPSIS = 0x2026, LETTERS_OF_A_WORD = 4, DIGITS_OF_A_YEAR = 4 };

static const Py_UCS4 MARKS[N_MARKS] = {'.', '!', '?', ELLIPSIS};

/* _beside_marks */
static Py_ssize_t
beside_marks(const Text *text, Py_ssize_t end)
{
    Py_UCS4 before = at(text, end - 1);
    if (end == text->n || Py_UNICODE_ISLINEBREAK(before))
        return end;
    if (before == ' ' && is_alphanumeric(at(text, end)))
        return end;
    if (is_among(before, STRAY_OPENERS)) {
        while (end > 1 && is_among(at(text, end - 1), STRAY_OPENERS))
            end--;
        return end;
    }
    Py_ssize_t behind = end;
    while (is_among_at(text, behind, STRAY_CLOSERS))
        behind++;
    return behind == text->n || is_space(at(text, behind)) ? behind : end;
}

/* [A-ZÀ-ÖØ-ÞА-Я] */
static int
is_capital(const Text *text, Py_ssize_t place)
{
    if (place >= text->n)
        return 0;
    Py_UCS4 character = at(text, place);
    return (character >= 'A' && character <= 'Z')
           || (character >= 0xC0 && character <= 0xDE && character != 0xD7)
           || (character >= 0x410 && character <= 0x42F);
}

/* [^\W\d_A-Z] */
static int
is_no_capital(Py_UCS4 character)
{
    return is_letter(character) && !(character >= 'A' && character <= 'Z');
}

/* _MISSING_SPACE */
static int
ends_a_word(const Text *text, Py_ssize_t stop)
{
    return stop >= 3 && at(text, stop - 1) != ELLIPSIS && is_no_capital(at(text, stop - 2))
           && is_no_capital(at(text, stop - 3));
}

static int
is_glued(const Text *text, Py_ssize_t place)
{
    place += is_among_at(text, place, GLUED_OPENERS);
    if (!is_capital(text, place++) || place == text->n)
        return 0;
    if (is_space(at(text, place)))
        return 1;
    Py_ssize_t behind = place;
    while (behind < text->n && is_no_capital(at(text, behind)))
        behind++;
    return behind > place && behind < text->n
           && (is_space(at(text, behind)) || at(text, behind) == ',');
}

/* _ELLIPSIS */
static int
is_ellipsis(const Text *text, Py_ssize_t stop)
{
    return at(text, stop - 1) == ELLIPSIS;
}

static int
opens_behind_space(const Text *text, Py_ssize_t place)
{
    Py_ssize_t first = skip_spaces(text, place);
    return first > place
           && is_capital(text, first + is_among_at(text, first, OPENERS_BEHIND_ELLIPSIS));
}

/* _NUMBER_OPENS */
static int
ends_before_number(const Text *text, Py_ssize_t stop)
{
    if (at(text, stop - 1) != '.' || stop < 2)
        return 0;
    Py_ssize_t last = stop - 2;
    if (at(text, last) == '%')
        return 1;
    Py_ssize_t letters = 0;
    while (letters < LETTERS_OF_A_WORD && letters <= last && is_letter(at(text, last - letters)))
        letters++;
    if (letters == LETTERS_OF_A_WORD)
        return 1;
    Py_ssize_t year = last - DIGITS_OF_A_YEAR + 1;
    return year >= 0 && (at(text, year) == '1' || at(text, year) == '2')
           && is_digit(at(text, year + 1)) && is_digit(at(text, year + 2))
           && is_digit(at(text, year + 3)) && !(year > 0 && is_word(at(text, year - 1)));
}

static int
is_number_of_things(const Text *text, Py_ssize_t place)
{
    Py_ssize_t number = skip_spaces(text, place);
    if (number == place || number == text->n || !is_digit(at(text, number)))
        return 0;
    Py_ssize_t behind = number + 1;
    while (behind < text->n
           && (is_digit(at(text, behind)) || at(text, behind) == '.' || at(text, behind) == ','))
        behind++;
    Py_ssize_t things = skip_spaces(text, behind);
    return things > behind && things < text->n && is_letter(at(text, things));
}

typedef int (*Condition)(const Text *text, Py_ssize_t place);

/* What stands in front of an end that ICU leaves out, its mark included, and what follows. */
static const struct {
    Condition before;
    Condition behind;
} OVERLOOKED[] = {
    {ends_a_word, is_glued},
    {is_ellipsis, opens_behind_space},
    {ends_before_number, is_number_of_things},
};

/* Where a sentence ends behind a mark and a closing one, though ICU did not find it; or NONE. */
static Py_ssize_t
overlooked_end(const Text *text, Py_ssize_t stop)
{
    int is_closed = is_among_at(text, stop, CLOSERS_BEHIND_MARK);
    for (size_t i = 0; i < sizeof OVERLOOKED / sizeof *OVERLOOKED; i++) {
        if (is_closed && OVERLOOKED[i].behind(text, stop + 1) && OVERLOOKED[i].before(text, stop))
            return stop + 1;
        if (OVERLOOKED[i].behind(text, stop) && OVERLOOKED[i].before(text, stop))
            return stop;
    }
    return NONE;
}

/* Where a mark stands from a place on, or behind the text. */
static int
find_mark(Ends *ends, int mark, Py_ssize_t from)
{
    const Text *text = ends->breaks->text;
    Py_ssize_t place = PyUnicode_FindChar(text->string, MARKS[mark], from, text->n, 1);
    if (place < NONE)
        return -1;
    ends->marks[mark] = place == NONE ? text->n : place;
    return 0;
}

static int
next_overlooked(Ends *ends)
{
    const Text *text = ends->breaks->text;
    ends->overlooked = NONE;
    while (ends->overlooked == NONE) {
        int first = 0;
        for (int mark = 1; mark < N_MARKS; mark++) {
            if (ends->marks[mark] < ends->marks[first])
                first = mark;
        }
        Py_ssize_t place = ends->marks[first];
        if (place == text->n)
            return 0;
        if (find_mark(ends, first, place + 1) < 0)
            return -1;
        ends->overlooked = overlooked_end(text, place + 1);
    }
    return 0;
}

static void
next_beside_marks(Ends *ends)
{
    const Text *text = ends->breaks->text;
    ends->beside_marks = NONE;
    if (ends->segment < text->n) {
        ends->segment = next_break(ends->breaks, ends->segment);
        ends->beside_marks = beside_marks(text, ends->segment);
    }
}

int
ends_begin(Ends *ends, const Breaks *breaks)
{
    *ends = (Ends){.breaks = breaks};
    for (int mark = 0; mark < N_MARKS; mark++) {
        if (find_mark(ends, mark, 0) < 0)
            return -1;
    }
    next_beside_marks(ends);
    return next_overlooked(ends);
}

int
ends_next(Ends *ends, Py_ssize_t *end)
{
    Py_ssize_t one = ends->beside_marks, other = ends->overlooked;
    *end = one == NONE || (other != NONE && other < one) ? other : one;
    while (*end != NONE && ends->beside_marks == *end) /* two may be moved to one place */
        next_beside_marks(ends);
    return *end != NONE && other == *end ? next_overlooked(ends) : 0;
}
