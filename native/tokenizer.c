/* Two ways through a text, block by block of 64 units. Blocks of ASCII (and of the usual
 * typographic punctuation) are words and separators only: their borders are the edges in a mask
 * of bits. All other blocks go code point by code point through the tables. A word may begin in
 * the one and end in the other. */
#include "tokenizer.h"

#include <stdlib.h>
#include <string.h>

#include "hashing.h"
#include "simd.h"

#define BLOCK 64

/* `words.marks`: of each unit one of these. */
enum { IS_SEPARATOR = 0, IS_WORD = 1, IS_OTHER = 2 };

/* Dashes, quotation marks, bullets, ellipses: separators on any Python. */
#define PUNCTUATION_FIRST 0x2010
#define PUNCTUATION_COUNT 0x18

static ALWAYS_INLINE uint8_t
ascii_mark(uint8_t unit)
{
    uint8_t is_letter = (uint8_t)((unit | 0x20) - 'a') < 26;
    uint8_t is_digit = (uint8_t)(unit - '0') < 10;
    return (uint8_t)(is_letter | is_digit);
}

static ALWAYS_INLINE uint8_t
ascii_lower(uint8_t unit)
{
    uint8_t is_upper = (uint8_t)(unit - 'A') < 26;
    return (uint8_t)(unit | is_upper << 5);
}

static ALWAYS_INLINE void
mark_1_body(const uint8_t *units, size_t length, uint8_t *restrict folded, uint8_t *restrict marks)
{
    for (size_t i = 0; i < length; i++) {
        folded[i] = ascii_lower(units[i]);
        marks[i] = (uint8_t)(units[i] < 0x80 ? ascii_mark(units[i]) : IS_OTHER);
    }
}

#define MARK_WIDE(unit_type)                                                                     \
    for (size_t i = 0; i < length; i++) {                                                        \
        unit_type unit = units[i];                                                               \
        uint8_t is_ascii = unit < 0x80;                                                          \
        uint8_t is_punctuation = (unit_type)(unit - PUNCTUATION_FIRST) < PUNCTUATION_COUNT;      \
        folded[i] = ascii_lower((uint8_t)unit);                                                  \
        marks[i] = (uint8_t)(is_ascii         ? ascii_mark((uint8_t)unit)                        \
                             : is_punctuation ? IS_SEPARATOR                                     \
                                              : IS_OTHER);                                       \
    }

static ALWAYS_INLINE void
mark_2_body(const uint16_t *units, size_t length, uint8_t *restrict folded,
            uint8_t *restrict marks)
{
    MARK_WIDE(uint16_t)
}

static ALWAYS_INLINE void
mark_4_body(const uint32_t *units, size_t length, uint8_t *restrict folded,
            uint8_t *restrict marks)
{
    MARK_WIDE(uint32_t)
}

VERSIONS(mark_1, (const uint8_t *units, size_t length, uint8_t *folded, uint8_t *marks),
         (units, length, folded, marks))
VERSIONS(mark_2, (const uint16_t *units, size_t length, uint8_t *folded, uint8_t *marks),
         (units, length, folded, marks))
VERSIONS(mark_4, (const uint32_t *units, size_t length, uint8_t *folded, uint8_t *marks),
         (units, length, folded, marks))

/* Where we are: the word that is open, if any. */
struct reader {
    const struct alphabet *alphabet;
    struct words *words;
    uint8_t class;    /* of the open word; SEPARATOR if there is none */
    uint8_t is_apart; /* its folded bytes stand behind the text's, else at their own places */
    size_t start;     /* unit of the text */
    size_t at;        /* byte of `words->folded` */
};

static int
grow_folded(struct words *words, size_t more)
{
    if (words->folded_room - words->n_folded >= more)
        return 0;
    size_t room = words->folded_room + words->folded_room / 2 + more;
    uint8_t *folded = realloc(words->folded, room);
    if (folded == NULL)
        return -1;
    words->folded = folded;
    words->folded_room = room;
    return 0;
}

static ALWAYS_INLINE void
close_word(struct reader *reader, size_t end)
{
    struct words *words = reader->words;
    size_t length = (reader->is_apart ? words->n_folded : end) - reader->at;
    size_t number = words->n_words++;
    words->hashes[number] = word_hash(words->folded + reader->at, length);
    words->at[number] = (uint32_t)reader->at;
    words->lengths[number] = (uint32_t)length;
    words->starts[number] = (int32_t)reader->start;
    words->ends[number] = (int32_t)end;
    reader->class = SEPARATOR;
}

static ALWAYS_INLINE void
open_word(struct reader *reader, uint8_t class, size_t start, int is_apart)
{
    reader->class = class;
    reader->is_apart = (uint8_t)is_apart;
    reader->start = start;
    reader->at = is_apart ? reader->words->n_folded : start;
}

