/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/owner.h"

#include "common/error.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The number of links that the kernel follows in one path: path_resolution(7). */
#define LINKS_MAX 40

/* -- who could make a path lead elsewhere ----------------------------------------------------- */

typedef struct {
	int dir;    /* where rest begins; O_PATH; -1: it could not be opened */
	char *rest; /* the part of the path that was not checked yet; begins with a link that does
		       not belong to root */
	guint links;
	gboolean content;
	uid_t owner; /* 0: none was found yet */
	gid_t group; /* of the owner's file or folder */
} Walk;

static void go_to(Walk *walk, int dir)
{
	if (walk->dir >= 0)
		close(walk->dir);
	walk->dir = dir;
}

static void start_at(Walk *walk, const char *folder)
{
	go_to(walk, open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC));
}

/* Removes the next component from the rest, and returns it; NULL: there is none. Free with
 * g_free(). */
static char *next_name(Walk *walk)
{
	const char *name = walk->rest + strspn(walk->rest, "/");
	gsize length = strcspn(name, "/");
	char *taken = length > 0 ? g_strndup(name, length) : NULL;
	char *rest = g_strdup(name + length);

	g_free(walk->rest);
	walk->rest = rest;
	return taken;
}

/* Follows a link that belongs to root. FALSE: its target does not exist. */
static gboolean follow(Walk *walk, const char *name)
{
	char target[PATH_MAX];
	ssize_t length = readlinkat(walk->dir, name, target, sizeof target - 1);
	char *rest;

	if (length <= 0 || ++walk->links > LINKS_MAX)
		return FALSE;
	target[length] = '\0';
	rest = g_strconcat(target, "/", walk->rest, NULL);
	g_free(walk->rest);
	walk->rest = rest;
	if (*target == '/')
		start_at(walk, "/");
	return TRUE;
}

static gboolean is_last(const Walk *walk)
{
	return walk->rest[strspn(walk->rest, "/")] == '\0';
}

/* Ends the walk before this component, which is not a directory or does not exist. */
static gboolean stop(Walk *walk, const char *name)
{
	char *rest = g_strconcat(name, "/", walk->rest, NULL);

	g_free(walk->rest);
	walk->rest = rest;
	return FALSE;
}

static void found(Walk *walk, const struct stat *st)
{
	walk->owner = st->st_uid;
	walk->group = st->st_gid;
}

/* Enters a directory. Checks the opened directory, because the path may have changed meanwhile. */
static gboolean enter(Walk *walk, const char *name)
{
	int dir = openat(walk->dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (dir < 0 || fstat(dir, &st) != 0) {
		if (dir >= 0)
			close(dir);
		return stop(walk, name);
	}
	go_to(walk, dir);
	found(walk, &st);
	return walk->owner == 0;
}

/* Advances by one component. FALSE: that was the last one. */
static gboolean step(Walk *walk)
{
	g_autofree char *name = next_name(walk);
	struct stat st;

	if (name == NULL || walk->dir < 0)
		return FALSE;
	if (fstatat(walk->dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return stop(walk, name);
	if (S_ISDIR(st.st_mode))
		return enter(walk, name);
	if (S_ISLNK(st.st_mode) && st.st_uid == 0)
		return follow(walk, name);
	if (S_ISLNK(st.st_mode) || (walk->content && is_last(walk)))
		found(walk, &st);
	return stop(walk, name);
}

static void walk_along(Walk *walk, const char *path)
{
	g_autofree char *here = *path != '/' ? g_get_current_dir() : NULL;

	/* a relative path is checked from the root, too */
	walk->rest = here != NULL ? g_build_filename(here, path, NULL) : g_strdup(path);
	start_at(walk, "/");
	while (step(walk))
		continue;
}

static void walk_end(Walk *walk)
{
	go_to(walk, -1);
	g_free(walk->rest);
}

uid_t owner_of(const char *path, gboolean content)
{
	Walk walk = { .dir = -1, .content = content };

	walk_along(&walk, path);
	walk_end(&walk);
	return walk.owner;
}

/* -- with whose rights ------------------------------------------------------------------------ */

static GArray *own_groups(void)
{
	int count = getgroups(0, NULL);
	GArray *groups = g_array_new(FALSE, FALSE, sizeof(gid_t));

	g_array_set_size(groups, (guint)MAX(count, 0));
	count = getgroups(count, (gid_t *)(gpointer)groups->data);
	g_array_set_size(groups, (guint)MAX(count, 0));
	return groups;
}

/* Changes the user last, because only root can change groups. */
static gboolean become(uid_t user, gid_t fallback)
{
	const struct passwd *entry = getpwuid(user);
	gid_t group = entry != NULL ? entry->pw_gid : fallback;
	int set = entry != NULL ? initgroups(entry->pw_name, group) : setgroups(0, NULL);

	return set == 0 && setegid(group) == 0 && seteuid(user) == 0;
}

void as_user_end(AsUser *as)
{
	if (!as->changed)
		return;
	if (seteuid(0) != 0 || setegid(as->group) != 0 ||
		setgroups(as->groups->len, (const gid_t *)(gconstpointer)as->groups->data) != 0)
		g_error("cannot become root again: %s", g_strerror(errno));
	g_array_unref(as->groups);
	*as = (AsUser){ .changed = FALSE };
}

/* fallback: the group of a user id without an entry in the user database. */
static gboolean begin(AsUser *as, uid_t user, gid_t group, GError **error)
{
	int code;

	*as = (AsUser){ .changed = FALSE };
	if (user == 0 || geteuid() != 0)
		return TRUE;
	*as = (AsUser){ TRUE, getegid(), own_groups() };
	if (become(user, group))
		return TRUE;
	code = errno;
	as_user_end(as);
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
		"cannot take the permissions of user %u, who could redirect what root writes "
		"there: %s; run hotseat as that user",
		(guint)user, g_strerror(code));
	return FALSE;
}

gboolean as_user_begin(AsUser *as, uid_t user, GError **error)
{
	return begin(as, user, (gid_t)user, error);
}

gboolean as_owner_begin(AsUser *as, const char *path, GError **error)
{
	Walk walk = { .dir = -1 };

	if (geteuid() == 0) {
		walk_along(&walk, path);
		walk_end(&walk);
	}
	return begin(as, walk.owner, walk.group, error);
}

int as_owner_open(AsUser *as, const char *folder)
{
	Walk walk = { .dir = -1 };
	const char *rest;
	int fd = -1, code;

	*as = (AsUser){ .changed = FALSE };
	if (geteuid() != 0)
		return open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	walk_along(&walk, folder);
	errno = EPERM;
	if (begin(as, walk.owner, walk.group, NULL)) {
		rest = walk.rest + strspn(walk.rest, "/");
		fd = openat(walk.dir, *rest != '\0' ? rest : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
	code = errno;
	if (fd < 0)
		as_user_end(as);
	walk_end(&walk);
	errno = code;
	return fd;
}
