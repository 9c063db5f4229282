/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Objects in JSON: building them, printing them, reading them. json-glib's own names begin with
 * json_.
 */
#pragma once

#include <json-glib/json-glib.h>

/* -- building: each adds a member to the object that builder is in ------------------------------
 */

/* A value of NULL becomes null. Bytes that are not UTF-8 are replaced. */
void member_add_text(JsonBuilder *builder, const char *name, const char *value);
/* texts: char * */
void member_add_texts(JsonBuilder *builder, const char *name, const GPtrArray *texts);
void member_add_bool(JsonBuilder *builder, const char *name, gboolean value);
void member_add_int(JsonBuilder *builder, const char *name, gint64 value);
void member_add_double(JsonBuilder *builder, const char *name, double value);
/* Negative: null. */
void member_add_int_or_null(JsonBuilder *builder, const char *name, gint64 value);
void member_add_double_or_null(JsonBuilder *builder, const char *name, double value);
/* Ended with json_builder_end_array() and json_builder_end_object(). */
void member_begin_array(JsonBuilder *builder, const char *name);
void member_begin_object(JsonBuilder *builder, const char *name);

/* An item of the array that builder is in; value as in member_add_text(). */
void item_add_text(JsonBuilder *builder, const char *value);

/* A new builder with its outermost object begun. object_end() and object_print() end that object
 * and free the builder. */
JsonBuilder *object_begin(void);
/* Returns the object in one line; object_print() writes it to stdout. Free with g_free(). */
char *object_end(JsonBuilder *builder);
void object_print(JsonBuilder *builder);

/* -- reading ------------------------------------------------------------------------------------
 */

/* The object that text is in JSON (RFC 8259), or NULL. json-glib's own parser is not used: it
 * accepts comments, single quotes and assignments, and deep nesting makes it run out of stack.
 * Arrays and objects can be OBJECT_NESTING_MAX deep. */
#define OBJECT_NESTING_MAX 512
JsonNode *object_parse(const char *text);
/* The same for bytes in UTF-8, UTF-16 or UTF-32, with or without a byte order mark. Accepts what
 * Python's json.loads() accepts: NaN, Infinity and halves of surrogate pairs too. Such a half and
 * U+0000 become U+FFFD, because our texts cannot contain them. */
JsonNode *object_parse_bytes(const guint8 *bytes, gsize length);

/* Members of object, which may be NULL. A member that is missing or has another type is returned as
 * NULL, 0 or FALSE. */
const char *member_text(JsonObject *object, const char *name);
double member_number(JsonObject *object, const char *name);
gboolean member_bool(JsonObject *object, const char *name);
JsonObject *member_object(JsonObject *object, const char *name);
/* The i-th object of an array member, or NULL at its end; items that are not objects are skipped.
 */
JsonObject *member_item(JsonObject *object, const char *name, guint *i);
/* FALSE, with out untouched: the member is missing or not a whole number. */
gboolean member_int(JsonObject *object, const char *name, gint64 *out);
