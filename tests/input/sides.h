/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What has come on either side: at the host's desktop, which reads the event nodes, and in the
 * guest, whose reports a Wire has. As text, a word for each event: "30+" a press, "30-" a release,
 * "rel0+5" motion.
 */
#pragma once

#include "made.h"
#include "wire.h"

typedef struct {
	GString *at_host, *in_guest;
	guint8 pressed[1 + HID_KEYS_BYTES]; /* in the guest: modifiers, keys */
	gint64 moved[HID_AXES];		    /* in the guest */
	gboolean notes_repeats;		    /* "30=" at the host */
	guint dropped;	     /* times that the kernel dropped what the desktop did not read */
	gboolean is_plugged; /* the device is there for the guest */
	guint *presses;	     /* on either side; other processes see it */
} Sides;

void sides_init(Sides *sides);
/* Takes what has come. */
void sides_read_host(Sides *sides, const Made *made);
void sides_read_guest(Sides *sides, Wire *wire);
/* The guest's system releases what is down when the device goes: that is added. */
void sides_unplug_guest(Sides *sides);

/* Adds the presses in what came, and the keys that were not released at last. */
void sides_count(const GString *came, guint *presses, guint *unreleased);
