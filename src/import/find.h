/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where this machine has configs of virtkvm, which src/config reads.
 */
#pragma once

#include <glib.h>

typedef struct {
	const char *root; /* "" except in tests */
	const char *home;
} ImportPlaces;

/* Configs of virtkvm (char *, freed with the array): those that a unit or a process names, and
 * files in the usual places. */
GPtrArray *import_find(const ImportPlaces *places);
