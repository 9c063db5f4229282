/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * This machine's USB devices: sysfs, udev and the kernel's drivers, and libvirt for the guests.
 */
#pragma once

#include "device/driver.h"
#include "device/usb-system.h"
#include "guest/libvirt.h"

/* places: &usb_places_here but for tests. Both are borrowed, and must outlive it. Free with
 * usb_kernel_free() when nothing is under way any more and nothing listens. */
UsbSystem *usb_kernel_new(const UsbPlaces *places, Libvirt *libvirt);
void usb_kernel_free(UsbSystem *system);
