/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a file of the monitor database: a GKeyFile with an entry for each model.
 */
#include "common/error.h"
#include "display/monitor-models-private.h"

#include <string.h>

/* The longest wait for a reply; values below the standard's 40 ms have no effect. */
#define REPLY_MS_MIN 40
#define REPLY_MS_MAX 200

/* Reads a key's value. Returns NULL, or what it should be (static), which completes 'inputs: "x" is
 * not …'.
 */
typedef gboolean (*ReadValue)(MonitorModel *model, const char *value, const char **expected);

/* -- numbers and words ------------------------------------------------------------------------- */

/* A number, hexadecimal with 0x, otherwise decimal. */
static gboolean read_number(const char *text, guint64 min, guint64 max, guint64 *number)
{
	gboolean is_hex = g_str_has_prefix(text, "0x");

	return g_ascii_string_to_unsigned(
		is_hex ? text + 2 : text, is_hex ? 16 : 10, min, max, number, NULL);
}

static gboolean read_code(const char *text, guint16 *code)
{
	guint64 number;

	/* no monitor has an input 0x00 that can be selected */
	if (!read_number(text, 1, G_MAXUINT16, &number))
		return FALSE;
	*code = (guint16)number;
	return TRUE;
}

/* "HDMI-1": one of the kinds, and a number if there are several. */
static gboolean is_connector(const char *text)
{
	static const char *const kinds[] = { "VGA", "DVI", "HDMI", "DisplayPort",
		"Mini-DisplayPort", "USB-C", "Thunderbolt", "Composite", "S-Video", "Component" };

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		const char *rest = text + strlen(kinds[i]);

		if (g_str_has_prefix(text, kinds[i]) &&
			(*rest == '\0' ||
				(rest[0] == '-' && g_ascii_isdigit(rest[1]) && rest[2] == '\0')))
			return TRUE;
	}
	return FALSE;
}

/* Splits "a b" or "a:b" in two at the first mark. FALSE: there is none. */
static gboolean split(const char *text, char mark, char **first, char **second)
{
	const char *at = strchr(text, mark);

	if (at == NULL)
		return FALSE;
	*first = g_strstrip(g_strndup(text, (gsize)(at - text)));
	*second = g_strstrip(g_strdup(at + 1));
	return TRUE;
}

/* -- values of keys ---------------------------------------------------------------------------- */

static gboolean read_product(MonitorModel *model, const char *value, const char **expected)
{
	guint64 number;
	guint16 product;

	*expected = "a product code such as 0x5b7f";
	if (!read_number(value, 0, G_MAXUINT16, &number))
		return FALSE;
	product = (guint16)number;
	g_array_append_val(model->products, product);
	return TRUE;
}

static gboolean read_input(MonitorModel *model, const char *value, const char **expected)
{
	g_autofree char *code = NULL, *connector = NULL;
	ModelInput input;

	*expected = "a code and a connector, such as 0x11 HDMI-1";
	if (!split(value, ' ', &code, &connector) || !read_code(code, &input.code) ||
		!is_connector(connector))
		return FALSE;
	*expected = "the only input with this code";
	if (monitor_model_input(model, input.code) != NULL)
		return FALSE;
	input.connector = g_steal_pointer(&connector);
	g_array_append_val(model->inputs, input);
	return TRUE;
}

static gboolean read_reading(MonitorModel *model, const char *value, const char **expected)
{
	g_autofree char *code = NULL, *read = NULL;
	ModelReading reading;
	guint64 number;

	*expected = "a code and what it reads as, such as 0x0f:0x03";
	if (!split(value, ':', &code, &read) || !read_code(code, &reading.code) ||
		!read_number(read, 0, G_MAXUINT8, &number))
		return FALSE;
	reading.reads_as = (guint8)number;
	g_array_append_val(model->readings, reading);
	return TRUE;
}

static gboolean read_wrong_code(MonitorModel *model, const char *value, const char **expected)
{
	guint16 code;

	*expected = "a code such as 0x11";
	if (!read_code(value, &code))
		return FALSE;
	g_array_append_val(model->wrong_codes, code);
	return TRUE;
}

static gboolean read_setting(MonitorModel *model, const char *value, const char **expected)
{
	g_autofree char *pair = NULL, *effect = NULL, *feature = NULL, *to = NULL;
	guint64 code, number;
	ModelSetting setting;

	*expected = "a feature, its value and what that does, such as 0xe7:0xff00 next USB host";
	if (!split(value, ' ', &pair, &effect) || !split(pair, ':', &feature, &to) ||
		!read_number(feature, 1, G_MAXUINT8, &code) ||
		!read_number(to, 0, G_MAXUINT16, &number) || *effect == '\0')
		return FALSE;
	setting.feature = (guint8)code;
	setting.value = (guint16)number;
	setting.effect = g_steal_pointer(&effect);
	g_array_append_val(model->also, setting);
	return TRUE;
}

