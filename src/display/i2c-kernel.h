/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parts of i2c_kernel(), for which tests substitute their own file trees and ioctls.
 */
#pragma once

#include "display/card-lock.h"
#include "display/i2c.h"

typedef int (*I2cControl)(int fd, unsigned long request, void *argument);

typedef struct {
	I2cSystem base;
	const char *sysfs;   /* "/sys" */
	const char *dev;     /* "/dev" */
	I2cControl control;  /* ioctl(2) */
	GMutex lock;	     /* for plain */
	GHashTable *plain;   /* numbers of the buses that do not support I2C_RDWR */
	CardLocks *cards;    /* by PCI address */
	GHashTable *watches; /* ids to I2cWatch * */
	guint last_watch;
} I2cKernel;

/* Paths are borrowed. */
I2cKernel *i2c_kernel_new(const char *sysfs, const char *dev, I2cControl control);
void i2c_kernel_free(I2cKernel *kernel);

/* For I2cOps; see there. */
GArray *i2c_sysfs_list(I2cSystem *system);
/* Can a monitor be on this bus? If not, returns FALSE and NO_MONITOR. */
gboolean i2c_sysfs_usable(I2cSystem *system, int bus, GError **error);
GPtrArray *i2c_sysfs_connectors(I2cSystem *system);
char *i2c_sysfs_card(I2cSystem *system, int bus);

/* Calls changed shortly after buses were added or removed, or a graphics card's connectors changed.
 */
typedef struct I2cWatch I2cWatch;

I2cWatch *i2c_watch_new(I2cChanged changed, gpointer data);
void i2c_watch_free(I2cWatch *watch);
