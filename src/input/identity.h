/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which device an event node belongs to.
 */
#pragma once

#include "input/protocol.h"

typedef struct {
	char *path;		 /* "/dev/input/event5" */
	guint16 vendor, product; /* as the event device says (EVIOCGID) */
	char *name, *uniq;	 /* EVIOCGNAME, EVIOCGUNIQ; NULL: none */
	/* of the USB device that it is part of; it differs from the above for receivers with
	 * several devices */
	guint16 usb_vendor, usb_product; /* 0: not on USB */
	char *usb_serial, *usb_port;	 /* NULL: none */
} NodeIdentity;

/* Reads what the kernel says about fd, which was opened from path ("/dev/input/event5"), and sysfs
 * below sysfs ("/sys"). FALSE: it is no event node. */
gboolean node_identity_read(NodeIdentity *identity, int fd, const char *path, const char *sysfs);

/* What sysfs says about its USB device; nothing, if it has none. For node_identity_read(). */
void node_identity_read_usb(NodeIdentity *identity, const char *sysfs);

void node_identity_clear(NodeIdentity *identity);

/* Do all set fields of device fit? */
gboolean node_identity_fits(const NodeIdentity *identity, const ProtocolDevice *device);
