/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random scenarios for the engine: what is asked for and what breaks, in a list that can be run,
 * printed and shortened.
 */
#pragma once

#include <glib.h>

typedef enum {
	ACTION_WAIT,	   /* number ms */
	ACTION_REQUEST,	   /* target */
	ACTION_INTERRUPT,  /* a listener requests target at the next event */
	ACTION_STICK,	   /* resource does not move, or does again */
	ACTION_STICK_AWAY, /* the same, but it comes back */
	ACTION_SLOW,	   /* resource takes number ms */
	ACTION_PLUG,	   /* resource is unplugged, or plugged in again */
	ACTION_ONE_WAY,	   /* no one knows whether it comes back, or they do again */
	ACTION_BUTTON,	   /* a person moves resource to target, or to none */
	ACTION_INPUTD,	   /* hotseat-inputd ends, or starts again */
	ACTION_PANIC,	   /* the panic hotkey */
	ACTION_GUEST,	   /* guest gets into state number */
	ACTION_KINDS,
} ActionKind;

typedef struct {
	ActionKind kind;
	guint what;   /* index of a resource, a guest or a target */
	guint number; /* see ActionKind */
} Action;

typedef enum {
	ENDING_FIXED,	   /* everything works again, soon enough for retries */
	ENDING_FIXED_LATE, /* it works again when retries have ended, and a request comes */
	ENDING_AT_REFUSAL, /* the first request that is refused is the last one */
	ENDINGS,
} Ending;

typedef struct {
	guint seed;
	gboolean optional_left, optional_mouse;
	gboolean before;    /* the devices wait for the commands */
	gboolean forwarded; /* keyboard and mouse move via input */
	Ending ending;
	GArray *actions; /* Action */
} Scenario;

/* Free with scenario_free(). */
Scenario *scenario_new(guint seed);
void scenario_free(Scenario *scenario);

/* Runs it from its beginning to its ending and checks what must be true of every one. Returns what
 * is wrong, to be freed with g_free(), or NULL. Aborts where the engine or the desk does. */
char *scenario_run(const Scenario *scenario);

/* One action a line, as a person reads it. Free with g_free(). */
char *scenario_text(const Scenario *scenario);

typedef gboolean (*ScenarioFails)(const Scenario *scenario, gpointer data);

/* Takes actions away, and time out of waits, as long as fails says that it fails still. */
void scenario_reduce(Scenario *scenario, ScenarioFails fails, gpointer data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scenario, scenario_free)
