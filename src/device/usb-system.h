/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * USB devices and the guests that have them: one vtable for the kernel's devices and libvirt's
 * guests (usb-kernel.h), and for the simulated ones (sim/usb.h). All functions and callbacks run on
 * the main loop; none of them blocks.
 */
#pragma once

#include "common/listeners.h"
#include "device/harm.h"
#include "device/info.h"
#include "guest/hostdev.h"

typedef struct UsbSystem UsbSystem;

/* An operation under way. It is valid until its done is called. */
typedef struct UsbOp UsbOp;

/* error: borrowed; NULL: success. */
typedef void (*UsbOpDone)(const GError *error, gpointer data);

typedef enum {
	USB_PLUGGED, /* plugged in and ready: its drivers are bound, and its node has its
			permissions */
	USB_UNPLUGGED,
	USB_HOSTDEVS, /* the result of hostdevs() has changed */
} UsbNews;

/* port: as in UsbInfo; NULL for USB_HOSTDEVS. */
typedef void (*UsbListener)(UsbNews news, const char *port, gpointer data);

typedef struct {
	/* The devices that are plugged in and match wanted (NULL: all): UsbInfo *, sorted by port.
	 * Free with g_ptr_array_unref(). */
	GPtrArray *(*list)(UsbSystem *system, const ConfigDevice *wanted);

	/* Has it been plugged in all the time since info was read? Cheaper than list(). */
	gboolean (*is_there)(UsbSystem *system, const UsbInfo *info);

	/* What is bound to the device at port now; USB_PLAIN if nothing is plugged in there. */
	UsbDriving (*driving)(UsbSystem *system, const char *port);

	/* What the host would lose: port (char *) to UsbHarm *, as from usb_harms_look(). Free with
	 * g_hash_table_unref(). */
	GHashTable *(*harms)(UsbSystem *system);

	/* Why the disk at port must stay with the host, as usb_disk_use() has it. */
	char *(*disk_use)(UsbSystem *system, const char *port);

	/* Does the device have the event node that config describes by input, uniq or node? */
	gboolean (*is_input)(UsbSystem *system, const UsbInfo *info, const ConfigDevice *config);

	/* Makes the host look for a driver for each interface that has none. It is not an error if
	 * no driver matches an interface. Errors: NO_PERMISSION, FAILED. */
	UsbOp *(*bind)(UsbSystem *system, const UsbInfo *info, UsbOpDone done, gpointer data);

	/* The USB devices of all running domains: Hostdev *, borrowed until the main loop runs.
	 * NULL and error (LIBVIRT): they are not known now. */
	const GPtrArray *(*hostdevs)(UsbSystem *system, GError **error);

	/* Asks libvirt again, so that hostdevs() is up to date. Errors: LIBVIRT, NO_PERMISSION,
	 * TIMED_OUT. */
	UsbOp *(*refresh)(UsbSystem *system, UsbOpDone done, gpointer data);

	/* Attaches info to a running domain. alias begins with "ua-" and is unique in the domain.
	 * Errors: LIBVIRT; TIMED_OUT: libvirt did not answer, and may still attach it. */
	UsbOp *(*attach)(UsbSystem *system, const char *domain, const UsbInfo *info,
		const char *alias, UsbOpDone done, gpointer data);

	/* Detaches the device with this alias. Succeeds when the guest has released it, when the
	 * domain has stopped, or if the domain did not have it. Errors: LIBVIRT; TIMED_OUT: as
	 * above. */
	UsbOp *(*detach)(UsbSystem *system, const char *domain, const char *alias, UsbOpDone done,
		gpointer data);

	/* Calls done no more; an operation that has begun continues. */
	void (*drop)(UsbOp *op);

	/* Calls heard until unwatch() with the same id, which is never 0. */
	guint (*watch)(UsbSystem *system, UsbListener heard, gpointer data);
	void (*unwatch)(UsbSystem *system, guint id);
} UsbOps;

struct UsbSystem {
	const UsbOps *ops;
};

struct UsbOp {
	UsbSystem *system;
};

/* For implementations of a system: calls all listeners (UsbListener). */
void usb_news_tell(Listeners *listeners, UsbNews news, const char *port);

/* Drops *op unless it is NULL, and sets it to NULL. */
void usb_op_clear(UsbOp **op);
