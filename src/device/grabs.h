/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which device is behind the path of an event node that a domain's XML names.
 */
#pragma once

#include "config/config.h"

/* sysfs: SYSFS_ROOT except in tests; root: prefix of /dev, "" except in tests. events: EventDevice
 * *, all event devices. */
typedef struct {
	const char *sysfs, *root;
	GPtrArray *events;
} GrabPlaces;

/* Does the node at path, or the one that this link leads to, belong to the device? A link that does
 * not exist, because a guest has the device now, is judged by the name that udev gives it. */
gboolean grab_is_of(const GrabPlaces *places, const char *path, const ConfigDevice *config);

/* Is it a node of an event device that is plugged in? */
gboolean grab_is_known(const GrabPlaces *places, const char *path);
