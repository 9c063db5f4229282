/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the kernel knows of the monitors at the connectors of its graphics cards (DRM): everybody
 * may read that.
 */
#pragma once

#include "display/edid.h"

typedef struct {
	char *name;	/* "DP-1" */
	gboolean panel; /* a laptop's own */
	Edid edid;
} Connector;

/* Connector *, by name, freed with the array: those with a monitor. */
GPtrArray *connectors_look(const char *sysfs);