/* The open word's bytes of this block, where they stand apart. */
static int
carry(struct reader *reader, size_t from, size_t to)
{
    struct words *words = reader->words;
    if (grow_folded(words, to - from) < 0)
        return -1;
    memcpy(words->folded + words->n_folded, words->folded + from, to - from);
    words->n_folded += to - from;
    return 0;
}

/* A block of ASCII words and separators. Bit i of `is_word` is unit base + i. */
static ALWAYS_INLINE int
read_plain(struct reader *reader, size_t base, size_t length, uint64_t is_word)
{
    if (reader->class != SEPARATOR && reader->class != WORD)
        close_word(reader, base);
    uint64_t edges = is_word ^ (is_word << 1 | (reader->class == WORD));
    if (reader->class == WORD && reader->is_apart) {
        size_t end = base + (edges ? (size_t)__builtin_ctzll(edges) : length);
        if (carry(reader, base, end) < 0)
            return -1;
    }
    for (; edges; edges &= edges - 1) {
        size_t edge = base + (size_t)__builtin_ctzll(edges);
        if (reader->class == WORD)
            close_word(reader, edge);
        else
            open_word(reader, WORD, edge, 0);
    }
    return 0;
}

static ALWAYS_INLINE size_t
write_utf8(uint8_t *to, uint32_t code_point)
{
    if (code_point < 0x80) {
        to[0] = (uint8_t)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        to[0] = (uint8_t)(0xC0 | code_point >> 6);
        to[1] = (uint8_t)(0x80 | (code_point & 0x3F));
        return 2;
    }
    if (code_point < 0x10000) {
        to[0] = (uint8_t)(0xE0 | code_point >> 12);
        to[1] = (uint8_t)(0x80 | (code_point >> 6 & 0x3F));
        to[2] = (uint8_t)(0x80 | (code_point & 0x3F));
        return 3;
    }
    to[0] = (uint8_t)(0xF0 | code_point >> 18);
    to[1] = (uint8_t)(0x80 | (code_point >> 12 & 0x3F));
    to[2] = (uint8_t)(0x80 | (code_point >> 6 & 0x3F));
    to[3] = (uint8_t)(0x80 | (code_point & 0x3F));
    return 4;
}

static ALWAYS_INLINE size_t
write_folded(uint8_t *to, const struct letter *letter, uint32_t code_point)
{
    if (!letter->is_spelled)
        return write_utf8(to, (uint32_t)((int32_t)code_point + letter->shift));
    memcpy(to, letter->spelling, letter->length);
    return letter->length;
}

#define REPLACEMENT 0xFFFDu

static ALWAYS_INLINE int
is_tail(uint8_t byte)
{
    return (byte & 0xC0) == 0x80;
}

/* The code point of UTF-8 at `*at`, which moves behind it. What is ill-formed, surrogates
 * included, is read byte by byte as a character that separates words. */
static ALWAYS_INLINE uint32_t
next_utf8(const uint8_t *data, size_t length, size_t *at)
{
    const uint8_t *own = data + *at;
    size_t left = length - *at;
    uint32_t lead = own[0];
    if (lead < 0x80) {
        *at += 1;
        return lead;
    }
    if (lead < 0xE0 && left >= 2 && is_tail(own[1])) {
        uint32_t code_point = (lead & 0x1F) << 6 | (own[1] & 0x3Fu);
        if (lead >= 0xC2) {
            *at += 2;
            return code_point;
        }
    } else if (lead >= 0xE0 && lead < 0xF0 && left >= 3 && is_tail(own[1]) && is_tail(own[2])) {
        uint32_t code_point = (lead & 0x0F) << 12 | (own[1] & 0x3Fu) << 6 | (own[2] & 0x3Fu);
        if (code_point >= 0x800 && (code_point & 0xF800) != 0xD800) {
            *at += 3;
            return code_point;
        }
    } else if (lead >= 0xF0 && lead < 0xF5 && left >= 4 && is_tail(own[1]) && is_tail(own[2]) &&
               is_tail(own[3])) {
        uint32_t code_point = (lead & 0x07) << 18 | (own[1] & 0x3Fu) << 12 |
                              (own[2] & 0x3Fu) << 6 | (own[3] & 0x3Fu);
        if (code_point >= 0x10000 && code_point < CODE_POINTS) {
            *at += 4;
            return code_point;
        }
    }
    *at += 1;
    return REPLACEMENT;
}

static ALWAYS_INLINE uint32_t
next_code_point(struct text text, enum text_form form, size_t *at)
{
    switch (form) {
    case TEXT_1: return ((const uint8_t *)text.data)[(*at)++];
    case TEXT_2: return ((const uint16_t *)text.data)[(*at)++];
    case TEXT_4: return ((const uint32_t *)text.data)[(*at)++];
    default: return next_utf8(text.data, text.length, at);
    }
}

/* Code points from `at` until `end` is reached or passed; returns where it stopped, or
 * SIZE_MAX if there is no memory. */
