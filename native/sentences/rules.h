/* Which possible ends of sentences are ends. */
#ifndef SECONDHAND_SENTENCES_RULES_H
#define SECONDHAND_SENTENCES_RULES_H

#include "breaks.h"

typedef struct {
    int32_t start;
    int32_t end;
} Stretch;

typedef struct {
    Stretch *stretches;
    size_t n;
    size_t room;
} Stretches;

/* The sentences of a text, to be freed whatever is returned. `stops`:
 * dedup.sentences.fullstops.FullStops. 0, or -1 with an exception. */
int sentences_find(const Breaks *breaks, PyObject *stops, Stretches *sentences);

#endif
