/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text in a YAML file, so that it is read as that text.
 */
#pragma once

#include <glib.h>

/* In quotation marks, whatever it is. text: UTF-8. */
void yaml_append_quoted(GString *out, const char *text);
/* With quotation marks only where they are needed. */
void yaml_append_scalar(GString *out, const char *text);
/* A line, "    key: text"; nothing when text is NULL. */
void yaml_append_text(GString *out, const char *indent, const char *key, const char *text);
