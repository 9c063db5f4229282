/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "did you mean": the known word that is most similar to a mistyped one.
 */
#pragma once

#include <glib.h>

/* Are the two equal except for case, '-', '_' and spaces? */
gboolean suggest_same(const char *a, const char *b);

/* The word in known (ends with NULL) that word probably means, or NULL. */
const char *suggest(const char *word, const char *const *known);
