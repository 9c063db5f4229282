/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/info.h"

#include <string.h>

#include "common/error.h"

void usb_info_free(UsbInfo *info)
{
	if (info == NULL)
		return;
	g_free(info->port);
	g_free(info->serial);
	g_free(info);
}

UsbInfo *usb_info_copy(const UsbInfo *info)
{
	UsbInfo *copy = g_memdup2(info, sizeof *info);

	copy->port = g_strdup(info->port);
	copy->serial = g_strdup(info->serial);
	return copy;
}

gboolean usb_info_same_address(const UsbInfo *info, const UsbInfo *other)
{
	return info->bus == other->bus && info->device == other->device;
}

gboolean usb_info_fits(const UsbInfo *info, const ConfigDevice *config)
{
	if (config == NULL)
		return TRUE;
	return (config->port == NULL || g_str_equal(config->port, info->port)) &&
	       (config->vendor < 0 || config->vendor == info->vendor) &&
	       (config->product < 0 || config->product == info->product) &&
	       (config->hub == NULL ||
		       (!info->hub && usb_port_is_behind(info->port, config->hub))) &&
	       (config->serial == NULL || g_strcmp0(config->serial, info->serial) == 0);
}

gboolean usb_port_is_behind(const char *port, const char *hub)
{
	return g_str_has_prefix(port, hub) && port[strlen(hub)] == '.';
}

char *usb_infos_behind(const GPtrArray *all, const char *hub)
{
	GString *list = g_string_new(NULL);

	for (guint i = 0; i < all->len; i++) {
		const UsbInfo *info = all->pdata[i];

		if (usb_port_is_behind(info->port, hub) &&
			strchr(info->port + strlen(hub) + 1, '.') == NULL)
			g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", info->port);
	}
	return g_string_free(list, FALSE);
}

gboolean usb_info_check_hub(const UsbInfo *info, const GPtrArray *all, GError **error)
{
	g_autofree char *behind = info->hub ? usb_infos_behind(all, info->port) : NULL;

	if (!info->hub)
		return TRUE;
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CONFIG,
		"it is a hub; name the devices behind it%s%s, or write \"hub: %s\" to mean them "
		"all",
		*behind != '\0' ? ": " : "", behind, info->port);
	return FALSE;
}

static int compare_ports(gconstpointer a, gconstpointer b)
{
	const UsbInfo *const *x = a, *const *y = b;

	return strcmp((*x)->port, (*y)->port);
}

void usb_infos_sort(GPtrArray *infos)
{
	g_ptr_array_sort(infos, compare_ports);
}

/* "28da:1101, serial X, in port 3-1": what the config asks for */
static char *describe(const ConfigDevice *config)
{
	GString *text = g_string_new("USB device");

	if (config->vendor >= 0 && config->product >= 0)
		g_string_append_printf(
			text, " %04x:%04x", (guint)config->vendor, (guint)config->product);
	else if (config->vendor >= 0)
		g_string_append_printf(text, " of vendor %04x", (guint)config->vendor);
	else if (config->product >= 0)
		g_string_append_printf(text, " with product %04x", (guint)config->product);
	if (config->serial != NULL)
		g_string_append_printf(text, " with serial %s", config->serial);
	if (config->port != NULL)
		g_string_append_printf(text, " in port %s", config->port);
	return g_string_free(text, FALSE);
}

static void set_ambiguous(GError **error, const GPtrArray *fitting, const ConfigDevice *config)
{
	g_autofree char *wanted = describe(config);
	g_autoptr(GString) list = g_string_new(NULL);

	for (guint i = 0; i < fitting->len; i++) {
		const UsbInfo *info = fitting->pdata[i];

		g_string_append_printf(list, "%sport %s (", i == 0 ? "" : ", ", info->port);
		if (info->serial != NULL)
			g_string_append_printf(list, "serial %s)", info->serial);
		else
			g_string_append(list, "no serial)");
	}
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_AMBIGUOUS,
		"%u devices match the %s: %s; add serial: or port: to the configuration to tell "
		"them "
		"apart",
		fitting->len, wanted, list->str);
}

UsbInfo *usb_infos_choose(const GPtrArray *fitting, const ConfigDevice *config, GError **error)
{
	g_autofree char *wanted = NULL;

	if (fitting->len == 1)
		return usb_info_copy(fitting->pdata[0]);
	if (fitting->len > 1) {
		set_ambiguous(error, fitting, config);
		return NULL;
	}
	wanted = describe(config);
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_DEVICE,
		"no %s is plugged in; plug it in, or look up its numbers with lsusb", wanted);
	return NULL;
}
