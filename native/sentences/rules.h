/* Which possible ends of sentences are ends. */
#ifndef SECONDHAND_SENTENCES_RULES_H
#define SECONDHAND_SENTENCES_RULES_H

#include "text.h"

typedef struct {
    int32_t start;
    int32_t end;
} Stretch;

typedef struct {
    Stretch *stretches;
    size_t n;
    size_t room;
} Stretches;

/* The sentences of a text, to be freed whatever is returned. `found`: ICU's ends in code points,
 * ascending. `stops`: a mapping, what a full stop says behind a word. `opens`: a callable, whether
 * a word opens a sentence. 0, or -1 with an exception. */
int sentences_find(const Text *text, const int32_t *found, Py_ssize_t n_found, PyObject *stops,
                   PyObject *opens, Stretches *sentences);

#endif
