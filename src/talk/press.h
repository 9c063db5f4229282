/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds out which keyboard or mouse the user presses. Reads the kernel's event nodes; other
 * programs still get all events.
 */
#pragma once

#include "talk/talk.h"

/* How long to wait for a press, and how long it must be quiet afterwards, so that typed text does
 * not get into the next answer. */
#define PRESS_TIMEOUT_MS 60000
#define PRESS_QUIET_MS	 300
/* Text that arrives without an event of a device within this time was typed elsewhere, for example
 * over ssh. */
#define PRESS_ELSEWHERE_MS 1000

typedef struct {
	const char *sysfs; /* SYSFS_ROOT except in tests */
	const char *nodes; /* "/dev/input" except in tests */
	int typed;	   /* the terminal, in a mode that gives each key; -1: none */
} PressPlaces;

/* The event nodes ("event4") of the USB device in a port (char *, freed with the array). */
GPtrArray *press_nodes(const char *sysfs, const char *port);

/* Waits for a press of a device in one of the ports (ends with NULL). Returns its index, or a
 * result of TalkOps.press. */
int press_wait(const PressPlaces *places, const char *const *ports, TalkPress what);
