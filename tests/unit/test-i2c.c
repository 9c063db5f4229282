/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's buses, in a tree of files that stands for /sys and /dev, with an ioctl of our own.
 */
#include "common/error.h"
#include "display/connectors.h"
#include "display/i2c-kernel.h"
#include "open-fds.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define NOBODY	      65534
#define FORBIDDEN_GID 1 /* "daemon", on most systems */
#define NAMELESS_GID  4000000000u

typedef struct {
	char *root, *sysfs, *dev;
	I2cKernel *kernel;
} Tree;

static int rdwr_errno; /* what I2C_RDWR fails with; 0: it works */
static GString *controls;

static int fake_control(int fd, unsigned long request, void *argument)
{
	if (request == I2C_SLAVE) {
		g_string_append_printf(controls, "slave %02x ", GPOINTER_TO_UINT(argument));
		return 0;
	}
	g_assert_cmpuint(request, ==, I2C_RDWR);
	const struct i2c_rdwr_ioctl_data *transfer = argument;
	const struct i2c_msg *message = &transfer->msgs[0];

	g_assert_cmpuint(transfer->nmsgs, ==, 1);
	g_string_append_printf(controls, "rdwr %c %02x %u ", message->flags & I2C_M_RD ? 'r' : 'w',
		message->addr, message->len);
	errno = rdwr_errno;
	return rdwr_errno == 0 ? 1 : -1;
}

static void set_up(Tree *tree, gconstpointer unused)
{
	tree->root = g_dir_make_tmp("hotseat-i2c-XXXXXX", NULL);
	g_assert_nonnull(tree->root);
	tree->sysfs = g_build_filename(tree->root, "sys", NULL);
	tree->dev = g_build_filename(tree->root, "dev", NULL);
	g_assert_cmpint(g_mkdir(tree->sysfs, 0755), ==, 0);
	g_assert_cmpint(g_mkdir(tree->dev, 0755), ==, 0);
	tree->kernel = i2c_kernel_new(tree->sysfs, tree->dev, fake_control);
	controls = g_string_new(NULL);
	rdwr_errno = 0;
}

static void remove_tree(const char *path)
{
	g_autoptr(GDir) dir = NULL;
	const char *name;

	if (g_file_test(path, G_FILE_TEST_IS_SYMLINK) || !g_file_test(path, G_FILE_TEST_IS_DIR)) {
		g_unlink(path);
		return;
	}
	dir = g_dir_open(path, 0, NULL);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *below = g_build_filename(path, name, NULL);

		remove_tree(below);
	}
	g_rmdir(path);
}

static void tear_down(Tree *tree, gconstpointer unused)
{
	i2c_kernel_free(tree->kernel);
	remove_tree(tree->root);
	g_free(tree->root);
	g_free(tree->sysfs);
	g_free(tree->dev);
	g_string_free(controls, TRUE);
}

/* with the folders above it */
static void put_file(const char *root, const char *path, const char *text)
{
	g_autofree char *full = g_build_filename(root, path, NULL);
	g_autofree char *above = g_path_get_dirname(full);

	g_assert_cmpint(g_mkdir_with_parents(above, 0755), ==, 0);
	g_assert_true(g_file_set_contents(full, text, -1, NULL));
}

static void put_link(const char *root, const char *path, const char *target)
{
	g_autofree char *full = g_build_filename(root, path, NULL);
	g_autofree char *above = g_path_get_dirname(full);

	g_assert_cmpint(g_mkdir_with_parents(above, 0755), ==, 0);
	g_assert_cmpint(symlink(target, full), ==, 0);
}

/* an adapter below device, as sysfs has it */
static void put_adapter(Tree *tree, const char *device, int number, const char *name)
{
	g_autofree char *node =
		g_strdup_printf("devices/%s/i2c-%d/i2c-dev/i2c-%d", device, number, number);
	g_autofree char *name_file = g_build_filename(node, "name", NULL);
	g_autofree char *link = g_strdup_printf("class/i2c-dev/i2c-%d", number);
	g_autofree char *target = g_build_filename("../..", node, NULL);

	put_file(tree->sysfs, name_file, name);
	put_link(tree->sysfs, link, target);
}

