/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/inside.h"

/* The target whose input shows; the one last applied when several have the same. */
const char *display_target_shown(const Display *display)
{
	GHashTable *inputs = display->config->inputs;
	GHashTableIter iter;
	gpointer target, input;

	if (display->shown.input < 0)
		return NULL;
	if (display->last != NULL) {
		input = g_hash_table_lookup(inputs, display->last);
		if (input != NULL && show_reads_as(input) == display->shown.input)
			return display->last;
	}
	g_hash_table_iter_init(&iter, inputs);
	while (g_hash_table_iter_next(&iter, &target, &input))
		if (show_reads_as(input) == display->shown.input)
			return target;
	return NULL;
}

static char *describe_input(const Display *display, int bus, const char *at, gboolean written)
{
	const Shown *shown = &display->shown;
	const ConfigInput *input =
		at != NULL ? g_hash_table_lookup(display->config->inputs, at) : NULL;
	g_autofree char *label = NULL;
	const char *note = "";

	if (bus < 0)
		return NULL;
	if (shown->input < 0)
		return g_strdup_printf("/dev/i2c-%d; the monitor does not tell what it shows", bus);
	label = show_label(
		display->config->feature.code, input != NULL ? input->value : shown->input);
	if (input == NULL)
		note = ", which is no target's input";
	else if (shown->mute)
		note = "; the monitor does not tell whether it shows it";
	else if (shown->unreliable)
		note = "; written, not confirmed: what the monitor reports is not reliable";
	else if (!shown->confirmed && written)
		note = "; written, not confirmed: the monitor does not answer";
	else if (!shown->confirmed)
		note = "; written before, not confirmed: the monitor does not answer";
	return g_strdup_printf("%s on /dev/i2c-%d%s", label, bus, note);
}

char *display_describe_shown(const Display *display, int bus, const char *at, gboolean written)
{
	g_autofree char *cables = monitor_registry_describe_cables(display->registry, bus);
	g_autofree char *shown = describe_input(display, bus, at, written);

	return cables != NULL && shown != NULL ? g_strdup_printf("%s; it has %s", shown, cables)
					       : g_steal_pointer(&shown);
}

static gboolean inputs_read_alike(GHashTable *inputs)
{
	int values[256];
	GHashTableIter iter;
	gpointer value;

	for (guint i = 0; i < G_N_ELEMENTS(values); i++)
		values[i] = -1;
	g_hash_table_iter_init(&iter, inputs);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const ConfigInput *input = value;
		int *seen = &values[show_reads_as(input)];

		if (*seen >= 0 && *seen != input->value)
			return TRUE;
		*seen = input->value;
	}
	return FALSE;
}

static gboolean inputs_read_zero(GHashTable *inputs)
{
	GHashTableIter iter;
	gpointer input;

	g_hash_table_iter_init(&iter, inputs);
	while (g_hash_table_iter_next(&iter, NULL, &input))
		if (show_reads_as(input) == 0)
			return TRUE;
	return FALSE;
}

void display_look_at_inputs(Display *display)
{
	display->reads_alike = inputs_read_alike(display->config->inputs);
	display->reads_zero = inputs_read_zero(display->config->inputs);
}

void display_recall(Display *display)
{
	MonitorMemory *memory = monitor_registry_memory(display->registry);
	g_autofree char *reply = NULL, *reports = NULL;
	guint64 ms;

	if (display->recalled || !display->has_edid)
		return;
	display->recalled = TRUE;
	reply = monitor_memory_get(memory, &display->edid, MEMORY_REPLY_MS);
	reports = monitor_memory_get(memory, &display->edid, MEMORY_REPORTS);
	/* a person may have edited the file */
	if (reply != NULL && g_ascii_string_to_unsigned(reply, 10, 40, 200, &ms, NULL))
		display->reply_ms = (guint)ms;
	if (g_strcmp0(reports, "unreliable") == 0) {
		display->shown.unreliable = TRUE;
		display->shown.confirmed = FALSE;
	}
}

void display_learn(Display *display)
{
	MonitorMemory *memory = monitor_registry_memory(display->registry);
	g_autofree char *reply =
		display->reply_ms > 0 ? g_strdup_printf("%u", display->reply_ms) : NULL;

	if (!display->recalled)
		return;
	monitor_memory_set(memory, &display->edid, MEMORY_REPLY_MS, reply);
	monitor_memory_set(memory, &display->edid, MEMORY_REPORTS,
		display->shown.unreliable ? "unreliable" : NULL);
}
