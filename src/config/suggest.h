/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "did you mean": the known word that is nearest to a mistyped one.
 */
#pragma once

#include <glib.h>

/* Are the two equal except for case, '-', '_' and spaces? */
gboolean suggest_same(const char *a, const char *b);

/* The one of known (NULL at the end) that word was probably meant to be, or NULL. */
const char *suggest(const char *word, const char *const *known);
