/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A desk on simulated buses and a made-up sysfs, and a person with a script who sits at it.
 */
#pragma once

#include "device/found.h"
#include "setup/interview.h"
#include "sim/monitor.h"

typedef struct SetupDesk SetupDesk;

/* What the person does at a question. The last of a script has neither. */
typedef struct {
	const char *expect; /* is among what was said since the last answer; NULL: whatever */
	const char *answer; /* NULL: nothing is typed for a second */
	guint times;	    /* of it; 0: once */
	void (*act)(SetupDesk *desk); /* before: presses buttons, say */
	int press;		      /* for a press: the index, or TALK_PRESS_* */
	gboolean presses;	      /* this is a press, not an answer */
} Line;

/* The person leaves. */
#define LEAVE "\x04"

struct SetupDesk {
	SimI2c *sim;
	Machine machine;
	SimMonitor *monitors[4];
	char *root, *sysfs; /* sysfs is in root; "../proc" is beside it */
	InterviewOptions options;
	Interview interview;
	const Line *script;
	guint at, done; /* line, and times of it */
	GString *said, *all;
};

extern const char *const no_options[];

/* what the monitors of most tests list, and show */
#define CAPS  "(vcp(10 12 60(01 0F 11 12)))"
#define DP1   0x0f
#define HDMI1 0x11

extern const SimMonitorSpec aoc, dell, lg;

/* A desk without anything. */
void desk_new(SetupDesk *desk);
void desk_free(SetupDesk *desk);
/* The same for g_test_add(). */
void desk_set_up(SetupDesk *desk, gconstpointer unused);
void desk_tear_down(SetupDesk *desk, gconstpointer unused);

/* On bus 4 + 2n, at DP-n+1 unless connectorless, showing DisplayPort-1; cable into that input. */
SimMonitor *desk_add_monitor(SetupDesk *desk, const SimMonitorSpec *spec, gboolean connector);
/* A file, or a link, in sysfs. */
void desk_put(SetupDesk *desk, const char *path, const char *text);
void desk_link(SetupDesk *desk, const char *path, const char *target);
/* usage: "keyboard", "mouse", "both", "other" (sound), "none". */
void desk_add_device(SetupDesk *desk, const char *port, const char *id, const char *serial,
	const char *name, const char *usage);
/* Looks at monitors and devices; capabilities: of all monitors; NULL: they have none. */
void desk_look(SetupDesk *desk, const char *capabilities);
/* A guest that runs; network: address of this machine in its network; NULL: none. */
void desk_add_guest(SetupDesk *desk, const char *name, gboolean gpu, const char *network);

/* Keyboard and mouse, one of each, and a guest with a graphics card. */
void desk_add_usual(SetupDesk *desk);

/* Runs the interview with the script, which it has to need wholly. */
gboolean desk_run(SetupDesk *desk, const Line *script);
/* desk_look(), and an interview that the person does not leave. */
void desk_look_and_run(SetupDesk *desk, const char *capabilities, const Line *script);
/* Was it said at any time? */
void desk_assert_said(SetupDesk *desk, const char *text);
/* The config's text has this. */
void desk_assert_text(SetupDesk *desk, const char *text);
/* The interview says that this is missing. */
void desk_assert_missing(SetupDesk *desk, const char *text);
/* No message was ever sent to a monitor that sets something. */
void desk_assert_nothing_set(SetupDesk *desk);
