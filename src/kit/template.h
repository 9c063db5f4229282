/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A text with places to fill in: "@name@", of small letters and "_". Pure.
 */
#pragma once

#include "kit/quote.h"

typedef struct {
	const char *name, *value;
} TemplateValue;

/* The text, with the value of each name quoted in its place; what is no place of a name stays as it
 * is. values: ends with an entry without a name. Free with g_free(). */
char *template_fill(const char *text, const TemplateValue *values, Quote quote);

/* The same text with CR LF for each LF. Free with g_free(). */
char *template_crlf(const char *text);
