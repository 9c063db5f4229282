/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * USB devices that travel as libvirt hostdevs.
 */
#pragma once

#include "common/resource.h"
#include "config/config.h"
#include "guest/libvirt.h"

/* A resource for config (copied), handed to the guests of config's list or, if it has none, to all
 * of guests (ConfigGuest *). libvirt must outlive it. Devices are looked up anew at each use; udev
 * tells when they come and go. */
Resource *usb_device_new(Libvirt *libvirt, const ConfigDevice *config, GPtrArray *guests);
