/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether fingers are on a touchpad, and how to lift them for the readers of its event node.
 */
#pragma once

#include <glib.h>

/* Writes events to the node, so that all its readers see that no finger is on it and no button is
 * down. */
void touch_release(int fd);

/* Is a finger on it, or is a button down? */
gboolean touch_is_on(int fd);

/* Stops events on fd, which still becomes readable when the touchpad is unplugged. */
void touch_listen_to_nothing(int fd);
