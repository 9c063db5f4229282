/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the host would lose if a USB device moved to a guest: a mounted disk, its network
 * connection, the Bluetooth adapter of its keyboard. Quick enough for the main loop (reads files in
 * sysfs and /proc).
 */
#pragma once

#include <glib.h>

typedef enum {
	USB_HARMLESS,
	USB_HARM_HUB,	  /* it is a hub: everything behind it would leave the host */
	USB_HARM_DISK,	  /* a file system on it is mounted, or it is used as swap space */
	USB_HARM_NETWORK, /* the default route goes through it */
	USB_HARM_RADIO,	  /* the host's Bluetooth keyboard or mouse is connected through it */
} UsbHarmKind;

typedef struct {
	UsbHarmKind kind;
	char *why; /* for people: "its file system is mounted at /home" */
} UsbHarm;

/* The devices whose move would do harm: port (char *) to UsbHarm *, both owned by the table. sysfs:
 * SYSFS_ROOT except in tests; "proc" is expected beside it. Free with g_hash_table_unref(). */
GHashTable *usb_harms_look(const char *sysfs);

/* Why the disk in port must stay with the host: its file system is mounted, or it is used as swap
 * space. NULL: it is none, or not in use. Quicker than the above where there is no disk. Free with
 * g_free(). */
char *usb_disk_use(const char *sysfs, const char *port);

/* The used ports of the hub at port: "3-1.1, 3-1.2"; "" if nothing is plugged into it. Free with
 * g_free(). */
char *usb_behind(const char *sysfs, const char *port);
