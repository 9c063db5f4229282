/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/grabs.h"

#include <stdlib.h>
#include <string.h>

#include "device/events.h"
#include "device/sysfs.h"

static const EventDevice *find_event(const GrabPlaces *places, const char *path)
{
	g_autofree char *full = g_strconcat(places->root, path, NULL);
	char *real = realpath(full, NULL);
	g_autofree char *name = g_path_get_basename(real != NULL ? real : full);

	free(real);
	for (guint i = 0; i < places->events->len; i++) {
		const EventDevice *event = places->events->pdata[i];

		if (g_str_equal(event->node, name))
			return event;
	}
	return NULL;
}

gboolean grab_is_known(const GrabPlaces *places, const char *path)
{
	return find_event(places, path) != NULL;
}

/* -- links of a device that is not there ------------------------------------------------------ */

static char *read_string(const GrabPlaces *places, const UsbInfo *info, const char *file, int id)
{
	g_autofree char *path =
		g_build_filename(places->sysfs, "bus/usb/devices", info->port, file, NULL);
	char *text = NULL;

	if (g_file_get_contents(path, &text, NULL, NULL) && *g_strstrip(text) != '\0')
		return text;
	g_free(text);
	return g_strdup_printf("%04x", (guint)id);
}

/* How udev writes a device's strings in a link's name: each run of white space becomes one '_', and
 * so does each character that names cannot have. */
static void append_for_link(GString *name, const char *text)
{
	for (const char *c = text; *c != '\0'; c++) {
		if (g_ascii_isspace(*c) && g_ascii_isspace(c[1]))
			continue;
		g_string_append_c(name,
			g_ascii_isalnum(*c) || strchr("#+-.:=@_", *c) != NULL || (guchar)*c >= 0x80
				? *c
				: '_');
	}
}

/* "usb-Razer_Razer_BlackWidow_Chroma"; a serial number and the kind follow */
static gboolean is_link_by_id(const GrabPlaces *places, const char *path, const UsbInfo *info)
{
	g_autofree char *maker = read_string(places, info, "manufacturer", info->vendor);
	g_autofree char *model = read_string(places, info, "product", info->product);
	g_autofree char *link = g_path_get_basename(path);
	g_autoptr(GString) name = g_string_new("usb-");

	append_for_link(name, maker);
	g_string_append_c(name, '_');
	append_for_link(name, model);
	return g_str_has_prefix(link, name->str) && strchr("-_", link[name->len]) != NULL;
}

/* "pci-0000:00:14.0-usb-0:1.2:1.0-event-kbd" */
static gboolean is_link_by_path(const GrabPlaces *places, const char *path, const UsbInfo *info)
{
	g_autofree char *device =
		g_build_filename(places->sysfs, "bus/usb/devices", info->port, NULL);
	const char *dash = strchr(info->port, '-');
	g_autofree char *link = g_path_get_basename(path);
	g_autofree char *socket =
		g_strdup_printf("-usb-0:%s:", dash != NULL ? dash + 1 : info->port);
	const char *end = strstr(link, socket);
	g_autofree char *controller = NULL;
	char *real = realpath(device, NULL);
	gboolean fits = FALSE;

	if (end != NULL && g_str_has_prefix(link, "pci-")) {
		controller = g_strdup_printf("/%.*s/", (int)(end - link - (gssize)strlen("pci-")),
			link + strlen("pci-"));
		fits = real != NULL && strstr(real, controller) != NULL;
	}
	free(real);
	return fits;
}

/* -- all of it -------------------------------------------------------------------------------- */

static gboolean is_of_usb(
	const GrabPlaces *places, const char *path, const EventDevice *event, const UsbInfo *info)
{
	if (event != NULL)
		return g_strcmp0(event->port, info->port) == 0;
	return is_link_by_id(places, path, info) || is_link_by_path(places, path, info);
}

gboolean grab_is_of(const GrabPlaces *places, const char *path, const ConfigDevice *config)
{
	const EventDevice *event = find_event(places, path);
	g_autoptr(GPtrArray) usb = NULL;

	if (config->node != NULL)
		return g_str_equal(config->node, path) ||
		       (event != NULL && find_event(places, config->node) == event);
	if (event_device_is_meant(config))
		return event != NULL && event_device_fits(event, config);
	usb = usb_list(places->sysfs, config);
	for (guint i = 0; i < usb->len; i++)
		if (is_of_usb(places, path, event, usb->pdata[i]))
			return TRUE;
	return FALSE;
}
