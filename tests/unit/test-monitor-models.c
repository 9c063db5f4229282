/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/error.h"
#include "display/capabilities.h"
#include "display/monitor-models.h"

#include <string.h>

#define SOURCE "source = https://example.org/1\n"

static Edid edid_of(const char *manufacturer, const char *model, guint16 product)
{
	Edid edid = { .product = product };

	g_strlcpy(edid.manufacturer, manufacturer, sizeof edid.manufacturer);
	g_strlcpy(edid.model, model, sizeof edid.model);
	return edid;
}

static MonitorModels *parsed(const char *text)
{
	MonitorModels *models = monitor_models_new();
	g_autoptr(GError) error = NULL;

	g_assert_true(monitor_models_add(models, "x.ini", text, strlen(text), &error));
	g_assert_no_error(error);
	return models;
}

/* -- reading ----------------------------------------------------------------------------------- */

static void test_all_keys(void)
{
	g_autoptr(MonitorModels) models = parsed("# a comment\n[LGX My*model | A, B]\n"
						 "product = 0x10, 17\n"
						 "inputs = 0xd0 DisplayPort-1, 0xff09 USB-C\n"
						 "reads_as = 0xd0:0x03\n"
						 "wrong_codes = 0x0f, 0x11\n"
						 "feature = 0xf4\n"
						 "source_address = 0x50\n"
						 "also = 0xe7:0xff00 next USB host, 0xe5:0 off\n"
						 "reports = own-input\n"
						 "deaf = yes\n"
						 "save_settings = yes\n"
						 "reply_ms = 100\n"
						 "source = https://a.org/1 https://b.org/2\n");
	const MonitorModel *model = monitor_models_at(models, 0);
	const ModelSetting *setting = &g_array_index(model->also, ModelSetting, 0);

	g_assert_cmpuint(monitor_models_count(models), ==, 1);
	g_assert_cmpstr(model->file, ==, "x.ini");
	g_assert_cmpstr(model->manufacturer, ==, "LGX");
	g_assert_cmpstr(model->model, ==, "My*model");
	g_assert_cmpuint(model->products->len, ==, 2);
	g_assert_cmphex(g_array_index(model->products, guint16, 1), ==, 17);
	g_assert_cmpuint(model->inputs->len, ==, 2);
	g_assert_cmpstr(monitor_model_input(model, 0xff09)->connector, ==, "USB-C");
	g_assert_null(monitor_model_input(model, 0x09));
	g_assert_cmphex(monitor_model_reads_as(model, 0xd0), ==, 0x03);
	g_assert_cmphex(monitor_model_reads_as(model, 0xff09), ==, 0x09);
	g_assert_cmphex(monitor_model_input_read(model, 0x03)->code, ==, 0xd0);
	g_assert_cmphex(monitor_model_input_read(model, 0x09)->code, ==, 0xff09);
	g_assert_null(monitor_model_input_read(model, 0xd0));
	g_assert_true(monitor_model_lacks(model, 0x11));
	g_assert_false(monitor_model_lacks(model, 0x12));
	g_assert_cmphex(model->feature, ==, 0xf4);
	g_assert_cmphex(model->source_address, ==, 0x50);
	g_assert_cmphex(setting->feature, ==, 0xe7);
	g_assert_cmphex(setting->value, ==, 0xff00);
	g_assert_cmpstr(setting->effect, ==, "next USB host");
	g_assert_cmpint(model->reports, ==, MODEL_REPORTS_OWN_INPUT);
	g_assert_true(model->deaf && model->save_settings);
	g_assert_cmpuint(model->reply_ms, ==, 100);
	g_assert_cmpstr(model->sources[1], ==, "https://b.org/2");
}

