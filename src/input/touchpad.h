/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A touchpad: libinput converts the motion of fingers to motion, clicks and scrolling, which are
 * forwarded like those of a mouse.
 *
 * While the host has it, libinput has not opened it, and its events do not wake up hotseat-inputd.
 * While a guest has it, it is grabbed. libinput allocates memory for each event, unlike everything
 * else on the path of events. Its buttons cannot be part of hotkeys.
 */
#pragma once

#include "input/guest.h"

typedef struct Touchpad Touchpad;

/* Is the event node at path a touchpad, according to udev (ID_INPUT_TOUCHPAD)? */
gboolean touchpad_is_known(const char *path);

/* The touchpad at path ("/dev/input/event5"), which the host has. fd is open for reading and
 * writing, and non-blocking; it is closed with the touchpad. gone: called when it is unplugged, and
 * must free it. NULL: libinput does not accept it, and fd remains the caller's. May take some
 * milliseconds. */
Touchpad *touchpad_new(Loop *loop, const char *path, int fd,
	void (*gone)(gpointer data, Touchpad *touchpad), gpointer data);
/* Returns it to the host, and frees it. */
void touchpad_free(Touchpad *touchpad);

/* "event5" */
const char *touchpad_name(const Touchpad *touchpad);

/* See node_move(). Fingers that are on it are lifted on the side that loses it. */
gboolean touchpad_move(Touchpad *touchpad, InputGuest *guest, GError **error);
