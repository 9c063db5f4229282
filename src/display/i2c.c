/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/error.h"
#include "display/display.h"
#include "display/i2c-kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_POLL_MS 10

typedef struct {
	I2cBus base;
	I2cKernel *kernel;
	int number;
	int fd;
	CardLock *card;
	gboolean plain; /* write() and read() instead of I2C_RDWR */
	guint8 address; /* the one set for them; 0: none */
} KernelBus;

static char *bus_path(I2cKernel *kernel, int number)
{
	return g_strdup_printf("%s/i2c-%d", kernel->dev, number);
}

static gboolean any_bus(I2cKernel *kernel)
{
	g_autoptr(GDir) dir = g_dir_open(kernel->dev, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (g_str_has_prefix(name, "i2c-"))
			return TRUE;
	return FALSE;
}

/* The name of a local group, or its number, which usermod accepts too. getgrgid() may ask a server,
 * which would block the main loop. Free with g_free(). */
static char *local_group(gid_t id)
{
	FILE *file = fopen("/etc/group", "re");
	struct group group, *found = NULL;
	char buffer[4096];

	while (file != NULL && fgetgrent_r(file, &group, buffer, sizeof buffer, &found) == 0)
		if (group.gr_gid == id)
			break;
	if (file != NULL)
		fclose(file);
	return found != NULL ? g_strdup(found->gr_name) : g_strdup_printf("%u", (guint)id);
}

static void set_no_permission(const char *path, GError **error)
{
	g_autofree char *group = NULL;
	struct stat st;

	/* if the group is root, no udev rule has set another one */
	if (stat(path, &st) == 0 && st.st_gid != 0)
		group = local_group(st.st_gid);
	if (group != NULL)
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_PERMISSION,
			"no permission to open %s; add the user to its group: `sudo usermod -aG %s "
			"%s`, then log in again, and restart hotseatd if it runs",
			path, group, g_get_user_name());
	else
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_PERMISSION,
			"no permission to open %s: only root has it; apply hotseat's udev rules: "
			"`sudo udevadm control --reload && sudo udevadm trigger -s i2c-dev`",
			path);
}

static void set_open_error(I2cKernel *kernel, const char *path, int code, GError **error)
{
	if (code == EACCES || code == EPERM)
		set_no_permission(path, error);
	else if (code != ENOENT && code != ENODEV && code != ENXIO)
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "cannot open %s: %s", path,
			g_strerror(code));
	else if (any_bus(kernel))
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_BUS,
			"no I2C bus %s; bus numbers change: describe the monitor instead "
			"(\"monitor: ...\")",
			path);
	else
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_BUS,
			"no I2C bus %s, nor any other; load the driver: sudo modprobe i2c-dev",
			path);
}

static gboolean kernel_check(I2cSystem *system, int number, GError **error)
{
	I2cKernel *kernel = (I2cKernel *)system;
	g_autofree char *path = bus_path(kernel, number);

	if (faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) == 0)
		return i2c_sysfs_usable(system, number, error);
	set_open_error(kernel, path, errno, error);
	return FALSE;
}

static gboolean lock(int fd, const char *path, guint deadline_ms, GError **error)
{
	gint64 deadline = g_get_monotonic_time() + deadline_ms * G_TIME_SPAN_MILLISECOND;

	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR) {
			g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
				"cannot lock %s: %s", path, g_strerror(errno));
			return FALSE;
		}
		if (g_get_monotonic_time() >= deadline) {
			g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT,
				"another program holds the lock (flock) of %s for over %u ms; see "
				"which: fuser -v %s",
				path, deadline_ms, path);
			return FALSE;
		}
		g_usleep(LOCK_POLL_MS * G_TIME_SPAN_MILLISECOND);
	}
	return TRUE;
}

static gboolean takes_no_rdwr(I2cKernel *kernel, int number)
{
	gboolean plain;

	g_mutex_lock(&kernel->lock);
	plain = g_hash_table_contains(kernel->plain, GINT_TO_POINTER(number));
	g_mutex_unlock(&kernel->lock);
	return plain;
}

static void remember_no_rdwr(I2cKernel *kernel, int number)
{
	g_mutex_lock(&kernel->lock);
	g_hash_table_add(kernel->plain, GINT_TO_POINTER(number));
	g_mutex_unlock(&kernel->lock);
}

