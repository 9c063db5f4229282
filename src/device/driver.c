/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/usbdevice_fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/error.h"

static int control_kernel(int fd, unsigned long request, void *argument)
{
	return ioctl(fd, request, argument);
}

const UsbPlaces usb_places_here = { SYSFS_ROOT, "/dev", control_kernel };

/* The kernel's own interface, for users with write access to the device's node (like
 * libusb_attach_kernel_driver()). EBUSY: it has got a driver meanwhile. */
static int bind_by_node(const UsbPlaces *places, int fd, guint interface)
{
	struct usbdevfs_ioctl command = { .ifno = (int)interface, .ioctl_code = USBDEVFS_CONNECT };

	return places->control(fd, USBDEVFS_IOCTL, &command) >= 0 || errno == EBUSY ? 0 : errno;
}

/* Works for root, even if the node cannot be opened. */
static int bind_by_probe(const UsbPlaces *places, const char *port, guint interface)
{
	g_autofree char *name = g_strdup_printf("%s:1.%u", port, interface);
	g_autofree char *path = g_build_filename(places->sysfs, "bus/usb/drivers_probe", NULL);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int failed;

	if (fd < 0)
		return errno;
	failed = write(fd, name, strlen(name)) < 0 ? errno : 0;
	close(fd);
	return failed;
}

static void set_error(GError **error, const char *node, int failed)
{
	if (failed == EACCES || failed == EPERM)
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_PERMISSION,
			"no permission to bind it to the host's driver through %s; unplug it and "
			"plug it in again; PERMISSIONS in hotseatd(8) has the udev rule for it",
			node);
	else
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"cannot bind it to the host's driver through %s: %s; unplug it and plug "
			"it in again",
			node, g_strerror(failed));
}

gboolean usb_bind_host(const UsbPlaces *places, const UsbInfo *info, GError **error)
{
	g_autoptr(GArray) interfaces = usb_driverless_interfaces(places->sysfs, info->port);
	g_autofree char *node =
		g_strdup_printf("%s/bus/usb/%03u/%03u", places->dev, info->bus, info->device);
	int fd = open(node, O_RDWR | O_CLOEXEC);
	int closed = fd < 0 ? errno : 0;
	int failed = 0;

	for (guint i = 0; i < interfaces->len && failed == 0; i++) {
		guint interface = g_array_index(interfaces, guint, i);
		int why = fd < 0 ? closed : bind_by_node(places, fd, interface);

		/* the user can fix the error of the first way */
		if (why != 0 && bind_by_probe(places, info->port, interface) != 0)
			failed = why;
	}
	if (fd >= 0)
		close(fd);
	if (failed != 0)
		set_error(error, node, failed);
	return failed == 0;
}
