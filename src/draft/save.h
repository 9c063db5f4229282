/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Putting a configuration, and its secret, where they belong: all of it or nothing, and never over
 * something that is lost by it.
 */
#pragma once

#include <glib.h>
#include <sys/types.h>

typedef struct {
	gboolean same;	     /* the file said just that: nothing was written */
	char *backup;	     /* where what was there is now; NULL: nothing was there */
	char *secret_backup; /* the same for the secret */
} Saved;

typedef struct {
	const char *path;   /* of the config */
	const char *text;   /* of it */
	const char *secret; /* to be in the file DRAFT_SECRET_NAME beside it; NULL: that is left
			     * alone */
	uid_t uid;	    /* whom the files are to belong to; (uid_t)-1: who runs this */
	gid_t gid;
} SaveRequest;

/* Writes both, mode 0600; root does it with the rights of the user who owns the way there
 * (common/owner.h), whose the files are then. The caller holds interrupts off. What was there
 * before is kept beside it under a name that nothing had. On failure nothing that was there has
 * changed. Errors: FAILED. */
gboolean save_config(const SaveRequest *request, Saved *saved, GError **error);
void saved_clear(Saved *saved);

/* May this process write there? */
gboolean save_may(const char *path);

/* The secret in the file beside the config at path. NULL and *exists: there is one, and it cannot
 * be read. Free with g_free(). */
char *secret_read(const char *path, gboolean *exists);
/* Where it is. Free with g_free(). */
char *secret_path(const char *path);
