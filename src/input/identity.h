/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Identifies the device of an event node.
 */
#pragma once

#include "input/protocol.h"

typedef struct {
	char *path;		 /* "/dev/input/event5" */
	guint16 vendor, product; /* of the event device (EVIOCGID) */
	char *name, *uniq;	 /* EVIOCGNAME, EVIOCGUNIQ; NULL: none */
	/* of the USB device that it is part of; it differs from the above for receivers with
	 * several devices */
	guint16 usb_vendor, usb_product; /* 0: not on USB */
	char *usb_serial, *usb_port;	 /* NULL: none */
} NodeIdentity;

/* Reads the identity from fd, which was opened from path ("/dev/input/event5"), and from sysfs
 * ("/sys"). FALSE: it is not an event node. */
gboolean node_identity_read(NodeIdentity *identity, int fd, const char *path, const char *sysfs);

/* Reads the members of its USB device, if it has one, from sysfs. Used by node_identity_read(). */
void node_identity_read_usb(NodeIdentity *identity, const char *sysfs);

void node_identity_clear(NodeIdentity *identity);

/* Does the node match all fields that are set in device? */
gboolean node_identity_fits(const NodeIdentity *identity, const ProtocolDevice *device);
