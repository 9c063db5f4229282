/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guest kit: files with which a guest asks for the host without hotseat being installed in it.
 * Their templates are in data/guest-kit, and part of the program.
 */
#pragma once

#include "kit/facts.h"

#include <sys/stat.h>

typedef struct {
	const char *name, *about; /* about: for people, half a line */
	guint mode;
	char *text;   /* with a NUL behind it */
	gsize length; /* without that */
} KitFile;

/* KitFile * in the order in which people look for them, freed with the array. */
GPtrArray *kit_files(const KitFacts *facts);

/*
 * Writes them, as file_write() does, to folder, which is made (mode 0700) if it is not there, each
 * whole or not at all, all for owner. Unless replace is set nothing is written if one of them is
 * there already, and nothing is left if one cannot be written. With it, what belongs to kits and
 * not to this one is removed.
 */
gboolean kit_write(const char *folder, const GPtrArray *files, gboolean replace,
	const struct stat *owner, GError **error);

/* The same refusal, before there is anything to write. */
gboolean kit_check(const char *folder, GError **error);
