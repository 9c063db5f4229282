/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "talk/press.h"

#include <fcntl.h>
#include <linux/input.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define CTRL_D 0x04

/* Calls see for each entry of a directory whose name starts with prefix. */
static void each_entry(const char *dir, const char *prefix,
	void (*see)(const char *path, const char *name, gpointer data), gpointer data)
{
	g_autoptr(GDir) entries = g_dir_open(dir, 0, NULL);
	const char *name;

	while (entries != NULL && (name = g_dir_read_name(entries)) != NULL)
		if (g_str_has_prefix(name, prefix)) {
			g_autofree char *path = g_build_filename(dir, name, NULL);

			see(path, name, data);
		}
}

static void see_event(const char *path, const char *name, gpointer data)
{
	g_ptr_array_add(data, g_strdup(name));
}

static void see_input(const char *path, const char *name, gpointer data)
{
	each_entry(path, "event", see_event, data);
}

/* <interface>/<hid>/input/inputN/eventM. Other drivers leave out the hid, and a device that is
 * connected to a receiver is a hid within a hid. */
static void see_hid(const char *path, const char *name, gpointer data)
{
	g_autofree char *inputs = g_build_filename(path, "input", NULL);

	each_entry(inputs, "input", see_input, data);
	if (strchr(name, ':') != NULL && strchr(name, '.') != NULL)
		each_entry(path, "", see_hid, data);
}

GPtrArray *press_nodes(const char *sysfs, const char *port)
{
	GPtrArray *nodes = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *dir = g_build_filename(sysfs, "bus/usb/devices", port, NULL);
	g_autofree char *prefix = g_strconcat(port, ":", NULL);

	each_entry(dir, prefix, see_hid, nodes);
	return nodes;
}

/* -- waiting ---------------------------------------------------------------------------------- */

/* The open nodes. The terminal comes first in the list, with device -1. */
typedef struct {
	GArray *fds;	 /* struct pollfd */
	GArray *devices; /* int: the index of the port that each belongs to */
	TalkPress what;
} Watch;

static void watch_add(Watch *watch, int fd, int device)
{
	struct pollfd entry = { .fd = fd, .events = POLLIN };

	g_array_append_val(watch->fds, entry);
	g_array_append_val(watch->devices, device);
}

static void watch_open(Watch *watch, const PressPlaces *places, const char *const *ports)
{
	watch_add(watch, places->typed, -1);
	for (int i = 0; ports[i] != NULL; i++) {
		g_autoptr(GPtrArray) nodes = press_nodes(places->sysfs, ports[i]);

		for (guint j = 0; j < nodes->len; j++) {
			g_autofree char *path =
				g_build_filename(places->nodes, nodes->pdata[j], NULL);
			int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

			if (fd >= 0)
				watch_add(watch, fd, i);
		}
	}
}

static void watch_close(Watch *watch)
{
	for (guint i = 1; i < watch->fds->len; i++) {
		int fd = g_array_index(watch->fds, struct pollfd, i).fd;

		close(fd >= 0 ? fd : ~fd);
	}
	g_array_unref(watch->fds);
	g_array_unref(watch->devices);
}

static gboolean is_press(const struct input_event *event, TalkPress what)
{
	if (what == TALK_PRESS_KEY)
		return event->type == EV_KEY && event->value == 1 && event->code < BTN_MISC;
	return (event->type == EV_REL && (event->code == REL_X || event->code == REL_Y)) ||
	       (event->type == EV_KEY && event->value == 1 && event->code >= BTN_MOUSE &&
		       event->code < BTN_JOYSTICK);
}

/* Reads all events that a node has. */
static gboolean has_press(struct pollfd *entry, TalkPress what)
{
	struct input_event events[64];
	gboolean found = FALSE;
	ssize_t n;

	while ((n = read(entry->fd, events, sizeof events)) >= (ssize_t)sizeof *events)
		for (gsize i = 0; i < (gsize)n / sizeof *events; i++)
			found |= is_press(&events[i], what);
	if (n <= 0 && entry->revents & (POLLERR | POLLHUP | POLLNVAL))
		entry->fd = ~entry->fd; /* unplugged: poll(2) ignores negative numbers */
	return found;
}

/* Reads what was typed. Has the user left? */
static gboolean has_left(int fd)
{
	char typed[256];
	ssize_t n = read(fd, typed, sizeof typed);

	return n <= 0 || memchr(typed, CTRL_D, (gsize)n) != NULL;
}

/* Waits once. Returns the device, TALK_PRESS_UNSEEN and *typed, or TALK_PRESS_END. */
static int look_once(Watch *watch, int timeout_ms, gboolean *typed, gboolean *any)
{
	struct pollfd *fds = (struct pollfd *)(gpointer)watch->fds->data;
	int found = TALK_PRESS_UNSEEN;

	*any = poll(fds, watch->fds->len, timeout_ms) > 0;
	for (guint i = 1; *any && i < watch->fds->len; i++)
		if (fds[i].revents != 0 && has_press(&fds[i], watch->what) && found < 0)
			found = g_array_index(watch->devices, int, i);
	*typed = *any && fds[0].revents != 0;
	if (*typed && has_left(fds[0].fd) && found < 0)
		return TALK_PRESS_END;
	return found;
}

static void wait_for_quiet(Watch *watch)
{
	gint64 end = g_get_monotonic_time() + 5 * G_TIME_SPAN_SECOND;
	gboolean any = TRUE, typed;

	while (any && g_get_monotonic_time() < end)
		look_once(watch, PRESS_QUIET_MS, &typed, &any);
}

static int wait_for_press(Watch *watch)
{
	gint64 end = g_get_monotonic_time() + PRESS_TIMEOUT_MS * G_TIME_SPAN_MILLISECOND;
	gboolean was_typed = FALSE, typed, any;
	int found = TALK_PRESS_UNSEEN;

	while (found == TALK_PRESS_UNSEEN) {
		gint64 left = (end - g_get_monotonic_time()) / G_TIME_SPAN_MILLISECOND;

		if (left <= 0)
			break;
		found = look_once(watch, (int)left, &typed, &any);
		if (typed && !was_typed)
			end = MIN(end, g_get_monotonic_time() +
					       PRESS_ELSEWHERE_MS * G_TIME_SPAN_MILLISECOND);
		was_typed |= typed;
	}
	return found;
}

int press_wait(const PressPlaces *places, const char *const *ports, TalkPress what)
{
	Watch watch = { g_array_new(FALSE, FALSE, sizeof(struct pollfd)),
		g_array_new(FALSE, FALSE, sizeof(int)), what };
	int found = TALK_PRESS_UNSEEN;

	watch_open(&watch, places, ports);
	if (watch.fds->len > 1) {
		found = wait_for_press(&watch);
		wait_for_quiet(&watch);
	}
	watch_close(&watch);
	return found;
}
