/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which USB devices libvirt has handed to which running domain: a table that events keep current,
 * and moving devices in and out. All on the main loop.
 */
#pragma once

#include "guest/hostdev.h"
#include "guest/libvirt.h"

typedef struct HostdevTable HostdevTable;

/* For Libvirt only. */
HostdevTable *hostdev_table_new(Libvirt *libvirt);
void hostdev_table_free(HostdevTable *table);

/* Hostdev *, of all running domains; NULL: not known now. Borrowed until the main loop runs. */
const GPtrArray *libvirt_hostdevs(Libvirt *libvirt);

/* One of those below, under way. Good until its done is called, which happens once, never before
 * the function that made it returns. */
typedef struct HostdevOp HostdevOp;

typedef void (*HostdevDone)(const GError *error, gpointer data);

/* Makes the table what libvirt says now. */
HostdevOp *libvirt_hostdevs_refresh(Libvirt *libvirt, HostdevDone done, gpointer data);

/* Hands the host's device at bus/device to the running domain. alias begins with "ua-" and is
 * unlike all others in the domain. */
HostdevOp *libvirt_hostdev_attach(Libvirt *libvirt, const char *domain, guint bus, guint device,
	const char *alias, HostdevDone done, gpointer data);

/* How long a guest may take to let go of a device before it is asked once more: libvirt's own call
 * waits for 5 s (libvirt 9.0, QEMU_UNPLUG_TIMEOUT). 6 s; only tests, which do not want to wait,
 * change it. */
extern guint hostdev_detach_ms;

/* Takes it back: done when the guest has let go of it, when the domain has stopped, or when the
 * device was not in it. */
HostdevOp *libvirt_hostdev_detach(
	Libvirt *libvirt, const char *domain, const char *alias, HostdevDone done, gpointer data);

/* done will not be called; what libvirt has begun goes on. NULL is fine. */
void hostdev_op_drop(HostdevOp *op);
