/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looks at everything in a machine, for detect and setup. Blocks.
 */
#pragma once

#include "find/machine.h"

typedef struct {
	ScanResult *scan;   /* with the monitors */
	GPtrArray *devices; /* FoundDevice * */
	GPtrArray *guests;  /* FoundGuest *; NULL: libvirt could not be asked */
	GPtrArray *remarks; /* char *: what could not be seen, and why */
} MachineLook;

/* hubs: includes hubs in the devices. sudo: the command that can see more; NULL: there is none. The
 * caller owns each part. */
MachineLook machine_look(
	const Machine *machine, gboolean hubs, const char *sudo, ScanProgress progress);
