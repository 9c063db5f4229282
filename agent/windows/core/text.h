/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text in UTF-8, in buffers of a fixed size.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#if defined(__MINGW32__)
/* msvcrt's own printf does not know %zu */
#define TEXT_PRINTF(at, first) __attribute__((format(gnu_printf, at, first)))
#else
#define TEXT_PRINTF(at, first) __attribute__((format(printf, at, first)))
#endif

/* An error message for people. */
typedef struct {
	char text[512];
} Problem;

/* Sets the message and returns false. */
bool core_problem_set(Problem *problem, const char *format, ...) TEXT_PRINTF(2, 3);

/* Formats into out of size bytes; text that does not fit is cut after a complete character. */
void core_text_format(char *out, size_t size, const char *format, ...) TEXT_PRINTF(3, 4);

/* Copies length bytes into out of size bytes. False, with out untouched, if they do not fit. */
bool core_text_copy(char *out, size_t size, const char *from, size_t length);

/* Are the texts equal, apart from the case of ASCII letters? */
bool core_text_same(const char *a, const char *b);

bool core_text_is_space(char c);
bool core_text_is_digit(char c);
/* Is it a printable ASCII character or a space? */
bool core_text_is_plain(char c);

/* Strips white space at both ends: advances *start, and returns the remaining length. */
size_t core_text_strip(const char **start, size_t length);

/* Is it UTF-8, without overlong forms, surrogates and NUL? */
bool core_text_is_valid(const char *text, size_t length);

/* Appends a code point to out as UTF-8 and returns its length: 1 to 4; out has room for 4. */
size_t core_text_put(char *out, unsigned long code);

/* Converts the text of a file to UTF-8. It can be UTF-8 with or without a byte order mark, or
 * UTF-16 with one (Notepad and PowerShell 5 write both). NULL if it is neither. Free with free().
 */
char *core_text_from_file(const unsigned char *bytes, size_t length);
