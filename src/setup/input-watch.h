/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Watches which input a monitor reports, while the user presses its buttons. Only reads.
 */
#pragma once

#include "setup/interview.h"

/* How often the monitor is asked, and after how many times the watch ends: three minutes. */
#define WATCH_PAUSE_MS 1000
#define WATCH_TIMES    180

typedef enum {
	WATCH_LEFT,    /* the user has left */
	WATCH_SEEN,    /* it shows another input: code */
	WATCH_SAID,    /* the user named one: code */
	WATCH_NONE,    /* the user says that there is no cable */
	WATCH_SAME,    /* the user says that it uses the same cable as the previous guest */
	WATCH_NOTHING, /* nothing was seen */
} WatchEnd;

typedef struct {
	gboolean same_allowed; /* there is a previous guest */
	guint16 host_code;     /* the host's input */
	guint16 code;	       /* WATCH_SEEN: what it reports; WATCH_SAID: what to write */
} InputWatch;

/* Watches until it reports, twice in a row, another input than host (what it reports when it shows
 * the host). */
WatchEnd input_watch(
	Interview *interview, const FoundMonitor *monitor, guint8 host, InputWatch *watch);

/* Watches until it shows the host again. FALSE: the user has left. */
gboolean input_watch_back(Interview *interview, const FoundMonitor *monitor, guint8 host);
