/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Watching what a monitor says that it shows, while a person presses its buttons. Reads only.
 */
#pragma once

#include "setup/interview.h"

/* How often it is asked, and after how many times the watch gives up: three minutes. */
#define WATCH_PAUSE_MS 1000
#define WATCH_TIMES    180

typedef enum {
	WATCH_LEFT,    /* the person has left */
	WATCH_SEEN,    /* it shows another input: code */
	WATCH_SAID,    /* the person named one: code */
	WATCH_NONE,    /* the person says that there is no cable */
	WATCH_SAME,    /* the person says that it is the cable of the guest before */
	WATCH_NOTHING, /* nothing was seen */
} WatchEnd;

typedef struct {
	gboolean same_allowed; /* there is a guest before this one */
	guint16 host_code;     /* the host's input */
	guint16 code;	       /* WATCH_SEEN: what it reports; WATCH_SAID: what to write */
} InputWatch;

/* Until it shows something else than host (what it says when it shows the host), twice the same. */
WatchEnd input_watch(
	Interview *interview, const FoundMonitor *monitor, guint8 host, InputWatch *watch);

/* Until it shows the host again. FALSE: the person has left. */
gboolean input_watch_back(Interview *interview, const FoundMonitor *monitor, guint8 host);
