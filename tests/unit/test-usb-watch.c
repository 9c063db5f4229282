/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What udev says of USB devices, said here by the test.
 */
#include "device/watch.h"

#include <gudev/gudev.h>

static GUdevClient *client; /* the one of all watches; NULL: there is none */
static guint clients;

static void forget_client(gpointer data, GObject *object)
{
	client = NULL;
}

/* In place of libgudev's: the test keeps an eye on what is made. */
GUdevClient *g_udev_client_new(const gchar *const *subsystems)
{
	g_assert_cmpstr(subsystems[0], ==, "usb/usb_device");
	g_assert_null(subsystems[1]);
	client = g_object_new(G_UDEV_TYPE_CLIENT, "subsystems", subsystems, NULL);
	clients++;
	g_object_weak_ref(G_OBJECT(client), forget_client, NULL);
	return client;
}

static void heard(UsbNews news, const char *port, gpointer data)
{
	static const char *const names[] = { [USB_PLUGGED] = "in", [USB_UNPLUGGED] = "out" };

	g_string_append_printf(data, "%s %s ", names[news], port);
}

/* A device that every machine has stands for the port it is named after. */
static void say(const char *action)
{
	g_autoptr(GUdevDevice) device =
		g_udev_client_query_by_subsystem_and_name(client, "mem", "null");

	g_signal_emit_by_name(client, "uevent", action, device);
}

static gboolean has_sysfs(void)
{
	if (g_file_test("/sys/class/mem/null", G_FILE_TEST_EXISTS))
		return TRUE;
	g_test_skip("there is no /sys to take a device from");
	return FALSE;
}

static void test_news(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	UsbWatch *watch = usb_watch_new(heard, text);

	if (has_sysfs()) {
		/* before its drivers are bound it is not there yet */
		say("add");
		say("change");
		say("unbind");
		g_assert_cmpstr(text->str, ==, "");
		say("bind");
		g_assert_cmpstr(text->str, ==, "in null ");
		say("remove");
		g_assert_cmpstr(text->str, ==, "in null out null ");
	}
	usb_watch_free(watch);
}

/* One client for all, until the last of them is freed; who is freed hears nothing. */
static void test_shared(void)
{
	g_autoptr(GString) first = g_string_new(NULL), second = g_string_new(NULL);
	UsbWatch *one, *other;

	clients = 0;
	one = usb_watch_new(heard, first);
	other = usb_watch_new(heard, second);
	g_assert_cmpuint(clients, ==, 1);
	usb_watch_free(one);
	g_assert_nonnull(client);
	if (has_sysfs())
		say("bind");
	g_assert_cmpstr(first->str, ==, "");
	g_assert_cmpstr(second->str, ==, has_sysfs() ? "in null " : "");
	usb_watch_free(other);
	g_assert_null(client);
	usb_watch_free(NULL);
	one = usb_watch_new(heard, first);
	g_assert_cmpuint(clients, ==, 2);
	usb_watch_free(one);
	g_assert_null(client);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/usb-watch/news", test_news);
	g_test_add_func("/usb-watch/shared", test_shared);
	return g_test_run();
}
