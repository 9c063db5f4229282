/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Simulated devices and guests: what they do takes as long as the real thing, and can go wrong.
 */
#pragma once

#include "common/guest.h"
#include "common/resource.h"
#include "config/config.h"

/* A device at the host, plugged in; config is copied. */
Resource *sim_device_new(const ConfigDevice *config);

/* Pulls the device's plug, or puts it back: it is at the host then. */
void sim_device_plug(Resource *device, gboolean in);
gboolean sim_device_plugged(const Resource *device);

/* A guest that runs; config is copied. */
Guest *sim_guest_new(const ConfigGuest *config);
