/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Overwrites secrets before their memory is freed.
 */
#pragma once

#include <glib.h>

/* Overwrites text, which contains a secret, and frees it as g_free() does. NULL is allowed. */
void wipe_free(char *text);
/* The same for a GString, and for a GByteArray. */
void wipe_string(GString *string);
void wipe_bytes(GByteArray *bytes);

/* Like g_autofree, for a char * with a secret: WIPED char *text. */
#define WIPED __attribute__((cleanup(wipe_cleanup)))
void wipe_cleanup(char **text);
