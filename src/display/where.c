/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/inside.h"

/* The target whose input the monitor shows; if several have the same input, the one that was
 * applied last. */
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
		return g_strdup_printf("/dev/i2c-%d; the monitor does not report its input", bus);
	label = show_label(
		display->config->feature.code, input != NULL ? input->value : shown->input);
	if (input == NULL)
		note = ", which is not the input of any target";
	else if (shown->mute)
		note = "; the monitor does not report whether it shows it";
	else if (shown->unreliable)
		note = "; set, not confirmed: the monitor's reports are not reliable";
	else if (!shown->confirmed && written)
		note = "; set, not confirmed: the monitor does not answer";
	else if (!shown->confirmed)
		note = "; set earlier, not confirmed: the monitor does not answer";
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

static gboolean any_reads_as(GHashTable *inputs)
{
	GHashTableIter iter;
	gpointer input;

	g_hash_table_iter_init(&iter, inputs);
	while (g_hash_table_iter_next(&iter, NULL, &input))
		if (((const ConfigInput *)input)->reads_as >= 0)
			return TRUE;
	return FALSE;
}

void display_look_at_inputs(Display *display)
{
	display->reads_alike = inputs_read_alike(display->config->inputs);
	display->reads_zero = inputs_read_zero(display->config->inputs);
	display->says_reads = any_reads_as(display->config->inputs);
}

/* The state before anything was learned. A config with reads_as relies on the reports. */
static gboolean is_thought_unreliable(const Display *display)
{
	return !display->says_reads && monitor_model_is_unreliable(display->model);
}

static void recall_reply(Display *display)
{
	g_autofree char *reply = monitor_memory_get(
		monitor_registry_memory(display->registry), &display->edid, MEMORY_REPLY_MS);
	guint64 ms;

	/* a user may have edited the file */
	if (reply != NULL && g_ascii_string_to_unsigned(reply, 10, 40, 200, &ms, NULL))
		display->reply_ms = (guint)ms;
	else if (display->reply_ms == 0 && display->model != NULL)
		display->reply_ms = display->model->reply_ms;
}

static void recall_reports(Display *display)
{
	g_autofree char *reports = monitor_memory_get(
		monitor_registry_memory(display->registry), &display->edid, MEMORY_REPORTS);
	Shown *shown = &display->shown;

	if (g_strcmp0(reports, MEMORY_UNRELIABLE) != 0 &&
		(g_strcmp0(reports, MEMORY_RELIABLE) == 0 || !is_thought_unreliable(display)))
		return;
	shown->unreliable = TRUE;
	/* a value that was only read proves nothing */
	if (shown->confirmed && display->use.target == NULL)
		shown->input = -1;
	shown->confirmed = FALSE;
}

void display_recall(Display *display)
{
	if (display->recalled || !display->has_edid)
		return;
	display->recalled = TRUE;
	display->model = monitor_models_find(monitor_models_builtin(), &display->edid);
	display->shown.must_save = display->model != NULL && display->model->save_settings;
	recall_reply(display);
	recall_reports(display);
}

static void learn_reply(Display *display)
{
	guint known = display->model != NULL ? display->model->reply_ms : 0;
	g_autofree char *reply =
		display->reply_ms != known ? g_strdup_printf("%u", display->reply_ms) : NULL;

	monitor_memory_set(
		monitor_registry_memory(display->registry), &display->edid, MEMORY_REPLY_MS, reply);
}

/* Stores only what differs from the database. */
void display_learn(Display *display)
{
	gboolean unreliable = display->shown.unreliable;
	const char *reports = unreliable ? MEMORY_UNRELIABLE : MEMORY_RELIABLE;

	if (!display->recalled)
		return;
	learn_reply(display);
	monitor_memory_set(monitor_registry_memory(display->registry), &display->edid,
		MEMORY_REPORTS, unreliable != is_thought_unreliable(display) ? reports : NULL);
}
