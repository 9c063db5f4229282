/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/monitor-models.h"

#include "common/error.h"
#include "display/monitor-models-private.h"
#include "display/monitors-resource.h"

#include <string.h>

#define RESOURCE "/hotseat/monitors"

struct MonitorModels {
	GPtrArray *list; /* MonitorModel * */
};

/* -- one entry --------------------------------------------------------------------------------- */

static void clear_input(gpointer input)
{
	g_free(((ModelInput *)input)->connector);
}

static void clear_setting(gpointer setting)
{
	g_free(((ModelSetting *)setting)->effect);
}

static GArray *new_array(gsize size, GDestroyNotify clear)
{
	GArray *array = g_array_new(FALSE, TRUE, (guint)size);

	if (clear != NULL)
		g_array_set_clear_func(array, clear);
	return array;
}

MonitorModel *monitor_model_new(const char *file, const char *name)
{
	MonitorModel *model = g_new0(MonitorModel, 1);

	model->file = g_strdup(file);
	model->name = g_strdup(name);
	model->products = new_array(sizeof(guint16), NULL);
	model->feature = CONFIG_FEATURE_INPUT;
	model->source_address = CONFIG_SOURCE_ADDRESS;
	model->inputs = new_array(sizeof(ModelInput), clear_input);
	model->readings = new_array(sizeof(ModelReading), NULL);
	model->wrong_codes = new_array(sizeof(guint16), NULL);
	model->also = new_array(sizeof(ModelSetting), clear_setting);
	return model;
}

void monitor_model_free(gpointer data)
{
	MonitorModel *model = data;

	g_free(model->name);
	g_free(model->file);
	g_free(model->manufacturer);
	g_free(model->model);
	g_array_unref(model->products);
	g_array_unref(model->inputs);
	g_array_unref(model->readings);
	g_array_unref(model->wrong_codes);
	g_array_unref(model->also);
	g_strfreev(model->sources);
	g_free(model);
}

const ModelInput *monitor_model_input(const MonitorModel *model, guint16 code)
{
	for (guint i = 0; model != NULL && i < model->inputs->len; i++) {
		const ModelInput *input = &g_array_index(model->inputs, ModelInput, i);

		if (input->code == code)
			return input;
	}
	return NULL;
}

guint8 monitor_model_reads_as(const MonitorModel *model, guint16 code)
{
	for (guint i = 0; model != NULL && i < model->readings->len; i++) {
		const ModelReading *reading = &g_array_index(model->readings, ModelReading, i);

		if (reading->code == code)
			return reading->reads_as;
	}
	return (guint8)code;
}

const ModelInput *monitor_model_input_read(const MonitorModel *model, guint8 read)
{
	const ModelInput *found = NULL;

	for (guint i = 0; model != NULL && i < model->inputs->len; i++) {
		const ModelInput *input = &g_array_index(model->inputs, ModelInput, i);

		if (monitor_model_reads_as(model, input->code) != read)
			continue;
		if (found != NULL)
			return NULL;
		found = input;
	}
	return found;
}

gboolean monitor_model_is_unreliable(const MonitorModel *model)
{
	return model != NULL && model->reports != MODEL_REPORTS_INPUT;
}

gboolean monitor_model_lacks(const MonitorModel *model, guint16 code)
{
	for (guint i = 0; model != NULL && i < model->wrong_codes->len; i++)
		if (g_array_index(model->wrong_codes, guint16, i) == code)
			return TRUE;
	return FALSE;
}

char *monitor_model_describe_inputs(const MonitorModel *model)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; model != NULL && i < model->inputs->len; i++) {
		const ModelInput *input = &g_array_index(model->inputs, ModelInput, i);

		g_string_append_printf(text, input->code > 0xff ? "%s%s 0x%04x" : "%s%s 0x%02x",
			i > 0 ? ", " : "", input->connector, input->code);
	}
	return g_string_free(text, FALSE);
}

static void add_settings(GPtrArray *remarks, const GArray *also)
{
	for (guint i = 0; i < also->len; i++) {
		const ModelSetting *setting = &g_array_index(also, ModelSetting, i);

		g_ptr_array_add(remarks,
			g_strdup_printf("Setting its feature 0x%02x to 0x%02x does this: %s.",
				setting->feature, setting->value, setting->effect));
	}
}

GPtrArray *monitor_model_remarks(const MonitorModel *model)
{
	static const char *const reports[] = { NULL, "It does not report its input.",
		"It reports 0x00 instead of its input.",
		"It reports the input of the cable over which it is asked, whatever it shows." };
	GPtrArray *remarks = g_ptr_array_new_with_free_func(g_free);

	if (model == NULL)
		return remarks;
	if (reports[model->reports] != NULL)
		g_ptr_array_add(remarks, g_strdup(reports[model->reports]));
	if (model->deaf)
		g_ptr_array_add(remarks, g_strdup("It answers only on the input that it shows."));
	if (model->save_settings)
		g_ptr_array_add(
			remarks, g_strdup("It needs \"save settings\" (0x0C) to apply a setting."));
	if (model->reply_ms != 0)
		g_ptr_array_add(
			remarks, g_strdup_printf("It needs %u ms to reply.", model->reply_ms));
	add_settings(remarks, model->also);
	return remarks;
}

