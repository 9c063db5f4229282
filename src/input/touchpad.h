/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A touchpad: libinput makes motion, clicks and scrolling of what fingers do, and they go where a
 * mouse's go.
 *
 * While the host has it, libinput does not even have it open, and no event of it wakes
 * hotseat-inputd up. While a guest has it, it is grabbed. libinput allocates for each event, as
 * nothing else does on the path of events. Its buttons are no part of hotkeys.
 */
#pragma once

#include "input/guest.h"

typedef struct Touchpad Touchpad;

/* Does udev say that the event node at path is a touchpad (ID_INPUT_TOUCHPAD)? */
gboolean touchpad_is_known(const char *path);

/* The touchpad at path ("/dev/input/event5"), which the host has. fd is open for reading and
 * writing, without waiting; it is closed with the touchpad. gone: it was unplugged; must free it.
 * NULL: libinput does not take it, and fd stays the caller's. May take some milliseconds. */
Touchpad *touchpad_new(Loop *loop, const char *path, int fd,
	void (*gone)(gpointer data, Touchpad *touchpad), gpointer data);
/* Gives it back to the host. */
void touchpad_free(Touchpad *touchpad);

/* "event5" */
const char *touchpad_name(const Touchpad *touchpad);

/* As node_move(). Fingers that are on it count as lifted on the side that loses it. */
gboolean touchpad_move(Touchpad *touchpad, InputGuest *guest, GError **error);
