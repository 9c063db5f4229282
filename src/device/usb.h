/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A USB device as a resource of the seat.
 */
#pragma once

#include "common/resource.h"
#include "device/usb-system.h"

/* A resource for config. It can move to the guests in config's list or, if there is no list, to all
 * of guests (ConfigGuest *). system, config and guests must outlive it. The device is looked up
 * again at each use, and the seat is notified when it is plugged in or unplugged. Free with
 * resource_free(). */
Resource *usb_device_new(UsbSystem *system, const ConfigDevice *config, GPtrArray *guests);