static void test_list(Tree *tree, gconstpointer unused)
{
	g_autoptr(GArray) none = tree->kernel->base.ops->list(&tree->kernel->base);
	g_autoptr(GArray) buses = NULL;
	g_autoptr(GString) text = g_string_new(NULL);

	g_assert_cmpuint(none->len, ==, 0);
	put_file(tree->sysfs, "devices/pci0/0000:01:00.0/class", "0x030000\n");
	put_adapter(tree, "pci0/0000:01:00.0", 10, "NVIDIA i2c adapter 1 at 1:00.0\n");
	put_adapter(tree, "pci0/0000:01:00.0", 9, "AMDGPU SMU 0\n");
	put_adapter(tree, "pci0/0000:01:00.0/drm/card0/card0-DP-1", 4, "AUX A/DDI A\n");
	put_file(tree->sysfs, "devices/pci0/0000:00:1f.4/class", "0x0c0500\n");
	put_adapter(tree, "pci0/0000:00:1f.4", 0, "SMBus I801 adapter at efa0\n");
	put_adapter(tree, "pci0/0000:00:1f.4", 1, "an unknown name\n");
	put_adapter(tree, "platform/evdi", 3, "DisplayLink\n");
	buses = tree->kernel->base.ops->list(&tree->kernel->base);
	for (guint i = 0; i < buses->len; i++)
		g_string_append_printf(text, "%d ", g_array_index(buses, int, i));
	g_assert_cmpstr(text->str, ==, "3 4 10 ");
}

/* The numbers that are listed, a space behind each; each of them can be opened, no other can. */
static void assert_listed(Tree *tree, const char *expected)
{
	I2cSystem *system = &tree->kernel->base;
	g_autoptr(GArray) buses = system->ops->list(system);
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < buses->len; i++)
		g_string_append_printf(text, "%d ", g_array_index(buses, int, i));
	g_assert_cmpstr(text->str, ==, expected);
	for (int number = 0; number < 20; number++) {
		g_autofree char *word = g_strdup_printf("%d ", number);
		g_autofree char *node = g_strdup_printf("class/i2c-dev/i2c-%d", number);
		g_autofree char *path = g_build_filename(tree->sysfs, node, NULL);
		g_autofree char *file = g_strdup_printf("i2c-%d", number);
		g_autoptr(GError) error = NULL;
		g_autofree char *inside = g_strdup_printf(" %s", word);
		gboolean listed =
			g_str_has_prefix(text->str, word) || strstr(text->str, inside) != NULL;

		if (!g_file_test(path, G_FILE_TEST_EXISTS))
			continue;
		put_file(tree->dev, file, "");
		g_assert_cmpint(system->ops->check(system, number, &error), ==, listed);
		if (!listed)
			g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR);
		g_clear_error(&error);
		if (!listed)
			g_assert_null(system->ops->open(system, number, 0, &error));
	}
}

/* RGB lights, the power controller, chips on nouveau's cards */
static void test_foreign(Tree *tree, gconstpointer unused)
{
	put_file(tree->sysfs, "devices/pci0/0000:03:00.0/class", "0x030000\n");
	put_adapter(tree, "pci0/0000:03:00.0", 2, "AMDGPU SMU 0\n");
	put_adapter(tree, "pci0/0000:03:00.0", 3, "AMDGPU DM i2c hw bus 0\n");
	put_adapter(tree, "pci0/0000:03:00.0", 4, "AMDGPU DM i2c OEM bus\n");
	put_adapter(tree, "pci0/0000:03:00.0", 5, "AMDGPU DM aux hw bus 0\n");
	put_adapter(tree, "pci0/0000:03:00.0", 6, "DPMST\n");
	put_file(tree->sysfs, "devices/pci0/0000:04:00.0/class", "0x030000\n");
	put_link(tree->sysfs, "devices/pci0/0000:04:00.0/driver",
		"../../../bus/pci/drivers/nouveau");
	put_adapter(tree, "pci0/0000:04:00.0", 7, "nvkm-0000:04:00.0-bus-0002\n");
	put_adapter(tree, "pci0/0000:04:00.0", 8, "nouveau-0000:04:00.0-0\n");
	assert_listed(tree, "3 5 6 7 ");
}

