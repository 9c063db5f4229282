/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseatd's request that a monitor be set, and the answer.
 */
#include "agent/set-input.h"

#include <string.h>

static void test_whole(void)
{
	static const char text[] =
		"{\"id\":17,\"display\":\"left\",\"manufacturer\":\"GSM\",\"model\":\"LG HDR "
		"4K\","
		"\"serial\":\"1234\",\"feature\":244,\"value\":144,\"source_address\":80,"
		"\"later\":[]}";
	g_autoptr(GError) error = NULL;
	gboolean has_id;
	gint64 id;
	g_autoptr(SetInput) request = set_input_parse(text, &id, &has_id, &error);
	g_autofree char *label = NULL;

	g_assert_no_error(error);
	g_assert_true(has_id);
	g_assert_cmpint(id, ==, 17);
	g_assert_cmpint(request->id, ==, 17);
	g_assert_cmpstr(request->monitor.manufacturer, ==, "GSM");
	g_assert_cmpstr(request->monitor.model, ==, "LG HDR 4K");
	g_assert_cmpstr(request->monitor.serial, ==, "1234");
	g_assert_null(request->monitor.monitor);
	g_assert_null(request->monitor.connector);
	g_assert_cmpint(request->feature.code, ==, 0xf4);
	g_assert_cmpint(request->feature.source_address, ==, 0x50);
	g_assert_cmpint(request->value, ==, 0x90);
	g_assert_true(set_input_describes(request));
	label = set_input_label(request);
	g_assert_cmpstr(label, ==, "GSM LG HDR 4K 1234");
}

/* what may be left out, or is null */
static void test_little(void)
{
	static const char *const texts[] = {
		"{\"id\":-1,\"feature\":96,\"value\":65535}",
		"{\"id\":-1,\"manufacturer\":null,\"model\":\"\",\"serial\":null,\"feature\":96,"
		"\"value\":65535}",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		gboolean has_id;
		gint64 id;
		g_autoptr(SetInput) request = set_input_parse(texts[i], &id, &has_id, NULL);
		g_autofree char *label = NULL;

		g_assert_nonnull(request);
		g_assert_cmpint(request->id, ==, -1);
		g_assert_null(request->monitor.manufacturer);
		g_assert_null(request->monitor.model);
		g_assert_null(request->monitor.serial);
		g_assert_cmpint(request->feature.source_address, ==, 0x51);
		g_assert_cmpint(request->value, ==, 0xffff);
		g_assert_false(set_input_describes(request));
		label = set_input_label(request);
		g_assert_cmpstr(label, ==, "any monitor");
	}
}

static const struct {
	const char *label, *text;
	gboolean has_id;
	const char *why;
} bad[] = {
	{ "empty", "", FALSE, "it is not a JSON object" },
	{ "no-json", "to the host!", FALSE, "it is not a JSON object" },
	{ "array", "[17]", FALSE, "it is not a JSON object" },
	{ "cut", "{\"id\":17,\"feature\":9", FALSE, "it is not a JSON object" },
	{ "not-utf-8", "{\"id\":17,\"model\":\"\xff\"}", FALSE, "it is not a JSON object" },
	{ "no-id", "{\"feature\":96,\"value\":15}", FALSE, "no whole number in id" },
	{ "id-text", "{\"id\":\"17\",\"feature\":96,\"value\":15}", FALSE,
		"no whole number in id" },
	{ "id-fraction", "{\"id\":1.5,\"feature\":96,\"value\":15}", FALSE,
		"no whole number in id" },
	{ "id-null", "{\"id\":null,\"feature\":96,\"value\":15}", FALSE, "no whole number in id" },
	{ "no-feature", "{\"id\":17,\"value\":15}", TRUE, "a number out of range in feature" },
	{ "feature-0", "{\"id\":17,\"feature\":0,\"value\":15}", TRUE,
		"a number out of range in feature" },
	{ "feature-256", "{\"id\":17,\"feature\":256,\"value\":15}", TRUE,
		"a number out of range in feature" },
	{ "feature-negative", "{\"id\":17,\"feature\":-96,\"value\":15}", TRUE,
		"a number out of range in feature" },
	{ "feature-bool", "{\"id\":17,\"feature\":true,\"value\":15}", TRUE,
		"no whole number in feature" },
	{ "no-value", "{\"id\":17,\"feature\":96}", TRUE, "a number out of range in value" },
	{ "value-65536", "{\"id\":17,\"feature\":96,\"value\":65536}", TRUE,
		"a number out of range in value" },
	{ "value-huge", "{\"id\":17,\"feature\":96,\"value\":99999999999999999999999}", TRUE,
		"a number out of range in value" },
	{ "value-object", "{\"id\":17,\"feature\":96,\"value\":{}}", TRUE,
		"no whole number in value" },
	{ "source-0", "{\"id\":17,\"feature\":96,\"value\":15,\"source_address\":0}", TRUE,
		"a number out of range in source_address" },
	{ "source-null", "{\"id\":17,\"feature\":96,\"value\":15,\"source_address\":null}", TRUE,
		"no whole number in source_address" },
	{ "model-number", "{\"id\":17,\"model\":5,\"feature\":96,\"value\":15}", TRUE,
		"no text in model" },
	{ "serial-number", "{\"id\":17,\"serial\":5,\"feature\":96,\"value\":15}", TRUE,
		"no text in serial" },
	{ "manufacturer-array", "{\"id\":17,\"manufacturer\":[],\"feature\":96,\"value\":15}", TRUE,
		"no text in manufacturer" },
};

static void test_bad(gconstpointer data)
{
	gsize i = GPOINTER_TO_SIZE(data);
	g_autoptr(GError) error = NULL;
	gboolean has_id;
	gint64 id = 0;

	g_assert_null(set_input_parse(bad[i].text, &id, &has_id, &error));
	g_assert_nonnull(error);
	g_assert_nonnull(strstr(error->message, bad[i].why));
	g_assert_cmpint(has_id, ==, bad[i].has_id);
	g_assert_cmpint(id, ==, bad[i].has_id ? 17 : 0);
}

static void test_long(void)
{
	g_autofree char *blanks = g_strnfill(SET_INPUT_MAX, ' ');
	g_autofree char *text = g_strconcat(blanks, "{\"id\":1,\"feature\":96,\"value\":15}", NULL);
	gboolean has_id;
	gint64 id;

	g_assert_null(set_input_parse(text, &id, &has_id, NULL));
	g_assert_false(has_id);
}

static void test_answer(void)
{
	g_autofree char *done = set_input_answer(17, NULL);
	g_autofree char *failed = set_input_answer(-9, "no \"AOC\"\n\xff");

	g_assert_cmpstr(done, ==, "{\"id\":17,\"error\":null}");
	g_assert_cmpstr(failed, ==, "{\"id\":-9,\"error\":\"no \\\"AOC\\\"\\n\xef\xbf\xbd\"}");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/guest-set-input/whole", test_whole);
	g_test_add_func("/guest-set-input/little", test_little);
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *path = g_strdup_printf("/guest-set-input/bad/%s", bad[i].label);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_bad);
	}
	g_test_add_func("/guest-set-input/long", test_long);
	g_test_add_func("/guest-set-input/answer", test_answer);
	return g_test_run();
}
