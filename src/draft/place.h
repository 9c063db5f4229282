/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands that install a configuration for the service, and create the files that it names.
 */
#pragma once

#include "ready/ready.h"

typedef struct {
	const char *path;   /* of the config */
	const char *staged; /* a folder with the config and the secret to install; NULL: they are
			       installed */
	gboolean secret;    /* there is a secret in it */
	const char *certificate; /* the one that the config names; NULL: none */
	gboolean for_service;	 /* the system's service reads it */
} ConfigPlace;

/* Adds the commands that are needed. */
void place_find_steps(const ConfigPlace *place, const Host *host, GPtrArray *steps);
