/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All that a machine has, as detect and setup show it. Blocks.
 */
#pragma once

#include "find/machine.h"

typedef struct {
	ScanResult *scan;   /* with the monitors */
	GPtrArray *devices; /* FoundDevice * */
	GPtrArray *guests;  /* FoundGuest *; NULL: libvirt could not be asked */
	GPtrArray *remarks; /* char *: what could not be seen, and why */
} MachineLook;

/* hubs: they are among the devices. sudo: the command that sees more; NULL: there is none. Each
 * part is the caller's. */
MachineLook machine_look(
	const Machine *machine, gboolean hubs, const char *sudo, ScanProgress progress);
