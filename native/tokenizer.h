/* Text in, words out: the rule of dedup/tokens.py. */
#ifndef SECONDHAND_TOKENIZER_H
#define SECONDHAND_TOKENIZER_H

#include <stddef.h>
#include <stdint.h>

#include "alphabet.h"

/* How a text is stored: as a Python string of 1, 2 or 4 bytes per code point, or as UTF-8. */
enum text_form { TEXT_UTF8 = 0, TEXT_1 = 1, TEXT_2 = 2, TEXT_4 = 4 };

struct text {
    const void *data;
    size_t length; /* in units: bytes of UTF-8, else code points */
    enum text_form form;
};

/* The longest text, in units. Places are int32, and the folded bytes of any such text are
 * fewer than 2^32. */
#define LONGEST_TEXT ((size_t)1 << 27)

/* The words of one text. The room is kept for the next one. */
struct words {
    size_t n_words;
    uint64_t *hashes;  /* of the folded words */
    uint32_t *at;      /* where each folded word stands in `folded` */
    uint32_t *lengths; /* and how long it is, in bytes of UTF-8 */
    int32_t *starts;   /* where each stands in the text, in units */
    int32_t *ends;
    uint8_t *folded;

    size_t room;        /* words, and units of text */
    size_t folded_room; /* bytes */
    size_t n_folded;    /* bytes */
    uint8_t *marks;     /* of each unit: see tokenizer.c */
};

/* 0, or -1 if there is no memory (or the text is longer than LONGEST_TEXT). */
int tokenize(const struct alphabet *alphabet, struct text text, struct words *words);

void words_free(struct words *words);

#endif
