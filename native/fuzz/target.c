/* A fuzz target: any bytes through the tokenizer and the kernel, held to slow, plain versions.
 *
 * The first bytes choose settings, the rest are texts. All is checked that can be without Python:
 * words and places against a plain tokenizer, in every form that a text can be stored in; passages
 * against a plain winnowing; the table of words against a list of them; keys of every instruction
 * set against those of the first, and of a second run, with a vocabulary that knows the words and
 * one that has forgotten most, against the first run's. The alphabet is a small one with all that a
 * real one can have.
 *
 * Built with driver.c, or with clang's -fsanitize=fuzzer: tests/dedup/test_fuzz.py. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"
#include "room.h"
#include "simd.h"
#include "word_table.h"

#define CHECK(condition)                                                                         \
    do {                                                                                         \
        if (!(condition)) {                                                                      \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);              \
            abort();                                                                             \
        }                                                                                        \
    } while (0)

/* An alphabet ------------------------------------------------------------------------------- */

enum letters { NONE, SMALL, CAPITAL, ACCENT, IDEOGRAPH, ARABIC, SHARP_S, DROPPED, DOTTED, KINDS };

static struct alphabet alphabet;

static enum letters
kind_of(uint32_t code_point)
{
    if (code_point >= 'A' && code_point <= 'Z')
        return CAPITAL;
    if ((code_point >= 'a' && code_point <= 'z') || (code_point >= '0' && code_point <= '9'))
        return SMALL;
    if (code_point == 0xDF)
        return SHARP_S;
    if (code_point >= 0xC0 && code_point <= 0xFF)
        return code_point < 0xDF ? CAPITAL : SMALL;
    if (code_point == 0x130)
        return DOTTED;
    if (code_point == 0x640)
        return DROPPED;
    if (code_point >= 0x300 && code_point < 0x370)
        return ACCENT;
    if (code_point >= 0x600 && code_point < 0x700)
        return ARABIC;
    if ((code_point >= 0x4E00 && code_point < 0xA000) ||
        (code_point >= 0x20000 && code_point < 0x30000))
        return IDEOGRAPH;
    return NONE;
}

static void
make_alphabet(void)
{
    static const struct letter letters[KINDS] = {
        [NONE] = {.class = SEPARATOR},
        [SMALL] = {.class = WORD},
        [CAPITAL] = {.class = WORD, .shift = 0x20},
        [ACCENT] = {.class = MARK},
        [IDEOGRAPH] = {.class = SOLO},
        [ARABIC] = {.class = CASELESS},
        [SHARP_S] = {.class = WORD, .is_spelled = 1, .length = 2, .spelling = (uint8_t *)"ss"},
        [DROPPED] = {.class = MARK, .is_spelled = 1, .spelling = (uint8_t *)""},
        [DOTTED] = {.class = WORD, .is_spelled = 1, .length = 6, .spelling = (uint8_t *)"dotted"},
    };
    uint16_t *numbers = malloc(CODE_POINTS * sizeof *numbers);
    CHECK(numbers != NULL);
    for (uint32_t code_point = 0; code_point < CODE_POINTS; code_point++)
        numbers[code_point] = (uint16_t)kind_of(code_point);
    alphabet.letters = (struct letter *)letters;
    alphabet.n_letters = KINDS;
    alphabet.longest = 6;
    CHECK(alphabet_page(&alphabet, numbers) == 0);
    free(numbers);
}

/* Plain versions ---------------------------------------------------------------------------- */

/* A text as code points, and where each begins in UTF-8. */
struct plain {
    size_t length;
    uint32_t *code_points;
    size_t *places;
};

/* One well-formed character, or one byte of something else. */
static size_t
decode(const uint8_t *bytes, size_t left, uint32_t *code_point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = bytes[0] < 0x80   ? 1
                    : bytes[0] < 0xC0 ? 0
                    : bytes[0] < 0xE0 ? 2
                    : bytes[0] < 0xF0 ? 3
                    : bytes[0] < 0xF8 ? 4
                                      : 0;
    *code_point = 0xFFFD;
    if (length == 0 || length > left)
        return 1;
    uint32_t value = length == 1 ? bytes[0] : bytes[0] & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return 1;
        value = value << 6 | (bytes[i] & 0x3F);
    }
    if (value < least[length] || value >= CODE_POINTS || (value >= 0xD800 && value < 0xE000))
        return 1;
    *code_point = value;
    return length;
}

