/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Notifications by udev about USB devices that are plugged in and unplugged.
 */
#pragma once

#include "device/usb-system.h"

typedef struct UsbWatch UsbWatch;

/* Calls heard on the main loop until usb_watch_free(). Only USB_PLUGGED and
 * USB_UNPLUGGED. All watches share one socket. */
UsbWatch *usb_watch_new(UsbListener heard, gpointer data);
void usb_watch_free(UsbWatch *watch);
