/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A simulated desk: the hardware that a config names, none of it real. Monitors speak DDC/CI in
 * bytes on simulated buses, and devices are moved by the real code, so that all of hotseat but the
 * last call into the kernel and into libvirt runs.
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

/* The desk that is simulated when no config is named: two monitors, keyboard, mouse, a guest. */
Config *sim_desk_config(void);

/* The buses and monitors for config's displays, which show the host, the devices, which the host
 * has, and the guests' domains, which run. config must outlive it. */
SimDesk *sim_desk_new(const Config *config);
void sim_desk_free(SimDesk *desk);
I2cSystem *sim_desk_i2c(SimDesk *desk);
UsbSystem *sim_desk_usb(SimDesk *desk);
InputSystem *sim_desk_input(SimDesk *desk);

/* Lists in an array what can be broken or repaired now, each {"key": letter, "label": what it does,
 * "fault", "what": as sim_desk_break() takes them, "broken": whether it is now}. resources:
 * Resource *, guests: Guest *. */
void sim_desk_list(SimDesk *desk, GPtrArray *resources, GPtrArray *guests, JsonBuilder *builder);

/* What has been typed at each target, newest last: an array of {"at": target, "keys": text}. */
void sim_desk_arrived(SimDesk *desk, JsonBuilder *builder);

/* Breaks a thing, or repairs it: fault "unplug" of a device, "deafen" of a display, "kill" of a
 * guest; or "type" on a device, or "press" a hotkey. */
gboolean sim_desk_break(
	SimDesk *desk, GPtrArray *guests, const char *fault, const char *what, GError **error);
