/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All devices behind a USB hub as one resource of the seat, also those that are plugged in later.
 */
#pragma once

#include "common/resource.h"
#include "device/usb-system.h"

/* A resource for config, whose hub is set. devices: ConfigDevice *, all entries of the config. A
 * device behind the hub that another entry matches belongs to that entry. A device that the host
 * needs stays with the host. It is not an error if nothing is behind the hub. system, config,
 * guests (ConfigGuest *) and devices must outlive it. Free with resource_free(). */
Resource *usb_hub_new(
	UsbSystem *system, const ConfigDevice *config, GPtrArray *guests, const GPtrArray *devices);
