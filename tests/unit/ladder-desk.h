/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A monitor that listens only on the input that it shows: the host is on i2c-0 (DisplayPort-1), the
 * guest on i2c-5 (HDMI-1) of the same monitor. With an agent in the guest.
 */
#pragma once

#include "desk.h"
#include "display/climb.h"

#define HOST_BUS 0

/* An agent in the guest, with the guest's cable. */
typedef struct {
	DisplayAgents base;
	SimI2c *sim;
	SimMonitor *monitor;
	gboolean connected;
	gboolean lies;	   /* says that it is done, and does nothing */
	gboolean silent;   /* never answers */
	gboolean anywhere; /* is in every guest */
	const char *fails;
	guint orders, cancelled;
	char *guest, *who;
	guint source_address;
	guint16 value;
	DisplayOrderDone done;
	gpointer data;
	guint timer;
} FakeAgent;

typedef struct {
	Desk *desk;
	SimMonitor *monitor;
	FakeAgent agent;
	Resource *ladder;
	ClimbTimes times;	/* of the next ladder */
	ConfigCommand *command; /* its return_command; NULL: none */
} LadderDesk;

/* The file $LOG, no command givens write. */
extern char *ladder_log;

/* For g_test_add(): the monitor and the agent, without a ladder. */
void ladder_desk_set_up(LadderDesk *f, gconstpointer unused);
void ladder_desk_tear_down(LadderDesk *f, gconstpointer unused);

/* Says what came of the order, or does it; of a silent one too. */
gboolean fake_agent_answer(gpointer data);

/* ways: RETURN_… in their order, RETURN_WAYS at the end; NULL: not said. shell: NULL: no command */
void ladder_make(LadderDesk *f, const ReturnWay *ways, const char *shell);

/* Applies target, which has to be arrived at with this detail (NULL: any). */
void ladder_arrives(LadderDesk *f, const char *target, const char *detail);

/* main(): runs the tests that add_tests adds, with a folder for the log. */
int ladder_run(int argc, char **argv, void (*add_tests)(void));

#define ADD(path, func)                                                                            \
	g_test_add(path, LadderDesk, NULL, ladder_desk_set_up, func, ladder_desk_tear_down)
