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
/* Returns its nodes to the host and closes them. */
void input_device_free(InputDevice *device);

const char *input_device_name(const InputDevice *device);
gboolean input_device_is(const InputDevice *device, const ProtocolDevice *spec);
gboolean input_device_fits(const InputDevice *device, const NodeIdentity *identity);

/* NULL: the host */
InputGuest *input_device_at(const InputDevice *device);
ProtocolPresence input_device_presence(const InputDevice *device);
/* For people: its nodes ("event3, event4"), or why it is unfit; NULL: neither. Free with g_free().
 */
char *input_device_detail(const InputDevice *device);

gboolean input_device_has_node(const InputDevice *device, const char *name);

/* Adds node, which the host has, and moves it to the device's current target. Takes ownership: node
 * is closed and freed with the device.
 */
void input_device_add(InputDevice *device, Node *node);
/* Closes and frees node, which must be one of the device's. */
void input_device_remove(InputDevice *device, Node *node);

/* The same for a touchpad, whose events the caller need not watch. */
void input_device_add_touchpad(InputDevice *device, Touchpad *touchpad);
void input_device_remove_touchpad(InputDevice *device, Touchpad *touchpad);

/* Records why (static) one of its nodes cannot be moved. It is reported as long as the device has
 * no usable node. */
void input_device_add_unfit(InputDevice *device, const char *name, const char *why);
/* Forgets nodes that cannot be moved, before they are searched again. */
void input_device_forget_unfit(InputDevice *device);

/* Moves all its nodes to guest (NULL: the host), or none. FALSE and error: it is not plugged in
 * (HOTSEAT_ERROR_NO_DEVICE), or an error of node_move(). A move to the host always succeeds. */
gboolean input_device_move(InputDevice *device, InputGuest *guest, GError **error);

/* See node_show_leds(). */
void input_device_show_leds(InputDevice *device);
