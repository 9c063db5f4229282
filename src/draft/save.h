/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes a configuration and its secret atomically, and never overwrites a file without a backup.
 */
#pragma once

#include <glib.h>
#include <sys/types.h>

typedef struct {
	gboolean same;	     /* the file had the same content: nothing was written */
	char *backup;	     /* the new path of the old file; NULL: there was none */
	char *secret_backup; /* the same for the secret */
} Saved;

typedef struct {
	const char *path;   /* of the config */
	const char *text;   /* of it */
	const char *secret; /* to be in the file DRAFT_SECRET_NAME beside it; NULL: that is left
			     * alone */
	uid_t uid;	    /* the owner of the files; (uid_t)-1: the user that runs this */
	gid_t gid;
} SaveRequest;

/* Writes both, mode 0600; root does it with the rights of the user who owns the way there
 * (common/owner.h), whose the files are then. The caller holds interrupts off. What was there
 * before is kept beside it under a name that nothing had. On failure nothing that was there has
 * changed. Errors: FAILED. */
gboolean save_config(const SaveRequest *request, Saved *saved, GError **error);
void saved_clear(Saved *saved);

/* Can this process write to the path? */
gboolean save_may(const char *path);

/* The secret in the file beside the config at path. NULL with *exists set: the file cannot be read.
 * Free with g_free(). */
char *secret_read(const char *path, gboolean *exists);
/* The path of that file. Free with g_free(). */
char *secret_path(const char *path);
