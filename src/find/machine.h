/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The machine that is looked at: what monitors, devices and guests it has, seen without a daemon
 * and without a configuration.
 */
#pragma once

#include "display/scan.h"

typedef struct {
	I2cSystem *i2c;
	const char *sysfs;	 /* SYSFS_ROOT but for tests */
	const char *libvirt_uri; /* where the guests are */
} Machine;

/* The one this program runs on. */
Machine machine_here(void);

/* Where one of remarks (char *) advises to join a group, it advises to run command instead: for one
 * look that is enough. NULL: leaves them as they are. */
void machine_advise(GPtrArray *remarks, const char *command);

/* A ScanProgress: tells on stderr, on a line that is written over, if that is a terminal. */
void machine_progress(const char *what, guint done, guint all, gpointer data);
