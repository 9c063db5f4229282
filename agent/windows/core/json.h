/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads single members of a JSON text (RFC 8259) in place, without building a tree.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Deepest nesting of arrays and objects; hotseatd's messages have 5. */
#define JSON_DEPTH_MAX 32

/* A value: a part of a text that core_json_parse() has accepted. It is valid as long as that text.
 */
typedef struct {
	const char *at, *end;
} Json;

/* Checks the whole text, and sets value to its content. False if it is not JSON, not UTF-8, or
 * nested deeper than JSON_DEPTH_MAX. */
bool core_json_parse(const char *text, size_t length, Json *value);

/* The object's first member of that name. False if there is none, or if it is not an object. */
bool core_json_member(Json object, const char *name, Json *value);

/* The next item of an array; start with an item of { NULL, NULL }. False after the last one, or if
 * it is not an array. */
bool core_json_next(Json array, Json *item);

/* A string without its escapes. False, with out untouched, if it is not a string, does not fit, or
 * has a NUL or half a surrogate pair. */
bool core_json_string(Json value, char *out, size_t size);

/* A number without fraction and exponent that fits into an int64_t. */
bool core_json_integer(Json value, int64_t *out);

bool core_json_is_null(Json value);

/* Writes text, UTF-8, as a JSON string with its quotes. False if it does not fit. */
bool core_json_quote(const char *text, char *out, size_t size);
