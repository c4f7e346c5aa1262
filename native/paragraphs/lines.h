/* The lines of a text, as str.splitlines has them. */
#ifndef SECONDHAND_PARAGRAPHS_LINES_H
#define SECONDHAND_PARAGRAPHS_LINES_H

#include "text.h"

enum { N_BREAKS = 10 };

typedef struct {
    const Text *text;
    /* Where the next line begins. */
    Py_ssize_t place;
    /* Where each character that breaks a line stands next, or behind the text. */
    Py_ssize_t breaks[N_BREAKS];
} Lines;

/* Without the white space around it; empty if there is nothing else. */
typedef struct {
    Py_ssize_t start;
    Py_ssize_t end;
} Line;

/* 0, or -1 with an exception. `text` must outlive it. */
int lines_begin(Lines *lines, const Text *text);

/* 1 and the next line; 0 behind the last; -1 with an exception. */
int lines_next(Lines *lines, Line *line);

#endif
