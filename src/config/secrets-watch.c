/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/error.h"
#include "config/secrets.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

/* GFileMonitor would check for a missing folder every four seconds. */
struct SecretsWatch {
	char *folder, *name; /* the folder of the secrets; its last component */
	int fd;
	int secrets; /* inotify's number; -1: the folder does not exist */
	guint source;
	guint idle;
	void (*changed)(gpointer data);
	gpointer data;
};

#define COMES_AND_GOES (IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_MOVED_FROM)

static void watch_folder(SecretsWatch *watch)
{
	/* the same number again if it is the same folder */
	watch->secrets = inotify_add_watch(watch->fd, watch->folder,
		IN_ONLYDIR | COMES_AND_GOES | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF);
}

static gboolean on_idle(gpointer data)
{
	SecretsWatch *watch = data;

	watch->idle = 0;
	watch->changed(watch->data);
	return G_SOURCE_REMOVE;
}

/* Hidden files are not secrets; in the config's folder only the folder of the secrets matters. */
static gboolean concerns(SecretsWatch *watch, const struct inotify_event *event)
{
	const char *name = event->len > 0 ? event->name : "";

	if (event->mask & IN_Q_OVERFLOW)
		return TRUE;
	if (event->wd == watch->secrets)
		return *name != '.';
	return strcmp(name, watch->name) == 0;
}

static gboolean on_event(int fd, GIOCondition condition, gpointer data)
{
	SecretsWatch *watch = data;
	_Alignas(struct inotify_event) char buffer[4096];
	gssize length = read(fd, buffer, sizeof buffer);
	const struct inotify_event *event;

	for (gssize at = 0; at < length; at += (gssize)(sizeof *event + event->len)) {
		event = (const struct inotify_event *)(buffer + at);
		if (!concerns(watch, event))
			continue;
		watch_folder(watch);
		/* several events at a time are one change */
		if (watch->idle == 0)
			watch->idle = g_idle_add(on_idle, watch);
	}
	return G_SOURCE_CONTINUE;
}

SecretsWatch *secrets_watch_new(
	const char *config_path, void (*changed)(gpointer data), gpointer data, GError **error)
{
	g_autoptr(SecretsWatch) watch = g_new0(SecretsWatch, 1);
	g_autofree char *parent = NULL;

	watch->folder = secrets_folder(config_path);
	watch->name = g_path_get_basename(watch->folder);
	watch->changed = changed;
	watch->data = data;
	watch->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	parent = g_path_get_dirname(watch->folder);
	if (watch->fd < 0 ||
		inotify_add_watch(watch->fd, parent, IN_ONLYDIR | COMES_AND_GOES) < 0) {
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"changes to %s are not noticed until a reload: %s", watch->folder,
			g_strerror(errno));
		return NULL;
	}
	watch_folder(watch);
	watch->source = g_unix_fd_add(watch->fd, G_IO_IN, on_event, watch);
	return g_steal_pointer(&watch);
}

void secrets_watch_free(SecretsWatch *watch)
{
	if (watch == NULL)
		return;
	g_clear_handle_id(&watch->source, g_source_remove);
	g_clear_handle_id(&watch->idle, g_source_remove);
	if (watch->fd >= 0)
		close(watch->fd);
	g_free(watch->folder);
	g_free(watch->name);
	g_free(watch);
}