/* Every user can read the card's class file, and so can lock it. Buses without a PCI device share
 * one lock, because it is not known which of them belong to the same card. */
static CardLock *card_of(I2cKernel *kernel, int number)
{
	g_autofree char *address = i2c_sysfs_card(&kernel->base, number);
	g_autofree char *path = NULL;

	if (address == NULL)
		return card_locks_get(kernel->cards, "without a PCI address", NULL);
	path = g_build_filename(kernel->sysfs, "bus/pci/devices", address, "class", NULL);
	return card_locks_get(kernel->cards, address, path);
}

static I2cBus *kernel_open(I2cSystem *system, int number, guint deadline_ms, GError **error)
{
	I2cKernel *kernel = (I2cKernel *)system;
	g_autofree char *path = bus_path(kernel, number);
	KernelBus *bus;
	int fd;

	/* before it is opened, because opening wakes some devices */
	if (!i2c_sysfs_usable(system, number, error))
		return NULL;
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		set_open_error(kernel, path, errno, error);
		return NULL;
	}
	if (!lock(fd, path, deadline_ms, error)) {
		close(fd);
		return NULL;
	}
	bus = g_new0(KernelBus, 1);
	bus->base.system = system;
	bus->kernel = kernel;
	bus->number = number;
	bus->fd = fd;
	bus->card = card_of(kernel, number);
	bus->plain = takes_no_rdwr(kernel, number);
	return &bus->base;
}

static void kernel_close(I2cBus *base)
{
	KernelBus *bus = (KernelBus *)base;

	close(bus->fd); /* releases the lock */
	g_free(bus);
}

static gboolean kernel_lock_card(I2cBus *base, guint deadline_ms, GError **error)
{
	return card_lock_take(((KernelBus *)base)->card, deadline_ms, error);
}

static void kernel_unlock_card(I2cBus *base)
{
	card_lock_release(((KernelBus *)base)->card);
}

/* Transfers the message with I2C_RDWR, which works even if a driver uses the address. Returns 0 or
 * an errno. */
static int transfer_rdwr(KernelBus *bus, struct i2c_msg *message)
{
	struct i2c_rdwr_ioctl_data transfer = { .msgs = message, .nmsgs = 1 };

	return bus->kernel->control(bus->fd, I2C_RDWR, &transfer) < 0 ? errno : 0;
}

/* Transfers the message with write() or read(). Returns 0 or an errno. */
static int transfer_plain(KernelBus *bus, const struct i2c_msg *message)
{
	ssize_t n;

	if (bus->address != message->addr) {
		if (bus->kernel->control(bus->fd, I2C_SLAVE, GUINT_TO_POINTER(message->addr)) < 0)
			return errno;
		bus->address = (guint8)message->addr;
	}
	if (message->flags & I2C_M_RD)
		n = read(bus->fd, message->buf, message->len);
	else
		n = write(bus->fd, message->buf, message->len);
	if (n < 0)
		return errno;
	return n == message->len ? 0 : EIO;
}

/* The errors of drivers that support only write() and read(), some of NVIDIA's among them. */
static gboolean refuses_rdwr(int code)
{
	return code == EINVAL || code == EOPNOTSUPP || code == ENOTTY || code == ENOSYS;
}

static int transfer(KernelBus *bus, struct i2c_msg *message)
{
	int code = bus->plain ? 0 : transfer_rdwr(bus, message);

	if (!bus->plain && !refuses_rdwr(code))
		return code;
	code = transfer_plain(bus, message);
	if (code == 0 && !bus->plain) {
		bus->plain = TRUE;
		remember_no_rdwr(bus->kernel, bus->number);
	}
	return code;
}

/* Drivers report a message without an acknowledgement with different errors. */
static gboolean is_nak(int code)
{
	return code == ENXIO || code == EREMOTEIO || code == EIO || code == ETIMEDOUT ||
	       code == EAGAIN || code == EPROTO;
}

