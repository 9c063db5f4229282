/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What in the definitions of domains is in the way of a config's devices: domains that take them
 * for themselves, and guests without a USB port for them. doctor, setup and detect say it. Blocks,
 * for as long as reading sysfs takes.
 */
#pragma once

#include "guest/found.h"

typedef struct {
	const ConfigDevice *device; /* that cannot move; NULL: it is about the guest */
	const ConfigGuest *guest;   /* NULL: it is about the device */
	gboolean serious; /* it keeps a required device from moving, and not only at times */
	char *message;
	char *command; /* for a shell: fixes it; NULL: no command can */
	char *advice;  /* what to do besides; NULL: nothing */
} Conflict;

/* Conflict *, freed with the array, those of devices first; they borrow from config. sysfs:
 * SYSFS_ROOT, and root: "", but for tests. guests: FoundGuest *; NULL: not known. */
GPtrArray *conflicts_look(
	const char *sysfs, const char *root, const Config *config, const GPtrArray *guests);
