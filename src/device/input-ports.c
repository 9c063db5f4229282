/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/input-ports.h"

#include <string.h>

#include "input/protocol.h"

enum { PORTS = PROTOCOL_PORT_LAST - PROTOCOL_PORT_FIRST + 1 };

/* The domain that has each port; "": a guest without one; NULL: it is free. */
typedef struct {
	char *owner[PORTS];
	gboolean changed;
} Table;

static int find_port(const Table *table, const char *name)
{
	for (int i = 0; i < PORTS; i++)
		if (g_strcmp0(table->owner[i], name) == 0)
			return i;
	return -1;
}

/* "49201 win11" */
static void read_line(Table *table, const char *line)
{
	char *end;
	guint64 port = g_ascii_strtoull(line, &end, 10);

	if (port < PROTOCOL_PORT_FIRST || port > PROTOCOL_PORT_LAST || *end != ' ' ||
		end[1] == '\0' || table->owner[port - PROTOCOL_PORT_FIRST] != NULL ||
		find_port(table, end + 1) >= 0)
		return;
	table->owner[port - PROTOCOL_PORT_FIRST] = g_strdup(end + 1);
}

static void read_file(Table *table, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(path, &text, NULL, &error)) {
		if (!g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
			g_message("reading the guests' ports failed: %s; they are assigned again",
				error->message);
		return;
	}
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++)
		read_line(table, *line);
}

static void write_file(const Table *table, const char *path)
{
	g_autoptr(GString) text = g_string_new(
		"# The guests' ports, written by hotseatd. A saved guest contains its port.\n");
	g_autofree char *folder = g_path_get_dirname(path);
	g_autoptr(GError) error = NULL;

	for (int i = 0; i < PORTS; i++)
		if (table->owner[i] != NULL && *table->owner[i] != '\0')
			g_string_append_printf(
				text, "%d %s\n", PROTOCOL_PORT_FIRST + i, table->owner[i]);
	/* if that fails, the next call fails too and reports the reason */
	g_mkdir_with_parents(folder, 0700);
	if (!g_file_set_contents(path, text->str, -1, &error))
		g_message("saving the guests' ports failed: %s; check the folder's permissions",
			error->message);
}

static gboolean is_wanted(const GPtrArray *names, const char *owner)
{
	return g_ptr_array_find_with_equal_func((GPtrArray *)names, owner, g_str_equal, NULL);
}

/* A free port, or else the port of a guest that is no longer in the configuration; -1: there is
 * none. */
static int free_port(Table *table, const GPtrArray *names)
{
	int found = find_port(table, NULL);

	for (int i = 0; found < 0 && i < PORTS; i++)
		if (*table->owner[i] != '\0' && !is_wanted(names, table->owner[i]))
			found = i;
	if (found >= 0)
		g_clear_pointer(&table->owner[found], g_free);
	return found;
}

static void assign(Table *table, const GPtrArray *names, const char *name, GHashTable *ports)
{
	int found = find_port(table, name);

	/* the file cannot contain this name, so its port is not kept */
	if (strpbrk(name, "\n\r") != NULL)
		return;
	if (found < 0) {
		found = free_port(table, names);
		if (found < 0)
			return;
		table->owner[found] = g_strdup(name);
		table->changed = TRUE;
	}
	g_hash_table_insert(
		ports, g_strdup(name), GUINT_TO_POINTER((guint)(PROTOCOL_PORT_FIRST + found)));
}

/* Takes the ports that the config assigns. */
static void take(Table *table, const GArray *taken)
{
	for (guint i = 0; i < taken->len; i++) {
		guint port = g_array_index(taken, guint, i) - PROTOCOL_PORT_FIRST;

		g_free(table->owner[port]);
		table->owner[port] = g_strdup("");
	}
}

GHashTable *input_ports_assign(const char *path, const GPtrArray *names, const GArray *taken)
{
	GHashTable *ports = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Table table = { .changed = FALSE };

	if (path != NULL)
		read_file(&table, path);
	take(&table, taken);
	for (guint i = 0; i < names->len; i++)
		assign(&table, names, names->pdata[i], ports);
	if (table.changed && path != NULL)
		write_file(&table, path);
	for (int i = 0; i < PORTS; i++)
		g_free(table.owner[i]);
	return ports;
}
