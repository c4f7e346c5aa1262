/* Where a sentence may end: places that ICU found, put right, and those that it leaves out. */
#ifndef SECONDHAND_SENTENCES_ENDS_H
#define SECONDHAND_SENTENCES_ENDS_H

#include "text.h"

enum { N_MARKS = 4 };

typedef struct {
    const Text *text;
    /* ICU's ends in code points, ascending, and which of them comes next. */
    const int32_t *found;
    Py_ssize_t n_found;
    Py_ssize_t next;
    /* Where each mark that may end a sentence stands next. */
    Py_ssize_t marks[N_MARKS];
    /* The next end from either, or NONE. */
    Py_ssize_t beside_marks;
    Py_ssize_t overlooked;
} Ends;

/* 0, or -1 with an exception. `found` must outlive it. */
int ends_begin(Ends *ends, const Text *text, const int32_t *found, Py_ssize_t n_found);

/* The next one in `end`, each once, ascending; NONE behind the last. 0, or -1 with an exception. */
int ends_next(Ends *ends, Py_ssize_t *end);

#endif
