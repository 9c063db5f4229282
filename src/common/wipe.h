/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Secrets leave no copy in memory that is given back.
 */
#pragma once

#include <glib.h>

/* g_free() for a text that has a secret in it, which is overwritten before. NULL is fine. */
void wipe_free(char *text);
/* The same for a GString, and for a GByteArray. */
void wipe_string(GString *string);
void wipe_bytes(GByteArray *bytes);

/* A char * that is a secret's, as g_autofree: WIPED char *text. */
#define WIPED __attribute__((cleanup(wipe_cleanup)))
void wipe_cleanup(char **text);
