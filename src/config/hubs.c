/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/reader.h"

static gboolean is_behind(const char *port, const char *hub)
{
	return port != NULL && hub != NULL && g_str_has_prefix(port, hub) &&
	       port[strlen(hub)] == '.';
}

/* Reports a problem of device in combination with other. FALSE: there is none. */
static gboolean report_pair(
	ConfigReader *reader, const ConfigDevice *device, const ConfigDevice *other)
{
	const yaml_node_t *node = g_hash_table_lookup(reader->nodes, device);
	const char *inner = other->hub != NULL ? other->hub : other->port;

	if (device->port != NULL && g_strcmp0(device->port, other->hub) == 0)
		reader_error(reader, reader_find(reader, node, "port"),
			"port: %s is a hub, as \"hub: %s\" says; name the devices behind it",
			device->port, device->port);
	else if (is_behind(inner, device->port))
		reader_error(reader, reader_find(reader, node, "port"),
			"port: %s is a hub, as %s is behind it; name the devices behind it, or "
			"write \"hub: %s\" to mean them all",
			device->port, inner, device->port);
	else if (is_behind(device->hub, other->hub))
		reader_error(reader, reader_find(reader, node, "hub"),
			"hub: %s is behind the hub %s, which is in the list; delete one",
			device->hub, other->hub);
	else
		return FALSE;
	return TRUE;
}

static void check_one(ConfigReader *reader, const ConfigDevice *device)
{
	const GPtrArray *devices = reader->config->devices;

	for (guint i = 0; i < devices->len; i++) {
		const ConfigDevice *other = devices->pdata[i];

		if (other != device && !g_hash_table_contains(reader->broken, other) &&
			report_pair(reader, device, other))
			return;
	}
}

void check_hubs(ConfigReader *reader)
{
	const GPtrArray *devices = reader->config->devices;

	for (guint i = 0; i < devices->len; i++)
		if (!g_hash_table_contains(reader->broken, devices->pdata[i]))
			check_one(reader, devices->pdata[i]);
}
