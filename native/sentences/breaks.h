/* Where the sentence rules of Unicode Standard Annex 29 break a text. */
#ifndef SECONDHAND_SENTENCES_BREAKS_H
#define SECONDHAND_SENTENCES_BREAKS_H

#include "text.h"

/* dedup.sentences.breaks.Class. Segments end at the first three alone. */
enum class {
    NOT_LEARNED,
    SEPARATOR,
    FULL_STOP,
    END_MARK,
    CONTINUING,
    SPACE,
    CLOSING,
    IGNORED,
    LOWER,
    UPPER,
    LETTER,
    NUMBER,
    OTHER
};

/* `classes`: of each code point. */
typedef struct {
    const Text *text;
    const uint8_t *classes;
} Breaks;

/* Where the segment that begins at a place ends; the place is in the text. */
Py_ssize_t next_break(const Breaks *breaks, Py_ssize_t place);

/* Whether all characters of the text have a class. */
int are_learned(const Breaks *breaks);

#endif
