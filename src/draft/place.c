/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draft/place.h"

#include "draft/save.h"

#include <sys/stat.h>

#define ADD(steps, why, ...) steps_add(steps, why, (const char *const[]){ __VA_ARGS__, NULL })

static char *below_root(const Host *host, const char *path)
{
	return g_strconcat(host->root, path, NULL);
}

static gboolean is_there(const Host *host, const char *path)
{
	g_autofree char *full = below_root(host, path);

	return g_file_test(full, G_FILE_TEST_EXISTS);
}

static void add_backup(const Host *host, const char *path, GPtrArray *steps)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	g_autofree char *stamp = g_date_time_format(now, "%Y%m%d-%H%M%S");
	g_autofree char *backup = g_strdup_printf("%s.before-%s", path, stamp);

	if (is_there(host, path))
		ADD(steps, "keep the file that is there", "ln", path, backup);
}

/* This user cannot write there: root does what save_config() does. */
static void add_staged(const ConfigPlace *place, const Host *host, GPtrArray *steps)
{
	g_autofree char *folder = g_path_get_dirname(place->path);
	g_autofree char *config = g_build_filename(place->staged, "config.yaml", NULL);
	g_autofree char *secret = g_build_filename(place->staged, "secret", NULL);
	g_autofree char *new = g_strconcat(place->path, ".new", NULL);
	g_autofree char *secret_to = secret_path(place->path);

	if (!is_there(host, folder))
		ADD(steps, "make the folder", "install", "-d", "-m", "755", folder);
	if (place->secret) {
		add_backup(host, secret_to, steps);
		ADD(steps, "put the secret there", "install", "-m", "600", secret, secret_to);
	}
	add_backup(host, place->path, steps);
	ADD(steps, "put the configuration there, in one step", "install", "-m", "600", config, new);
	ADD(steps, "put the configuration there, in one step", "mv", "-T", new, place->path);
}

static gboolean belongs(const Host *host, const char *path)
{
	g_autofree char *full = below_root(host, path);
	struct stat st;

	return host->user != NULL && stat(full, &st) == 0 && st.st_uid == host->user->uid;
}

static void add_owner(const ConfigPlace *place, const Host *host, GPtrArray *steps)
{
	g_autofree char *secret = secret_path(place->path);
	g_autofree char *owner = g_strconcat(host->user_name, ":", NULL);
	gboolean both = place->secret || is_there(host, secret);

	/* Nothing will create this user, so the user cannot own anything. */
	if (host->user == NULL && !ready_is_installed(host->root, "sysusers.d/hotseat.conf"))
		return;
	if (place->staged == NULL && belongs(host, place->path) && (!both || belongs(host, secret)))
		return;
	ADD(steps, "only the service may read it", "chown", owner, place->path,
		both ? secret : NULL);
}

/* The config's owner must be able to read the key, so this comes after add_owner(). */
static void add_certificate(const ConfigPlace *place, const Host *host, GPtrArray *steps)
{
	ReadyStep *step;

	if (place->certificate == NULL || is_there(host, place->certificate))
		return;
	step = ADD(steps, "make the key and the certificate for TLS", "hotseat", "certificate",
		"new", "--config", place->path);
	step->root = !save_may(place->path);
}

void place_find_steps(const ConfigPlace *place, const Host *host, GPtrArray *steps)
{
	if (place->staged != NULL)
		add_staged(place, host, steps);
	if (place->for_service)
		add_owner(place, host, steps);
	add_certificate(place, host, steps);
}
