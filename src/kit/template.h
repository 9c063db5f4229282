/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A text with placeholders "@name@"; names consist of small letters and "_". Pure.
 */
#pragma once

#include "kit/quote.h"

typedef struct {
	const char *name, *value;
} TemplateValue;

/* Replaces each placeholder by its quoted value; placeholders with unknown names are not changed.
 * values: ends with an entry without a name. Free with g_free(). */
char *template_fill(const char *text, const TemplateValue *values, Quote quote);

/* The same text with CR LF for each LF. Free with g_free(). */
char *template_crlf(const char *text);
