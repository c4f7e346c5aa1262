/* SB3 to SB11 are the rules of the annex: https://www.unicode.org/reports/tr29/ */
#include "breaks.h"

/* Behind the text there is no character of any class. */
static enum class
class_at(const Breaks *breaks, Py_ssize_t place)
{
    return place < breaks->text->n ? breaks->classes[at(breaks->text, place)] : NOT_LEARNED;
}

static int
is_end_mark(enum class class)
{
    return class == FULL_STOP || class == END_MARK;
}

/* The first place from one on where a class is at most that, or behind the text. */
static Py_ssize_t
find_class(const Breaks *breaks, Py_ssize_t place, enum class most)
{
    const uint8_t *classes = breaks->classes;
    const void *data = breaks->text->data;
    Py_ssize_t n = breaks->text->n;
    switch (breaks->text->kind) {
    case PyUnicode_1BYTE_KIND:
        while (place < n && classes[((const Py_UCS1 *)data)[place]] > most)
            place++;
        break;
    case PyUnicode_2BYTE_KIND:
        while (place < n && classes[((const Py_UCS2 *)data)[place]] > most)
            place++;
        break;
    default:
        while (place < n && classes[((const Py_UCS4 *)data)[place]] > most)
            place++;
    }
    return place;
}

/* SB5 */
static Py_ssize_t
skip_ignored(const Breaks *breaks, Py_ssize_t place)
{
    while (class_at(breaks, place) == IGNORED)
        place++;
    return place;
}

static Py_ssize_t
skip_class(const Breaks *breaks, Py_ssize_t place, enum class class)
{
    while (class_at(breaks, place) == class)
        place = skip_ignored(breaks, place + 1);
    return place;
}

/* SB3, SB4 */
static Py_ssize_t
skip_separator(const Breaks *breaks, Py_ssize_t place)
{
    const Text *text = breaks->text;
    int is_pair = at(text, place) == '\r' && place + 1 < text->n && at(text, place + 1) == '\n';
    return place + 1 + is_pair;
}

/* Of an upper or lower case letter; what is ignored stands between. */
static int
stands_behind_case(const Breaks *breaks, Py_ssize_t place)
{
    do
        place--;
    while (place >= 0 && class_at(breaks, place) == IGNORED);
    return place >= 0 && (class_at(breaks, place) == LOWER || class_at(breaks, place) == UPPER);
}

/* SB8: whether a letter in lower case comes first of what may decide. */
static int
goes_on_in_lower_case(const Breaks *breaks, Py_ssize_t place)
{
    for (;; place++) {
        switch (class_at(breaks, place)) {
        case LOWER: return 1;
        case UPPER:
        case LETTER:
        case SEPARATOR:
        case FULL_STOP:
        case END_MARK:
        case NOT_LEARNED: return 0;
        default: break;
        }
    }
}

/* Where the segment ends with the mark at a place; NONE if it goes on, from `next` on. */
static Py_ssize_t
break_behind(const Breaks *breaks, Py_ssize_t mark, Py_ssize_t *next)
{
    int is_full_stop = class_at(breaks, mark) == FULL_STOP;
    *next = skip_ignored(breaks, mark + 1);
    enum class following = class_at(breaks, *next);
    if (is_full_stop && following == NUMBER) /* SB6 */
        return NONE;
    if (is_full_stop && following == UPPER && stands_behind_case(breaks, mark)) /* SB7 */
        return NONE;
    *next = skip_class(breaks, *next, CLOSING); /* SB9 */
    *next = skip_class(breaks, *next, SPACE);   /* SB10 */
    following = class_at(breaks, *next);
    if (following == SEPARATOR)
        return skip_separator(breaks, *next);
    if (following == CONTINUING || is_end_mark(following)) /* SB8a */
        return NONE;
    if (is_full_stop && goes_on_in_lower_case(breaks, *next)) /* SB8 */
        return NONE;
    return *next; /* SB11 */
}

Py_ssize_t
next_break(const Breaks *breaks, Py_ssize_t place)
{
    for (;;) {
        Py_ssize_t mark = find_class(breaks, place, END_MARK);
        if (mark == breaks->text->n)
            return mark;
        if (class_at(breaks, mark) == SEPARATOR)
            return skip_separator(breaks, mark);
        Py_ssize_t end = break_behind(breaks, mark, &place);
        if (end != NONE)
            return end;
    }
}

int
are_learned(const Breaks *breaks)
{
    return find_class(breaks, 0, NOT_LEARNED) == breaks->text->n;
}
