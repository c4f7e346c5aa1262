/* Runs a fuzz target where there is no libFuzzer, in its manner: inputs that reach code which no
 * other has reached are kept, and changed into further ones. For gcc's
 * -fsanitize-coverage=trace-pc.
 *
 *     fuzz SECONDS SEED
 *
 * An input that stops the program is left in `crash`. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST_BYTES 1024
#define MOST_KEPT 4096
#define MAP_BITS 14

/* Which steps from one place of the code to the next have been made, in this run and ever. */
static uint8_t made[1 << MAP_BITS], ever[1 << MAP_BITS];

void
__sanitizer_cov_trace_pc(void)
{
    static uintptr_t before;
    uintptr_t place = (uintptr_t)__builtin_return_address(0) * UINT64_C(0x9E3779B97F4A7C15);
    place >>= 64 - MAP_BITS;
    made[place ^ before] = 1;
    before = place >> 1;
}

static struct {
    uint8_t bytes[MOST_BYTES];
    size_t size;
} kept[MOST_KEPT], input;
static size_t n_kept;

static uint64_t state;

/* splitmix64 */
static size_t
draw(size_t below)
{
    uint64_t value = state += UINT64_C(0x9E3779B97F4A7C15);
    value = (value ^ value >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ value >> 27) * UINT64_C(0x94D049BB133111EB);
    return (value ^ value >> 31) % below;
}

static const char *const FIRST[] = {
    "\7\4\5\1The volcano erupted near the town of Reykjavik on Monday, 2020 people said.",
    "\7\1\3\1\xE4\xB8\xAD\xE4\xB8\xAD\xF0\xA0\xAE\xB7 \xE4\xB8\xAD""abc\xE4\xB8\xAD\xCC\x81",
    "\7\2\5\2Stra\xC3\x9F" "e \xC4\xB0zmir caf\xC3\xA9 \xD8\xB9\xD9\x80\xD8\xB9 30\xD8\xB9",
};
#define N_FIRST (sizeof FIRST / sizeof *FIRST)

/* What borders of words, blocks and characters are made of. */
static const char *const PIECES[] = {
    "a", "Z", "0", " ", "volcano", "erupted near the town ", "\xC3\x9F", "\xC4\xB0", "\xCC\x81",
    "\xD9\x80", "\xD8\xB9", "\xE4\xB8\xAD", "\xF0\xA0\xAE\xB7", "\xE2\x80\x99", "\xE2\x80\xA6",
    "\xED\xA0\x80", "\xC0\x80", "\xF4\x90\x80\x80", "\xFF", "\xE4\xB8", "\xF0\xA0",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklm",
    "                                                               ",
};
#define N_PIECES (sizeof PIECES / sizeof *PIECES)

static void
replace(size_t from, size_t to, const uint8_t *by, size_t length)
{
    if (input.size - (to - from) + length > MOST_BYTES)
        return;
    uint8_t copy[MOST_BYTES];
    memcpy(copy, by, length);
    memmove(input.bytes + from + length, input.bytes + to, input.size - to);
    memcpy(input.bytes + from, copy, length);
    input.size += length - (to - from);
}

static void
change(void)
{
    size_t from = draw(input.size + 1);
    size_t to = from + draw(input.size - from + 1) / (1 + draw(16));
    switch (draw(5)) {
    case 0:
        if (from < input.size)
            input.bytes[from] ^= (uint8_t)(1 << draw(8));
        break;
    case 1: replace(from, to, input.bytes, 0); break;
    case 2: replace(from, from, input.bytes + from, to - from); break;
    case 3: {
        size_t other = draw(n_kept), start = draw(kept[other].size + 1);
        replace(from, to, kept[other].bytes + start, draw(kept[other].size - start + 1));
        break;
    }
    default: {
        const char *piece = PIECES[draw(N_PIECES)];
        replace(from, from, (const uint8_t *)piece, strlen(piece));
    }
    }
}

static void
save(int number)
{
    (void)number;
    FILE *file = fopen("crash", "wb");
    if (file != NULL) {
        fwrite(input.bytes, 1, input.size, file);
        fclose(file);
    }
    _exit(1);
}

static int
is_new(void)
{
    int found = 0;
    for (size_t i = 0; i < sizeof made; i++) {
        found |= made[i] & ~ever[i];
        ever[i] |= made[i];
    }
    return found;
}

int
main(int count, char **arguments)
{
    if (count != 3) {
        fprintf(stderr, "fuzz SECONDS SEED\n");
        return 2;
    }
    time_t end = time(NULL) + atol(arguments[1]);
    state = strtoull(arguments[2], NULL, 10);
    signal(SIGABRT, save);
    for (; n_kept < N_FIRST; n_kept++) {
        kept[n_kept].size = strlen(FIRST[n_kept]);
        memcpy(kept[n_kept].bytes, FIRST[n_kept], kept[n_kept].size);
    }
    size_t n_runs = 0;
    while (time(NULL) < end) {
        input = kept[draw(n_kept)];
        for (size_t changes = 1 + draw(8); changes > 0; changes--)
            change();
        memset(made, 0, sizeof made);
        LLVMFuzzerTestOneInput(input.bytes, input.size);
        n_runs++;
        if (is_new() && n_kept < MOST_KEPT)
            kept[n_kept++] = input;
    }
    printf("%zu inputs, %zu of them new ways through the code\n", n_runs, n_kept);
    return 0;
}
