/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hearing of USB devices that come and go, as udev tells it.
 */
#pragma once

#include <glib.h>

typedef enum {
	USB_PLUGGED, /* and ready: its drivers are bound, its node has its permissions */
	USB_UNPLUGGED,
} UsbNews;

typedef struct UsbWatch UsbWatch;

/* port as in UsbInfo. */
typedef void (*UsbHeard)(UsbNews news, const char *port, gpointer data);

/* Calls heard on the main loop until usb_watch_free(). All watches share one socket. */
UsbWatch *usb_watch_new(UsbHeard heard, gpointer data);
void usb_watch_free(UsbWatch *watch);
