/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * This machine's side of the USB vtable: a file tree for sysfs, and libvirt's own test driver,
 * whose attach and detach are answered here, as it cannot do either.
 */
#include <libvirt-glib/libvirt-glib-event.h>
#include <libvirt/libvirt.h>
#include <string.h>
#include <unistd.h>

#include "common/error.h"
#include "device/usb-kernel.h"
#include "tree.h"

#define ALIAS "ua-hotseat-3-1"

static const TreeFile files[] = {
	{ "bus/usb/devices/3-1/idVendor", "28da" },
	{ "bus/usb/devices/3-1/idProduct", "1101" },
	{ "bus/usb/devices/3-1/busnum", "3" },
	{ "bus/usb/devices/3-1/devnum", "7" },
	{ "bus/usb/devices/3-1/3-1:1.0/bInterfaceNumber", "00" },
	{ "bus/usb/devices/3-1/3-1:1.0/bInterfaceClass", "03" },
	{ "bus/usb/drivers_probe", "" },
	{ NULL, NULL },
};

/* -- what libvirt is asked: on its lane's thread ----------------------------------------------- */

static gint refuse; /* attach and detach fail */
static gint bound;  /* interfaces bound through the node */

int virDomainAttachDeviceFlags(virDomainPtr domain, const char *xml, unsigned int flags)
{
	g_assert_nonnull(strstr(xml, "<address bus='3' device='7'/>"));
	g_assert_nonnull(strstr(xml, ALIAS));
	g_assert_cmpuint(flags, ==, VIR_DOMAIN_AFFECT_LIVE);
	return g_atomic_int_get(&refuse) ? -1 : 0;
}

int virDomainDetachDeviceAlias(virDomainPtr domain, const char *alias, unsigned int flags)
{
	g_assert_cmpstr(alias, ==, ALIAS);
	g_assert_cmpuint(flags, ==, VIR_DOMAIN_AFFECT_LIVE);
	return g_atomic_int_get(&refuse) ? -1 : 0;
}

static int fake_control(int fd, unsigned long request, void *argument)
{
	g_atomic_int_inc(&bound);
	return 0;
}

typedef struct {
	char *root;
	UsbPlaces places;
	Libvirt *libvirt;
	UsbSystem *system;
	GPtrArray *infos;
	const UsbInfo *keyboard;
	guint done;
	GError *error;
	guint news[USB_HOSTDEVS + 1];
} Kernel;

static void set_up(Kernel *kernel, gconstpointer uri)
{
	kernel->root = tree_new("", files);
	kernel->places = (UsbPlaces){ kernel->root, kernel->root, fake_control };
	kernel->libvirt = libvirt_new(uri);
	kernel->system = usb_kernel_new(&kernel->places, kernel->libvirt);
	kernel->infos = kernel->system->ops->list(kernel->system, NULL);
	g_assert_cmpuint(kernel->infos->len, ==, 1);
	kernel->keyboard = kernel->infos->pdata[0];
	g_atomic_int_set(&refuse, 0);
	g_atomic_int_set(&bound, 0);
}

static void tear_down(Kernel *kernel, gconstpointer uri)
{
	usb_kernel_free(kernel->system);
	/* what libvirt says from now on it does not hear */
	libvirt_connection_emit(
		libvirt_connection(kernel->libvirt), &(LibvirtEvent){ .kind = LIBVIRT_HOSTDEVS });
	libvirt_free(kernel->libvirt);
	while (g_main_context_iteration(NULL, FALSE))
		;
	g_ptr_array_unref(kernel->infos);
	g_clear_error(&kernel->error);
	tree_remove(kernel->root);
	g_free(kernel->root);
}

static void on_done(const GError *error, gpointer data)
{
	Kernel *kernel = data;

	kernel->done++;
	g_clear_error(&kernel->error);
	kernel->error = error == NULL ? NULL : g_error_copy(error);
}

static void wait_done(Kernel *kernel, UsbOp *op)
{
	guint done = kernel->done;

	g_assert_true(op->system == kernel->system);
	while (kernel->done == done)
		g_main_context_iteration(NULL, TRUE);
}

static void refresh(Kernel *kernel)
{
	wait_done(kernel, kernel->system->ops->refresh(kernel->system, on_done, kernel));
}

static void test_sysfs(Kernel *kernel, gconstpointer uri)
{
	UsbSystem *system = kernel->system;
	const ConfigDevice mouse = { .vendor = 0x046d, .product = -1 };
	g_autoptr(GPtrArray) none = system->ops->list(system, &mouse);
	g_autoptr(UsbInfo) gone = usb_info_copy(kernel->keyboard);

	g_assert_cmpuint(none->len, ==, 0);
	g_assert_true(system->ops->is_there(system, kernel->keyboard));
	gone->device++;
	g_assert_false(system->ops->is_there(system, gone));
	g_assert_cmpint(system->ops->driving(system, "3-1"), ==, USB_DRIVERLESS);
	g_assert_cmpint(system->ops->driving(system, "3-2"), ==, USB_PLAIN);
}

