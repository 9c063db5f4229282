/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A USB device as a resource of the seat.
 */
#pragma once

#include "common/resource.h"
#include "device/usb-system.h"

/* A resource for config, handed to the guests of config's list or, if it has none, to all of guests
 * (ConfigGuest *). system, config and guests must outlive it. The device is found again at each
 * use, and the seat hears when it comes and goes. Free with resource_free(). */
Resource *usb_device_new(UsbSystem *system, const ConfigDevice *config, GPtrArray *guests);
