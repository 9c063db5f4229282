/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Members of the JSON that the commands print.
 */
#pragma once

#include <json-glib/json-glib.h>

/* NULL: null. What is not UTF-8 is replaced. */
void json_add_text(JsonBuilder *builder, const char *name, const char *value);
/* texts: char * */
void json_add_texts(JsonBuilder *builder, const char *name, const GPtrArray *texts);
void json_add_bool(JsonBuilder *builder, const char *name, gboolean value);
void json_add_int(JsonBuilder *builder, const char *name, gint64 value);
/* Negative: null. */
void json_add_int_or_null(JsonBuilder *builder, const char *name, gint64 value);
void json_add_double_or_null(JsonBuilder *builder, const char *name, double value);

/* Prints what was built, as one line. */
void json_print(JsonBuilder *builder);