static void test_bind(Kernel *kernel, gconstpointer uri)
{
	UsbSystem *system = kernel->system;
	g_autofree char *dir = g_build_filename(kernel->root, "bus/usb/003", NULL);
	g_autofree char *node = g_build_filename(dir, "007", NULL);

	g_assert_cmpint(g_mkdir_with_parents(dir, 0700), ==, 0);
	g_assert_true(g_file_set_contents(node, "", 0, NULL));
	wait_done(kernel, system->ops->bind(system, kernel->keyboard, on_done, kernel));
	g_assert_no_error(kernel->error);
	g_assert_cmpint(g_atomic_int_get(&bound), ==, 1);
}

/* Until libvirt has answered for the first time, and from then on. */
static void test_hostdevs(Kernel *kernel, gconstpointer uri)
{
	UsbSystem *system = kernel->system;
	g_autoptr(GError) error = NULL;

	g_assert_null(system->ops->hostdevs(system, &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT);
	refresh(kernel);
	g_assert_no_error(kernel->error);
	g_assert_nonnull(system->ops->hostdevs(system, NULL));
	g_assert_cmpuint(system->ops->hostdevs(system, NULL)->len, ==, 0);
}

static void on_news(UsbNews news, const char *port, gpointer data)
{
	g_assert_null(port);
	((Kernel *)data)->news[news]++;
}

static void test_attach(Kernel *kernel, gconstpointer uri)
{
	UsbSystem *system = kernel->system;
	guint id = system->ops->watch(system, on_news, kernel);

	g_assert_cmpuint(id, !=, 0);
	refresh(kernel);
	wait_done(kernel,
		system->ops->attach(system, "test", kernel->keyboard, ALIAS, on_done, kernel));
	g_assert_no_error(kernel->error);
	g_assert_nonnull(hostdevs_find(system->ops->hostdevs(system, NULL), "test", ALIAS));
	g_assert_cmpuint(kernel->news[USB_HOSTDEVS], >, 0);
	system->ops->unwatch(system, id);
	kernel->news[USB_HOSTDEVS] = 0;
	refresh(kernel);
	g_assert_cmpuint(kernel->news[USB_HOSTDEVS], ==, 0);
}

static void test_attach_refused(Kernel *kernel, gconstpointer uri)
{
	UsbSystem *system = kernel->system;

	g_atomic_int_set(&refuse, 1);
	refresh(kernel);
	wait_done(kernel,
		system->ops->attach(system, "test", kernel->keyboard, ALIAS, on_done, kernel));
	g_assert_error(kernel->error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT);
	g_assert_true(g_str_has_prefix(kernel->error->message, "attaching to test failed: "));
	g_assert_cmpuint(system->ops->hostdevs(system, NULL)->len, ==, 0);
	wait_done(kernel,
		system->ops->attach(system, "none", kernel->keyboard, ALIAS, on_done, kernel));
	g_assert_error(kernel->error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT);
}

/* A refusal is no failure if the device turns out not to be there. */
static void test_detach(Kernel *kernel, gconstpointer uri)
{
	UsbSystem *system = kernel->system;

	refresh(kernel);
	wait_done(kernel,
		system->ops->attach(system, "test", kernel->keyboard, ALIAS, on_done, kernel));
	g_atomic_int_set(&refuse, 1);
	wait_done(kernel, system->ops->detach(system, "test", ALIAS, on_done, kernel));
	g_assert_no_error(kernel->error);
	g_assert_cmpuint(system->ops->hostdevs(system, NULL)->len, ==, 0);
}

static void test_drop(Kernel *kernel, gconstpointer uri)
{
	UsbSystem *system = kernel->system;
	UsbOp *ops[] = {
		system->ops->refresh(system, on_done, kernel),
		system->ops->attach(system, "test", kernel->keyboard, ALIAS, on_done, kernel),
		system->ops->detach(system, "test", ALIAS, on_done, kernel),
		system->ops->bind(system, kernel->keyboard, on_done, kernel),
	};

	for (guint i = 0; i < G_N_ELEMENTS(ops); i++)
		usb_op_clear(&ops[i]);
	g_assert_null(ops[0]);
	usb_op_clear(&ops[0]);
	while (g_main_context_iteration(NULL, FALSE))
		;
	g_assert_cmpuint(kernel->done, ==, 0);
}

static void test_no_libvirt(Kernel *kernel, gconstpointer uri)
{
	UsbSystem *system = kernel->system;
	g_autoptr(GError) error = NULL;

	refresh(kernel);
	g_assert_nonnull(kernel->error);
	g_assert_null(system->ops->hostdevs(system, &error));
	g_assert_cmpstr(error->message, ==, kernel->error->message);
	/* NULL is allowed if the reason is not needed */
	g_assert_null(system->ops->hostdevs(system, NULL));
}

#define TEST(path, uri, func) g_test_add("/usb-kernel/" path, Kernel, uri, set_up, func, tear_down)
#define TEST_URI	      "test:///default"

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	gvir_event_register();
	TEST("sysfs", TEST_URI, test_sysfs);
	TEST("bind", TEST_URI, test_bind);
	TEST("hostdevs", TEST_URI, test_hostdevs);
	TEST("attach", TEST_URI, test_attach);
	TEST("attach-refused", TEST_URI, test_attach_refused);
	TEST("detach", TEST_URI, test_detach);
	TEST("drop", TEST_URI, test_drop);
	TEST("no-libvirt", "nonsense:///system", test_no_libvirt);
	return g_test_run();
}
