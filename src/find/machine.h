/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The machine that is examined, without a daemon and without a configuration.
 */
#pragma once

#include "display/scan.h"

typedef struct {
	I2cSystem *i2c;
	const char *sysfs;	 /* SYSFS_ROOT except in tests */
	const char *libvirt_uri; /* of the libvirt with the guests */
} Machine;

/* The machine on which this program runs. */
Machine machine_here(void);

/* All that the machine has. */
typedef struct {
	ScanResult *scan;
	GPtrArray *monitors;  /* FoundMonitor *, of the scan */
	GPtrArray *devices;   /* FoundDevice * */
	GPtrArray *guests;    /* FoundGuest *; NULL: libvirt could not be asked */
	GError *guests_error; /* why */
	GPtrArray *remarks;   /* char *: what could not be seen, and why */
} Found;

/* What to look for besides the monitors, the devices and the guests of the machine's libvirt. */
typedef enum {
	LOOK_HUBS = 1, /* they are among the devices */
	LOOK_SESSIONS =
		2, /* guests in the user's session libvirt; remarks say why there are none */
} LookMore;

/* Looks. more: LookMore bits. sudo: the command that sees more; NULL: there is none. Blocks. Free
 * with found_clear(). */
Found machine_look(const Machine *machine, guint more, const char *sudo, ScanProgress progress);
void found_clear(Found *found);

/* Where one of remarks (char *) advises to join a group, it advises to run command instead: for one
 * look that is enough. NULL: leaves them as they are. */
void machine_advise(GPtrArray *remarks, const char *command);

/* A ScanProgress: prints the progress on stderr, in a line that is overwritten, if stderr is a
 * terminal. */
void machine_progress(const char *what, guint done, guint all, gpointer data);
