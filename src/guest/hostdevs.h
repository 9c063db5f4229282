/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which USB devices libvirt has attached to which running domain: a table that events keep current,
 * and moving devices in and out. All on the main loop.
 */
#pragma once

#include "guest/connection.h"
#include "guest/hostdev.h"

typedef struct HostdevTable HostdevTable;

/* How long a guest may take to release a device before it is asked once more: libvirt's own call
 * waits for 5 s (libvirt 9.0, QEMU_UNPLUG_TIMEOUT). */
enum { HOSTDEV_DETACH_MS = 6000 };

/* The table of connection's domains; connection must outlive it. detach_ms: HOSTDEV_DETACH_MS but
 * for tests. */
HostdevTable *hostdev_table_new(LibvirtConnection *connection, guint detach_ms);
void hostdev_table_free(HostdevTable *table);

/* Hostdev *, of all running domains; NULL: not known now. Borrowed until the main loop runs. When
 * it changes, the connection's listeners hear LIBVIRT_HOSTDEVS. */
const GPtrArray *hostdev_table_list(HostdevTable *table);

/* One of those below, under way. Good until its done is called, which happens once, never before
 * the function that made it returns. */
typedef struct HostdevOp HostdevOp;

/* error: LIBVIRT, NO_PERMISSION or TIMED_OUT; NULL: it worked. Borrowed. */
typedef void (*HostdevDone)(const GError *error, gpointer data);

/* Makes the table what libvirt says now. */
HostdevOp *hostdev_table_refresh(HostdevTable *table, HostdevDone done, gpointer data);

/* Attaches the host's device at bus/device to the running domain. alias begins with "ua-" and is
 * unlike all others in the domain. */
HostdevOp *hostdev_table_attach(HostdevTable *table, const char *domain, guint bus, guint device,
	const char *alias, HostdevDone done, gpointer data);

/* Detaches it: done when the guest has released it, when the domain has stopped, or when the device
 * was not in it. */
HostdevOp *hostdev_table_detach(HostdevTable *table, const char *domain, const char *alias,
	HostdevDone done, gpointer data);

/* done will not be called; what libvirt has begun goes on. NULL is fine. */
void hostdev_op_drop(HostdevOp *op);
