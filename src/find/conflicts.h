/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What in the definitions of domains prevents a config's devices from moving: domains that take
 * them for themselves, and guests without a free USB port. doctor, setup and detect report it.
 * Blocks while it reads sysfs.
 */
#pragma once

#include "guest/found.h"

typedef struct {
	const ConfigDevice *device; /* the device that cannot move; NULL: it is about the guest */
	const ConfigGuest *guest;   /* NULL: it is about the device */
	gboolean serious;	    /* it always prevents a required device from moving */
	char *message;
	char *command; /* for a shell: the command that fixes it; NULL: there is none */
	char *advice;  /* what else the user must do; NULL: nothing */
} Conflict;

/* Conflict *, freed with the array, those of devices first; they borrow from config. sysfs:
 * SYSFS_ROOT, and root: "", except in tests. guests: FoundGuest *; NULL: not known. */
GPtrArray *conflicts_look(
	const char *sysfs, const char *root, const Config *config, const GPtrArray *guests);