/* Each of these is no proof of what the monitor shows. */
static void test_unreliable(void)
{
	static const struct {
		const char *line;
		gboolean unreliable;
	} cases[] = { { "deaf = yes\n", FALSE }, { "reports = own-input\n", TRUE },
		{ "reports = zero\n", TRUE }, { "reports = nothing\n", TRUE } };

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = g_strconcat("[LGX A]\n", cases[i].line, SOURCE, NULL);
		g_autoptr(MonitorModels) models = parsed(text);

		g_assert_cmpint(monitor_model_is_unreliable(monitor_models_at(models, 0)), ==,
			cases[i].unreliable);
	}
	g_assert_false(monitor_model_is_unreliable(NULL));
}

static void test_defaults(void)
{
	g_autoptr(MonitorModels) models = parsed("[DEL DELL A]\ninputs = 15 HDMI\n" SOURCE);
	const MonitorModel *model = monitor_models_at(models, 0);

	g_assert_cmphex(model->feature, ==, 0x60);
	g_assert_cmphex(model->source_address, ==, 0x51);
	g_assert_cmpint(model->reports, ==, MODEL_REPORTS_INPUT);
	g_assert_false(model->deaf || model->save_settings);
	g_assert_cmpuint(model->reply_ms, ==, 0);
	g_assert_cmphex(monitor_model_input(model, 0x0f)->code, ==, 0x0f);
}

/* no entry: nothing is known */
static void test_none(void)
{
	g_autofree char *inputs = monitor_model_describe_inputs(NULL);
	g_autoptr(GPtrArray) remarks = monitor_model_remarks(NULL);

	g_assert_null(monitor_model_input(NULL, 0x0f));
	g_assert_null(monitor_model_input_read(NULL, 0x0f));
	g_assert_cmphex(monitor_model_reads_as(NULL, 0x0f0f), ==, 0x0f);
	g_assert_false(monitor_model_lacks(NULL, 0x0f));
	g_assert_cmpstr(inputs, ==, "");
	g_assert_cmpuint(remarks->len, ==, 0);
}

