/* What a word is made of: the class of every code point, and what it is folded to.
 * The tables are those of dedup/tokens.py, so both agree on any Python. */
#ifndef SECONDHAND_ALPHABET_H
#define SECONDHAND_ALPHABET_H

#include <stddef.h>
#include <stdint.h>

/* As in dedup/tokens.py. */
enum letter_class { SEPARATOR, WORD, MARK, SOLO, CASELESS, LETTER_CLASSES };

#define CODE_POINTS 0x110000u
#define PAGE_BITS 7
#define PAGE (1u << PAGE_BITS)
#define PAGES (CODE_POINTS >> PAGE_BITS)

/* What code points that are treated alike have in common. */
struct letter {
    uint8_t class;
    uint8_t is_spelled; /* folded to `length` bytes of UTF-8, else to the code point + `shift` */
    uint8_t length;
    int32_t shift;
    const uint8_t *spelling;
};

struct alphabet {
    struct letter *letters;
    size_t n_letters;
    uint8_t *spellings;       /* what `letter.spelling` points into */
    size_t longest;           /* bytes that one code point is folded to, at most */
    uint16_t first[PAGES];    /* where each page of code points begins in `numbers` */
    uint16_t *numbers;        /* the place in `letters`, page by page, equal pages once */
};

/* Equal pages are kept once, which takes 60 KB instead of 2 MB: the caches hold it.
 * `numbers`: shape (CODE_POINTS,), each below `alphabet->n_letters`, which is filled already.
 * 0, or -1 if there is no memory. */
int alphabet_page(struct alphabet *alphabet, const uint16_t *numbers);

void alphabet_free(struct alphabet *alphabet);

static inline const struct letter *
letter_of(const struct alphabet *alphabet, uint32_t code_point)
{
    size_t page = alphabet->first[code_point >> PAGE_BITS];
    return &alphabet->letters[alphabet->numbers[(page << PAGE_BITS) + (code_point & (PAGE - 1))]];
}

#endif