/* -- the list ---------------------------------------------------------------------------------- */

MonitorModels *monitor_models_new(void)
{
	MonitorModels *models = g_new(MonitorModels, 1);

	models->list = g_ptr_array_new_with_free_func(monitor_model_free);
	return models;
}

void monitor_models_free(MonitorModels *models)
{
	g_ptr_array_unref(models->list);
	g_free(models);
}

guint monitor_models_count(const MonitorModels *models)
{
	return models->list->len;
}

const MonitorModel *monitor_models_at(const MonitorModels *models, guint i)
{
	return models->list->pdata[i];
}

static gboolean has_product(const MonitorModel *model, guint16 product)
{
	for (guint i = 0; i < model->products->len; i++)
		if (g_array_index(model->products, guint16, i) == product)
			return TRUE;
	return FALSE;
}

static gboolean share_product(const MonitorModel *a, const MonitorModel *b)
{
	for (guint i = 0; i < a->products->len; i++)
		if (has_product(b, g_array_index(a->products, guint16, i)))
			return TRUE;
	return a->products->len == 0 && b->products->len == 0;
}

static const MonitorModel *find_same(const GPtrArray *list, const MonitorModel *model)
{
	for (guint i = 0; i < list->len; i++) {
		const MonitorModel *other = list->pdata[i];

		if (other != model && g_str_equal(other->manufacturer, model->manufacturer) &&
			g_ascii_strcasecmp(other->model, model->model) == 0 &&
			share_product(other, model))
			return other;
	}
	return NULL;
}

gboolean monitor_models_add(
	MonitorModels *models, const char *file, const char *text, gsize length, GError **error)
{
	g_autoptr(GPtrArray) list = monitor_models_read(file, text, length, error);

	if (list == NULL)
		return FALSE;
	for (guint i = 0; i < list->len; i++) {
		const MonitorModel *model = list->pdata[i], *same = find_same(list, model);

		if (same == NULL)
			same = find_same(models->list, model);
		if (same != NULL) {
			g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
				"%s: [%s] is the same monitor as [%s] in %s", file, model->name,
				same->name, same->file);
			return FALSE;
		}
	}
	g_ptr_array_extend_and_steal(models->list, g_steal_pointer(&list));
	return TRUE;
}

/* Case is ignored: Dell writes "Dell" and "DELL". */
static gboolean fits(const MonitorModel *model, const Edid *edid)
{
	g_autofree char *pattern = g_ascii_strdown(model->model, -1);
	g_autofree char *name = g_ascii_strdown(edid->model, -1);

	return g_str_equal(model->manufacturer, edid->manufacturer) &&
	       (model->products->len == 0 || has_product(model, edid->product)) &&
	       g_pattern_match_simple(pattern, name);
}

static guint count_wildcards(const char *pattern)
{
	guint count = 0;

	for (; *pattern != '\0'; pattern++)
		count += *pattern == '*' || *pattern == '?' ? 1 : 0;
	return count;
}

static gboolean is_better(const MonitorModel *a, const MonitorModel *b)
{
	guint wild_a = count_wildcards(a->model), wild_b = count_wildcards(b->model);

	if ((a->products->len > 0) != (b->products->len > 0))
		return a->products->len > 0;
	return wild_a != wild_b ? wild_a < wild_b : strlen(a->model) > strlen(b->model);
}

const MonitorModel *monitor_models_find(const MonitorModels *models, const Edid *edid)
{
	const MonitorModel *best = NULL;

	for (guint i = 0; i < models->list->len; i++) {
		const MonitorModel *model = models->list->pdata[i];

		if (fits(model, edid) && (best == NULL || is_better(model, best)))
			best = model;
	}
	return best;
}

/* -- the program's own ------------------------------------------------------------------------- */

static void add_builtin(MonitorModels *models, const char *file)
{
	g_autofree char *path = g_strdup_printf("%s/%s", RESOURCE, file);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = g_resource_lookup_data(
		monitors_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	gsize length;
	const char *text = g_bytes_get_data(bytes, &length);

	/* a unit test reads the same bytes, so this cannot fail */
	if (!monitor_models_add(models, file, text, length, &error))
		g_error("monitor database: %s", error->message);
}

const MonitorModels *monitor_models_builtin(void)
{
	static MonitorModels *builtin;

	if (g_once_init_enter(&builtin)) {
		MonitorModels *models = monitor_models_new();
		g_auto(GStrv) files = g_resource_enumerate_children(
			monitors_get_resource(), RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

		for (char **file = files; *file != NULL; file++)
			add_builtin(models, *file);
		g_once_init_leave(&builtin, models);
	}
	return builtin;
}