/* One of NVIDIA's without a connector, where the driver reports the buses of connectors. */
static void test_nvidia(Tree *tree, gconstpointer unused)
{
	put_file(tree->sysfs, "devices/pci0/0000:01:00.0/class", "0x030000\n");
	put_adapter(tree, "pci0/0000:01:00.0", 7, "NVIDIA i2c adapter 0 at 1:00.0\n");
	put_adapter(tree, "pci0/0000:01:00.0", 8, "NVIDIA i2c adapter 1 at 1:00.0\n");
	put_file(tree->sysfs, "devices/pci0/0000:01:00.0/drm/card0/card0-DP-1/status",
		"connected\n");
	put_link(tree->sysfs, "class/drm/card0-DP-1",
		"../../devices/pci0/0000:01:00.0/drm/card0/card0-DP-1");
	assert_listed(tree, "7 8 ");
	put_link(tree->sysfs, "devices/pci0/0000:01:00.0/drm/card0/card0-DP-1/ddc",
		"../../../i2c-8");
	assert_listed(tree, "8 ");
}

/* A laptop's panel: on the bus that its connector knows, else on any of its card's that has none.
 */
static void test_panel(Tree *tree, gconstpointer unused)
{
	const char *panel = "devices/pci0/0000:00:02.0/drm/card0/card0-eDP-1/status";

	put_file(tree->sysfs, "devices/pci0/0000:00:02.0/class", "0x030000\n");
	put_adapter(tree, "pci0/0000:00:02.0", 4, "i915 gmbus dpb\n");
	put_adapter(tree, "pci0/0000:00:02.0", 5, "i915 gmbus dpc\n");
	put_file(tree->sysfs, panel, "connected\n");
	put_link(tree->sysfs, "class/drm/card0-eDP-1",
		"../../devices/pci0/0000:00:02.0/drm/card0/card0-eDP-1");
	put_file(tree->sysfs, "devices/pci0/0000:01:00.0/class", "0x030000\n");
	put_adapter(tree, "pci0/0000:01:00.0", 9, "nvkm-0000:01:00.0-bus-0002\n");
	assert_listed(tree, "9 ");
	/* switched off, or of a lid that is shut */
	put_file(tree->sysfs, panel, "disconnected\n");
	assert_listed(tree, "4 5 9 ");
	put_file(tree->sysfs, panel, "connected\n");
	put_link(tree->sysfs, "devices/pci0/0000:00:02.0/drm/card0/card0-eDP-1/ddc",
		"../../../i2c-5");
	assert_listed(tree, "4 9 ");
}

static void assert_connector(Tree *tree, int bus, const char *expected)
{
	g_autoptr(GPtrArray) connectors = tree->kernel->base.ops->connectors(&tree->kernel->base);
	const Connector *connector = connectors_of_bus(connectors, bus);

	g_assert_cmpstr(connector != NULL ? connector->name : NULL, ==, expected);
}

static void test_connector(Tree *tree, gconstpointer unused)
{
	assert_connector(tree, 4, NULL);
	put_link(tree->sysfs, "class/drm/card0-HDMI-A-1/ddc", "../../../i2c-4");
	put_file(tree->sysfs, "class/drm/card0-DP-1/i2c-6/name", "AUX");
	put_file(tree->sysfs, "class/drm/card1-DP-2/drm_dp_aux0/i2c-40/name", "AUX");
	assert_connector(tree, 4, "HDMI-A-1");
	assert_connector(tree, 6, "DP-1");
	assert_connector(tree, 40, "DP-2");
	assert_connector(tree, 5, NULL);
}

static I2cBus *open_bus(Tree *tree, int number)
{
	g_autoptr(GError) error = NULL;
	I2cBus *bus = tree->kernel->base.ops->open(&tree->kernel->base, number, 0, &error);

	g_assert_no_error(error);
	return bus;
}

static void assert_open_fails(Tree *tree, HotseatError code, const char *says)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(tree->kernel->base.ops->open(&tree->kernel->base, 4, 0, &error));
	g_assert_error(error, HOTSEAT_ERROR, (gint)code);
	g_assert_nonnull(strstr(error->message, says));
	g_clear_error(&error);
	if (code == HOTSEAT_ERROR_TIMED_OUT)
		return;
	g_assert_false(tree->kernel->base.ops->check(&tree->kernel->base, 4, &error));
	g_assert_error(error, HOTSEAT_ERROR, (gint)code);
}

