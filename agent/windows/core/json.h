/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads single members out of a JSON text (RFC 8259) where it lies, without building anything.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Arrays and objects within one another; what hotseatd sends has 5. */
#define JSON_DEPTH_MAX 32

/* A value: a piece of a text that core_json_parse() has found valid, and valid as long as that is.
 */
typedef struct {
	const char *at, *end;
} Json;

/* Checks the whole of text; value is then what it holds. False if it is no JSON, not UTF-8, or
 * nested deeper than JSON_DEPTH_MAX. */
bool core_json_parse(const char *text, size_t length, Json *value);

/* The object's first member of that name. False if there is none, or if it is no object. */
bool core_json_member(Json object, const char *name, Json *value);

/* The next of an array's items: item begins as { NULL, NULL }. False after the last, or if it is no
 * array. */
bool core_json_next(Json array, Json *item);

/* A string without its escapes. False, and out is untouched, if it is no string, does not fit, or
 * has a NUL or half a surrogate pair. */
bool core_json_string(Json value, char *out, size_t size);

/* A number without fraction and exponent that an int64_t can hold. */
bool core_json_integer(Json value, int64_t *out);

bool core_json_is_null(Json value);

/* Writes text, UTF-8, as a JSON string with its quotes. False if it does not fit. */
bool core_json_quote(const char *text, char *out, size_t size);
