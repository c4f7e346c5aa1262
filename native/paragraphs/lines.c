#include "lines.h"

static const Py_UCS4 BREAKS[N_BREAKS] = {
    '\n', '\r', '\v', '\f', 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029,
};

static int
find_break(Lines *lines, int which, Py_ssize_t from)
{
    const Text *text = lines->text;
    Py_ssize_t place = PyUnicode_FindChar(text->string, BREAKS[which], from, text->n, 1);
    if (place < NONE)
        return -1;
    lines->breaks[which] = place == NONE ? text->n : place;
    return 0;
}

int
lines_begin(Lines *lines, const Text *text)
{
    *lines = (Lines){.text = text};
    for (int which = 0; which < N_BREAKS; which++) {
        if (find_break(lines, which, 0) < 0)
            return -1;
    }
    return 0;
}

/* Behind the next break; -1 with an exception. */
static Py_ssize_t
skip_break(Lines *lines)
{
    int first = 0;
    for (int which = 1; which < N_BREAKS; which++) {
        if (lines->breaks[which] < lines->breaks[first])
            first = which;
    }
    Py_ssize_t place = lines->breaks[first];
    if (place == lines->text->n)
        return place;
    if (find_break(lines, first, place + 1) < 0)
        return -1;
    place++;
    if (BREAKS[first] == '\r' && place < lines->text->n && at(lines->text, place) == '\n')
        return skip_break(lines);
    return place;
}

int
lines_next(Lines *lines, Line *line)
{
    const Text *text = lines->text;
    Py_ssize_t start = lines->place;
    if (start == text->n)
        return 0;
    Py_ssize_t end = lines->place = skip_break(lines);
    if (end < 0)
        return -1;
    while (start < end && is_space(at(text, start)))
        start++;
    while (start < end && is_space(at(text, end - 1)))
        end--;
    *line = (Line){start, end};
    return 1;
}
