/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A configured device: all its event nodes, which move together.
 */
#pragma once

#include "input/identity.h"
#include "input/node.h"
#include "input/touchpad.h"

typedef struct InputDevice InputDevice;

InputDevice *input_device_new(const ProtocolDevice *spec);
/* Gives its nodes back to the host and closes them. */
void input_device_free(InputDevice *device);

const char *input_device_name(const InputDevice *device);
gboolean input_device_is(const InputDevice *device, const ProtocolDevice *spec);
gboolean input_device_fits(const InputDevice *device, const NodeIdentity *identity);

/* NULL: the host */
InputGuest *input_device_at(const InputDevice *device);
ProtocolPresence input_device_presence(const InputDevice *device);
/* Its nodes ("event3, event4"), or why it is unfit. Free with g_free(); may be NULL. */
char *input_device_detail(const InputDevice *device);

gboolean input_device_has_node(const InputDevice *device, const char *name);

/* Takes node (closed and freed with it, and its owner), which the host has, and moves it to where
 * the device is.
 */
void input_device_add(InputDevice *device, Node *node);
/* Closes and frees node, which is one of its. */
void input_device_remove(InputDevice *device, Node *node);

/* The same for a touchpad. Its events have to be watched no further. */
void input_device_add_touchpad(InputDevice *device, Touchpad *touchpad);
void input_device_remove_touchpad(InputDevice *device, Touchpad *touchpad);

/* A node of it that cannot be moved, and why (static). It matters while there is no other. */
void input_device_add_unfit(InputDevice *device, const char *name, const char *why);
/* Nodes that cannot be moved are looked for again. */
void input_device_forget_unfit(InputDevice *device);

/* Moves all its nodes to guest (NULL: the host), or none. FALSE and error: it is not plugged in
 * (HOTSEAT_ERROR_NO_DEVICE), or see node_move(). To the host it always goes. */
gboolean input_device_move(InputDevice *device, InputGuest *guest, GError **error);

/* As node_show_leds(). */
void input_device_show_leds(InputDevice *device);
