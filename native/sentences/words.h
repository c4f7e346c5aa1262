/* Which words stand in which sentence. */
#ifndef SECONDHAND_SENTENCES_WORDS_H
#define SECONDHAND_SENTENCES_WORDS_H

#include "text.h"

/* `begins`: of sentences, ascending. `places`: of words, ascending. `bounds`, with room for one
 * more than there are words: the first word of each sentence that has one, and the number of all
 * words. `sentences`: of each word. Returns the number of bounds. */
Py_ssize_t words_by_sentence(const int32_t *begins, Py_ssize_t n_begins, const int32_t *places,
                             Py_ssize_t n_places, int32_t *bounds, int32_t *sentences);

#endif