static void test_open(Tree *tree, gconstpointer unused)
{
	g_autofree char *path = g_build_filename(tree->dev, "i2c-4", NULL);
	g_autoptr(GError) error = NULL;
	I2cBus *bus;

	assert_open_fails(tree, HOTSEAT_ERROR_NO_BUS, "modprobe i2c-dev");
	put_file(tree->dev, "i2c-5", "");
	assert_open_fails(tree, HOTSEAT_ERROR_NO_BUS, "describe the monitor instead");
	put_link(tree->dev, "i2c-4", "i2c-4");
	assert_open_fails(tree, HOTSEAT_ERROR_FAILED, "cannot open ");
	g_assert_cmpint(g_unlink(path), ==, 0);
	put_file(tree->dev, "i2c-4", "");
	g_assert_true(tree->kernel->base.ops->check(&tree->kernel->base, 4, &error));
	/* a second open of the file is a second owner of the lock, in one process too */
	bus = open_bus(tree, 4);
	assert_open_fails(tree, HOTSEAT_ERROR_TIMED_OUT, "lock");
	tree->kernel->base.ops->close(bus);
	tree->kernel->base.ops->close(open_bus(tree, 4));
}

/* root may do all: be somebody else for a moment */
static void assert_forbidden(Tree *tree, const char *path, gid_t owner, const char *says)
{
	gboolean root = geteuid() == 0;

	if (root) {
		g_assert_cmpint(chown(path, 0, owner), ==, 0);
		g_assert_cmpint(seteuid(NOBODY), ==, 0);
	}
	assert_open_fails(tree, HOTSEAT_ERROR_NO_PERMISSION, root ? says : "no permission to open");
	if (root)
		g_assert_cmpint(seteuid(0), ==, 0);
}

static void test_forbidden(Tree *tree, gconstpointer unused)
{
	g_autofree char *path = g_build_filename(tree->dev, "i2c-4", NULL);
	const struct group *group = getgrgid(FORBIDDEN_GID);
	g_autofree char *join =
		g_strdup_printf("usermod -aG %s ", group != NULL ? group->gr_name : "");
	g_autofree char *nameless = g_strdup_printf("usermod -aG %u ", NAMELESS_GID);

	guint before;

	put_file(tree->dev, "i2c-4", "");
	g_assert_cmpint(g_chmod(tree->root, 0755), ==, 0);
	g_assert_cmpint(g_chmod(path, 0), ==, 0);
	if (group != NULL)
		assert_forbidden(tree, path, FORBIDDEN_GID, join);
	before = open_fds();
	assert_forbidden(tree, path, NAMELESS_GID, nameless);
	assert_forbidden(tree, path, 0, "apply hotseat's udev rules");
	g_assert_cmpuint(open_fds(), ==, before);
}

static void test_rdwr(Tree *tree, gconstpointer unused)
{
	static const struct {
		int code;
		HotseatError error;
	} cases[] = {
		{ ENXIO, HOTSEAT_ERROR_NO_ANSWER },
		{ EREMOTEIO, HOTSEAT_ERROR_NO_ANSWER },
		{ EIO, HOTSEAT_ERROR_NO_ANSWER },
		{ ETIMEDOUT, HOTSEAT_ERROR_NO_ANSWER },
		{ ENODEV, HOTSEAT_ERROR_NO_BUS },
		{ EBUSY, HOTSEAT_ERROR_FAILED },
		{ EPERM, HOTSEAT_ERROR_FAILED },
	};
	guint8 data[11] = { 0 };
	I2cBus *bus;

	put_file(tree->dev, "i2c-4", "");
	bus = open_bus(tree, 4);
	g_assert_true(bus->system->ops->write(bus, 0x37, data, 7, NULL));
	g_assert_true(bus->system->ops->read(bus, 0x37, data, 11, NULL));
	g_assert_cmpstr(controls->str, ==, "rdwr w 37 7 rdwr r 37 11 ");
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;

		rdwr_errno = cases[i].code;
		g_assert_false(bus->system->ops->write(bus, 0x37, data, 7, &error));
		g_assert_error(error, HOTSEAT_ERROR, (gint)cases[i].error);
	}
	g_assert_null(strstr(controls->str, "slave"));
	bus->system->ops->close(bus);
}

