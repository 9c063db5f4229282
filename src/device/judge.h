/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Does a user type on this USB device, or move it? Its own claim proves little: security keys,
 * barcode scanners and the receivers of gamepads claim it, too. Pure.
 */
#pragma once

#include <glib.h>

/* In the order in which they are shown. */
typedef enum {
	FOUND_KEYBOARD,
	FOUND_MOUSE,
	FOUND_TOUCHPAD,
	FOUND_TABLET,
	FOUND_GAMEPAD,
	FOUND_SECURITY_KEY,
	FOUND_SCANNER, /* types what it reads: barcodes, cards */
	FOUND_REMOTE,  /* types what another computer sends: a KVM over IP, a BMC */
	FOUND_HEADSET, /* and other sound devices with keys */
	FOUND_WEBCAM,
	FOUND_CAMERA, /* a device with memory, including phones */
	FOUND_AUDIO,
	FOUND_PRINTER,
	FOUND_NETWORK,
	FOUND_BLUETOOTH,
	FOUND_DISK,
	FOUND_CONTROLLER, /* some other input device */
	FOUND_CARD_READER,
	FOUND_UPS,
	FOUND_SERIAL,
	FOUND_OTHER,
	FOUND_HUB,
	FOUND_KINDS,
} FoundKind;

typedef enum {
	JUDGED_NO,
	JUDGED_POSSIBLE,
	JUDGED_CERTAIN,
} Judgement;

/* "no", "possible", "certain" */
const char *judgement_name(Judgement judgement);

/* What was seen of a device. */
typedef struct {
	int vendor, product;
	const char *name;
	gboolean keyboard, mouse; /* it has such an interface */
	gboolean mouse_first;	  /* the first of its HID interfaces is a mouse's */
	guint others;		  /* HID interfaces that a BIOS does not understand */
	gboolean fido;		  /* one of its HID interfaces is that of a security key */
	gboolean card, disk, serial, audio, camera; /* it has such an interface, too */
	gboolean has_nodes; /* the host has its event nodes, and their keys were read */
	gboolean letters;   /* one of them has letters */
	gboolean all_keys;  /* one of them has all keys that text needs */
	gboolean caps_lock; /* and the Caps Lock light */
	gboolean elsewhere; /* the machine has a keyboard that is not on USB */
} Seen;

typedef struct {
	Judgement judgement;
	const char *why; /* JUDGED_POSSIBLE: the doubt, for people (static) */
} Judged;

Judged judge_keyboard(const Seen *seen);
Judged judge_mouse(const Seen *seen);

/* What it really is, if there is a sign of it; FOUND_OTHER: there is none. */
FoundKind judge_kind(const Seen *seen);
