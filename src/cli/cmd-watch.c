/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/events.h"
#include "cli/show.h"
#include "cli/text.h"
#include "common/json.h"

#include <stdio.h>

static const char *or_unknown(const char *text)
{
	return text != NULL ? text : "?";
}

/* ": why", or nothing */
static char *reason(JsonObject *object)
{
	const char *error = member_text(object, "error");

	return error != NULL ? g_strconcat(": ", error, NULL) : g_strdup("");
}

static char *tell_status(JsonObject *data)
{
	return g_strdup_printf("the seat is at %s, wanted at %s",
		or_unknown(member_text(data, "target")), or_unknown(member_text(data, "wanted")));
}

static char *tell_started(JsonObject *data)
{
	return g_strdup_printf("switch %.0f to %s (%s)", member_number(data, "id"),
		or_unknown(member_text(data, "to")), or_unknown(member_text(data, "reason")));
}

static char *tell_finished(JsonObject *data)
{
	g_autofree char *why = reason(data);

	return g_strdup_printf("switch %.0f to %s %s in %.1f ms%s", member_number(data, "id"),
		or_unknown(member_text(data, "to")), or_unknown(member_text(data, "outcome")),
		member_number(data, "ms"), why);
}

static char *tell_step(JsonObject *data)
{
	g_autofree char *why = reason(data);
	const char *outcome = or_unknown(member_text(data, "outcome"));
	const char *name = or_unknown(member_text(data, "name"));
	const char *to = or_unknown(member_text(data, "to"));
	const char *back = member_bool(data, "undo") ? "back " : "";

	if (!show_took_time(outcome))
		return g_strdup_printf("%s %sto %s %s%s", name, back, to, outcome, why);
	return g_strdup_printf("%s %sto %s %s in %.1f ms%s", name, back, to, outcome,
		member_number(data, "ms"), why);
}

static char *tell_changed(JsonObject *data)
{
	JsonObject *resource = member_object(data, "resource");
	g_autofree char *why = reason(resource);

	return g_strdup_printf("%s is at %s%s", or_unknown(member_text(resource, "name")),
		or_unknown(member_text(resource, "at")), why);
}

static char *tell_guest(JsonObject *data)
{
	JsonObject *guest = member_object(data, "guest");
	g_autofree char *why = reason(guest);
	const char *missing = member_text(guest, "input_error");
	gboolean ready = g_strcmp0(member_text(guest, "input"), "ready") == 0;

	return g_strdup_printf("guest %s is %s%s%s%s%s", or_unknown(member_text(guest, "name")),
		or_unknown(member_text(guest, "state")), ready ? ", takes input" : "", why,
		missing != NULL ? ": " : "", missing != NULL ? missing : "");
}

static const struct {
	const char *name;
	char *(*tell)(JsonObject *data);
} kinds[] = {
	{ "status", tell_status },
	{ "switch-started", tell_started },
	{ "step", tell_step },
	{ "switch-finished", tell_finished },
	{ "changed", tell_changed },
	{ "guest", tell_guest },
};

static void print_people(const Event *event)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	g_autofree char *time = g_date_time_format(now, "%H:%M:%S");
	JsonObject *data = json_node_get_object(event->root);
	const char *outcome = member_text(data, "outcome");
	g_autoptr(GString) line = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		g_autofree char *text = NULL, *clean = NULL;
		TextStyle style = STYLE_PLAIN;
		const char *mark = outcome != NULL ? text_mark(outcome, &style) : " ";

		if (!g_str_equal(kinds[i].name, event->name))
			continue;
		text = kinds[i].tell(data);
		clean = text_clean(text);
		text_append(line, STYLE_DIM, time, -1);
		g_string_append_printf(line, ".%03d ", g_date_time_get_microsecond(now) / 1000);
		text_append(line, style, mark, -1);
		g_string_append_printf(line, " %s\n", clean);
	}
	fputs(line->str, stdout);
}

static void print_event(const Cli *cli, const Event *event)
{
	if (cli->json)
		printf("{\"event\":\"%s\",\"data\":%s}\n", event->name, event->text);
	else
		print_people(event);
	fflush(stdout);
}

static CliExit watch(const Cli *cli)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(EventStream) stream = events_open(cli->socket, &error);

	/* a reader that has gone ends it, as the daemon's end does */
	while (stream != NULL && !ferror(stdout) && events_read(stream, &error)) {
		Event *event;

		while ((event = events_next(stream)) != NULL) {
			print_event(cli, event);
			event_free(event);
		}
	}
	return error != NULL ? cli_fail(g_steal_pointer(&error)) : CLI_FAILED;
}

CliExit cmd_watch(const Cli *cli, char **arguments)
{
	if (cli_has(cli, "--format") || cli_has(cli, "--notify"))
		return cmd_watch_bar(cli);
	return watch(cli);
}
