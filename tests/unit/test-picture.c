/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The picture of the desk: what is cut off is said below, a simulated monitor that does not answer
 * is drawn, and a verdict that the desk has outlived is gone.
 */
#include "assert-has.h"
#include "cli/picture.h"
#include "common/json.h"

#include <locale.h>

#define LONG                                                                                       \
	"the monitor on /dev/i2c-40 has stopped answering DDC/CI (address 0x37 on /dev/i2c-40: "   \
	"not acknowledged); use its buttons, or start the agent in the guest"

#define DISPLAY(name, at, error) "{\"name\":\"" name "\",\"at\":" at ",\"error\":" error "}"
#define STATUS(target, displays, last)                                                             \
	"{\"target\":" target ",\"wanted\":\"host\",\"switching\":null,\"last\":" last             \
	",\"guests\":[{\"name\":\"guest\",\"domain\":\"win11\",\"state\":\"running\"}],"           \
	"\"displays\":[" displays "],\"devices\":[{\"name\":\"kbd\",\"at\":\"host\"}]"             \
	",\"simulated\":[{\"key\":\"l\",\"label\":\"x\",\"fault\":\"deafen\",\"what\":\"left\","   \
	"\"broken\":true},{\"key\":\"r\",\"label\":\"y\",\"fault\":\"deafen\",\"what\":\"right\"," \
	"\"broken\":false}]}"
#define LAST(outcome, error, steps)                                                                \
	"{\"outcome\":\"" outcome                                                                  \
	"\",\"to\":\"host\",\"reason\":\"request\",\"ms\":5,\"error\":" error ",\"steps\":[" steps \
	"]}"
#define STEP(outcome, error)                                                                       \
	"{\"name\":\"left\",\"to\":\"host\",\"outcome\":\"" outcome "\",\"ms\":5,\"error\":" error \
	"}"

/* The rows of the picture, without escapes, lines drawn and runs of spaces. Free with g_free(). */
static char *draw(const char *json, gboolean changed, const char *message, int width, int height)
{
	g_autoptr(JsonNode) status = object_parse(json);
	g_autoptr(Canvas) canvas = NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GRegex) escapes = g_regex_new("\033\\[[0-9;]*[Hm]|[^ -~]|\\s+", 0, 0, NULL);
	g_autofree char *flat = NULL;
	g_autoptr(GRegex) spaces = g_regex_new(" +", 0, 0, NULL);

	g_assert_nonnull(status);
	canvas = picture_draw(json_node_get_object(status), changed, message, width, height);
	canvas_paint(canvas, out);
	flat = g_regex_replace_literal(escapes, out->str, -1, 0, " ", 0, NULL);
	return g_regex_replace_literal(spaces, flat, -1, 0, " ", 0, NULL);
}

static guint count_of(const char *text, const char *part)
{
	guint count = 0;

	for (; (text = strstr(text, part)) != NULL; text += strlen(part))
		count++;
	return count;
}

/* However wide the terminal, all of a long reason can be read, and once. */
static void test_long_reason(void)
{
	static const char json[] = STATUS("\"host\"",
		DISPLAY("left", "null", "\"" LONG "\"") "," DISPLAY("right", "\"host\"", "null"),
		LAST("incomplete", "\"display left: " LONG "\"", STEP("failed", "\"" LONG "\"")));
	static const int widths[] = { 60, 80, 100, 132, 200 };

	for (gsize i = 0; i < G_N_ELEMENTS(widths); i++) {
		g_autofree char *picture = draw(json, FALSE, NULL, widths[i], 40);

		assert_has(picture, "display left: " LONG);
		/* whole: the box has its beginning at most */
		g_assert_cmpuint(count_of(picture, "start the agent in the guest"), ==, 1);
	}
}