static gboolean read_byte(const char *value, guint8 *byte)
{
	guint64 number;

	if (!read_number(value, 1, G_MAXUINT8, &number))
		return FALSE;
	*byte = (guint8)number;
	return TRUE;
}

static gboolean read_feature(MonitorModel *model, const char *value, const char **expected)
{
	*expected = "a feature from 0x01 to 0xff";
	return read_byte(value, &model->feature);
}

static gboolean read_source_address(MonitorModel *model, const char *value, const char **expected)
{
	*expected = "an address from 0x01 to 0xff";
	return read_byte(value, &model->source_address);
}

static gboolean read_reports(MonitorModel *model, const char *value, const char **expected)
{
	static const struct {
		const char *word;
		ModelReports reports;
	} words[] = { { "nothing", MODEL_REPORTS_NOTHING }, { "zero", MODEL_REPORTS_ZERO },
		{ "own-input", MODEL_REPORTS_OWN_INPUT } };

	*expected = "nothing, zero or own-input";
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		if (g_str_equal(words[i].word, value)) {
			model->reports = words[i].reports;
			return TRUE;
		}
	}
	return FALSE;
}

/* "no" is not allowed: leave out the key instead. */
static gboolean read_yes(const char *value, gboolean *out, const char **expected)
{
	*expected = "yes";
	*out = g_str_equal(value, "yes");
	return *out;
}

static gboolean read_deaf(MonitorModel *model, const char *value, const char **expected)
{
	return read_yes(value, &model->deaf, expected);
}

static gboolean read_save_settings(MonitorModel *model, const char *value, const char **expected)
{
	return read_yes(value, &model->save_settings, expected);
}

static gboolean read_reply_ms(MonitorModel *model, const char *value, const char **expected)
{
	guint64 number;

	*expected = "a time from " G_STRINGIFY(REPLY_MS_MIN) " to " G_STRINGIFY(REPLY_MS_MAX) " ms";
	if (!read_number(value, REPLY_MS_MIN, REPLY_MS_MAX, &number))
		return FALSE;
	model->reply_ms = (guint)number;
	return TRUE;
}

static gboolean read_source(MonitorModel *model, const char *value, const char **expected)
{
	*expected = "a list of URLs with spaces between";
	model->sources = g_strsplit(value, " ", -1);
	for (char **source = model->sources; *source != NULL; source++)
		if (!g_str_has_prefix(*source, "https://") || !g_uri_is_valid(*source, 0, NULL))
			return FALSE;
	return model->sources[0] != NULL;
}

static const struct {
	const char *key;
	gboolean is_list; /* with commas between */
	ReadValue read;
} keys[] = {
	{ "product", TRUE, read_product },
	{ "inputs", TRUE, read_input },
	{ "reads_as", TRUE, read_reading },
	{ "wrong_codes", TRUE, read_wrong_code },
	{ "also", TRUE, read_setting },
	{ "feature", FALSE, read_feature },
	{ "source_address", FALSE, read_source_address },
	{ "reports", FALSE, read_reports },
	{ "deaf", FALSE, read_deaf },
	{ "save_settings", FALSE, read_save_settings },
	{ "reply_ms", FALSE, read_reply_ms },
	{ "source", FALSE, read_source },
};

/* -- an entry ---------------------------------------------------------------------------------- */

static gboolean read_list(
	MonitorModel *model, ReadValue read, const char *value, char **bad, const char **expected)
{
	g_auto(GStrv) items = g_strsplit(value, ",", -1);

	for (char **item = items; *item != NULL; item++) {
		if (!read(model, g_strstrip(*item), expected)) {
			*bad = g_strdup(*item);
			return FALSE;
		}
	}
	return TRUE;
}

/* Returns what is wrong, or NULL. */
static char *read_key(MonitorModel *model, const char *key, const char *value)
{
	g_autofree char *bad = NULL;
	const char *expected;

	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (!g_str_equal(keys[i].key, key))
			continue;
		if (keys[i].is_list ? read_list(model, keys[i].read, value, &bad, &expected)
				    : keys[i].read(model, value, &expected))
			return NULL;
		return g_strdup_printf(
			"%s: \"%s\" is not %s", key, bad != NULL ? bad : value, expected);
	}
	return g_strdup_printf("%s is not a key", key);
}

