/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/show.h"

#include "cli/text.h"
#include "common/json.h"

#include <string.h>

static const char *or_unknown(const char *text)
{
	return text != NULL ? text : "?";
}

static void show_headline(JsonObject *status, GString *out)
{
	const char *target = member_text(status, "target");
	const char *wanted = member_text(status, "wanted");
	g_autofree char *at = text_clean(target);
	g_autofree char *want = text_clean(wanted);

	if (target == NULL) {
		text_append(out, STYLE_BUSY, "The seat is on its way or split", -1);
	} else {
		g_string_append(out, "The seat is at ");
		text_append(out, STYLE_BOLD, at, -1);
	}
	if (wanted != NULL && g_strcmp0(target, wanted) != 0)
		g_string_append_printf(out, "; %s is wanted", want);
	g_string_append(out, ".\n\n");
}

static void add_problem(TextTable *table, JsonObject *thing)
{
	const char *detail = member_text(thing, "detail");
	const char *error = member_text(thing, "error");

	text_table_add(
		table, error != NULL ? STYLE_BAD : STYLE_PLAIN, error != NULL ? error : detail);
}

static void add_resources(TextTable *table, JsonObject *status, const char *name, const char *kind)
{
	const char *target = member_text(status, "wanted");
	JsonObject *thing;

	for (guint i = 0; (thing = member_item(status, name, &i)) != NULL;) {
		const char *at = member_text(thing, "at");
		gboolean there = g_strcmp0(at, target) == 0;

		text_table_add(table, STYLE_DIM, kind);
		text_table_add(table, STYLE_PLAIN, or_unknown(member_text(thing, "name")));
		text_table_add(table, there ? STYLE_GOOD : STYLE_BUSY, or_unknown(at));
		add_problem(table, thing);
	}
}

/* "domain win11, takes input"; free with g_free() */
static char *guest_detail(JsonObject *guest)
{
	const char *domain = member_text(guest, "domain");
	const char *input = member_text(guest, "input");
	const char *missing = member_text(guest, "input_error");
	g_autofree char *where = domain != NULL ? g_strdup_printf("domain %s", domain) : NULL;

	if (g_strcmp0(input, "ready") == 0)
		missing = "takes input";
	if (missing == NULL)
		return g_steal_pointer(&where);
	return g_strdup_printf(
		"%s%s%s", where != NULL ? where : "", where != NULL ? ", " : "", missing);
}

static void add_guests(TextTable *table, JsonObject *status)
{
	JsonObject *guest;

	for (guint i = 0; (guest = member_item(status, "guests", &i)) != NULL;) {
		const char *state = member_text(guest, "state");
		const char *error = member_text(guest, "error");
		g_autofree char *detail = guest_detail(guest);

		text_table_add(table, STYLE_DIM, "guest");
		text_table_add(table, STYLE_PLAIN, or_unknown(member_text(guest, "name")));
		text_table_add(table, g_strcmp0(state, "running") == 0 ? STYLE_GOOD : STYLE_BUSY,
			or_unknown(state));
		text_table_add(table, error != NULL ? STYLE_BAD : STYLE_DIM,
			error != NULL ? error : detail);
	}
}

static void add_agents(TextTable *table, JsonObject *status)
{
	JsonObject *agent;

	for (guint i = 0; (agent = member_item(status, "agents", &i)) != NULL;) {
		const char *guest = member_text(agent, "guest");
		g_autofree char *where = guest != NULL ? g_strdup_printf("in %s", guest) : NULL;

		text_table_add(table, STYLE_DIM, "agent");
		text_table_add(table, STYLE_PLAIN, or_unknown(member_text(agent, "name")));
		text_table_add(table, STYLE_GOOD, "connected");
		text_table_add(table, STYLE_DIM, where);
	}
}

void show_desk(JsonObject *status, GString *out)
{
	g_autoptr(TextTable) table = text_table_new(4);

	show_headline(status, out);
	add_resources(table, status, "displays", "display");
	add_resources(table, status, "devices", "device");
	add_guests(table, status);
	add_agents(table, status);
	text_table_print(table, "  ", out);
}

gboolean show_took_time(const char *outcome)
{
	static const char *const timeless[] = { "running", "waiting", "skipped", NULL };

	return !g_strv_contains(timeless, outcome != NULL ? outcome : "");
}

static void add_step(TextTable *table, JsonObject *step)
{
	TextStyle style;
	const char *outcome = member_text(step, "outcome");
	const char *mark = text_mark(outcome, &style);
	g_autofree char *ms = show_took_time(outcome)
				      ? g_strdup_printf("%.1f ms", member_number(step, "ms"))
				      : g_strdup("");
	g_autofree char *to =
		g_strdup_printf("%s%s", member_bool(step, "undo") ? "back to " : "to ",
			or_unknown(member_text(step, "to")));

	text_table_add(table, style, mark);
	text_table_add(table, STYLE_PLAIN, or_unknown(member_text(step, "name")));
	text_table_add(table, STYLE_DIM, to);
	text_table_add(table, style, or_unknown(outcome));
	text_table_add(table, STYLE_PLAIN, ms);
	add_problem(table, step);
}

void show_switch(JsonObject *sw, GString *out)
{
	g_autoptr(TextTable) table = text_table_new(6);
	TextStyle style;
	const char *outcome = member_text(sw, "outcome");
	const char *mark = text_mark(outcome, &style);
	g_autofree char *line = g_strdup_printf(
		"Switch to %s: %s", or_unknown(member_text(sw, "to")), or_unknown(outcome));
	g_autofree char *clean = text_clean(line);
	JsonObject *step;

	text_append(out, style, mark, -1);
	g_string_append_c(out, ' ');
	text_append(out, STYLE_BOLD, clean, -1);
	g_string_append_printf(out, " in %.1f ms\n", member_number(sw, "ms"));
	for (guint i = 0; (step = member_item(sw, "steps", &i)) != NULL;)
		add_step(table, step);
	text_table_print(table, "  ", out);
}

void show_error(JsonObject *answer, GString *out)
{
	g_autofree char *error = text_clean(member_text(answer, "error"));

	g_string_append_printf(out, "hotseat: %s\n", *error != '\0' ? error : "it failed");
}
