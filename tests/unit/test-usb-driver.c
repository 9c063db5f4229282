/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Giving a device back to the host's drivers, with a file tree and an ioctl in the kernel's place.
 */
#include "common/error.h"
#include "device/driver.h"
#include "open-fds.h"
#include "tree.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <linux/usbdevice_fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* A keyboard with two interfaces, of which one has a driver, and the node of device 7 on bus 3. */
static const TreeFile files[] = {
	{ "sys/bus/usb/devices/3-1/3-1:1.0/bInterfaceNumber", "00" },
	{ "sys/bus/usb/devices/3-1/3-1:1.1/bInterfaceNumber", "01" },
	{ "sys/bus/usb/devices/3-1/3-1:1.2/bInterfaceNumber", "02" },
	{ "sys/bus/usb/drivers_probe", "" },
	{ "dev/bus/usb/003/007", "" },
	{ NULL, NULL },
};

typedef struct {
	char *root, *sysfs, *dev, *node, *probe;
	UsbPlaces places;
} Kernel;

static GString *asked; /* "0 1 ": the interfaces that the node was asked for */
static int answer;     /* errno of the ioctl; 0: it works */
static int only_first; /* the same, from the second on */

static int fake_control(int fd, unsigned long request, void *argument)
{
	const struct usbdevfs_ioctl *command = argument;
	int code = asked->len == 0 ? answer : MAX(answer, only_first);

	g_assert_cmpint(fd, >=, 0);
	g_assert_cmpuint(request, ==, USBDEVFS_IOCTL);
	g_assert_cmpint(command->ioctl_code, ==, (int)USBDEVFS_CONNECT);
	g_string_append_printf(asked, "%d ", command->ifno);
	errno = code;
	return code == 0 ? 0 : -1;
}

static void set_up(Kernel *kernel, gconstpointer unused)
{
	g_autofree char *driver = NULL;

	kernel->root = tree_new("", files);
	kernel->sysfs = g_build_filename(kernel->root, "sys", NULL);
	kernel->dev = g_build_filename(kernel->root, "dev", NULL);
	kernel->node = g_build_filename(kernel->dev, "bus/usb/003/007", NULL);
	kernel->probe = g_build_filename(kernel->sysfs, "bus/usb/drivers_probe", NULL);
	driver = g_build_filename(kernel->sysfs, "bus/usb/devices/3-1/3-1:1.1/driver", NULL);
	g_assert_cmpint(symlink("../../../drivers/usbhid", driver), ==, 0);
	kernel->places = (UsbPlaces){ kernel->sysfs, kernel->dev, fake_control };
	asked = g_string_new(NULL);
	answer = only_first = 0;
}

static void tear_down(Kernel *kernel, gconstpointer unused)
{
	tree_remove(kernel->root);
	g_free(kernel->root);
	g_free(kernel->sysfs);
	g_free(kernel->dev);
	g_free(kernel->node);
	g_free(kernel->probe);
	g_string_free(asked, TRUE);
}

static gboolean bind(Kernel *kernel, GError **error)
{
	const UsbInfo info = { .port = (char *)"3-1", .bus = 3, .device = 7 };

	return usb_bind_host(&kernel->places, &info, error);
}

static void probed_is(Kernel *kernel, const char *expected)
{
	g_autofree char *text = NULL;

	g_assert_true(g_file_get_contents(kernel->probe, &text, NULL, NULL));
	g_assert_cmpstr(text, ==, expected);
}

static void check_asked(const char *interfaces)
{
	/* in the order of the folder, which is unspecified */
	for (const char *c = interfaces; *c != '\0'; c++)
		g_assert_nonnull(strchr(asked->str, *c));
	g_assert_cmpuint(asked->len, ==, 2 * strlen(interfaces));
}

static void test_by_node(Kernel *kernel, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(bind(kernel, &error));
	g_assert_no_error(error);
	check_asked("02");
	probed_is(kernel, "\n");
}

static void test_busy_is_bound(Kernel *kernel, gconstpointer unused)
{
	answer = EBUSY;
	g_assert_true(bind(kernel, NULL));
	check_asked("02");
	probed_is(kernel, "\n");
}

/* Root may ask the other way. */
static void test_by_probe(Kernel *kernel, gconstpointer unused)
{
	g_autofree char *text = NULL;

	answer = EACCES;
	g_assert_true(bind(kernel, NULL));
	check_asked("02");
	g_assert_true(g_file_get_contents(kernel->probe, &text, NULL, NULL));
	g_assert_true(g_str_equal(text, "3-1:1.0") || g_str_equal(text, "3-1:1.2"));
}

static void test_no_node(Kernel *kernel, gconstpointer unused)
{
	g_assert_cmpint(g_remove(kernel->node), ==, 0);
	g_assert_true(bind(kernel, NULL));
	check_asked("");
}

static void failed(Kernel *kernel, HotseatError code, const char *how)
{
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(g_remove(kernel->probe), ==, 0);
	g_assert_false(bind(kernel, &error));
	g_assert_error(error, HOTSEAT_ERROR, (int)code);
	g_assert_true(g_str_has_prefix(error->message, how));
	g_assert_nonnull(strstr(error->message, kernel->node));
}

static void test_no_permission(Kernel *kernel, gconstpointer unused)
{
	answer = EACCES;
	failed(kernel, HOTSEAT_ERROR_NO_PERMISSION, "no permission to bind it");
	/* the second is not tried */
	g_assert_cmpuint(asked->len, ==, 2);
}

static void test_not_permitted(Kernel *kernel, gconstpointer unused)
{
	answer = EPERM;
	failed(kernel, HOTSEAT_ERROR_NO_PERMISSION, "no permission to bind it");
}

static void test_fails(Kernel *kernel, gconstpointer unused)
{
	answer = ENODEV;
	failed(kernel, HOTSEAT_ERROR_FAILED, "cannot bind it to the host's driver");
}

static void test_second_fails(Kernel *kernel, gconstpointer unused)
{
	only_first = ENODEV;
	failed(kernel, HOTSEAT_ERROR_FAILED, "cannot bind it to the host's driver");
	check_asked("02");
}

static void test_no_way_at_all(Kernel *kernel, gconstpointer unused)
{
	g_assert_cmpint(g_remove(kernel->node), ==, 0);
	failed(kernel, HOTSEAT_ERROR_FAILED, "cannot bind it to the host's driver");
}

/* Where all have drivers there is nothing to do, and nothing that could fail. */
static void test_nothing_to_do(Kernel *kernel, gconstpointer unused)
{
	const UsbInfo other = { .port = (char *)"3-2", .bus = 3, .device = 8 };
	g_autoptr(GError) error = NULL;

	g_assert_true(usb_bind_host(&kernel->places, &other, &error));
	g_assert_no_error(error);
	check_asked("");
}

static void test_closes(Kernel *kernel, gconstpointer unused)
{
	guint before = open_fds();

	answer = EACCES;
	g_assert_true(bind(kernel, NULL));
	g_assert_cmpuint(open_fds(), ==, before);
}

#define TEST(path, func) g_test_add("/usb-driver/" path, Kernel, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	TEST("by-node", test_by_node);
	TEST("busy-is-bound", test_busy_is_bound);
	TEST("by-probe", test_by_probe);
	TEST("no-node", test_no_node);
	TEST("no-permission", test_no_permission);
	TEST("not-permitted", test_not_permitted);
	TEST("fails", test_fails);
	TEST("second-fails", test_second_fails);
	TEST("no-way-at-all", test_no_way_at_all);
	TEST("nothing-to-do", test_nothing_to_do);
	TEST("closes", test_closes);
	return g_test_run();
}