static struct plain
plain_of(const uint8_t *bytes, size_t length)
{
    struct plain plain = {0, malloc((length + 1) * sizeof(uint32_t)),
                          malloc((length + 1) * sizeof(size_t))};
    CHECK(plain.code_points != NULL && plain.places != NULL);
    for (size_t at = 0; at < length; plain.length++) {
        plain.places[plain.length] = at;
        at += decode(bytes + at, length - at, &plain.code_points[plain.length]);
    }
    plain.places[plain.length] = length;
    return plain;
}

static size_t
encode(uint32_t code_point, uint8_t *to)
{
    if (code_point < 0x80)
        return to[0] = (uint8_t)code_point, 1;
    size_t length = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, code_point >>= 6)
        to[i] = (uint8_t)(0x80 | (code_point & 0x3F));
    to[0] = (uint8_t)((0xF00u >> length & 0xFF) | code_point);
    return length;
}

/* Check one word: its bytes are those of the code points from `start` to `end`, folded. */
static void
check_word(const struct plain *plain, size_t start, size_t end, const uint8_t *folded,
           size_t length)
{
    size_t at = 0;
    for (size_t i = start; i < end; i++) {
        const struct letter *letter = &alphabet.letters[kind_of(plain->code_points[i])];
        uint8_t bytes[16];
        size_t n_bytes = letter->length;
        if (letter->is_spelled)
            memcpy(bytes, letter->spelling, n_bytes);
        else
            n_bytes = encode(plain->code_points[i] + (uint32_t)letter->shift, bytes);
        CHECK(at + n_bytes <= length && memcmp(folded + at, bytes, n_bytes) == 0);
        at += n_bytes;
    }
    CHECK(at == length);
}

/* The rule of dedup/tokens.py, code point by code point. */
static void
check_words(const struct plain *plain, const struct words *words, int is_utf8)
{
    size_t number = 0, start = 0;
    uint8_t open = SEPARATOR;
    for (size_t i = 0; i <= plain->length; i++) {
        uint8_t class = i < plain->length
                            ? alphabet.letters[kind_of(plain->code_points[i])].class
                            : SEPARATOR;
        if (class == MARK || (class == open && class != SOLO))
            continue;
        if (open != SEPARATOR) {
            CHECK(number < words->n_words);
            CHECK((size_t)words->starts[number] == (is_utf8 ? plain->places[start] : start));
            CHECK((size_t)words->ends[number] == (is_utf8 ? plain->places[i] : i));
            check_word(plain, start, i, words->folded + words->at[number], words->lengths[number]);
            number++;
        }
        open = class;
        start = i;
    }
    CHECK(number == words->n_words);
}

static int
is_among(const uint64_t *values, size_t n_values, uint64_t value)
{
    for (size_t i = 0; i < n_values; i++)
        if (values[i] == value)
            return 1;
    return 0;
}

/* Every window's least shingle is selected, nothing else, each once and where it is first. */
static void
check_passages(const uint64_t *shingles, size_t n_shingles, size_t window)
{
    struct passages passages = {0};
    CHECK(select_passages(shingles, n_shingles, window, &passages) == 0);
    uint64_t *least = malloc((n_shingles + 1) * sizeof *least);
    CHECK(least != NULL);
    size_t n_windows = n_shingles < window ? 0 : n_shingles - window + 1;
    for (size_t from = 0; from < n_windows; from++) {
        least[from] = UINT64_MAX;
        for (size_t i = from; i < from + window; i++)
            least[from] = shingles[i] < least[from] ? shingles[i] : least[from];
    }
    size_t n_found = 0;
    for (size_t i = 0; i < n_shingles; i++) {
        if (is_among(shingles, i, shingles[i]) || !is_among(least, n_windows, shingles[i]))
            continue;
        CHECK(n_found < passages.n_passages);
        CHECK(passages.starts[n_found] == (int32_t)i && passages.hashes[n_found] == shingles[i]);
        n_found++;
    }
    CHECK(n_found == passages.n_passages);
    free(least);
    passages_free(&passages);
}

/* Of the words that were added since all were forgotten, each is found, and no other. */
static void
check_word_table(const uint64_t *hashes, size_t n_words)
{
    struct word_table table;
    CHECK(word_table_init(&table, 1 + n_words / 2) == 0);
    size_t first = 0;
    for (size_t i = 0; i < n_words; i++) {
        const struct known_word *known = word_table_find(&table, hashes[i]);
        CHECK((known != NULL) == is_among(hashes + first, i - first, hashes[i]));
        CHECK(known == NULL || (known->word == hashes[i] && known->term == ~hashes[i]));
        size_t n_known = table.n_words;
        CHECK(word_table_reserve(&table, 1) == 0);
        if (table.n_words < n_known) {
            CHECK(n_known == table.most_words && table.n_words == 0);
            first = i;
        }
        struct known_word added = {.word = hashes[i], .term = ~hashes[i]};
        word_table_add(&table, &added);
        CHECK(table.n_words <= table.most_words);
    }
    word_table_free(&table);
}

