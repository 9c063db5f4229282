/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hearing of USB devices that come and go, as udev tells it.
 */
#pragma once

#include "device/usb-system.h"

typedef struct UsbWatch UsbWatch;

/* Calls heard on the main loop until usb_watch_free(). Only USB_PLUGGED and
 * USB_UNPLUGGED. All watches share one socket. */
UsbWatch *usb_watch_new(UsbHeard heard, gpointer data);
void usb_watch_free(UsbWatch *watch);
