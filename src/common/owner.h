/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Root that writes into a folder of another user could be tricked: a planted link redirects the
 * file to a place where that user has no permission to write. So root writes with that user's
 * rights, and the kernel checks them. These functions do nothing in a process that is not root.
 */
#pragma once

#include <glib.h>
#include <sys/types.h>

/*
 * The user who could redirect path: the owner of the first directory or link on the path that does
 * not belong to root. Missing parts of the path have no owner. 0: only root could. If content is
 * set, the owner of the file itself is considered too, because that user can change its content.
 */
uid_t owner_of(const char *path, gboolean content);

/* The rights to go back to. */
typedef struct {
	gboolean changed;
	gid_t group;
	GArray *groups; /* gid_t; NULL: not changed */
} AsUser;

/* Until as_user_end(), root has the rights of this user only. For user 0, or if the process is not
 * root, this changes nothing and returns TRUE. On failure (HOTSEAT_ERROR_FAILED) nothing has
 * changed. Nested calls do nothing. */
gboolean as_user_begin(AsUser *as, uid_t user, GError **error);
/* The same for owner_of(path, FALSE). */
gboolean as_owner_begin(AsUser *as, const char *path, GError **error);
void as_user_end(AsUser *as);

/*
 * Opens a folder (O_PATH) for writing into it, and takes the rights of owner_of(folder, FALSE)
 * until as_user_end(). The part of the path that belongs to root is opened with root's rights,
 * because the user may have no access to it. Returns the file descriptor, or -1 with errno set and
 * the rights unchanged.
 */
int as_owner_open(AsUser *as, const char *folder);
