/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The machine that is looked at: what monitors, devices and guests it has, seen without a daemon
 * and without a configuration.
 */
#pragma once

#include "display/i2c.h"

typedef struct {
	I2cSystem *i2c;
	const char *sysfs;	 /* SYSFS_ROOT but for tests */
	const char *libvirt_uri; /* where the guests are */
} Machine;

/* The one this program runs on. */
Machine machine_here(void);

/* Told, on the thread that asked, of how far a look has come: what is being looked at, and how many
 * of all of them are done. */
typedef void (*MachineProgress)(const char *what, guint done, guint all, gpointer data);

/* Tells on stderr, on a line that is written over, if that is a terminal. */
void machine_progress(const char *what, guint done, guint all, gpointer data);
