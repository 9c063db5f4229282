/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/input-choices.h"

#include "display/show.h"

#include <string.h>

const MonitorModel *input_choices_model(const FoundMonitor *monitor)
{
	const MonitorModel *model = monitor_models_find(monitor_models_builtin(), &monitor->edid);

	return model != NULL && model->feature == CONFIG_FEATURE_INPUT ? model : NULL;
}

/* -- the list ---------------------------------------------------------------------------------- */

static void free_choice(gpointer data)
{
	InputChoice *choice = data;

	g_free(choice->label);
	g_free(choice);
}

/* Is it there, perhaps with a high byte that the monitor does not list? */
static gboolean has_choice(const GPtrArray *choices, guint16 code)
{
	for (guint i = 0; i < choices->len; i++) {
		guint16 other = ((const InputChoice *)choices->pdata[i])->code;

		if (other == code || (code <= 0xff && (other & 0xff) == code))
			return TRUE;
	}
	return FALSE;
}

static void add_choice(GPtrArray *choices, const MonitorModel *model, guint16 code)
{
	const ModelInput *input = monitor_model_input(model, code);
	InputChoice *choice;

	if (code == 0 || has_choice(choices, code))
		return;
	choice = g_new(InputChoice, 1);
	choice->code = code;
	if (input != NULL)
		choice->label = g_strdup_printf(
			code > 0xff ? "%s (0x%04x)" : "%s (0x%02x)", input->connector, code);
	else
		choice->label = show_label(CONFIG_FEATURE_INPUT, code);
	g_ptr_array_add(choices, choice);
}

GPtrArray *input_choices_new(const FoundMonitor *monitor, int reported)
{
	const MonitorModel *model = input_choices_model(monitor);
	const ModelInput *input =
		reported > 0 ? monitor_model_input_read(model, (guint8)reported) : NULL;
	const CapabilitiesValues *listed = &monitor->capabilities.inputs;
	GPtrArray *choices = g_ptr_array_new_with_free_func(free_choice);

	if (reported > 0)
		add_choice(choices, model, input != NULL ? input->code : (guint16)reported);
	for (guint i = 0; model != NULL && i < model->inputs->len; i++)
		add_choice(choices, model, g_array_index(model->inputs, ModelInput, i).code);
	for (guint i = 0; i < listed->length; i++)
		if (!monitor_model_lacks(model, listed->codes[i]))
			add_choice(choices, model, listed->codes[i]);
	return choices;
}

int input_choices_code_of(const FoundMonitor *monitor, int reported)
{
	const MonitorModel *model = input_choices_model(monitor);
	const CapabilitiesValues *listed = &monitor->capabilities.inputs;
	const ModelInput *input;

	if (reported <= 0)
		return -1;
	input = monitor_model_input_read(model, (guint8)reported);
	if (input != NULL)
		return input->code;
	if (monitor_model_lacks(model, (guint16)reported) ||
		(listed->length > 0 && memchr(listed->codes, reported, listed->length) == NULL))
		return -1;
	return reported;
}