static gboolean report(
	const KernelBus *bus, const struct i2c_msg *message, int code, GError **error)
{
	gint kind = HOTSEAT_ERROR_FAILED; /* HotseatError */
	const char *hint = "";

	if (code == 0)
		return TRUE;
	if (is_nak(code))
		kind = HOTSEAT_ERROR_NO_ANSWER;
	else if (code == ENODEV || code == ENOENT)
		kind = HOTSEAT_ERROR_NO_BUS;
	else if (code == EBUSY)
		hint = "; a kernel driver uses the monitor, unload it: sudo modprobe -r ddcci";
	g_set_error(error, HOTSEAT_ERROR, kind, "address 0x%02x on %s/i2c-%d: %s%s", message->addr,
		bus->kernel->dev, bus->number, g_strerror(code), hint);
	return FALSE;
}

static gboolean kernel_write(
	I2cBus *base, guint8 address, const guint8 *data, gsize length, GError **error)
{
	struct i2c_msg message = {
		.addr = address,
		.len = (guint16)length,
		.buf = (guint8 *)data,
	};
	KernelBus *bus = (KernelBus *)base;

	return report(bus, &message, transfer(bus, &message), error);
}

static gboolean kernel_read(
	I2cBus *base, guint8 address, guint8 *data, gsize length, GError **error)
{
	struct i2c_msg message = {
		.addr = address,
		.flags = I2C_M_RD,
		.len = (guint16)length,
		.buf = data,
	};
	KernelBus *bus = (KernelBus *)base;

	return report(bus, &message, transfer(bus, &message), error);
}

static gint64 kernel_now_us(I2cSystem *system)
{
	return g_get_monotonic_time();
}

static void kernel_sleep_us(I2cSystem *system, gint64 us, GCancellable *cancel)
{
	GPollFD fd;

	if (cancel == NULL || !g_cancellable_make_pollfd(cancel, &fd)) {
		g_usleep((gulong)us);
		return;
	}
	g_poll(&fd, 1, (gint)((us + G_TIME_SPAN_MILLISECOND - 1) / G_TIME_SPAN_MILLISECOND));
	g_cancellable_release_fd(cancel);
}

static guint kernel_watch(I2cSystem *system, I2cChanged changed, gpointer data)
{
	I2cKernel *kernel = (I2cKernel *)system;
	guint id = ++kernel->last_watch;

	g_hash_table_insert(kernel->watches, GUINT_TO_POINTER(id), i2c_watch_new(changed, data));
	return id;
}

static void kernel_unwatch(I2cSystem *system, guint id)
{
	I2cKernel *kernel = (I2cKernel *)system;

	g_hash_table_remove(kernel->watches, GUINT_TO_POINTER(id));
}

static void watch_free(gpointer data)
{
	i2c_watch_free(data);
}

I2cKernel *i2c_kernel_new(const char *sysfs, const char *dev, I2cControl control)
{
	static const I2cOps ops = {
		.list = i2c_sysfs_list,
		.connectors = i2c_sysfs_connectors,
		.card = i2c_sysfs_card,
		.check = kernel_check,
		.open = kernel_open,
		.close = kernel_close,
		.lock_card = kernel_lock_card,
		.unlock_card = kernel_unlock_card,
		.write = kernel_write,
		.read = kernel_read,
		.now_us = kernel_now_us,
		.sleep_us = kernel_sleep_us,
		.watch = kernel_watch,
		.unwatch = kernel_unwatch,
	};
	I2cKernel *kernel = g_new0(I2cKernel, 1);

	/* looked up now, before the main loop runs; GLib caches it */
	g_get_user_name();
	kernel->base.ops = &ops;
	kernel->sysfs = sysfs;
	kernel->dev = dev;
	kernel->control = control;
	g_mutex_init(&kernel->lock);
	kernel->plain = g_hash_table_new(NULL, NULL);
	kernel->cards = card_locks_new();
	kernel->watches = g_hash_table_new_full(NULL, NULL, NULL, watch_free);
	return kernel;
}

void i2c_kernel_free(I2cKernel *kernel)
{
	g_hash_table_unref(kernel->plain);
	card_locks_free(kernel->cards);
	g_hash_table_unref(kernel->watches);
	g_mutex_clear(&kernel->lock);
	g_free(kernel);
}

static int control_ioctl(int fd, unsigned long request, void *argument)
{
	return ioctl(fd, request, argument);
}

I2cSystem *i2c_kernel(void)
{
	static I2cKernel *kernel;

	if (kernel == NULL)
		kernel = i2c_kernel_new("/sys", "/dev", control_ioctl);
	return &kernel->base;
}
