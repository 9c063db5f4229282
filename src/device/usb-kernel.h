/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * This machine's USB devices, through sysfs, udev, the kernel's drivers and, for the guests,
 * libvirt.
 */
#pragma once

#include "device/driver.h"
#include "device/usb-system.h"
#include "guest/libvirt.h"

/* places: &usb_places_here except in tests. Both arguments are borrowed and must outlive it. Free
 * with usb_kernel_free(), once no operation is under way and there are no listeners. */
UsbSystem *usb_kernel_new(const UsbPlaces *places, Libvirt *libvirt);
void usb_kernel_free(UsbSystem *system);
