/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/usbdevice_fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/error.h"

/* The kernel's own way to ask, for whoever may write to the device's node (libusb's
 * libusb_attach_kernel_driver() is this). EBUSY: it has a driver by now. */
static int bind_by_node(int fd, guint interface)
{
	struct usbdevfs_ioctl command = { .ifno = (int)interface, .ioctl_code = USBDEVFS_CONNECT };

	return ioctl(fd, USBDEVFS_IOCTL, &command) >= 0 || errno == EBUSY ? 0 : errno;
}

/* For root, also where the node cannot be opened. */
static int bind_by_probe(const char *port, guint interface)
{
	g_autofree char *name = g_strdup_printf("%s:1.%u", port, interface);
	int fd = open(SYSFS_ROOT "/bus/usb/drivers_probe", O_WRONLY | O_CLOEXEC);
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
			"put it back; PERMISSIONS in hotseatd(8) has the udev rule for it",
			node);
	else
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"cannot bind it to the host's driver through %s: %s; unplug it and put it "
			"back",
			node, g_strerror(failed));
}

gboolean usb_bind_host(const UsbInfo *info, GError **error)
{
	g_autoptr(GArray) interfaces = usb_driverless_interfaces(SYSFS_ROOT, info->port);
	g_autofree char *node = g_strdup_printf("/dev/bus/usb/%03u/%03u", info->bus, info->device);
	int fd = open(node, O_RDWR | O_CLOEXEC);
	int failed = fd < 0 ? errno : 0;

	for (guint i = 0; i < interfaces->len; i++) {
		guint interface = g_array_index(interfaces, guint, i);
		int why = fd < 0 ? failed : bind_by_node(fd, interface);

		failed = why == 0 || bind_by_probe(info->port, interface) == 0 ? 0 : why;
		if (failed != 0)
			break;
	}
	if (fd >= 0)
		close(fd);
	if (failed == 0)
		return TRUE;
	set_error(error, node, failed);
	return FALSE;
}