/* "DEL DELL U2723QE", "GSM LG ULTRAGEAR | 27GL850" */
static gboolean read_name(MonitorModel *model)
{
	g_autofree char *identity = NULL, *label = NULL;

	if (!split(model->name, '|', &identity, &label))
		identity = g_strdup(model->name);
	if (!split(identity, ' ', &model->manufacturer, &model->model))
		return FALSE;
	for (const char *c = model->manufacturer; *c != '\0'; c++)
		if (!g_ascii_isupper(*c))
			return FALSE;
	return strlen(model->manufacturer) == 3 && *model->model != '\0' &&
	       (label == NULL || *label != '\0');
}

static gboolean says_something(const MonitorModel *model)
{
	return model->inputs->len > 0 || model->wrong_codes->len > 0 || model->also->len > 0 ||
	       model->reports != MODEL_REPORTS_INPUT || model->deaf || model->save_settings ||
	       model->reply_ms != 0;
}

/* Which keys do not go together, or NULL. */
static const char *contradiction(const MonitorModel *model)
{
	if (model->sources == NULL)
		return "it has no source";
	if (!says_something(model))
		return "it says nothing about the monitor";
	if (model->feature != CONFIG_FEATURE_INPUT && model->inputs->len == 0)
		return "feature: it needs inputs";
	if (model->feature == CONFIG_FEATURE_INPUT &&
		model->source_address != CONFIG_SOURCE_ADDRESS)
		return "source_address: it needs a feature";
	for (guint i = 0; i < model->readings->len; i++)
		if (monitor_model_input(
			    model, g_array_index(model->readings, ModelReading, i).code) == NULL)
			return "reads_as: the code is not in inputs";
	for (guint i = 0; i < model->wrong_codes->len; i++)
		if (monitor_model_input(model, g_array_index(model->wrong_codes, guint16, i)) !=
			NULL)
			return "wrong_codes: the code is in inputs, too";
	return NULL;
}

/* Returns what is wrong, or NULL. */
static char *read_model(MonitorModel *model, GKeyFile *file)
{
	g_auto(GStrv) names = g_key_file_get_keys(file, model->name, NULL, NULL);
	const char *why;

	if (!read_name(model))
		return g_strdup(
			"it is not a manufacturer's PNP id and a model, such as [DEL DELL U2415]");
	for (char **key = names; *key != NULL; key++) {
		g_autofree char *value = g_key_file_get_value(file, model->name, *key, NULL);
		char *problem = read_key(model, *key, g_strstrip(value));

		if (problem != NULL)
			return problem;
	}
	why = contradiction(model);
	return g_strdup(why);
}

/* -- a file ------------------------------------------------------------------------------------ */

/* GKeyFile uses the last of two keys with the same name, and merges groups with the same name.
 * Returns the first line that is a duplicate, or NULL. */
static char *find_repeated(const char *text, gsize length)
{
	g_autofree char *copy = g_strndup(text, length);
	g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	const char *group = "";

	for (char **line = lines; *line != NULL; line++) {
		char *equals = strchr(*line, '=');
		g_autofree char *name = g_strstrip(
			g_strndup(*line, equals != NULL ? (gsize)(equals - *line) : strlen(*line)));
		gboolean is_group = **line == '[';

		if (*name == '\0' || *name == '#')
			continue;
		if (is_group)
			group = *line;
		if (!g_hash_table_add(seen, is_group ? g_strdup(g_strchomp(*line))
						     : g_strconcat(group, "\n", name, NULL)))
			return g_strdup(is_group ? *line : name);
	}
	return NULL;
}

static gboolean load(
	GKeyFile *key_file, const char *file, const char *text, gsize length, GError **error)
{
	g_autofree char *repeated = NULL;

	/* GKeyFile reads past a zero byte, but the check for duplicates does not */
	if (memchr(text, '\0', length) != NULL) {
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"%s: it contains a zero byte", file);
		return FALSE;
	}
	if (!g_key_file_load_from_data(key_file, text, length, G_KEY_FILE_NONE, error)) {
		g_prefix_error(error, "%s: ", file);
		return FALSE;
	}
	repeated = find_repeated(text, length);
	if (repeated != NULL)
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "%s: %s occurs twice", file,
			repeated);
	return repeated == NULL;
}

GPtrArray *monitor_models_read(const char *file, const char *text, gsize length, GError **error)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(monitor_model_free);
	g_autoptr(GKeyFile) key_file = g_key_file_new();
	g_auto(GStrv) groups = NULL;

	if (!load(key_file, file, text, length, error))
		return NULL;
	groups = g_key_file_get_groups(key_file, NULL);
	for (char **group = groups; *group != NULL; group++) {
		MonitorModel *model = monitor_model_new(file, *group);
		g_autofree char *problem = NULL;

		g_ptr_array_add(list, model);
		problem = read_model(model, key_file);
		if (problem != NULL) {
			g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "%s: [%s]: %s",
				file, *group, problem);
			return NULL;
		}
	}
	return g_steal_pointer(&list);
}
