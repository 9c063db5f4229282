/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines for bars: what each kind of state looks like, and that no name breaks out of its line.
 */
#include "cli/bar.h"
#include "cli/text.h"

#include <string.h>

#define THING(at, error) "[{\"name\":\"left\",\"at\":" at ",\"error\":" error "}]"
#define STATUS(target, wanted, switching, things)                                                  \
	"{\"target\":" target ",\"wanted\":" wanted ",\"switching\":" switching                    \
	",\"displays\":" things ",\"devices\":[]}"
#define AT_HOST THING("\"host\"", "null")

typedef struct {
	const char *label;
	const char *status; /* NULL: no daemon */
	const char *message;
	const char *waybar, *i3blocks, *plain;
} Case;

static const Case cases[] = {
	{ "host", STATUS("\"host\"", "\"host\"", "null", AT_HOST), NULL,
		"{\"text\":\"host\",\"alt\":\"host\",\"class\":[\"host\"],"
		"\"tooltip\":\"The host has the seat\"}",
		"{\"full_text\":\"host\",\"markup\":\"none\"}", "host" },
	{ "guest", STATUS("\"win11\"", "\"win11\"", "null", AT_HOST), NULL,
		"{\"text\":\"win11\",\"alt\":\"win11\",\"class\":[\"guest\",\"win11\"],"
		"\"tooltip\":\"win11 has the seat\"}",
		"{\"full_text\":\"win11\",\"color\":\"#5fafff\",\"markup\":\"none\"}", "win11" },
	{ "a guest that is called failed", STATUS("\"failed\"", "\"failed\"", "null", AT_HOST),
		NULL,
		"{\"text\":\"failed\",\"alt\":\"failed\",\"class\":[\"guest\",\"failed\"],"
		"\"tooltip\":\"failed has the seat\"}",
		"{\"full_text\":\"failed\",\"color\":\"#5fafff\",\"markup\":\"none\"}", "failed" },
	{ "switching", STATUS("\"host\"", "\"win11\"", "{\"to\":\"win11\"}", AT_HOST), NULL,
		"{\"text\":\"→ win11\",\"alt\":\"switching\",\"class\":[\"switching\"],"
		"\"tooltip\":\"Switching to win11\"}",
		"{\"full_text\":\"→ win11\",\"color\":\"#ffd75f\",\"markup\":\"none\"}",
		"→ win11" },
	{ "not looked yet", STATUS("null", "\"host\"", "null", THING("null", "null")), NULL,
		"{\"text\":\"→ host\",\"alt\":\"switching\",\"class\":[\"switching\"],"
		"\"tooltip\":\"Switching to the host\"}",
		"{\"full_text\":\"→ host\",\"color\":\"#ffd75f\",\"markup\":\"none\"}", "→ host" },
	{ "refused", STATUS("\"host\"", "\"host\"", "null", AT_HOST), "win11 is off",
		"{\"text\":\"! host\",\"alt\":\"failed\",\"class\":[\"failed\"],"
		"\"tooltip\":\"The host has the seat\\nwin11 is off\"}",
		"{\"full_text\":\"! host\",\"color\":\"#ff5f5f\",\"markup\":\"none\"}", "! host" },
	{ "split", STATUS("null", "\"win11\"", "null", THING("\"host\"", "\"deaf\"")), NULL,
		"{\"text\":\"! win11\",\"alt\":\"failed\",\"class\":[\"failed\"],"
		"\"tooltip\":\"Not everything has reached win11\\nleft: deaf\"}",
		"{\"full_text\":\"! win11\",\"color\":\"#ff5f5f\",\"markup\":\"none\"}",
		"! win11" },
	{ "stayed", STATUS("\"host\"", "\"win11\"", "null", AT_HOST), NULL,
		"{\"text\":\"! host\",\"alt\":\"failed\",\"class\":[\"failed\"],"
		"\"tooltip\":\"The host has the seat\"}",
		"{\"full_text\":\"! host\",\"color\":\"#ff5f5f\",\"markup\":\"none\"}", "! host" },
	{ "away", NULL, "the daemon is not running",
		"{\"text\":\"no daemon\",\"alt\":\"away\",\"class\":[\"away\"],"
		"\"tooltip\":\"the daemon is not running\"}",
		"{\"full_text\":\"no daemon\",\"color\":\"#808080\",\"markup\":\"none\"}",
		"no daemon" },
	/* waybar's escaped twice: for Pango, then for JSON; not in class, which is no markup */
	{ "hostile",
		STATUS("\"'<b>\\\"&\\\\\\n\\u001b\"", "\"'<b>\\\"&\\\\\\n\\u001b\"", "null",
			AT_HOST),
		NULL,
		"{\"text\":\"&apos;&lt;b&gt;&quot;&amp;\\\\??\","
		"\"alt\":\"&apos;&lt;b&gt;&quot;&amp;\\\\??\","
		"\"class\":[\"guest\",\"'<b>\\\"&\\\\??\"],"
		"\"tooltip\":\"&apos;&lt;b&gt;&quot;&amp;\\\\?? has the seat\"}",
		"{\"full_text\":\"'<b>'&/??\",\"color\":\"#5fafff\",\"markup\":\"none\"}",
		"'<b>\"&\\??" },
	{ "strange", "{\"target\":7,\"displays\":{},\"devices\":[1,{\"at\":[]}]}", NULL,
		"{\"text\":\"→ ?\",\"alt\":\"switching\",\"class\":[\"switching\"],"
		"\"tooltip\":\"Switching to ?\"}",
		"{\"full_text\":\"→ ?\",\"color\":\"#ffd75f\",\"markup\":\"none\"}", "→ ?" },
};