static void test_refused(void)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "[DEL A]\ndeaf = yes\n", "x.ini: [DEL A]: it has no source" },
		{ "[DEL A]\n" SOURCE, "it says nothing about the monitor" },
		{ "[DEL A]\nproduct = 1\n" SOURCE, "it says nothing about the monitor" },
		{ "[DEL A]\ndead = yes\n" SOURCE, "[DEL A]: dead is not a key" },
		{ "[DEL A]\ndeaf = no\n" SOURCE, "deaf: \"no\" is not yes" },
		{ "[DEL A]\ndeaf = yes\nsource = http://a.org\n",
			"source: \"http://a.org\" is not a list of URLs" },
		{ "[DEL A]\ndeaf = yes\nsource =\n", "source: \"\" is not a list of URLs" },
		{ "[DEL]\ndeaf = yes\n" SOURCE,
			"[DEL]: it is not a manufacturer's PNP id and a model" },
		{ "[Dell A]\ndeaf = yes\n" SOURCE,
			"it is not a manufacturer's PNP id and a model" },
		{ "[DEL  ]\ndeaf = yes\n" SOURCE, "it is not a manufacturer's PNP id and a model" },
		{ "[DEL A |]\ndeaf = yes\n" SOURCE,
			"it is not a manufacturer's PNP id and a model" },
		{ "[DEL A]\ninputs = 0x11\n" SOURCE,
			"inputs: \"0x11\" is not a code and a connector" },
		{ "[DEL A]\ninputs = 0x1g HDMI\n" SOURCE, "inputs: \"0x1g HDMI\" is not a code" },
		{ "[DEL A]\ninputs = 0x00 HDMI\n" SOURCE, "inputs: \"0x00 HDMI\" is not a code" },
		{ "[DEL A]\ninputs = 0x10000 HDMI\n" SOURCE, "\"0x10000 HDMI\" is not a code" },
		{ "[DEL A]\ninputs = 0x11 SCART\n" SOURCE, "\"0x11 SCART\" is not a code" },
		{ "[DEL A]\ninputs = 0x11 HDMI-a\n" SOURCE, "\"0x11 HDMI-a\" is not a code" },
		{ "[DEL A]\ninputs = 0x11 HDMI,\n" SOURCE, "inputs: \"\" is not a code" },
		{ "[DEL A]\ninputs = 0x11 HDMI-1, 17 HDMI-2\n" SOURCE,
			"\"17 HDMI-2\" is not the only input with this code" },
		{ "[DEL A]\ninputs = 0x11 HDMI\nreads_as = 0x0f:0x03\n" SOURCE,
			"reads_as: the code is not in inputs" },
		{ "[DEL A]\ninputs = 0x11 HDMI\nreads_as = 0x11:0x100\n" SOURCE,
			"reads_as: \"0x11:0x100\" is not a code and what it reads as" },
		{ "[DEL A]\ninputs = 0x11 HDMI\nwrong_codes = 0x11\n" SOURCE,
			"wrong_codes: the code is in inputs, too" },
		{ "[DEL A]\ninputs = 0x11 HDMI\nwrong_codes = none\n" SOURCE,
			"wrong_codes: \"none\" is not a code" },
		{ "[DEL A]\nfeature = 0xf4\ndeaf = yes\n" SOURCE, "feature: it needs inputs" },
		{ "[DEL A]\nfeature = 0x100\n" SOURCE, "feature: \"0x100\" is not a feature" },
		{ "[DEL A]\nsource_address = 0x50\ninputs = 0x11 HDMI\n" SOURCE,
			"source_address: it needs a feature" },
		{ "[DEL A]\nsource_address = 0\n" SOURCE, "\"0\" is not an address" },
		{ "[DEL A]\nalso = 0xe7\n" SOURCE, "also: \"0xe7\" is not a feature, its value" },
		{ "[DEL A]\nalso = 0xe7:1\n" SOURCE, "also: \"0xe7:1\" is not a feature" },
		{ "[DEL A]\nalso = 0xe7 x\n" SOURCE, "also: \"0xe7 x\" is not a feature" },
		{ "[DEL A]\nalso = 0xe7:x y\n" SOURCE, "also: \"0xe7:x y\" is not a feature" },
		{ "[DEL A]\nalso = 0xe7:0x10000 y\n" SOURCE, "is not a feature, its value" },
		{ "[DEL A]\nalso = 0:1 y\n" SOURCE, "also: \"0:1 y\" is not a feature" },
		{ "[DEL A]\nalso = 0x100:1 y\n" SOURCE, "also: \"0x100:1 y\" is not a feature" },
		{ "[DEL A]\nreports = all\n" SOURCE, "\"all\" is not nothing, zero or own-input" },
		{ "[DEL A]\nreply_ms = 39\n" SOURCE, "\"39\" is not a time from 40 to 200 ms" },
		{ "[DEL A]\nproduct = 0x10000\n" SOURCE, "\"0x10000\" is not a product code" },
		{ "[DEL A]\ndeaf = yes\ndeaf = yes\n" SOURCE, "x.ini: deaf occurs twice" },
		{ "[DEL A]\ndeaf = yes\n" SOURCE "[DEL A]\nreply_ms = 50\n",
			"x.ini: [DEL A] occurs twice" },
		{ "[DEL A]\ndeaf = yes\n" SOURCE "[DEL a | b]\ndeaf = yes\n" SOURCE,
			"[DEL A] is the same monitor as [DEL a | b] in x.ini" },
		{ "[DEL A]\nproduct = 1, 2\ndeaf = yes\n" SOURCE
		  "[DEL A | b]\nproduct = 3, 2\ndeaf = yes\n" SOURCE,
			"is the same monitor as" },
		{ "deaf = yes\n", "x.ini: " },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(MonitorModels) models = parsed("[AOC Z]\ndeaf = yes\n" SOURCE);
		g_autoptr(GError) error = NULL;

		g_test_message("%s", cases[i].text);
		g_assert_false(monitor_models_add(
			models, "x.ini", cases[i].text, strlen(cases[i].text), &error));
		g_assert_nonnull(error);
		g_test_message("%s", error->message);
		g_assert_nonnull(strstr(error->message, cases[i].says));
		g_assert_cmpuint(monitor_models_count(models), ==, 1);
	}
}

