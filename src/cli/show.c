/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/show.h"

#include "cli/text.h"
#include "common/guest.h"
#include "common/json.h"
#include "common/resource.h"

#include <string.h>

static const char *or_unknown(const char *text)
{
	return text != NULL ? text : "?";
}

/* The guest of that name, or NULL. */
static JsonObject *find_guest(JsonObject *status, const char *name)
{
	JsonObject *guest;

	for (guint i = 0; (guest = member_item(status, "guests", &i)) != NULL;)
		if (g_strcmp0(member_text(guest, "name"), name) == 0)
			return guest;
	return NULL;
}

char *show_target(JsonObject *status, const char *target)
{
	JsonObject *guest = find_guest(status, target);

	if (target == NULL || g_str_equal(target, TARGET_HOST))
		return g_strdup(target != NULL ? "the host" : "?");
	return text_clean(guest_title(target, member_text(guest, "domain")));
}

char *show_seat(JsonObject *status)
{
	const char *target = member_text(status, "target"), *wanted = member_text(status, "wanted");
	JsonObject *sw = member_object(status, "switching");
	g_autofree char *want = show_target(status, sw != NULL ? member_text(sw, "to") : wanted);
	g_autofree char *at = show_target(status, target);

	if (target == NULL && sw != NULL)
		return g_strdup_printf("switching to %s", want);
	if (target == NULL)
		return g_strdup_printf("the desk is split: not everything has reached %s", want);
	if (sw != NULL)
		return g_strdup_printf("%s has the seat; switching to %s", at, want);
	if (wanted != NULL && !g_str_equal(target, wanted))
		return g_strdup_printf("%s has the seat; %s should have it", at, want);
	return g_strdup_printf("%s has the seat", at);
}

char *show_sentence(const char *text)
{
	/* names keep their case */
	gboolean word = g_str_has_prefix(text, "the ") || g_str_has_prefix(text, "switching ");

	return g_strdup_printf("%c%s.", word ? g_ascii_toupper(*text) : *text, text + 1);
}

static void show_headline(JsonObject *status, GString *out)
{
	gboolean known = member_text(status, "target") != NULL;
	g_autofree char *seat = show_seat(status), *sentence = show_sentence(seat);

	text_append(out, known ? STYLE_BOLD : STYLE_BUSY, sentence, -1);
	g_string_append(out, "\n\n");
}

/* prints error, unless it is NULL or was printed before */
static const char *new_error(const char *error, const char *said)
{
	return error != NULL && (said == NULL || strstr(said, error) == NULL) ? error : NULL;
}

/* The error, unless it was printed before; without an error, the detail. */
static void add_problem(TextTable *table, JsonObject *thing, const char *said)
{
	const char *error = member_text(thing, "error");

	if (error != NULL)
		text_table_add(table, STYLE_BAD, new_error(error, said));
	else
		text_table_add(table, STYLE_PLAIN, member_text(thing, "detail"));
}

char *show_reasons(JsonObject *sw)
{
	GString *text = g_string_new(member_text(sw, "error"));
	JsonObject *step;

	for (guint i = 0; (step = member_item(sw, "steps", &i)) != NULL;) {
		const char *error = member_text(step, "error");

		if (error != NULL)
			g_string_append_printf(text, "\n%s", error);
	}
	return g_string_free(text, FALSE);
}

static void add_resources(
	TextTable *table, JsonObject *status, const char *name, const char *kind, const char *said)
{
	const char *target = member_text(status, "wanted");
	JsonObject *thing;

	for (guint i = 0; (thing = member_item(status, name, &i)) != NULL;) {
		const char *at = member_text(thing, "at");
		gboolean there = g_strcmp0(at, target) == 0;

		text_table_add(table, STYLE_DIM, kind);
		text_table_add(table, STYLE_PLAIN, or_unknown(member_text(thing, "name")));
		text_table_add(table, there ? STYLE_GOOD : STYLE_BUSY, or_unknown(at));
		add_problem(table, thing, said);
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

static void add_guests(TextTable *table, JsonObject *status, const char *said)
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
			error != NULL ? new_error(error, said) : detail);
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

void show_desk(JsonObject *status, const char *said, GString *out)
{
	g_autoptr(TextTable) table = text_table_new(4);

	show_headline(status, out);
	add_resources(table, status, "displays", "display", said);
	add_resources(table, status, "devices", "device", said);
	add_guests(table, status, said);
	add_agents(table, status);
	text_table_print(table, "  ", out);
}

gboolean show_took_time(const char *outcome)
{
	static const char *const timeless[] = { "running", "waiting", "skipped", NULL };

	return !g_strv_contains(timeless, outcome != NULL ? outcome : "");
}

static void add_step(TextTable *table, JsonObject *step, const char *said)
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
	add_problem(table, step, said);
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
		add_step(table, step, member_text(sw, "error"));
	text_table_print(table, "  ", out);
}

void show_error(JsonObject *answer, GString *out)
{
	g_autofree char *error = text_clean(member_text(answer, "error"));

	g_string_append_printf(out, "hotseat: %s\n", *error != '\0' ? error : "it failed");
}
