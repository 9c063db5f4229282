/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A simulated desk: the hardware that a config names, without any real hardware. Monitors exchange
 * DDC/CI bytes on simulated buses, and the real code moves the devices, so that everything in
 * hotseat runs, except the final calls of the kernel and of libvirt.
 */
#pragma once

#include "common/guest.h"
#include "common/resource.h"
#include "config/config.h"
#include "device/input-system.h"
#include "device/usb-system.h"
#include "display/i2c.h"

#include <json-glib/json-glib.h>

typedef struct SimDesk SimDesk;

/* The desk that is simulated if no config is given: two monitors, a keyboard, a mouse and a guest.
 */
Config *sim_desk_config(void);

/* Creates the buses and monitors for config's displays, which show the host, the devices, which the
 * host has, and the guests' domains, which run. config must outlive it. */
SimDesk *sim_desk_new(const Config *config);
void sim_desk_free(SimDesk *desk);
I2cSystem *sim_desk_i2c(SimDesk *desk);
UsbSystem *sim_desk_usb(SimDesk *desk);
InputSystem *sim_desk_input(SimDesk *desk);

/* Adds an array of what can be broken or repaired now, each {"key": letter, "label": what it does,
 * "fault", "what": as sim_desk_break() takes them, "broken": whether it is now}. resources:
 * Resource *, guests: Guest *. */
void sim_desk_list(SimDesk *desk, GPtrArray *resources, GPtrArray *guests, JsonBuilder *builder);

/* What has been typed at each target, newest last: an array of {"at": target, "keys": text}. */
void sim_desk_arrived(SimDesk *desk, JsonBuilder *builder);

/* Breaks or repairs something: the fault "unplug" for a device, "deafen" for a display, "kill" for
 * a guest; or "type" for a device, or "press" for a hotkey. */
gboolean sim_desk_break(
	SimDesk *desk, GPtrArray *guests, const char *fault, const char *what, GError **error);
