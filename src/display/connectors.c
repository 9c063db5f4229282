/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/connectors.h"

#include <stdlib.h>
#include <string.h>

/* How the kernel's names of built-in connectors begin (drm_connector.c, drm_connector_enum_list) */
static const char *const panels[] = { "eDP", "LVDS", "DSI", "DPI" };

void connector_free(gpointer data)
{
	Connector *connector = data;

	g_free(connector->name);
	g_free(connector->card);
	g_free(connector->address);
	g_array_unref(connector->buses);
	g_free(connector);
}

gboolean connector_is_panel(const char *name)
{
	for (gsize i = 0; name != NULL && i < G_N_ELEMENTS(panels); i++)
		if (g_str_has_prefix(name, panels[i]))
			return TRUE;
	return FALSE;
}

const Connector *connectors_of_bus(const GPtrArray *connectors, int bus)
{
	for (guint i = 0; i < connectors->len; i++) {
		const Connector *connector = connectors->pdata[i];

		for (guint j = 0; j < connector->buses->len; j++)
			if (g_array_index(connector->buses, int, j) == bus)
				return connector;
	}
	return NULL;
}

char *sysfs_pci_device(const char *path, guint *class)
{
	char *full = realpath(path, NULL);
	char *device = NULL;

	for (char *slash = full; slash != NULL && full[0] != '\0'; slash = strrchr(full, '/')) {
		g_autofree char *file = g_build_filename(full, "class", NULL);
		g_autofree char *text = NULL;

		if (g_file_get_contents(file, &text, NULL, NULL) && g_str_has_prefix(text, "0x")) {
			device = g_strdup(full);
			*class = (guint)(g_ascii_strtoull(text, NULL, 16) >> 16);
			break;
		}
		*strrchr(full, '/') = '\0';
	}
	free(full);
	return device;
}

char *sysfs_pci_address(const char *path)
{
	guint class;
	g_autofree char *device = sysfs_pci_device(path, &class);

	return device != NULL ? g_path_get_basename(device) : NULL;
}

/* The panel of this card, if its bus is unknown, or NULL. */
static const Connector *hidden_panel(const GPtrArray *connectors, const char *address)
{
	for (guint i = 0; i < connectors->len; i++) {
		const Connector *connector = connectors->pdata[i];

		if (connector->panel && connector->status != CONNECTOR_DISCONNECTED &&
			connector->buses->len == 0 && g_strcmp0(connector->address, address) == 0)
			return connector;
	}
	return NULL;
}

const Connector *connectors_panel(const GPtrArray *connectors, int bus, const char *address)
{
	const Connector *connector = connectors_of_bus(connectors, bus);

	if (connector == NULL)
		return hidden_panel(connectors, address);
	return connector->panel ? connector : NULL;
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	const Connector *const *x = a, *const *y = b;
	int order = strcmp((*x)->name, (*y)->name);

	return order != 0 ? order : strcmp((*x)->card, (*y)->card);
}

/* name: "i2c-4", or anything else */
static void add_bus(Connector *connector, const char *name)
{
	guint64 number;
	int bus;

	if (!g_str_has_prefix(name, "i2c-") ||
		!g_ascii_string_to_unsigned(name + 4, 10, 0, G_MAXINT, &number, NULL))
		return;
	bus = (int)number;
	g_array_append_val(connector->buses, bus);
}

/* DisplayPort's own channel lies below the connector, or below its "drm_dp_auxN". */
static void add_buses_below(Connector *connector, const char *path, gboolean deeper)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *below = g_build_filename(path, name, NULL);

		add_bus(connector, name);
		if (deeper && g_str_has_prefix(name, "drm_dp_aux"))
			add_buses_below(connector, below, FALSE);
	}
}

static void read_buses(Connector *connector, const char *path)
{
	g_autofree char *link = g_build_filename(path, "ddc", NULL);
	g_autofree char *target = g_file_read_link(link, NULL);
	g_autofree char *ddc = target != NULL ? g_path_get_basename(target) : NULL;

	if (ddc != NULL)
		add_bus(connector, ddc);
	add_buses_below(connector, path, TRUE);
}

static ConnectorStatus read_status(const char *path)
{
	g_autofree char *file = g_build_filename(path, "status", NULL);
	g_autofree char *text = NULL;

	if (!g_file_get_contents(file, &text, NULL, NULL))
		return CONNECTOR_UNKNOWN;
	if (g_str_has_prefix(text, "connected"))
		return CONNECTOR_CONNECTED;
	return g_str_has_prefix(text, "disconnected") ? CONNECTOR_DISCONNECTED : CONNECTOR_UNKNOWN;
}

/* entry: "card0-DP-1", or a name without a dash, which is not a connector */
static Connector *connector_read(const char *class, const char *entry)
{
	const char *dash = strchr(entry, '-');
	g_autofree char *path = g_build_filename(class, entry, NULL);
	g_autofree char *edid = g_build_filename(path, "edid", NULL);
	g_autofree char *data = NULL;
	Connector *connector;
	gsize length;

	if (dash == NULL || !g_str_has_prefix(entry, "card"))
		return NULL;
	connector = g_new0(Connector, 1);
	connector->name = g_strdup(dash + 1);
	connector->card = g_strndup(entry, (gsize)(dash - entry));
	connector->address = sysfs_pci_address(path);
	connector->panel = connector_is_panel(connector->name);
	connector->status = read_status(path);
	connector->buses = g_array_new(FALSE, FALSE, sizeof(int));
	read_buses(connector, path);
	if (g_file_get_contents(edid, &data, &length, NULL))
		connector->has_edid =
			edid_parse((const guint8 *)data, length, &connector->edid, NULL);
	return connector;
}

GPtrArray *connectors_read(const char *sysfs)
{
	GPtrArray *connectors = g_ptr_array_new_with_free_func(connector_free);
	g_autofree char *class = g_build_filename(sysfs, "class/drm", NULL);
	g_autoptr(GDir) dir = g_dir_open(class, 0, NULL);
	const char *entry;

	while (dir != NULL && (entry = g_dir_read_name(dir)) != NULL) {
		Connector *connector = connector_read(class, entry);

		if (connector != NULL)
			g_ptr_array_add(connectors, connector);
	}
	g_ptr_array_sort(connectors, by_name);
	return connectors;
}