/* Pango's markup is GMarkup in a root element. */
static void assert_markup(JsonObject *object, const char *name)
{
	static const GMarkupParser parser = { 0 };
	g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new(&parser, 0, NULL, NULL);
	g_autofree char *text =
		g_strdup_printf("<markup>%s</markup>", json_object_get_string_member(object, name));
	g_autoptr(GError) error = NULL;

	g_markup_parse_context_parse(context, text, -1, &error);
	g_assert_no_error(error);
	g_markup_parse_context_end_parse(context, &error);
	g_assert_no_error(error);
}

static void test_case(gconstpointer data)
{
	const Case *c = data;
	g_autoptr(JsonNode) status = c->status != NULL ? json_from_string(c->status, NULL) : NULL;
	JsonObject *object = status != NULL ? json_node_get_object(status) : NULL;
	const char *const wanted[] = { c->waybar, c->i3blocks, c->plain };
	const char *const names[] = { "waybar", "i3blocks", "plain" };

	text_set(FALSE, TRUE);
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *line = bar_line(bar_format(names[i]), object, c->message);

		g_assert_cmpstr(line, ==, wanted[i]);
		g_assert_null(strpbrk(line, "\n\033"));
	}
}

static void test_waybar_is_markup(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(JsonNode) line = json_from_string(cases[i].waybar, NULL);

		assert_markup(json_node_get_object(line), "text");
		assert_markup(json_node_get_object(line), "alt");
		assert_markup(json_node_get_object(line), "tooltip");
	}
}

/* JSON is UTF-8 in every locale, plain text is not */
static void test_other_locale(void)
{
	g_autoptr(JsonNode) status =
		json_from_string(STATUS("\"host\"", "\"ä\"", "{\"to\":\"ä\"}", AT_HOST), NULL);
	JsonObject *object = json_node_get_object(status);
	g_autofree char *plain = NULL, *i3blocks = NULL;

	text_set(FALSE, FALSE);
	plain = bar_line(bar_format("plain"), object, NULL);
	g_assert_cmpstr(plain, ==, "> ?");
	i3blocks = bar_line(bar_format("i3blocks"), object, NULL);
	g_assert_true(g_str_has_prefix(i3blocks, "{\"full_text\":\"→ ä\""));
}

static void test_formats(void)
{
	g_assert_null(bar_format("json"));
	g_assert_null(bar_format(""));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf("/bar/%s", cases[i].label);

		g_test_add_data_func(path, &cases[i], test_case);
	}
	g_test_add_func("/bar/waybar-is-markup", test_waybar_is_markup);
	g_test_add_func("/bar/other-locale", test_other_locale);
	g_test_add_func("/bar/formats", test_formats);
	return g_test_run();
}