/* Of these keys there is one value, and no list. */
static void test_no_list(void)
{
	static const char *const values[] = { "feature = 0xf4, 0xf5", "source_address = 0x50, 0x50",
		"reports = zero, zero", "deaf = yes, yes", "save_settings = yes, yes",
		"reply_ms = 50, 50" };

	for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
		g_autofree char *text =
			g_strdup_printf("[DEL A]\ninputs = 0x11 HDMI\n%s\n" SOURCE, values[i]);
		g_autofree char *says =
			g_strdup_printf("\"%s\" is not ", strstr(values[i], "= ") + 2);
		g_autoptr(MonitorModels) models = monitor_models_new();
		g_autoptr(GError) error = NULL;

		g_assert_false(monitor_models_add(models, "x.ini", text, strlen(text), &error));
		g_assert_nonnull(strstr(error->message, says));
	}
}

/* What comes behind it would be read, and not be looked at for what occurs twice. */
static void test_zero_byte(void)
{
	static const char text[] = "[DEL A]\ndeaf = yes\nmore = \0\n" SOURCE SOURCE;
	g_autoptr(MonitorModels) models = parsed("[AOC Z]\ndeaf = yes\n" SOURCE);
	g_autoptr(GError) error = NULL;

	g_assert_false(monitor_models_add(models, "x.ini", text, sizeof text - 1, &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED);
	g_assert_cmpstr(error->message, ==, "x.ini: it contains a zero byte");
}

/* also over two files */
static void test_same_monitor(void)
{
	static const char text[] = "[DEL A]\nreply_ms = 50\n" SOURCE;
	g_autoptr(MonitorModels) models = parsed("[DEL A]\ndeaf = yes\n" SOURCE);
	g_autoptr(GError) error = NULL;

	g_assert_false(monitor_models_add(models, "y.ini", text, strlen(text), &error));
	g_assert_cmpstr(
		error->message, ==, "y.ini: [DEL A] is the same monitor as [DEL A] in x.ini");
}

/* -- finding ----------------------------------------------------------------------------------- */

static void test_find(void)
{
	g_autoptr(MonitorModels) models = parsed(
		"[DEL DELL U*]\ndeaf = yes\n" SOURCE "[DEL DELL U27*]\ndeaf = yes\n" SOURCE
		"[DEL DELL U2720Q]\ndeaf = yes\n" SOURCE "[DEL * | by product]\nproduct = 7\n"
		"deaf = yes\n" SOURCE "[AOC DELL U2720Q]\ndeaf = yes\n" SOURCE);
	static const struct {
		const char *manufacturer, *model;
		guint16 product;
		const char *found;
	} cases[] = {
		{ "DEL", "DELL U3011", 1, "DEL DELL U*" },
		{ "DEL", "DELL U2719D", 1, "DEL DELL U27*" },
		{ "DEL", "DELL U2720Q", 1, "DEL DELL U2720Q" },
		{ "DEL", "Dell u2720q", 1, "DEL DELL U2720Q" },
		{ "DEL", "DELL U2720Q", 7, "DEL * | by product" },
		{ "AOC", "DELL U2720Q", 7, "AOC DELL U2720Q" },
		{ "DEL", "P2415Q", 1, NULL },
		{ "SAM", "DELL U2720Q", 7, NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		Edid edid = edid_of(cases[i].manufacturer, cases[i].model, cases[i].product);
		const MonitorModel *model = monitor_models_find(models, &edid);

		g_assert_cmpstr(model != NULL ? model->name : NULL, ==, cases[i].found);
	}
}

/* Of two that fit the one with fewer wildcards is meant, and of those the longer one, in whichever
 * order they are read. */
static void test_find_best(void)
{
	static const struct {
		const char *worse, *better;
	} cases[] = {
		{ "DEL *", "DEL DELL U2720Q" },
		{ "DEL DELL U272??", "DEL DELL U27*" },
		{ "DEL *U*", "DEL DELL*" },
		{ "DEL *?", "DEL D*" },
		{ "DEL ??LL U2720Q", "DEL ?ELL U2720Q" },
		{ "DEL D*", "DEL DELL*" },
	};
	Edid edid = edid_of("DEL", "DELL U2720Q", 7);

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		for (int order = 0; order < 2; order++) {
			g_autofree char *text = g_strdup_printf("[%s]\ndeaf = yes\n" SOURCE
								"[%s]\ndeaf = yes\n" SOURCE,
				order == 0 ? cases[i].worse : cases[i].better,
				order == 0 ? cases[i].better : cases[i].worse);
			g_autoptr(MonitorModels) models = parsed(text);

			g_assert_cmpstr(
				monitor_models_find(models, &edid)->name, ==, cases[i].better);
		}
}

static void test_describe(void)
{
	g_autoptr(MonitorModels) models =
		parsed("[DEL A]\ninputs = 0x0f DisplayPort, 0xff09 HDMI-1\nreports = zero\n"
		       "deaf = yes\nsave_settings = yes\nreply_ms = 60\n"
		       "also = 0xe7:0xff00 next USB host\n" SOURCE);
	static const char *const expected[] = { "It reports 0x00 instead of its input.",
		"It answers only on the input that it shows.",
		"It needs \"save settings\" (0x0C) to apply a setting.", "It needs 60 ms to reply.",
		"Setting its feature 0xe7 to 0xff00 does this: next USB host." };
	g_autofree char *inputs = monitor_model_describe_inputs(monitor_models_at(models, 0));
	g_autoptr(GPtrArray) remarks = monitor_model_remarks(monitor_models_at(models, 0));

	g_assert_cmpstr(inputs, ==, "DisplayPort 0x0f, HDMI-1 0xff09");
	g_assert_cmpuint(remarks->len, ==, G_N_ELEMENTS(expected));
	for (guint i = 0; i < remarks->len; i++)
		g_assert_cmpstr(remarks->pdata[i], ==, expected[i]);
}

/* -- the program's own ------------------------------------------------------------------------- */

static void test_builtin(void)
{
	const MonitorModels *models = monitor_models_builtin();

	g_assert_true(models == monitor_models_builtin());
	g_assert_cmpuint(monitor_models_count(models), >=, 60);
	for (guint i = 0; i < monitor_models_count(models); i++) {
		const MonitorModel *model = monitor_models_at(models, i);
		g_autofree char *name = g_strdelimit(g_strdup(model->model), "*?", 'X');
		Edid edid = edid_of(model->manufacturer, name,
			model->products->len > 0 ? g_array_index(model->products, guint16, 0) : 0);

		g_test_message("[%s]", model->name);
		g_assert_cmpuint(strlen(name), <, EDID_TEXT);
		g_assert_true(monitor_models_find(models, &edid) == model);
	}
}

/* Reads a file below the source's root; free with g_free(). */
static char *read_source(const char *folder, const char *name)
{
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "..", folder, name, NULL);
	g_autoptr(GError) error = NULL;
	char *text;

	g_file_get_contents(path, &text, NULL, &error);
	g_assert_no_error(error);
	return text;
}

/* no file of the folder is left out of the program */
static void test_files(void)
{
	g_autofree char *folder =
		g_test_build_filename(G_TEST_DIST, "..", "..", "data", "monitors", NULL);
	g_autofree char *list = read_source("data/monitors", "monitors.gresource.xml");
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;
	guint files = 0;

	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *line = g_strdup_printf("<file>%s</file>", name);

		if (!g_str_has_suffix(name, ".ini"))
			continue;
		g_assert_nonnull(strstr(list, line));
		files++;
	}
	g_assert_cmpuint(files, >, 0);
}

