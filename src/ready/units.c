/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ready/units.h"

#include <string.h>

/* Longer than systemctl takes on a busy computer. */
#define SYSTEMCTL_DEADLINE_MS 5000

/* One or two restarts can come from an update or a single crash. */
#define RESTARTS_OF_A_LOOP 3

struct Units {
	GHashTable *values; /* "unit property" to value */
};

static void take(Units *units, const char *unit, const char *line)
{
	const char *equals = strchr(line, '=');

	if (equals == NULL)
		return;
	g_hash_table_insert(units->values,
		g_strdup_printf("%s %.*s", unit, (int)(equals - line), line), g_strdup(equals + 1));
}

/* One unit's properties, a line each. */
static void take_block(Units *units, const char *block)
{
	g_auto(GStrv) lines = g_strsplit(block, "\n", -1);
	const char *unit = NULL;

	for (char **line = lines; *line != NULL; line++)
		if (g_str_has_prefix(*line, "Id="))
			unit = *line + strlen("Id=");
	for (char **line = lines; unit != NULL && *line != NULL; line++)
		take(units, unit, *line);
}

Units *units_parse(const char *text)
{
	Units *units = g_new0(Units, 1);
	g_auto(GStrv) blocks = g_strsplit(text != NULL ? text : "", "\n\n", -1);

	units->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (char **block = blocks; *block != NULL; block++)
		take_block(units, *block);
	return units;
}

Units *units_look(Ask ask)
{
	static const char *const argv[] = { "systemctl", "show", "--property",
		"Id,LoadState,ActiveState,SubState,UnitFileState,Result,NRestarts,User,"
		"SupplementaryGroups,MainPID",
		"hotseatd.service", "hotseat-inputd.socket", "hotseat-inputd.service",
		"virtkvm.service", "libvirtd.socket", "libvirtd.service", "virtqemud.socket",
		"virtqemud.service", "firewalld.service", "ufw.service", NULL };
	g_autofree char *text = ask != NULL ? ask(argv, SYSTEMCTL_DEADLINE_MS) : NULL;

	return units_parse(text);
}

void units_free(Units *units)
{
	if (units == NULL)
		return;
	g_hash_table_unref(units->values);
	g_free(units);
}

gboolean units_known(const Units *units)
{
	return units != NULL && g_hash_table_size(units->values) > 0;
}

const char *units_get(const Units *units, const char *unit, const char *property)
{
	g_autofree char *key = g_strdup_printf("%s %s", unit, property);
	const char *value = units != NULL ? g_hash_table_lookup(units->values, key) : NULL;

	return value != NULL ? value : "";
}

gboolean units_has(const Units *units, const char *unit)
{
	return *units_get(units, unit, "LoadState") != '\0';
}

static gboolean is(const Units *units, const char *unit, const char *property, const char *value)
{
	return g_str_equal(units_get(units, unit, property), value);
}

gboolean units_loaded(const Units *units, const char *unit)
{
	return is(units, unit, "LoadState", "loaded");
}

gboolean units_active(const Units *units, const char *unit)
{
	return is(units, unit, "ActiveState", "active") ||
	       is(units, unit, "ActiveState", "reloading");
}

char *units_failure(const Units *units, const char *unit)
{
	const char *restarts = units_get(units, unit, "NRestarts");
	const char *result = units_get(units, unit, "Result");
	gboolean failed = is(units, unit, "ActiveState", "failed");
	/* "auto-restart", and from systemd 254 on "auto-restart-queued" */
	gboolean loops = g_str_has_prefix(units_get(units, unit, "SubState"), "auto-restart") ||
			 g_ascii_strtoull(restarts, NULL, 10) >= RESTARTS_OF_A_LOOP;

	if (!failed && !loops)
		return NULL;
	return g_strdup_printf("%s %s%s%s%s%s%s", unit,
		failed ? "has failed" : "keeps failing and restarting", *result != '\0' ? " (" : "",
		result, *result != '\0' ? ")" : "",
		*restarts != '\0' && !g_str_equal(restarts, "0") ? "; restarts: " : "",
		g_str_equal(restarts, "0") ? "" : restarts);
}

gboolean units_enabled(const Units *units, const char *unit)
{
	return is(units, unit, "UnitFileState", "enabled");
}
