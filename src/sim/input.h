/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Simulated devices whose events are forwarded, and a simulated hotseat-inputd, behind the same
 * vtable as the real one: the resources are the real ones. It keeps what is typed where it arrives.
 */
#pragma once

#include "device/input-system.h"

typedef struct SimInput SimInput;

/* move_ms: how long a move takes. */
SimInput *sim_input_new(guint move_ms);
/* Ends what is under way without calling anyone. NULL is fine. */
void sim_input_free(SimInput *sim);

/* Lives as long as sim. */
InputSystem *sim_input_system(SimInput *sim);

/* A device that is plugged in at the host. Names are unique. */
void sim_input_add(SimInput *sim, const char *device);
gboolean sim_input_has(const SimInput *sim, const char *device);
/* Pulls it out, or plugs it in again: it continues where it was. */
void sim_input_plug(SimInput *sim, const char *device, gboolean in);
gboolean sim_input_plugged(const SimInput *sim, const char *device);
/* Where its events go: "host" or a guest's name. */
const char *sim_input_at(const SimInput *sim, const char *device);

/* How far guest is; INPUT_NEVER for one that was never named here. */
void sim_input_set_guest(SimInput *sim, const char *guest, InputReadiness readiness);
/* guest, which was ready, takes no input any more. */
void sim_input_hang_guest(SimInput *sim, const char *guest);

/* hotseat-inputd ends, and everything is at the host; or it starts again. */
void sim_input_stop(SimInput *sim, gboolean stopped);
/* It does not answer; what it was asked for it does when it answers again. */
void sim_input_hang(SimInput *sim, gboolean hangs);

/* A hotkey is pressed: news is INPUT_NEWS_TOGGLE, _GO (to target), _NEXT; INPUT_NEWS_HOME brings
 * everything home, target being the reason. */
void sim_input_press(SimInput *sim, InputNews news, const char *target);

/* Presses and releases a key or button of device. FALSE: the device is unplugged, or the guest that
 * has it does not take it. */
gboolean sim_input_type(SimInput *sim, const char *device, const char *key);
/* The keys that have arrived at target, with a space between; "" if none has. */
const char *sim_input_arrived(const SimInput *sim, const char *target);
