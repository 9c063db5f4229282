/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table of the USB devices that libvirt has attached to running domains, which events keep
 * current, and functions to attach and detach them. Use on the main loop only.
 */
#pragma once

#include "guest/connection.h"
#include "guest/hostdev.h"

typedef struct HostdevTable HostdevTable;

/* How long a guest may take to release a device before it is asked once more: libvirt's own call
 * waits for 5 s (libvirt 9.0, QEMU_UNPLUG_TIMEOUT). */
enum { HOSTDEV_DETACH_MS = 6000 };

/* The table of connection's domains; connection must outlive it. detach_ms: HOSTDEV_DETACH_MS
 * except in tests. */
HostdevTable *hostdev_table_new(LibvirtConnection *connection, guint detach_ms);
void hostdev_table_free(HostdevTable *table);

/* Hostdev *, of all running domains; NULL: not known now. Borrowed until the main loop runs. When
 * it changes, the connection's listeners get LIBVIRT_HOSTDEVS. */
const GPtrArray *hostdev_table_list(HostdevTable *table);

/* An operation under way, from one of the functions below. It is valid until its done is called,
 * which happens once, and never before the function that returned it returns. */
typedef struct HostdevOp HostdevOp;

/* error: LIBVIRT, NO_PERMISSION or TIMED_OUT; NULL: success. Borrowed. */
typedef void (*HostdevDone)(const GError *error, gpointer data);

/* Reads the table from libvirt again. */
HostdevOp *hostdev_table_refresh(HostdevTable *table, HostdevDone done, gpointer data);

/* Attaches the host's device at bus/device to the running domain. alias begins with "ua-" and is
 * unique in the domain. */
HostdevOp *hostdev_table_attach(HostdevTable *table, const char *domain, guint bus, guint device,
	const char *alias, HostdevDone done, gpointer data);

/* Detaches the device with this alias. Succeeds when the guest has released it, when the domain has
 * stopped, or if the domain does not have it. */
HostdevOp *hostdev_table_detach(HostdevTable *table, const char *domain, const char *alias,
	HostdevDone done, gpointer data);

/* done will not be called; what libvirt has begun continues. NULL is allowed. */
void hostdev_op_drop(HostdevOp *op);
