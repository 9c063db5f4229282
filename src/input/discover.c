/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/discover.h"

#include "common/error.h"

#include <errno.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

/* udev sets a node's permissions after it has appeared, and its links some time later. */
#define LINKS_US (300 * 1000)

struct Discover {
	char *folder;
	void (*found)(gpointer data, const char *path);
	gpointer data;
	LoopWatch watch;
	LoopTimer timer;
};

static void report(Discover *discover, const char *name)
{
	g_autofree char *path = NULL;

	if (!g_str_has_prefix(name, "event"))
		return;
	path = g_build_filename(discover->folder, name, NULL);
	if (access(path, R_OK | W_OK) == 0)
		discover->found(discover->data, path);
}

void discover_scan(Discover *discover)
{
	g_autoptr(GDir) dir = g_dir_open(discover->folder, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		report(discover, name);
}

static void on_timer(gpointer data)
{
	discover_scan(data);
}

static void on_watch(gpointer data, guint32 events)
{
	Discover *discover = data;
	_Alignas(struct inotify_event) char buffer[4096];
	ssize_t n = read(discover->watch.fd, buffer, sizeof buffer);
	const struct inotify_event *event;

	for (char *at = buffer; at < buffer + n; at += sizeof *event + event->len) {
		event = (const struct inotify_event *)(void *)at;
		if (event->len > 0)
			report(discover, event->name);
	}
	discover->timer.at_us = loop_now(discover->watch.loop) + LINKS_US;
}

Discover *discover_new(Loop *loop, const char *folder,
	void (*found)(gpointer data, const char *path), gpointer data, GError **error)
{
	Discover *discover;
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (fd < 0 || inotify_add_watch(fd, folder, IN_CREATE | IN_ATTRIB | IN_MOVED_TO) < 0) {
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "%s cannot be watched: %s",
			folder, g_strerror(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	discover = g_new0(Discover, 1);
	discover->folder = g_strdup(folder);
	discover->found = found;
	discover->data = data;
	discover->watch = (LoopWatch){ .fd = fd, .ready = on_watch, .data = discover };
	discover->timer = (LoopTimer){ .due = on_timer, .data = discover };
	loop_watch(loop, &discover->watch, EPOLLIN);
	loop_timer(loop, &discover->timer);
	return discover;
}

void discover_free(Discover *discover)
{
	if (discover == NULL)
		return;
	loop_unwatch(&discover->watch);
	loop_untimer(&discover->timer);
	close(discover->watch.fd);
	g_free(discover->folder);
	g_free(discover);
}
