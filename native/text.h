/* A text by its code points, and classes of these as `re` and `str` have them. */
#ifndef SECONDHAND_TEXT_H
#define SECONDHAND_TEXT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdint.h>

enum { NONE = -1, FIRST_NOT_ASCII = 0x80 };

typedef struct {
    PyObject *string;
    const void *data;
    int kind;
    Py_ssize_t n;
} Text;

/* 0, or -1 with an exception. `string` must outlive it. */
static inline int
read_text(PyObject *string, Text *text)
{
    if (!PyUnicode_Check(string)) {
        PyErr_Format(PyExc_TypeError, "a text is a str, not %.100s", Py_TYPE(string)->tp_name);
        return -1;
    }
#if PY_VERSION_HEX < 0x030C0000
    if (PyUnicode_READY(string) < 0)
        return -1;
#endif
    *text = (Text){
        .string = string,
        .data = PyUnicode_DATA(string),
        .kind = PyUnicode_KIND(string),
        .n = PyUnicode_GET_LENGTH(string),
    };
    return 0;
}

static inline Py_UCS4
at(const Text *text, Py_ssize_t place)
{
    return PyUnicode_READ(text->kind, text->data, place);
}

/* A string literal: U"...". */
static inline int
is_among(Py_UCS4 character, const uint_least32_t *characters)
{
    while (*characters != 0 && *characters != character)
        characters++;
    return *characters != 0;
}

static inline int
is_among_at(const Text *text, Py_ssize_t place, const uint_least32_t *characters)
{
    return place < text->n && is_among(at(text, place), characters);
}

/* \s */
static inline int
is_space(Py_UCS4 character)
{
    return Py_UNICODE_ISSPACE(character);
}

/* [^\W_] */
static inline int
is_alphanumeric(Py_UCS4 character)
{
    if (character < FIRST_NOT_ASCII)
        return Py_ISALNUM(character) != 0;
    return Py_UNICODE_ISALNUM(character);
}

/* \w */
static inline int
is_word(Py_UCS4 character)
{
    return is_alphanumeric(character) || character == '_';
}

/* \d */
static inline int
is_digit(Py_UCS4 character)
{
    if (character < FIRST_NOT_ASCII)
        return character >= '0' && character <= '9';
    return Py_UNICODE_ISDECIMAL(character);
}

/* [^\W\d_] */
static inline int
is_letter(Py_UCS4 character)
{
    return is_alphanumeric(character) && !is_digit(character);
}

static inline Py_ssize_t
skip_spaces(const Text *text, Py_ssize_t place)
{
    while (place < text->n && is_space(at(text, place)))
        place++;
    return place;
}

#endif