/* Texts in every form ----------------------------------------------------------------------- */

/* Copies that end where their memory does, so that a step beyond is seen. */
static void *
exact_copy(const struct plain *plain, enum text_form form)
{
    uint8_t *copy = malloc(plain->length * (size_t)form);
    CHECK(copy != NULL || plain->length == 0);
    for (size_t i = 0; i < plain->length; i++) {
        uint8_t narrow = (uint8_t)plain->code_points[i];
        uint16_t middle = (uint16_t)plain->code_points[i];
        const void *unit = form == TEXT_1   ? (const void *)&narrow
                           : form == TEXT_2 ? (const void *)&middle
                                            : (const void *)&plain->code_points[i];
        memcpy(copy + i * (size_t)form, unit, (size_t)form);
    }
    return copy;
}

static void
check_text(const uint8_t *bytes, size_t length, size_t window)
{
    struct plain plain = plain_of(bytes, length);
    uint32_t highest = 0;
    for (size_t i = 0; i < plain.length; i++)
        highest = plain.code_points[i] > highest ? plain.code_points[i] : highest;
    struct words words = {0};
    CHECK(tokenize(&alphabet, (struct text){bytes, length, TEXT_UTF8}, &words) == 0);
    check_words(&plain, &words, 1);
    check_passages(words.hashes, words.n_words,
                   words.n_words < window ? (words.n_words ? words.n_words : 1) : window);
    check_word_table(words.hashes, words.n_words);
    static const enum text_form forms[] = {TEXT_1, TEXT_2, TEXT_4};
    for (size_t i = 0; i < 3; i++) {
        if (forms[i] < TEXT_4 && highest >> (8 * forms[i]))
            continue;
        void *copy = exact_copy(&plain, forms[i]);
        struct text text = {copy, plain.length, forms[i]};
        CHECK(tokenize(&alphabet, text, &words) == 0);
        check_words(&plain, &words, 0);
        free(copy);
    }
    words_free(&words);
    free(plain.code_points);
    free(plain.places);
}

/* The kernel -------------------------------------------------------------------------------- */

#define PERMUTATIONS 8
#define MOST_TEXTS 4

struct result {
    size_t n_keys;
    uint64_t *keys;
    uint8_t *families;
    int32_t *starts;
    int64_t offsets[MOST_TEXTS + 1];
};

/* What a word stands for, for want of Python: joined if it is no ASCII, else its first letters. */
static struct term
answer(const uint8_t *word, size_t length)
{
    struct term term = {.weight = (double)(length % 5) / 4, .length = (uint32_t)length};
    if (word[0] >= 0xE4) {
        term.window = (uint8_t)(1 + word[0] % 4);
        term.stem.utf8 = word;
    } else
        term.stem.hash = length * 31 + word[0];
    return term;
}

static void
answer_all(struct vocabulary *vocabulary, struct lexicon **known, size_t most_terms)
{
    size_t start = 0;
    for (size_t i = 0; i < vocabulary->n_wanted; start = vocabulary->wanted_ends[i++]) {
        size_t length = vocabulary->wanted_ends[i] - start;
        uint8_t *word = malloc(length);
        CHECK(word != NULL);
        memcpy(word, vocabulary->wanted_utf8 + start, length);
        struct term term = answer(word, length);
        CHECK(lexicon_fill(vocabulary->asked, vocabulary->wanted[i], &term) == 0);
        CHECK(lexicon_add(known, vocabulary->wanted[i], &term, most_terms) == 0);
        CHECK((*known)->n_terms <= most_terms);
        free(word);
    }
    vocabulary->has_answers = 1;
}