static ALWAYS_INLINE size_t
read_any(struct reader *reader, struct text text, enum text_form form, size_t at, size_t end)
{
    struct words *words = reader->words;
    if (reader->class == WORD && !reader->is_apart) {
        size_t start = reader->start;
        reader->at = words->n_folded;
        reader->is_apart = 1;
        if (carry(reader, start, at) < 0)
            return SIZE_MAX;
    }
    while (at < end) {
        size_t place = at;
        uint32_t code_point = next_code_point(text, form, &at);
        const struct letter *letter = letter_of(reader->alphabet, code_point);
        uint8_t class = letter->class;
        if (class == SEPARATOR) {
            if (reader->class != SEPARATOR)
                close_word(reader, place);
            continue;
        }
        if (class == MARK) {
            if (reader->class == SEPARATOR)
                continue; /* a mark on nothing, as the variation selector of an emoji */
        } else if (class != reader->class || class == SOLO) {
            if (reader->class != SEPARATOR)
                close_word(reader, place);
            open_word(reader, class, place, 1);
        }
        if (grow_folded(words, reader->alphabet->longest) < 0)
            return SIZE_MAX;
        words->n_folded += write_folded(words->folded + words->n_folded, letter, code_point);
    }
    return at;
}

/* Bit i: the lowest (or second lowest) bit of byte i. The bytes hold 0, 1 or 2 each. */
static ALWAYS_INLINE uint64_t
bits_of(const uint8_t *marks, int shift)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < BLOCK; i += 8) {
        uint64_t eight;
        memcpy(&eight, marks + i, 8);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        eight = __builtin_bswap64(eight);
#endif
        eight = eight >> shift & UINT64_C(0x0101010101010101);
        bits |= eight * UINT64_C(0x0102040810204080) >> 56 << i;
    }
    return bits;
}

static ALWAYS_INLINE int
read_text(struct reader *reader, struct text text, enum text_form form)
{
    struct words *words = reader->words;
    size_t at = 0;
    while (at < text.length) {
        size_t length = text.length - at < BLOCK ? text.length - at : BLOCK;
        if (bits_of(words->marks + at, 1) == 0) {
            if (read_plain(reader, at, length, bits_of(words->marks + at, 0)) < 0)
                return -1;
            at += length;
        } else {
            at = read_any(reader, text, form, at, at + length);
            if (at == SIZE_MAX)
                return -1;
        }
    }
    if (reader->class != SEPARATOR)
        close_word(reader, text.length);
    return 0;
}

static int
resize(void *array, size_t room, size_t bytes)
{
    void *moved = realloc(*(void **)array, room * bytes);
    if (moved == NULL)
        return -1;
    *(void **)array = moved;
    return 0;
}

/* Room for the words of any text of so many units: every unit may be one. Pages that no word
 * reaches are never touched, so they take no memory. */
static int
reserve(struct words *words, size_t length)
{
    if (length > LONGEST_TEXT)
        return -1;
    if (length > words->room) {
        size_t room = length + length / 4;
        words->room = 0;
        if (resize(&words->hashes, room, sizeof *words->hashes) < 0 ||
            resize(&words->at, room, sizeof *words->at) < 0 ||
            resize(&words->lengths, room, sizeof *words->lengths) < 0 ||
            resize(&words->starts, room, sizeof *words->starts) < 0 ||
            resize(&words->ends, room, sizeof *words->ends) < 0 ||
            resize(&words->marks, room + BLOCK, sizeof *words->marks) < 0)
            return -1;
        words->room = room;
    }
    words->n_words = words->n_folded = 0;
    return grow_folded(words, length);
}

int
tokenize(const struct alphabet *alphabet, struct text text, struct words *words)
{
    if (text.length == 0) {
        words->n_words = 0;
        return 0;
    }
    if (reserve(words, text.length) < 0)
        return -1;
    switch (text.form) {
    case TEXT_2: mark_2(text.data, text.length, words->folded, words->marks); break;
    case TEXT_4: mark_4(text.data, text.length, words->folded, words->marks); break;
    default: mark_1(text.data, text.length, words->folded, words->marks); break;
    }
    memset(words->marks + text.length, IS_SEPARATOR, BLOCK);
    words->n_folded = text.length;
    struct reader reader = {.alphabet = alphabet, .words = words};
    switch (text.form) {
    case TEXT_1: return read_text(&reader, text, TEXT_1);
    case TEXT_2: return read_text(&reader, text, TEXT_2);
    case TEXT_4: return read_text(&reader, text, TEXT_4);
    default: return read_text(&reader, text, TEXT_UTF8);
    }
}

void
words_free(struct words *words)
{
    free(words->hashes);
    free(words->at);
    free(words->lengths);
    free(words->starts);
    free(words->ends);
    free(words->folded);
    free(words->marks);
    memset(words, 0, sizeof *words);
}