static void test_documented(void)
{
	static const char *const keys[] = { "product", "inputs", "reads_as", "wrong_codes",
		"feature", "source_address", "also", "reports", "deaf", "save_settings", "reply_ms",
		"source" };
	g_autofree char *readme = read_source("data/monitors", "README.md");

	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_autofree char *row = g_strdup_printf("\n| `%s` |", keys[i]);

		g_assert_nonnull(strstr(readme, row));
	}
}

/* -- what monitors say of themselves ----------------------------------------------------------- */

static gboolean lists(const CapabilitiesValues *values, guint8 code)
{
	return memchr(values->codes, code, values->length) != NULL;
}

/* Every code of the entry is in the monitor's own list, unless the entry says that the list is
 * wrong; and that says it only of codes that are in it. */
static void compare(const MonitorModel *model, const Capabilities *capabilities)
{
	const CapabilitiesValues *listed = &capabilities->inputs;

	g_test_message("[%s]", model->name);
	g_assert_true(capabilities_has(capabilities, model->feature));
	for (guint i = 0; i < model->wrong_codes->len; i++)
		g_assert_true(lists(listed, (guint8)g_array_index(model->wrong_codes, guint16, i)));
	if (model->feature != CONFIG_FEATURE_INPUT || model->wrong_codes->len > 0)
		return;
	for (guint i = 0; i < model->inputs->len; i++)
		g_assert_true(
			lists(listed, (guint8)g_array_index(model->inputs, ModelInput, i).code));
}

