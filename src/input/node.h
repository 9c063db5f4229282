/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An event node of a keyboard or mouse, and the target of its events.
 *
 * While the host has it, hotseat-inputd only listens to its keys. While a guest has it, it is
 * grabbed. Keys that are held down are released on the side that loses the node. The side that gets
 * it sees neither these keys nor their releases.
 *
 * NodeOps hides the source of events: the kernel (node-kernel.c), or the process at the other end
 * of a socket pair (node-simulated.c). Both provide struct input_event.
 */
#pragma once

#include "input/chord.h"
#include "input/guest.h"

typedef struct Node Node;

/* On failure errno is set. */
typedef struct {
	/* Grabs the node, so that no other process gets its events, or releases it. */
	gboolean (*grab)(Node *node, gboolean on);
	/* Which events are read: keys only (a moving mouse does not wake hotseat-inputd up), or
	 * all. */
	void (*listen)(Node *node, gboolean all);
	/* The keys that are down, according to the source. */
	gboolean (*held)(Node *node, KeySet *held);
	/* The LEDs, a bit for each LED_* of the first eight. */
	guint8 (*leds)(Node *node);
	/* Waits for events, ms milliseconds at most. FALSE: none has come. */
	gboolean (*wait)(Node *node, int ms);
} NodeOps;

/* Receives hotkeys, and the keys that stay with the host; shared by all nodes. */
typedef struct {
	ChordMatcher matcher;
	KeySet keep; /* stay with the host, wherever the node is */
	/* chord: the index of the one that was pressed. Must not change a node, but may note it. */
	void (*hotkey)(gpointer data, guint chord);
	/* A key of keep, on a node that a guest has. */
	void (*kept)(gpointer data, guint code, gboolean down);
	gpointer data;
} NodeRoutes;

/* While a node changes sides, some events also reach the host's programs, and others do not. A
 * second descriptor of the node gets the same events as they do. There is room for as many as the
 * kernel keeps: fewer keys are pressed in the tens of milliseconds that it takes to end a grab. */
#define NODE_SEEN_MAX 64

typedef struct {
	struct input_event events[NODE_SEEN_MAX]; /* of keys */
	guint n;
} NodeSeen;

/* The LEDs that move with the seat: LED_NUML to LED_KANA. */
#define NODE_LEDS 5

/* Events that hotseat-inputd wrote, and that the kernel returns to it. */
#define NODE_ECHOES_MAX 96

struct Node {
	const NodeOps *ops;
	int fd;
	int observer;	 /* the second descriptor; -1: none is needed */
	LoopWatch watch; /* of fd; used by the owner */
	gpointer owner;
	char *name; /* "event5", for people */
	NodeRoutes *routes;
	const Loop *loop;
	/* the source's capabilities */
	KeySet keys;
	guint8 led_bits;
	gboolean has_motion, repeats;

	InputGuest *at;		     /* NULL: the host */
	const NodeSeen *seen;	     /* while it changes sides: what the host's programs get */
	InputGuest *leaving;	     /* while it moves to the host: the guest that it comes from */
	KeySet down;		     /* pressed by the user */
	KeySet ignored;		     /* those of down that neither side gets any more */
	KeySet sent;		     /* those of down that are down in the guest */
	KeySet kept;		     /* those of down that went to the host by routes->kept() */
	gint64 notches[2], parts[2]; /* of the wheels, in the frame that is being read */
	gboolean has_parts[2];
	gboolean lost; /* the kernel dropped events: ignore everything until the end */
	guint8 host_leds;
	struct {
		guint16 type, code;
		gint32 value;
	} echoes[NODE_ECHOES_MAX];
	guint n_echoes, echo_at;
};

/* Starts with the node at the host. The caller has filled in ops, fd, name, capabilities, routes
 * and loop. */
void node_begin(Node *node);

/* Reads all pending events. FALSE: the source no longer exists. Allocates nothing. */
gboolean node_read(Node *node);

/* Moves it to guest (NULL: the host), from any target. FALSE and error (HOTSEAT_ERROR_FAILED):
 * another process has grabbed it, or it no longer exists; then it is not moved. */
gboolean node_move(Node *node, InputGuest *guest, GError **error);

/* Sets error to why the event node name could not be grabbed. reason: an errno. */
void node_refuse(const char *name, int reason, GError **error);

/* Call it when the node no longer exists: releases in the guest what is down. */
void node_end(Node *node);

/* Shows the guest's LEDs, if a guest has it. */
void node_show_leds(Node *node);
