/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Root that writes into a folder of another user could be tricked: a planted link redirects the
 * file to a place where that user has no permission to write. So it writes with that user's rights,
 * and the kernel decides. Nothing here does anything for a process that is not root.
 */
#pragma once

#include <glib.h>
#include <sys/types.h>

/*
 * The user who could make path lead elsewhere: the owner of the first directory or link on the way
 * to it that is not root's. What does not exist yet has no owner. 0: only root. With content, the
 * owner of path counts as well, because that user can change its content.
 */
uid_t owner_of(const char *path, gboolean content);

/* The rights to go back to. */
typedef struct {
	gboolean changed;
	gid_t group;
	GArray *groups; /* gid_t; NULL: not changed */
} AsUser;

/* From here to as_user_end() root has the rights of this user and of no other. TRUE, and no change,
 * for user 0, and for a process that is not root. On failure, with an error (HOTSEAT_ERROR_FAILED),
 * nothing has changed. Begun within another one, it does nothing. */
gboolean as_user_begin(AsUser *as, uid_t user, GError **error);
/* The same for owner_of(path, FALSE). */
gboolean as_owner_begin(AsUser *as, const char *path, GError **error);
void as_user_end(AsUser *as);

/*
 * Opens a folder (O_PATH) to write in it, with the rights of owner_of(folder, FALSE), which last
 * until as_user_end(). As far as the way there is root's it is opened with root's: the user need
 * not be able to see it. Returns the file descriptor, or -1 with errno, and no rights have changed.
 */
int as_owner_open(AsUser *as, const char *folder);
