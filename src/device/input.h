/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A device whose events are forwarded, as a resource of the seat.
 */
#pragma once

#include "common/resource.h"
#include "config/config.h"
#include "device/input-system.h"

/* How long a switch waits for a guest that is not ready to take input, in milliseconds: Linux
 * configures a USB device within 0.9 s after it is plugged in, and a guest that is resumed, or
 * whose QEMU reconnects (after 1 s), needs no longer. */
enum { INPUT_READY_MS = 3000 };

/* How long the first observe waits for hotseat-inputd to report where everything is, in
 * milliseconds. */
enum { INPUT_START_MS = 1000 };

/* A resource for config. It can move to the guests in config's list or, if there is no list, to all
 * of guests (ConfigGuest *). system, config and guests must outlive it. ready_ms: INPUT_READY_MS
 * except in tests. Free with resource_free(). */
Resource *device_via_input_new(
	InputSystem *system, const ConfigDevice *config, GPtrArray *guests, guint ready_ms);
