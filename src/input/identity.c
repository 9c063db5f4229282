/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/identity.h"

#include <linux/input.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

static char *read_attribute(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return NULL;
	return g_strchomp(text);
}

static guint16 read_hex(const char *folder, const char *name)
{
	g_autofree char *text = read_attribute(folder, name);
	guint64 value = 0;

	if (text == NULL || !g_ascii_string_to_unsigned(text, 16, 0, 0xffff, &value, NULL))
		return 0;
	return (guint16)value;
}

void node_identity_read_usb(NodeIdentity *identity, const char *sysfs)
{
	g_autofree char *node = g_path_get_basename(identity->path);
	g_autofree char *link = g_build_filename(sysfs, "class", "input", node, NULL);
	char *real = realpath(link, NULL);

	/* the nearest folder above it that is a USB device */
	for (char *end = real; end != NULL && strlen(real) > strlen(sysfs);
		end = strrchr(real, '/')) {
		*end = end == real ? *end : '\0';
		identity->usb_vendor = read_hex(real, "idVendor");
		if (identity->usb_vendor == 0)
			continue;
		identity->usb_product = read_hex(real, "idProduct");
		identity->usb_serial = read_attribute(real, "serial");
		identity->usb_port = g_path_get_basename(real);
		break;
	}
	free(real);
}

static char *text_or_null(const char *text)
{
	return *text != '\0' ? g_utf8_make_valid(text, -1) : NULL;
}

gboolean node_identity_read(NodeIdentity *identity, int fd, const char *path, const char *sysfs)
{
	struct input_id id;
	char name[256] = "", uniq[256] = "";

	*identity = (NodeIdentity){ 0 };
	if (ioctl(fd, EVIOCGID, &id) < 0)
		return FALSE;
	/* both are optional */
	(void)ioctl(fd, EVIOCGNAME(sizeof name - 1), name);
	(void)ioctl(fd, EVIOCGUNIQ(sizeof uniq - 1), uniq);
	identity->path = g_strdup(path);
	identity->vendor = id.vendor;
	identity->product = id.product;
	identity->name = text_or_null(name);
	identity->uniq = text_or_null(uniq);
	node_identity_read_usb(identity, sysfs);
	return TRUE;
}

void node_identity_clear(NodeIdentity *identity)
{
	g_free(identity->path);
	g_free(identity->name);
	g_free(identity->uniq);
	g_free(identity->usb_serial);
	g_free(identity->usb_port);
	*identity = (NodeIdentity){ 0 };
}

static gboolean is_number(int wanted, guint16 number)
{
	return wanted < 0 || wanted == number;
}

static gboolean is_text(const char *wanted, const char *text)
{
	return wanted == NULL || g_strcmp0(wanted, text) == 0;
}

/* Bluetooth addresses are written in either case. */
static gboolean is_uniq(const char *wanted, const char *text)
{
	return wanted == NULL || (text != NULL && g_ascii_strcasecmp(wanted, text) == 0);
}

static gboolean is_node(const char *wanted, const char *path)
{
	char *real;
	gboolean same;

	if (wanted == NULL)
		return TRUE;
	real = realpath(wanted, NULL);
	same = g_strcmp0(real, path) == 0;
	free(real);
	return same;
}

gboolean node_identity_fits(const NodeIdentity *identity, const ProtocolDevice *device)
{
	gboolean by_event = is_number(device->vendor, identity->vendor) &&
			    is_number(device->product, identity->product);
	gboolean by_usb = identity->usb_vendor != 0 &&
			  is_number(device->vendor, identity->usb_vendor) &&
			  is_number(device->product, identity->usb_product);

	return (by_event || by_usb) && is_text(device->serial, identity->usb_serial) &&
	       is_text(device->usb_port, identity->usb_port) &&
	       is_text(device->input, identity->name) && is_uniq(device->uniq, identity->uniq) &&
	       is_node(device->node, identity->path);
}