/* Returns whether the file names a monitor by its EDID. */
static gboolean compare_file(const char *name)
{
	g_autofree char *text = read_source("tests/capabilities", name);
	const char *line = strstr(text, "\nedid: "), *string = strstr(text, "\n\n");
	g_autofree char *identity = NULL;
	const MonitorModel *model;
	Capabilities capabilities;
	Edid edid;

	if (line == NULL || line > string)
		return FALSE;
	line += strlen("\nedid: ");
	identity = g_strndup(line, strcspn(line, "\n"));
	identity[3] = '\0';
	edid = edid_of(identity, identity + 4, 0);
	model = monitor_models_find(monitor_models_builtin(), &edid);
	g_assert_nonnull(model);
	capabilities_parse(string + 2, strlen(string + 2), &capabilities);
	compare(model, &capabilities);
	return TRUE;
}

static void test_capabilities(void)
{
	g_autofree char *folder = g_test_build_filename(G_TEST_DIST, "..", "capabilities", NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;
	guint compared = 0;

	while ((name = g_dir_read_name(dir)) != NULL)
		compared += g_str_has_suffix(name, ".txt") && compare_file(name) ? 1 : 0;
	g_assert_cmpuint(compared, >=, 6);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/monitor-models/all-keys", test_all_keys);
	g_test_add_func("/monitor-models/defaults", test_defaults);
	g_test_add_func("/monitor-models/unreliable", test_unreliable);
	g_test_add_func("/monitor-models/none", test_none);
	g_test_add_func("/monitor-models/refused", test_refused);
	g_test_add_func("/monitor-models/same-monitor", test_same_monitor);
	g_test_add_func("/monitor-models/no-list", test_no_list);
	g_test_add_func("/monitor-models/find", test_find);
	g_test_add_func("/monitor-models/find/best", test_find_best);
	g_test_add_func("/monitor-models/describe", test_describe);
	g_test_add_func("/monitor-models/builtin", test_builtin);
	g_test_add_func("/monitor-models/files", test_files);
	g_test_add_func("/monitor-models/documented", test_documented);
	g_test_add_func("/monitor-models/zero-byte", test_zero_byte);
	g_test_add_func("/monitor-models/capabilities", test_capabilities);
	return g_test_run();
}
