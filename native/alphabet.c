#include "alphabet.h"

#include <stdlib.h>
#include <string.h>

int
alphabet_page(struct alphabet *alphabet, const uint16_t *numbers)
{
    const size_t bytes = PAGE * sizeof *numbers;
    size_t n_pages = 0;
    uint16_t *pages = malloc(PAGES * bytes);
    if (pages == NULL)
        return -1;
    for (size_t page = 0; page < PAGES; page++) {
        const uint16_t *own = numbers + page * PAGE;
        /* Most are like the one before, or unlike all. */
        size_t same = n_pages;
        while (same > 0 && memcmp(pages + (same - 1) * PAGE, own, bytes) != 0)
            same--;
        if (same == 0) {
            memcpy(pages + n_pages * PAGE, own, bytes);
            same = ++n_pages;
        }
        alphabet->first[page] = (uint16_t)(same - 1);
    }
    uint16_t *shorter = realloc(pages, n_pages * bytes);
    alphabet->numbers = shorter != NULL ? shorter : pages;
    return 0;
}

void
alphabet_free(struct alphabet *alphabet)
{
    free(alphabet->letters);
    free(alphabet->spellings);
    free(alphabet->numbers);
    memset(alphabet, 0, sizeof *alphabet);
}
