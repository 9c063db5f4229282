/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Quotes text for a YAML file, so that it is read as the same text.
 */
#pragma once

#include <glib.h>

/* The text in quotation marks. text: UTF-8. */
void yaml_append_quoted(GString *out, const char *text);
/* The text, in quotation marks only if it needs them. */
void yaml_append_scalar(GString *out, const char *text);
/* Appends a line "    key: text", or nothing if text is NULL. */
void yaml_append_text(GString *out, const char *indent, const char *key, const char *text);
