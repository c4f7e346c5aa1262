#include "words.h"

Py_ssize_t
words_by_sentence(const int32_t *begins, Py_ssize_t n_begins, const int32_t *places,
                  Py_ssize_t n_places, int32_t *bounds, int32_t *sentences)
{
    Py_ssize_t next = 1, n_bounds = 0;
    for (Py_ssize_t word = 0; word < n_places; word++) {
        int is_first = word == 0;
        for (; next < n_begins && begins[next] <= places[word]; next++)
            is_first = 1;
        if (is_first)
            bounds[n_bounds++] = (int32_t)word;
        sentences[word] = (int32_t)(n_bounds - 1);
    }
    bounds[n_bounds++] = (int32_t)n_places;
    return n_bounds;
}