/* Without a switch that says it, what is cut in its box is below. */
static void test_cut(void)
{
	static const char json[] = STATUS("\"host\"",
		DISPLAY("left", "null", "\"" LONG "\"") "," DISPLAY("right", "\"host\"", "null"),
		"null");
	g_autofree char *picture = draw(json, TRUE, NULL, 100, 30);

	assert_has(picture, "left: " LONG);
	assert_has(picture, "The host has the seat.");
}

static void test_deaf(void)
{
	static const char json[] = STATUS("\"host\"",
		DISPLAY("left", "\"host\"", "null") "," DISPLAY("right", "\"host\"", "null"),
		"null");
	g_autofree char *picture = draw(json, TRUE, NULL, 80, 24);

	/* one of them */
	g_assert_cmpuint(count_of(picture, "no answer"), ==, 1);
}

static void test_old_verdict(void)
{
	static const struct {
		const char *json;
		gboolean changed, drawn;
	} cases[] = {
		/* it failed, and is still away */
		{ STATUS("null", DISPLAY("left", "null", "\"gone\""),
			  LAST("incomplete", "\"left: gone\"", STEP("failed", "\"gone\""))),
			TRUE, TRUE },
		/* it failed, and came back later */
		{ STATUS("\"host\"", DISPLAY("left", "\"host\"", "null"),
			  LAST("incomplete", "\"left: gone\"", STEP("failed", "\"gone\""))),
			TRUE, FALSE },
		/* it was done, and the user pressed the monitor's buttons */
		{ STATUS("null", DISPLAY("left", "null", "null"),
			  LAST("done", "null", STEP("done", "null"))),
			TRUE, FALSE },
		{ STATUS("\"host\"", DISPLAY("left", "\"host\"", "null"),
			  LAST("done", "null", STEP("done", "null"))),
			TRUE, TRUE },
		/* why it was refused may be over */
		{ STATUS("\"host\"", DISPLAY("left", "\"host\"", "null"),
			  LAST("refused", "\"win11 is off\"", "")),
			FALSE, TRUE },
		{ STATUS("\"host\"", DISPLAY("left", "\"host\"", "null"),
			  LAST("refused", "\"win11 is off\"", "")),
			TRUE, FALSE },
		/* undone: the last step counts */
		{ STATUS("\"host\"", DISPLAY("left", "\"host\"", "null"),
			  LAST("rolled-back", "\"kbd: gone\"",
				  "{\"name\":\"left\",\"to\":\"guest\",\"outcome\":\"done\"}," STEP(
					  "done", "null"))),
			TRUE, TRUE },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *picture = draw(cases[i].json, cases[i].changed, NULL, 80, 30);

		g_assert_cmpint(strstr(picture, "switch to host:") != NULL, ==, cases[i].drawn);
	}
}

/* A message that no picture has room for is wrapped too. */
static void test_message(void)
{
	static const char json[] = STATUS("\"host\"", DISPLAY("left", "\"host\"", "null"), "null");
	g_autofree char *picture = draw(json, TRUE, LONG, 70, 30);

	assert_has(picture, LONG);
}

/* Nothing of it may be written outside of the canvas. */
static void test_small(void)
{
	static const char json[] = STATUS("\"host\"",
		DISPLAY("left", "null", "\"" LONG "\"") "," DISPLAY("right", "\"host\"", "null"),
		LAST("incomplete", "\"display left: " LONG "\"", STEP("failed", "\"" LONG "\"")));

	for (int width = 1; width < 40; width++)
		for (int height = 1; height < 30; height += 4)
			g_free(draw(json, TRUE, LONG, width, height));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	text_set(FALSE, TRUE);
	g_test_add_func("/picture/long-reason", test_long_reason);
	g_test_add_func("/picture/cut", test_cut);
	g_test_add_func("/picture/deaf", test_deaf);
	g_test_add_func("/picture/old-verdict", test_old_verdict);
	g_test_add_func("/picture/message", test_message);
	g_test_add_func("/picture/small", test_small);
	return g_test_run();
}
