/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Further features that the monitor database knows for a switch, such as the USB switch inside a
 * monitor. setup writes each of them only after a yes, since it does more than change the input.
 */
#include "display/monitor-models.h"
#include "setup/interview.h"

/* The same value for each target: known values make the feature go on to the next one, such as the
 * next USB host. */
static void add_setting(ConfigDisplay *display, const ModelSetting *setting)
{
	ConfigAlso *also = g_new0(ConfigAlso, 1);
	GHashTableIter iter;
	gpointer target;

	also->feature =
		(VcpFeature){ .code = setting->feature, .source_address = CONFIG_SOURCE_ADDRESS };
	also->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_hash_table_iter_init(&iter, display->inputs);
	while (g_hash_table_iter_next(&iter, &target, NULL))
		g_hash_table_insert(
			also->values, g_strdup(target), GUINT_TO_POINTER(setting->value));
	if (display->also == NULL)
		display->also = g_ptr_array_new_with_free_func(config_also_free);
	g_ptr_array_add(display->also, also);
}

static gboolean ask_for(Interview *interview, ConfigDisplay *display, const ModelSetting *setting)
{
	g_autofree char *question = g_strdup_printf(
		"Also set feature 0x%02x to 0x%02x at each switch of %s? That does: %s.",
		setting->feature, setting->value, display->name, setting->effect);
	gboolean wanted;

	if (!talk_yes(interview->talk, question,
		    "The monitor database has it for this model. hotseatd writes it before the "
		    "input "
		    "whenever this display goes to another target (also: in the configuration). "
		    "If you are not sure, answer no.",
		    FALSE, &wanted))
		return FALSE;
	if (wanted)
		add_setting(display, setting);
	return TRUE;
}

gboolean also_offer(Interview *interview, const FoundMonitor *monitor, ConfigDisplay *display)
{
	const MonitorModel *model = monitor_models_find(monitor_models_builtin(), &monitor->edid);

	for (guint i = 0; model != NULL && i < model->also->len; i++)
		if (!ask_for(interview, display, &g_array_index(model->also, ModelSetting, i)))
			return FALSE;
	return TRUE;
}
