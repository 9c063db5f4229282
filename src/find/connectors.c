/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/connectors.h"

#include <string.h>

/* Starts of the kernel's names of what is built in (drm_connector.c, drm_connector_enum_list) */
static const char *const panels[] = { "eDP", "LVDS", "DSI", "DPI" };

static void connector_free(gpointer data)
{
	Connector *connector = data;

	g_free(connector->name);
	g_free(connector);
}

static gboolean is_panel(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(panels); i++)
		if (g_str_has_prefix(name, panels[i]))
			return TRUE;
	return FALSE;
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	const Connector *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

/* entry: "card0-DP-1", or something without a dash that is no connector */
static Connector *connector_read(const char *class, const char *entry)
{
	const char *dash = strchr(entry, '-');
	g_autofree char *path = g_build_filename(class, entry, "edid", NULL);
	g_autofree char *data = NULL;
	Connector *connector;
	gsize length;
	Edid edid;

	if (dash == NULL || !g_file_get_contents(path, &data, &length, NULL) ||
		!edid_parse((const guint8 *)data, length, &edid, NULL))
		return NULL;
	connector = g_new0(Connector, 1);
	connector->name = g_strdup(dash + 1);
	connector->panel = is_panel(connector->name);
	connector->edid = edid;
	return connector;
}

GPtrArray *connectors_look(const char *sysfs)
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
