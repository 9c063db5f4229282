/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An event node of a keyboard or mouse, and where its events go.
 *
 * While the host has it, hotseat-inputd only listens to its keys. While a guest has it, it is
 * grabbed. Keys that are held down are released on the side that loses the node; the side that gets
 * it never sees them, nor their releases.
 *
 * NodeOps hides where events come from: the kernel (node-kernel.c), or the process at the other
 * end of a socket pair (node-simulated.c). Both are read as struct input_event.
 */
#pragma once

#include "input/chord.h"
#include "input/guest.h"

typedef struct Node Node;

/* On failure errno is set. */
typedef struct {
	/* Takes the events away from all other readers, or gives them back. */
	gboolean (*grab)(Node *node, gboolean on);
	/* Which events are read: keys only (a moving mouse does not wake hotseat-inputd up), or
	 * all. */
	void (*listen)(Node *node, gboolean all);
	/* The keys that are down, as the source knows. */
	gboolean (*held)(Node *node, KeySet *held);
	/* The LEDs, a bit for each LED_* of the first eight. */
	guint8 (*leds)(Node *node);
} NodeOps;

/* Events of hotkeys, and of keys that stay with the host, go here; shared by all nodes. */
typedef struct {
	ChordMatcher matcher;
	KeySet keep; /* stay with the host, wherever the node is */
	/* chord: the index of the one that was pressed. Must not change a node, but may note it. */
	void (*hotkey)(gpointer data, guint chord);
	/* A key of keep, on a node that a guest has. */
	void (*kept)(gpointer data, guint code, gboolean down);
	gpointer data;
} NodeRoutes;

/* While a node changes sides, some events go to the host's programs as well, and some do not. A
 * second descriptor of the node sees what they see. As many as the kernel keeps: in the tens of
 * milliseconds that it takes to end a grab, fewer keys are pressed. */
#define NODE_SEEN_MAX 64

typedef struct {
	struct input_event events[NODE_SEEN_MAX]; /* of keys */
	guint n;
} NodeSeen;

/* Events that hotseat-inputd wrote, and which the kernel gives back to it. */
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
	/* what the source can do */
	KeySet keys;
	guint8 led_bits;
	gboolean has_motion, repeats;

	InputGuest *at;		     /* NULL: the host */
	const NodeSeen *seen;	     /* while it changes sides: what the host's programs see */
	InputGuest *leaving;	     /* while it goes from there to the host */
	KeySet down;		     /* pressed by the user */
	KeySet ignored;		     /* those of down that no side may see any more */
	KeySet sent;		     /* those of down that are down in the guest */
	KeySet kept;		     /* those of down that went to the host by routes->kept() */
	gint64 notches[2], parts[2]; /* of the wheels, in the frame that is being read */
	gboolean has_parts[2];
	gboolean lost; /* the kernel dropped events: until all is read nothing counts */
	guint8 host_leds;
	struct {
		guint16 type, code;
		gint32 value;
	} echoes[NODE_ECHOES_MAX];
	guint n_echoes, echo_at;
};

/* Begins with the host having it. ops, fd, name, what it can do, routes and loop are filled in. */
void node_begin(Node *node);

/* Reads all that is there. FALSE: the source is gone. Allocates nothing. */
gboolean node_read(Node *node);

/* Gives it to guest, from wherever it is; NULL: to the host. FALSE and error
 * (HOTSEAT_ERROR_FAILED): another process has grabbed it, or it is gone; it stays where it is. */
gboolean node_move(Node *node, InputGuest *guest, GError **error);

/* Says why the event node name could not be grabbed. reason: as errno. */
void node_refuse(const char *name, int reason, GError **error);

/* It is gone: what is down is released in the guest. */
void node_end(Node *node);

/* Shows the guest's LEDs, if a guest has it. */
void node_show_leds(Node *node);
