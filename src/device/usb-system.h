/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * USB devices and the guests that have them: one vtable for the kernel's devices and libvirt's
 * guests (usb-kernel.h), and for the simulated ones (sim/usb.h). Everything is called, and calls
 * back, on the main loop; nothing blocks.
 */
#pragma once

#include "common/listeners.h"
#include "device/harm.h"
#include "device/info.h"
#include "guest/hostdev.h"

typedef struct UsbSystem UsbSystem;

/* Something under way. Its handle is good until its done is called. */
typedef struct UsbOp UsbOp;

/* error: borrowed; NULL: it worked. */
typedef void (*UsbOpDone)(const GError *error, gpointer data);

typedef enum {
	USB_PLUGGED, /* and ready: its drivers are bound, its node has its permissions */
	USB_UNPLUGGED,
	USB_HOSTDEVS, /* hostdevs() says something else now */
} UsbNews;

/* port: as in UsbInfo; NULL for USB_HOSTDEVS. */
typedef void (*UsbHeard)(UsbNews news, const char *port, gpointer data);

typedef struct {
	/* The devices that are plugged in and fit wanted (NULL: all): UsbInfo *, by port. Free with
	 * g_ptr_array_unref(). */
	GPtrArray *(*list)(UsbSystem *system, const ConfigDevice *wanted);

	/* Is it still plugged in, and has not been unplugged in between? Cheaper than list(). */
	gboolean (*is_there)(UsbSystem *system, const UsbInfo *info);

	/* Who drives the device at port now. USB_PLAIN when nothing is plugged in there. */
	UsbDriving (*driving)(UsbSystem *system, const char *port);

	/* What the host would lose: port (char *) to UsbHarm *, as usb_harms_look() has it. Free
	 * with g_hash_table_unref(). */
	GHashTable *(*harms)(UsbSystem *system);

	/* Why the disk at port must stay at the host, as usb_disk_use() has it. */
	char *(*disk_use)(UsbSystem *system, const char *port);

	/* Is it the device whose event node config finds, by input, uniq or node? */
	gboolean (*is_input)(UsbSystem *system, const UsbInfo *info, const ConfigDevice *config);

	/* Has the host look for a driver for each interface that has none. It is not an error if no
	 * driver wants an interface. Errors: NO_PERMISSION, FAILED. */
	UsbOp *(*bind)(UsbSystem *system, const UsbInfo *info, UsbOpDone done, gpointer data);

	/* The USB devices of all running domains: Hostdev *, borrowed until the main loop runs.
	 * NULL and error (LIBVIRT): that is not known now, and why. */
	const GPtrArray *(*hostdevs)(UsbSystem *system, GError **error);

	/* Asks again, so that hostdevs() is what is true now. Errors: LIBVIRT, NO_PERMISSION,
	 * TIMED_OUT. */
	UsbOp *(*refresh)(UsbSystem *system, UsbOpDone done, gpointer data);

	/* Attaches info to a running domain under a name of its own there. alias begins with "ua-".
	 * Errors: LIBVIRT; TIMED_OUT: no answer came, and it may be attached later. */
	UsbOp *(*attach)(UsbSystem *system, const char *domain, const UsbInfo *info,
		const char *alias, UsbOpDone done, gpointer data);

	/* Detaches it. Done when the guest has released it, when the domain has stopped, or when
	 * the domain did not have it. Errors: LIBVIRT; TIMED_OUT: as above. */
	UsbOp *(*detach)(UsbSystem *system, const char *domain, const char *alias, UsbOpDone done,
		gpointer data);

	/* done is not called any more; what has begun goes on. */
	void (*drop)(UsbOp *op);

	/* Calls heard until unwatch() with the same id, which is never 0. */
	guint (*watch)(UsbSystem *system, UsbHeard heard, gpointer data);
	void (*unwatch)(UsbSystem *system, guint id);
} UsbOps;

struct UsbSystem {
	const UsbOps *ops;
};

struct UsbOp {
	UsbSystem *system;
};

/* For those who make a system: calls the UsbHeard in listeners. */
void usb_news_tell(Listeners *listeners, UsbNews news, const char *port);

/* Drops *op unless it is NULL, and sets it to NULL. */
void usb_op_clear(UsbOp **op);
