/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file of the monitor database: any bytes. */
#include "display/monitor-models.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void look_at(const MonitorModel *model)
{
	g_autofree char *inputs = monitor_model_describe_inputs(model);
	g_autoptr(GPtrArray) remarks = monitor_model_remarks(model);

	g_assert_nonnull(model->sources[0]);
	g_assert_cmpint(*inputs != '\0', ==, model->inputs->len > 0);
	g_assert_cmpuint(remarks->len, >=, model->also->len);
	for (guint i = 0; i < model->inputs->len; i++) {
		const ModelInput *input = &g_array_index(model->inputs, ModelInput, i);

		g_assert_true(monitor_model_input(model, input->code) == input);
		g_assert_false(monitor_model_lacks(model, input->code));
	}
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autoptr(MonitorModels) models = monitor_models_new();
	g_autoptr(GError) error = NULL;

	if (!monitor_models_add(models, "fuzz.ini", (const char *)data, size, &error)) {
		g_assert_nonnull(error);
		g_assert_cmpuint(monitor_models_count(models), ==, 0);
		return 0;
	}
	g_assert_no_error(error);
	for (guint i = 0; i < monitor_models_count(models); i++)
		look_at(monitor_models_at(models, i));
	return 0;
}
