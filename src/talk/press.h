/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which keyboard or mouse does the person press? Reads the kernel's event nodes, which takes
 * nothing away from anybody else.
 */
#pragma once

#include "talk/talk.h"

/* How long it may take, and how long it has to be quiet afterwards, so that nothing typed gets into
 * the next answer. */
#define PRESS_TIMEOUT_MS 60000
#define PRESS_QUIET_MS	 300
/* What is typed and comes from none of the devices was typed elsewhere, say at the other end of an
 * ssh: its event would have been there by now. */
#define PRESS_ELSEWHERE_MS 1000

typedef struct {
	const char *sysfs; /* SYSFS_ROOT but for tests */
	const char *nodes; /* "/dev/input" but for tests */
	int typed;	   /* the terminal, in a mode that gives each key; -1: none */
} PressPlaces;

/* The event nodes ("event4") of the USB device in a port (char *, freed with the array). */
GPtrArray *press_nodes(const char *sysfs, const char *port);

/* Waits for a press of a device in one of the ports (NULL at the end). Returns its index, or what
 * TalkOps.press does. */
int press_wait(const PressPlaces *places, const char *const *ports, TalkPress what);
