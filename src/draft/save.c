/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draft/save.h"

#include "common/error.h"
#include "common/owner.h"
#include "common/wipe.h"
#include "draft/draft.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* More backups than this in one second are no accident. */
#define BACKUPS_MAX 100

static gboolean fail(GError **error, const char *what, const char *path)
{
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "cannot %s %s: %s", what, path,
		g_strerror(errno));
	return FALSE;
}

/* -- the secret ------------------------------------------------------------------------------- */

char *secret_path(const char *path)
{
	g_autofree char *directory = g_path_get_dirname(path);

	return g_build_filename(directory, DRAFT_SECRET_NAME, NULL);
}

char *secret_read(const char *path, gboolean *exists)
{
	g_autofree char *file = secret_path(path);
	g_autofree char *text = NULL;
	AsUser as;

	/* Another user's link must not lead root to a file that this user could not read. */
	*exists = TRUE;
	if (!as_owner_begin(&as, file, NULL))
		return NULL;
	*exists = g_file_test(file, G_FILE_TEST_EXISTS);
	g_file_get_contents(file, &text, NULL, NULL);
	as_user_end(&as);
	if (text == NULL)
		return NULL;
	text[strcspn(text, "\r\n")] = '\0';
	return draft_can_say(text) ? g_steal_pointer(&text) : NULL;
}

/* -- a file ----------------------------------------------------------------------------------- */

/* A new file, beside the one that it will replace. */
typedef struct {
	char *path, *temporary;
	char *backup; /* the copy that was made; NULL: none was needed */
	gboolean placed;
} Replacement;

static gboolean write_all(int fd, const char *text)
{
	gsize length = strlen(text);

	while (length > 0) {
		ssize_t n = write(fd, text, length);

		if (n < 0 && errno != EINTR)
			return FALSE;
		text += MAX(n, 0);
		length -= (gsize)MAX(n, 0);
	}
	return TRUE;
}

static gboolean prepare(
	Replacement *new, const char *text, const SaveRequest *request, GError **error)
{
	int fd;
	gboolean good;

	new->temporary = g_strconcat(new->path, ".XXXXXX", NULL);
	fd = g_mkstemp_full(new->temporary, O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0) {
		g_clear_pointer(&new->temporary, g_free);
		return fail(error, "write beside", new->path);
	}
	/* With a user's rights, the file belongs to that user already. */
	good = write_all(fd, text) && fsync(fd) == 0 &&
	       (request->uid == (uid_t)-1 || geteuid() != 0 ||
		       fchown(fd, request->uid, request->gid) == 0);
	if (!good)
		fail(error, "write", new->temporary);
	close(fd);
	return good;
}

/* Gives the existing file a second name, which no other file has. */
static gboolean back_up(Replacement *new, GError **error)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	g_autofree char *stamp = g_date_time_format(now, "%Y%m%d-%H%M%S");

	if (!g_file_test(new->path, G_FILE_TEST_EXISTS))
		return TRUE;
	for (int i = 0; i < BACKUPS_MAX; i++) {
		g_autofree char *name =
			i == 0 ? g_strdup_printf("%s.before-%s", new->path, stamp)
			       : g_strdup_printf("%s.before-%s-%d", new->path, stamp, i + 1);

		if (link(new->path, name) == 0) {
			new->backup = g_steal_pointer(&name);
			return TRUE;
		}
		if (errno != EEXIST)
			break;
	}
	return fail(error, "make a backup of", new->path);
}

static gboolean place(Replacement *new, GError **error)
{
	if (rename(new->temporary, new->path) != 0)
		return fail(error, "replace", new->path);
	new->placed = TRUE;
	return TRUE;
}

/* Restores the state before. */
static void undo(Replacement *new)
{
	if (new->placed &&new->backup != NULL)
		g_rename(new->backup, new->path);
	else if (new->placed)
		g_unlink(new->path);
	else if (new->backup != NULL)
		g_unlink(new->backup);
	if (new->temporary != NULL && !new->placed)
		g_unlink(new->temporary);
	g_clear_pointer(&new->backup, g_free);
}

static void replacement_clear(Replacement *new)
{
	g_free(new->path);
	g_free(new->temporary);
	g_free(new->backup);
}

/* -- all of it -------------------------------------------------------------------------------- */

static gboolean says(const char *path, const char *text)
{
	g_autofree char *there = NULL;

	return g_file_get_contents(path, &there, NULL, NULL) && g_str_equal(there, text);
}

/* Where a link leads: the link itself stays. Free with g_free(). */
static char *resolve(const char *path)
{
	char *real = realpath(path, NULL);
	char *copy = g_strdup(real != NULL ? real : path);

	free(real);
	return copy;
}

static gboolean replace(
	const SaveRequest *request, Replacement *config, Replacement *secret, GError **error)
{
	WIPED char *line = g_strconcat(request->secret, "\n", NULL);
	gboolean both = request->secret != NULL && !says(secret->path, line);

	return (!both || prepare(secret, line, request, error)) &&
	       prepare(config, request->text, request, error) &&
	       (!both || back_up(secret, error)) && back_up(config, error) &&
	       (!both || place(secret, error)) && place(config, error);
}

static gboolean save(const SaveRequest *request, Saved *saved, GError **error)
{
	Replacement config = { .path = resolve(request->path) };
	Replacement secret = { .path = secret_path(request->path) };
	gboolean good = replace(request, &config, &secret, error);

	if (!good) {
		undo(&config);
		undo(&secret);
	}
	saved->backup = g_steal_pointer(&config.backup);
	saved->secret_backup = g_steal_pointer(&secret.backup);
	replacement_clear(&config);
	replacement_clear(&secret);
	return good;
}

/* Uses the rights of the user who could redirect what is written there. */
static gboolean save_there(const SaveRequest *request, Saved *saved, GError **error)
{
	g_autofree char *directory = g_path_get_dirname(request->path);
	WIPED char *line =
		request->secret != NULL ? g_strconcat(request->secret, "\n", NULL) : NULL;
	g_autofree char *file = secret_path(request->path);

	saved->same = says(request->path, request->text) && (line == NULL || says(file, line));
	if (saved->same)
		return TRUE;
	if (g_mkdir_with_parents(directory, 0755) != 0)
		return fail(error, "make the folder", directory);
	return save(request, saved, error);
}

gboolean save_config(const SaveRequest *request, Saved *saved, GError **error)
{
	gboolean good;
	AsUser as;

	*saved = (Saved){ .same = FALSE };
	if (!as_owner_begin(&as, request->path, error))
		return FALSE;
	good = save_there(request, saved, error);
	as_user_end(&as);
	return good;
}

void saved_clear(Saved *saved)
{
	g_clear_pointer(&saved->backup, g_free);
	g_clear_pointer(&saved->secret_backup, g_free);
}

gboolean save_may(const char *path)
{
	g_autofree char *directory = g_path_get_dirname(path);

	while (!g_file_test(directory, G_FILE_TEST_EXISTS)) {
		char *parent = g_path_get_dirname(directory);

		g_free(directory);
		directory = parent;
	}
	return access(directory, W_OK | X_OK) == 0;
}
