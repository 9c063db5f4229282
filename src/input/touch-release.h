/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a touchpad's event node says about fingers, and lifting them for its readers.
 */
#pragma once

#include <glib.h>

/* Tells all who read the node that no finger is on it and that no button is down: with what is
 * written to it. */
void touch_release(int fd);

/* Is a finger on it, or a button down? */
gboolean touch_is_on(int fd);

/* fd gets no events any more, but becomes readable when the touchpad is gone. */
void touch_listen_to_nothing(int fd);
