/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds event nodes. It watches a folder instead of udev, whose events do not reach a process in an
 * empty network namespace.
 */
#pragma once

#include "input/loop.h"

typedef struct Discover Discover;

/* found: called for an event node that can be opened; the same node may be reported several times.
 * folder is "/dev/input". NULL and error: it cannot be watched. */
Discover *discover_new(Loop *loop, const char *folder,
	void (*found)(gpointer data, const char *path), gpointer data, GError **error);
void discover_free(Discover *discover);

/* Reports all existing event nodes. */
void discover_scan(Discover *discover);
