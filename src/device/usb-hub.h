/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything behind a USB hub as one resource of the seat, whatever is plugged in at the time.
 */
#pragma once

#include "common/resource.h"
#include "device/usb-system.h"

/* A resource for config, whose hub is set. devices: ConfigDevice *, all entries of the config. A
 * device behind the hub that another entry matches is left to that entry. A device that the host
 * needs stays at the host. The hub may be empty. system, config, guests
 * (ConfigGuest *) and devices must outlive it. Free with resource_free(). */
Resource *usb_hub_new(
	UsbSystem *system, const ConfigDevice *config, GPtrArray *guests, const GPtrArray *devices);
