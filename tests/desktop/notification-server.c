/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * notification-server [CAPABILITY...] - shows notifications as lines on stdout:
 * id, id replaced, application, icon, summary, body; separated by tabs.
 * The first line is empty: it is there.
 */
#include <gio/gio.h>
#include <stdio.h>

static const char interface_xml[] =
	"<node><interface name='org.freedesktop.Notifications'>"
	"<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
	"<method name='Notify'>"
	"<arg type='s' direction='in'/><arg type='u' direction='in'/>"
	"<arg type='s' direction='in'/><arg type='s' direction='in'/>"
	"<arg type='s' direction='in'/><arg type='as' direction='in'/>"
	"<arg type='a{sv}' direction='in'/><arg type='i' direction='in'/>"
	"<arg type='u' direction='out'/></method>"
	"</interface></node>";

static guint32 last_id;
static char **capabilities;

static void notify(GVariant *arguments, GDBusMethodInvocation *invocation)
{
	const char *application, *icon, *summary, *body;
	guint32 replaces, id;

	g_variant_get(arguments, "(&su&s&s&sasa{sv}i)", &application, &replaces, &icon, &summary,
		&body, NULL, NULL, NULL);
	/* the specification: what replaces another has its id */
	id = replaces != 0 ? replaces : ++last_id;
	printf("%u\t%u\t%s\t%s\t%s\t%s\n", id, replaces, application, icon, summary, body);
	fflush(stdout);
	g_dbus_method_invocation_return_value(invocation, g_variant_new("(u)", id));
}

static void on_call(GDBusConnection *bus, const char *sender, const char *path,
	const char *interface, const char *method, GVariant *arguments,
	GDBusMethodInvocation *invocation, gpointer data)
{
	if (g_str_equal(method, "Notify"))
		notify(arguments, invocation);
	else
		g_dbus_method_invocation_return_value(
			invocation, g_variant_new("(^as)", capabilities));
}

static void on_name(GDBusConnection *bus, const char *name, gpointer data)
{
	puts("");
	fflush(stdout);
}

static void on_bus(GDBusConnection *bus, const char *name, gpointer data)
{
	static const GDBusInterfaceVTable vtable = { .method_call = on_call };
	GDBusNodeInfo *node = g_dbus_node_info_new_for_xml(interface_xml, NULL);

	g_dbus_connection_register_object(bus, "/org/freedesktop/Notifications",
		node->interfaces[0], &vtable, NULL, NULL, NULL);
	g_dbus_node_info_unref(node);
}

int main(int argc, char **argv)
{
	GMainLoop *loop = g_main_loop_new(NULL, FALSE);

	capabilities = argv + 1;
	g_bus_own_name(G_BUS_TYPE_SESSION, "org.freedesktop.Notifications",
		G_BUS_NAME_OWNER_FLAGS_NONE, on_bus, on_name, NULL, NULL, NULL);
	g_main_loop_run(loop);
	return 0;
}
