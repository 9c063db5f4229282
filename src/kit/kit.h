/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guest kit: files with which a guest can request a switch to the host, without installing
 * hotseat. Their templates are in data/guest-kit, and part of the program.
 */
#pragma once

#include "kit/facts.h"

#include <sys/stat.h>

typedef struct {
	const char *name, *about; /* about: for people, half a line */
	guint mode;
	char *text;   /* with a NUL at its end */
	gsize length; /* without the NUL */
} KitFile;

/* KitFile * in the order in which people should read about them, freed with the array. */
GPtrArray *kit_files(const KitFacts *facts);

/*
 * Writes the files atomically with file_write() to folder, which is created (mode 0700) if it is
 * missing; owner owns all of them. Unless replace is set, nothing is written if one of them exists,
 * and nothing is left if one cannot be written. If it is set, files of other kits that are not in
 * this one are removed.
 */
gboolean kit_write(const char *folder, const GPtrArray *files, gboolean replace,
	const struct stat *owner, GError **error);

/* The check of kit_write() for existing files, before there is anything to write. */
gboolean kit_check(const char *folder, GError **error);