static struct result
run(const struct plan *plan, const struct text *texts, size_t n_texts, struct lexicon **known,
    size_t most_terms)
{
    struct lexicon *held = *known;
    held->n_users++;
    struct vocabulary vocabulary = {.known = held};
    static const int32_t languages[MOST_TEXTS];
    uint32_t wording[MOST_TEXTS * PERMUTATIONS], content[MOST_TEXTS * PERMUTATIONS];
    struct prints prints = {.wording = plan->has_wording ? wording : NULL,
                            .content = plan->has_content ? content : NULL};
    CHECK(prints_init(&prints, n_texts) == 0);
    CHECK(prints_make(&prints, plan, &alphabet, texts, &vocabulary, languages) == 0);
    if (prints.n_postponed > 0) {
        answer_all(&vocabulary, known, most_terms);
        CHECK(prints_finish(&prints, plan, &alphabet, texts, &vocabulary, languages) == 0);
    }
    struct result result = {.n_keys = prints_count_keys(&prints, plan)};
    result.keys = malloc(result.n_keys * sizeof *result.keys);
    result.families = malloc(result.n_keys * sizeof *result.families);
    result.starts = malloc(result.n_keys * sizeof *result.starts);
    prints_write_keys(&prints, plan, result.keys, result.families, result.starts, result.offsets);
    prints_free(&prints);
    vocabulary_free(&vocabulary);
    lexicon_release(held);
    return result;
}

static void
free_result(struct result *result)
{
    free(result->keys);
    free(result->families);
    free(result->starts);
}

static int
is_same(const struct result *one, const struct result *other, size_t n_texts)
{
    size_t n_keys = one->n_keys;
    if (n_keys != other->n_keys ||
        memcmp(one->offsets, other->offsets, (n_texts + 1) * sizeof *one->offsets) != 0)
        return 0;
    return n_keys == 0 ||
           (memcmp(one->keys, other->keys, n_keys * sizeof *one->keys) == 0 &&
            memcmp(one->families, other->families, n_keys * sizeof *one->families) == 0 &&
            memcmp(one->starts, other->starts, n_keys * sizeof *one->starts) == 0);
}

/* Settings from three bytes. */
static struct plan
plan_of(const uint8_t *bytes)
{
    static const uint32_t multipliers[PERMUTATIONS] = {1, 3, 0x9E3779B1, 5, 7, 0xFFFFFFFF, 9, 11};
    static const uint32_t increments[PERMUTATIONS] = {0, 1, 2, 0x80000000, 4, 0xFFFFFFFF, 6, 7};
    static const int32_t places[] = {0, 1, 2, 3, 4, 5, 6, 7, 1, 2, 5, 6};
    static const uint64_t firsts[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    struct plan plan = {
        .has_wording = bytes[0] & 1,
        .has_content = bytes[0] >> 1 & 1,
        .has_passages = bytes[0] >> 2 & 1,
        .permutations = {PERMUTATIONS, multipliers, increments},
        .shingle_words = 1 + bytes[1] % 8,
        .passage_window = 1 + bytes[2] % 60,
        .least_windows = 10,
        .weighting = {.25, .5},
        .content = {6, 2, places, firsts},
        .wording = {4, 3, places, firsts},
    };
    return plan;
}

static void
check_kernel(const struct plan *plan, const struct text *texts, size_t n_texts)
{
    struct lexicon *known = lexicon_new(), *small = lexicon_new();
    CHECK(known != NULL && small != NULL);
    simd_level = SIMD_BASELINE;
    struct result first = run(plan, texts, n_texts, &known, 1000);
    for (int level = 0; level <= (int)simd_best(); level++) {
        simd_level = (enum simd_level)level;
        struct result again = run(plan, texts, n_texts, &known, 1000);
        CHECK(is_same(&first, &again, n_texts));
        free_result(&again);
        struct result forgetful = run(plan, texts, n_texts, &small, 3);
        CHECK(is_same(&first, &forgetful, n_texts));
        free_result(&forgetful);
    }
    free_result(&first);
    lexicon_release(known);
    lexicon_release(small);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (alphabet.numbers == NULL)
        make_alphabet();
    if (size < 4)
        return 0;
    struct plan plan = plan_of(data);
    size_t n_texts = data[3] % (MOST_TEXTS + 1);
    struct text texts[MOST_TEXTS];
    uint8_t *copies[MOST_TEXTS];
    size_t length = n_texts ? (size - 4) / n_texts : 0;
    for (size_t i = 0; i < n_texts; i++) {
        copies[i] = malloc(length);
        CHECK(copies[i] != NULL || length == 0);
        if (length)
            memcpy(copies[i], data + 4 + i * length, length);
        texts[i] = (struct text){copies[i], length, TEXT_UTF8};
        check_text(copies[i], length, plan.passage_window);
    }
    check_kernel(&plan, texts, n_texts);
    for (size_t i = 0; i < n_texts; i++)
        free(copies[i]);
    return 0;
}
