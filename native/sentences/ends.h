/* Where a sentence may end: breaks of segments, put right, and places that they leave out. */
#ifndef SECONDHAND_SENTENCES_ENDS_H
#define SECONDHAND_SENTENCES_ENDS_H

#include "breaks.h"

enum { N_MARKS = 4 };

typedef struct {
    const Breaks *breaks;
    /* Where the next segment begins. */
    Py_ssize_t segment;
    /* Where each mark that may end a sentence stands next. */
    Py_ssize_t marks[N_MARKS];
    /* The next end from either, or NONE. */
    Py_ssize_t beside_marks;
    Py_ssize_t overlooked;
} Ends;

/* 0, or -1 with an exception. `breaks` must outlive it. */
int ends_begin(Ends *ends, const Breaks *breaks);

/* The next one in `end`, each once, ascending; NONE behind the last. 0, or -1 with an exception. */
int ends_next(Ends *ends, Py_ssize_t *end);

#endif