/* refused once, never asked again on this bus */
static void test_fallback(Tree *tree, gconstpointer unused)
{
	g_autofree char *path = g_build_filename(tree->dev, "i2c-4", NULL);
	g_autofree char *written = NULL;
	guint8 data[4] = { 0 };
	gsize length;
	I2cBus *bus;

	put_file(tree->dev, "i2c-4", "");
	rdwr_errno = EINVAL;
	bus = open_bus(tree, 4);
	g_assert_true(bus->system->ops->write(bus, 0x37, (const guint8 *)"abc", 3, NULL));
	g_assert_true(bus->system->ops->write(bus, 0x50, (const guint8 *)"defghij", 7, NULL));
	bus->system->ops->close(bus);
	g_assert_cmpstr(controls->str, ==, "rdwr w 37 3 slave 37 slave 50 ");
	g_assert_true(g_file_get_contents(path, &written, &length, NULL));
	g_assert_cmpstr(written, ==, "abcdefghij");

	g_string_truncate(controls, 0);
	bus = open_bus(tree, 4);
	g_assert_true(bus->system->ops->read(bus, 0x37, data, 4, NULL));
	g_assert_cmpint(memcmp(data, "abcd", 4), ==, 0);
	/* more than is there: not a message */
	g_assert_true(bus->system->ops->read(bus, 0x37, data, 4, NULL));
	g_assert_false(bus->system->ops->read(bus, 0x37, data, 4, NULL));
	g_assert_cmpstr(controls->str, ==, "slave 37 ");
	bus->system->ops->close(bus);
}

static void assert_card(I2cBus *bus, gboolean is_free)
{
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(bus->system->ops->lock_card(bus, 0, &error), ==, is_free);
	if (!is_free)
		g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT);
}

/* A message on one bus of a card keeps the others away: in this process, and in another one, for
 * which a second kernel stands here. */
static void test_card(Tree *tree, gconstpointer unused)
{
	I2cKernel *other = i2c_kernel_new(tree->sysfs, tree->dev, fake_control);
	I2cBus *bus, *neighbour, *elsewhere, *abroad;

	for (int number = 4; number <= 6; number++) {
		g_autofree char *node = g_strdup_printf("i2c-%d", number);

		put_file(tree->dev, node, "");
		put_adapter(tree, number < 6 ? "pci0/0000:03:00.0" : "pci0/0000:0a:00.0", number,
			"AMDGPU DM aux hw bus\n");
	}
	put_file(tree->sysfs, "devices/pci0/0000:03:00.0/class", "0x030000\n");
	put_file(tree->sysfs, "devices/pci0/0000:0a:00.0/class", "0x030000\n");
	put_link(tree->sysfs, "bus/pci/devices/0000:03:00.0", "../../../devices/pci0/0000:03:00.0");
	bus = open_bus(tree, 4);
	elsewhere = open_bus(tree, 6);
	abroad = other->base.ops->open(&other->base, 5, 0, NULL);
	assert_card(bus, TRUE);
	assert_card(elsewhere, TRUE);
	assert_card(abroad, FALSE);
	other->base.ops->close(abroad);
	neighbour = open_bus(tree, 5);
	assert_card(neighbour, FALSE);
	bus->system->ops->unlock_card(bus);
	assert_card(neighbour, TRUE);
	neighbour->system->ops->unlock_card(neighbour);
	bus->system->ops->close(bus);
	neighbour->system->ops->close(neighbour);
	elsewhere->system->ops->close(elsewhere);
	i2c_kernel_free(other);
}

static int polled_ms;

/* What a sleep waits with, so that it can be stopped. */
gint g_poll(GPollFD *fds, guint n, gint timeout_ms)
{
	polled_ms = timeout_ms;
	return poll((struct pollfd *)fds, n, timeout_ms);
}

static void test_sleep(Tree *tree, gconstpointer unused)
{
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	const I2cOps *ops = tree->kernel->base.ops;
	gint64 before = ops->now_us(&tree->kernel->base);

	ops->sleep_us(&tree->kernel->base, 2500, cancel);
	g_assert_cmpint(ops->now_us(&tree->kernel->base) - before, >=, 2500);
	g_assert_cmpint(polled_ms, ==, 3);
	ops->sleep_us(&tree->kernel->base, 1000, cancel);
	g_assert_cmpint(polled_ms, ==, 1);
	/* would take longer than the test may */
	g_cancellable_cancel(cancel);
	ops->sleep_us(&tree->kernel->base, G_TIME_SPAN_HOUR, cancel);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Tree *tree, gconstpointer unused);
	} tests[] = {
		{ "/i2c/list", test_list },
		{ "/i2c/foreign", test_foreign },
		{ "/i2c/nvidia", test_nvidia },
		{ "/i2c/panel", test_panel },
		{ "/i2c/connector", test_connector },
		{ "/i2c/open", test_open },
		{ "/i2c/forbidden", test_forbidden },
		{ "/i2c/rdwr", test_rdwr },
		{ "/i2c/fallback", test_fallback },
		{ "/i2c/card", test_card },
		{ "/i2c/sleep", test_sleep },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Tree, NULL, set_up, tests[i].test, tear_down);
	return g_test_run();
}
