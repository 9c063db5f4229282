/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A device whose events are forwarded, as a resource of the seat.
 */
#pragma once

#include "common/resource.h"
#include "config/config.h"
#include "device/input-system.h"

/* How long a switch waits for a guest that is not ready to take input, in milliseconds: Linux
 * configures a USB device within 0.9 s of its being plugged in, and a guest that is resumed or that
 * QEMU reconnects (after 1 s) needs no longer. */
enum { INPUT_READY_MS = 3000 };

/* How long the first look waits for hotseat-inputd to say where everything is. */
enum { INPUT_START_MS = 1000 };

/* A resource for config, which travels to the guests of config's list or, if it has none, to all of
 * guests (ConfigGuest *). system, config and guests must outlive it. ready_ms: INPUT_READY_MS but
 * for tests. Free with resource_free(). */
Resource *device_via_input_new(
	InputSystem *system, const ConfigDevice *config, GPtrArray *guests, guint ready_ms);
