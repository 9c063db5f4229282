/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/events.h"
#include "cli/show.h"
#include "cli/text.h"
#include "common/guest.h"
#include "common/json.h"

#include <stdio.h>
#include <string.h>

static const char *or_unknown(const char *text)
{
	return text != NULL ? text : "?";
}

/* State between events. */
typedef struct {
	const Cli *cli;
	GString *said; /* the errors of the steps of the switch under way */
} Watch;

/* ": why", or nothing. Free with g_free(). */
static char *reason(JsonObject *object)
{
	const char *error = member_text(object, "error");

	return error != NULL ? g_strconcat(": ", error, NULL) : g_strdup("");
}

/* A switch's error contains those of its steps. */
static gboolean is_said(const Watch *watch, JsonObject *object)
{
	const char *error = member_text(object, "error");
	g_auto(GStrv) lines = g_strsplit(watch->said->str, "\n", -1);

	for (char **line = lines; error != NULL && *line != NULL; line++)
		if (**line != '\0' && strstr(error, *line) != NULL)
			return TRUE;
	return FALSE;
}

static char *tell_status(Watch *watch, JsonObject *data)
{
	return show_seat(data);
}

static char *tell_started(Watch *watch, JsonObject *data)
{
	g_string_truncate(watch->said, 0);
	return g_strdup_printf("switch %.0f to %s (%s)", member_number(data, "id"),
		or_unknown(member_text(data, "to")), or_unknown(member_text(data, "reason")));
}

static char *tell_finished(Watch *watch, JsonObject *data)
{
	g_autofree char *why = is_said(watch, data) ? g_strdup("") : reason(data);

	g_string_truncate(watch->said, 0);
	return g_strdup_printf("switch %.0f to %s %s in %.1f ms%s", member_number(data, "id"),
		or_unknown(member_text(data, "to")), or_unknown(member_text(data, "outcome")),
		member_number(data, "ms"), why);
}

static char *tell_step(Watch *watch, JsonObject *data)
{
	gboolean said = is_said(watch, data);
	const char *error = member_text(data, "error");
	g_autofree char *why = said ? g_strdup("") : reason(data);
	const char *outcome = or_unknown(member_text(data, "outcome"));
	const char *name = or_unknown(member_text(data, "name"));
	const char *to = or_unknown(member_text(data, "to"));
	const char *back = member_bool(data, "undo") ? "back " : "";

	if (error != NULL && !said)
		g_string_append_printf(watch->said, "%s\n", error);
	if (!show_took_time(outcome))
		return g_strdup_printf("%s %sto %s %s%s", name, back, to, outcome, why);
	return g_strdup_printf("%s %sto %s %s in %.1f ms%s", name, back, to, outcome,
		member_number(data, "ms"), why);
}

/* Unplugged devices are at no target, and monitors that cannot be asked. */
static char *tell_changed(Watch *watch, JsonObject *data)
{
	JsonObject *resource = member_object(data, "resource");
	g_autofree char *why = reason(resource);
	const char *name = or_unknown(member_text(resource, "name"));
	const char *at = member_text(resource, "at");

	if (at != NULL)
		return g_strdup_printf("%s is at %s%s", name, at, why);
	return g_strdup_printf("%s%s", name, *why != '\0' ? why : " is at no target");
}

static char *tell_guest(Watch *watch, JsonObject *data)
{
	JsonObject *guest = member_object(data, "guest");
	g_autofree char *why = reason(guest);
	const char *missing = member_text(guest, "input_error");
	gboolean ready = g_strcmp0(member_text(guest, "input"), "ready") == 0;

	return g_strdup_printf("%s is %s%s%s%s%s",
		guest_title(or_unknown(member_text(guest, "name")), member_text(guest, "domain")),
		or_unknown(member_text(guest, "state")), ready ? ", takes input" : "", why,
		missing != NULL ? ": " : "", missing != NULL ? missing : "");
}

static const struct {
	const char *name;
	char *(*tell)(Watch *watch, JsonObject *data);
} kinds[] = {
	{ "status", tell_status },
	{ "switch-started", tell_started },
	{ "step", tell_step },
	{ "switch-finished", tell_finished },
	{ "changed", tell_changed },
	{ "guest", tell_guest },
};

static void print_people(Watch *watch, const Event *event)
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
		text = kinds[i].tell(watch, data);
		clean = text_clean(text);
		text_append(line, STYLE_DIM, time, -1);
		g_string_append_printf(line, ".%03d ", g_date_time_get_microsecond(now) / 1000);
		text_append(line, style, mark, -1);
		g_string_append_printf(line, " %s\n", clean);
	}
	fputs(line->str, stdout);
}

static void print_event(Watch *watch, const Event *event)
{
	if (watch->cli->json)
		printf("{\"event\":\"%s\",\"data\":%s}\n", event->name, event->text);
	else
		print_people(watch, event);
	fflush(stdout);
}

static CliExit watch_events(const Cli *cli)
{
	g_autoptr(GString) said = g_string_new(NULL);
	Watch watch = { cli, said };
	g_autoptr(GError) error = NULL;
	g_autoptr(EventStream) stream = events_open(cli->socket, &error);

	/* the command ends if its reader has exited, as it does if the daemon exits */
	while (stream != NULL && !ferror(stdout) && events_read(stream, &error)) {
		Event *event;

		while ((event = events_next(stream)) != NULL) {
			print_event(&watch, event);
			event_free(event);
		}
	}
	return error != NULL ? cli_fail(g_steal_pointer(&error)) : CLI_FAILED;
}

CliExit cmd_watch(const Cli *cli, char **arguments)
{
	if (cli_has(cli, "--format") || cli_has(cli, "--notify"))
		return cmd_watch_bar(cli);
	return watch_events(cli);
}
