/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything behind a USB hub as one resource of the seat, as it comes and goes.
 */
#pragma once

#include "common/resource.h"
#include "device/usb-system.h"

/* A resource for config, whose hub is set. A device behind it that fits another one of devices
 * (ConfigDevice *, all of the config's) is that one's; one that the host needs itself stays at the
 * host. Nothing behind it is no error. system, config, guests (ConfigGuest *) and devices must
 * outlive it. Free with resource_free(). */
Resource *usb_hub_new(
	UsbSystem *system, const ConfigDevice *config, GPtrArray *guests, const GPtrArray *devices);
