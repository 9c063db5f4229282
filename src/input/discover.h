/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Event nodes as they come. A folder is watched, and not udev: its events do not reach a process in
 * an empty network namespace.
 */
#pragma once

#include "input/loop.h"

typedef struct Discover Discover;

/* found: an event node is there, may be opened, and may have been reported before. folder is
 * "/dev/input". NULL and error: it cannot be watched. */
Discover *discover_new(Loop *loop, const char *folder,
	void (*found)(gpointer data, const char *path), gpointer data, GError **error);
void discover_free(Discover *discover);

/* Reports all that are there. */
void discover_scan(Discover *discover);
