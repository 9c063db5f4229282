/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/notify.h"

#include "cli/cli.h"
#include "cli/show.h"
#include "cli/text.h"
#include "common/json.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#define SERVICE "org.freedesktop.Notifications"
#define PATH	"/org/freedesktop/Notifications"

/* The file below $XDG_RUNTIME_DIR with the last notification: "BUS SERVER ID". The ID alone could
 * belong to another program after the server or the bus has been restarted. */
#define STATE_NAME "hotseat-notification"
#define STATE_MAX  512

static GDBusConnection *bus_get(GError **error)
{
	g_autoptr(GError) cause = NULL;
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, &cause);

	if (bus == NULL)
		g_set_error(error, CLI_ERROR, CLI_FAILED,
			"cannot show a notification: there is no session bus: %s", cause->message);
	return bus;
}

gboolean notify_connect(GError **error)
{
	/* not unreferenced on purpose: GIO owns it, and it has exit-on-close set */
	return bus_get(error) != NULL;
}

/* Calls a method; returns its answer, or NULL. Takes ownership of arguments, which may be floating.
 */
static GVariant *call(GDBusConnection *bus, const char *method, GVariant *arguments,
	const char *type, GError **error)
{
	return g_dbus_connection_call_sync(bus, SERVICE, PATH, SERVICE, method, arguments,
		G_VARIANT_TYPE(type), G_DBUS_CALL_FLAGS_NONE, NOTIFY_TIMEOUT_MS, NULL, error);
}

/* Does the server interpret the body as markup? */
static gboolean has_markup(GDBusConnection *bus)
{
	g_autoptr(GVariant) answer = call(bus, "GetCapabilities", NULL, "(as)", NULL);
	g_autofree const char **capabilities = NULL;

	if (answer == NULL)
		return FALSE;
	g_variant_get(answer, "(^a&s)", &capabilities);
	return g_strv_contains(capabilities, "body-markup");
}

/* "BUS SERVER " of the running server. */
static char *server_name(GDBusConnection *bus)
{
	g_autoptr(GVariant) answer = g_dbus_connection_call_sync(bus, "org.freedesktop.DBus", "/",
		"org.freedesktop.DBus", "GetNameOwner", g_variant_new("(s)", SERVICE),
		G_VARIANT_TYPE("(s)"), G_DBUS_CALL_FLAGS_NONE, NOTIFY_TIMEOUT_MS, NULL, NULL);
	const char *owner = "?";

	if (answer != NULL)
		g_variant_get(answer, "(&s)", &owner);
	return g_strdup_printf("%s %s ", g_dbus_connection_get_guid(bus), owner);
}

/* Opens and locks the state's file, so that two processes that fail at the same time show one
 * notification. -1: not possible, continue without it. */
static int state_open(void)
{
	const char *dir = g_getenv("XDG_RUNTIME_DIR");
	g_autofree char *path = dir != NULL ? g_build_filename(dir, STATE_NAME, NULL) : NULL;
	int fd = path == NULL ? -1 : open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd >= 0)
		flock(fd, LOCK_EX);
	return fd;
}

static guint32 state_read(int fd, const char *server)
{
	char text[STATE_MAX + 1] = "";
	gssize length = pread(fd, text, STATE_MAX, 0);

	if (length <= 0 || !g_str_has_prefix(text, server))
		return 0;
	return (guint32)g_ascii_strtoull(text + strlen(server), NULL, 10);
}

static void state_write(int fd, const char *server, guint32 id)
{
	g_autofree char *text = g_strdup_printf("%s%u\n", server, id);
	gsize length = strlen(text);

	/* an incomplete line matches no server or notification, so it is harmless */
	if (ftruncate(fd, 0) == 0 && pwrite(fd, text, length, 0) != (gssize)length &&
		ftruncate(fd, 0) != 0)
		g_debug("the state of notifications is incomplete");
}

/* Returns the notification's id, or 0 and an error. */
static guint32 notify(GDBusConnection *bus, guint32 replaces, const char *summary, const char *body,
	GError **error)
{
	GVariantBuilder hints;
	g_autoptr(GVariant) answer = NULL;
	guint32 id = 0;

	g_variant_builder_init(&hints, G_VARIANT_TYPE_VARDICT);
	g_variant_builder_add(&hints, "{sv}", "category", g_variant_new_string("device.error"));
	answer = call(bus, "Notify",
		g_variant_new("(susssasa{sv}i)", "hotseat", replaces, "hotseat", summary, body,
			NULL, &hints, -1),
		"(u)", error);
	if (answer != NULL)
		g_variant_get(answer, "(u)", &id);
	return id;
}

gboolean notify_show(const char *summary, const char *body, GError **error)
{
	g_autoptr(GDBusConnection) bus = bus_get(error);
	g_autoptr(GError) cause = NULL;
	g_autofree char *clean_summary = text_clean_utf8(summary);
	g_autofree char *clean = text_clean_utf8(body);
	g_autofree char *escaped = g_markup_escape_text(clean, -1);
	g_autofree char *server = NULL;
	gboolean markup;
	guint32 id;
	int state;

	if (bus == NULL)
		return FALSE;
	/* the first call starts the server if the bus can activate it */
	markup = has_markup(bus);
	server = server_name(bus);
	state = state_open();
	id = notify(
		bus, state_read(state, server), clean_summary, markup ? escaped : clean, &cause);
	if (cause == NULL)
		state_write(state, server, id);
	if (state >= 0)
		close(state);
	if (cause == NULL)
		return TRUE;
	g_dbus_error_strip_remote_error(cause);
	g_set_error(error, CLI_ERROR, CLI_FAILED,
		"cannot show a notification: %s; does a notification daemon run?", cause->message);
	return FALSE;
}

static void show_or_tell(const char *summary, const char *body)
{
	GError *error = NULL;

	if (!notify_show(summary, body, &error))
		cli_fail(error);
}

static const struct {
	const char *outcome, *summary;
} summaries[] = {
	{ "refused", "Not switched to %s" },
	{ "rolled-back", "Switch to %s failed" },
	{ "incomplete", "Switch to %s is incomplete" },
};

void notify_failed_switch(JsonObject *sw)
{
	const char *outcome = member_text(sw, "outcome");
	const char *to = member_text(sw, "to"), *error = member_text(sw, "error");

	if (g_strcmp0(outcome, "superseded") == 0)
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(summaries); i++)
		if (g_strcmp0(summaries[i].outcome, outcome) == 0) {
			g_auto(GStrv) around = g_strsplit(summaries[i].summary, "%s", 2);
			g_autofree char *summary =
				g_strconcat(around[0], to != NULL ? to : "?", around[1], NULL);

			show_or_tell(summary, error);
			return;
		}
	notify_no_switch(error);
}

void notify_no_switch(const char *why)
{
	show_or_tell("Cannot switch", why);
}
