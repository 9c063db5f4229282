/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A node whose kernel, host's programs and user are the test. The node is a datagram socket that is
 * connected to itself: what hotseat-inputd writes comes back to it, as from a kernel, and so does
 * what the test writes, which is the keyboard's.
 */
#pragma once

#include "input/node.h"

typedef struct {
	Loop *loop;
	InputGuest *guest, *other;
	NodeRoutes *routes;
	Node node;
	GString *log;	/* what happened, in order */
	KeySet kernel;	/* keys that are down, as the kernel knows */
	int grab_error; /* errno of the next grab; 0: it works */
	/* pressed in the moment of the next grab, and the next ungrab; 0: none */
	guint late, between[2];
	int soon;     /* as for type(): comes when the node waits for events; 0: none */
	guint unread; /* down for the kernel, which gives the event when it is asked; 0: none */
} NodeDesk;

/* Of the test that runs. */
extern NodeDesk *desk;

void set_up(void);
void tear_down(void);

/* From the device, and a SYN_REPORT. */
void event(guint type, guint code, int value);
/* As event(), and it is read: code down, -code up. */
void type(int code);
/* Must work. */
void move(InputGuest *guest);
/* All that has happened since the last call. */
void assert_log(const char *expected);
