/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Simulated devices whose events are forwarded, and a simulated hotseat-inputd, behind the same
 * vtable as the real one. The resources are the real ones. It records which keys arrive at each
 * target.
 */
#pragma once

#include "device/input-system.h"

typedef struct SimInput SimInput;

/* move_ms: how long a move takes, in milliseconds. */
SimInput *sim_input_new(guint move_ms);
/* Drops operations that are under way without calling back. NULL is allowed. */
void sim_input_free(SimInput *sim);

/* Valid as long as sim. */
InputSystem *sim_input_system(SimInput *sim);

/* Adds a device that is plugged in and that the host has. Names are unique. */
void sim_input_add(SimInput *sim, const char *device);
gboolean sim_input_has(const SimInput *sim, const char *device);
/* Unplugs the device, or plugs it in again; it then has the same target as before. */
void sim_input_plug(SimInput *sim, const char *device, gboolean in);
gboolean sim_input_plugged(const SimInput *sim, const char *device);
/* The target of its events: "host" or a guest's name. */
const char *sim_input_at(const SimInput *sim, const char *device);

/* Sets the readiness of guest. It is INPUT_NEVER for a guest for which this was never called. */
void sim_input_set_guest(SimInput *sim, const char *guest, InputReadiness readiness);
/* guest, which was ready, stops taking input. */
void sim_input_hang_guest(SimInput *sim, const char *guest);

/* Stops hotseat-inputd, so that the host has everything; or starts it again. */
void sim_input_stop(SimInput *sim, gboolean stopped);
/* hotseat-inputd stops answering. It carries out pending requests when it answers again. */
void sim_input_hang(SimInput *sim, gboolean hangs);

/* Presses a hotkey: news is INPUT_NEWS_TOGGLE, _GO (to target) or _NEXT. INPUT_NEWS_HOME brings
 * everything to the host; then target is the reason. */
void sim_input_press(SimInput *sim, InputNews news, const char *target);

/* Presses and releases a key or button of device. FALSE: the device is unplugged, or the guest that
 * has it does not take input. */
gboolean sim_input_type(SimInput *sim, const char *device, const char *key);
/* The keys that have arrived at target, separated by spaces; "" if none has. */
const char *sim_input_arrived(const SimInput *sim, const char *target);
