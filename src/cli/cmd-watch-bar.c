/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat watch --format and --notify: for as long as the desktop session lasts, even while the
 * daemon does not run. After each event the whole status is requested, so that the bar always
 * matches the desk.
 */
#include "cli/bar.h"
#include "cli/cli.h"
#include "cli/follow.h"
#include "cli/notify.h"
#include "common/json.h"

#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Switch.reason of a request over the Unix socket, whose client gets the result itself. */
#define REASON_HERE "request"

typedef struct {
	const BarFormat *format; /* NULL: no bar */
	gboolean notify;
	GMainLoop *loop;
	Follow *follow;
	ClientAnswer *status; /* NULL: no daemon */
	char *message;	      /* why a switch has just failed, or why there is no daemon */
	guint forget;	      /* timer that clears message */
	gboolean changed;     /* when status was requested */
	gint64 finished;      /* id of the switch that finished last; 0: none */
	char *shown;	      /* the line printed last */
} Watch;

static void draw(Watch *watch)
{
	JsonObject *status =
		watch->status != NULL ? json_node_get_object(watch->status->root) : NULL;
	g_autofree char *line = bar_line(watch->format, status, watch->message);

	if (g_strcmp0(line, watch->shown) == 0)
		return;
	puts(line);
	/* cli_main() reports failed writes */
	if (fflush(stdout) != 0)
		g_main_loop_quit(watch->loop);
	g_free(watch->shown);
	watch->shown = g_steal_pointer(&line);
}

static void set_message(Watch *watch, const char *message)
{
	g_clear_handle_id(&watch->forget, g_source_remove);
	g_free(watch->message);
	watch->message = g_strdup(message);
}

static gboolean on_forget(gpointer data)
{
	Watch *watch = data;

	watch->forget = 0;
	set_message(watch, NULL);
	draw(watch);
	return G_SOURCE_REMOVE;
}

/* -- notifications ---------------------------------------------------------------------------- */

static gboolean is_request(const char *reason)
{
	return g_str_has_prefix(reason, REASON_HERE) &&
	       (reason[strlen(REASON_HERE)] == '\0' || reason[strlen(REASON_HERE)] == ' ');
}

static void notify_finished(JsonObject *sw)
{
	const char *reason = member_text(sw, "reason"), *to = member_text(sw, "to");
	g_autofree char *summary =
		g_strdup_printf("The seat has come back to %s", to != NULL ? to : "?");
	GError *error = NULL;

	if (reason == NULL || g_str_equal(reason, REASON_HERE))
		return;
	if (g_strcmp0(member_text(sw, "outcome"), "done") != 0)
		notify_failed_switch(sw);
	else if (!is_request(reason) && !notify_show(summary, reason, &error))
		cli_fail(error);
}

/* -- events ----------------------------------------------------------------------------------- */

static void on_started(Watch *watch, JsonObject *sw)
{
	set_message(watch, NULL);
}

static gint64 id_of(JsonObject *sw)
{
	return sw != NULL ? json_object_get_int_member_with_default(sw, "id", 0) : 0;
}

/* Called for its event, or for a status that is newer than the events so far. */
static void learn_finished(Watch *watch, JsonObject *sw)
{
	const char *error = member_text(sw, "error");

	if (id_of(sw) == watch->finished)
		return;
	watch->finished = id_of(sw);
	if (error == NULL || g_strcmp0(member_text(sw, "outcome"), "superseded") == 0)
		return;
	set_message(watch, error);
	watch->forget = g_timeout_add(BAR_FAILURE_MS, on_forget, watch);
}

static void on_finished(Watch *watch, JsonObject *sw)
{
	if (watch->notify)
		notify_finished(sw);
	learn_finished(watch, sw);
}

/* The first event of a connection: switches that finished before are not reported. */
static void on_status(Watch *watch, JsonObject *status)
{
	watch->finished = id_of(member_object(status, "last"));
}

static const struct {
	const char *name;
	void (*func)(Watch *watch, JsonObject *data);
} kinds[] = {
	{ "status", on_status },
	{ "switch-started", on_started },
	{ "switch-finished", on_finished },
};

static void on_event(const Event *event, gpointer data)
{
	Watch *watch = data;

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_str_equal(kinds[i].name, event->name))
			kinds[i].func(watch, json_node_get_object(event->root));
	/* a step alone does not change which target has the seat */
	watch->changed |= !g_str_equal(event->name, "step");
}

static void on_settled(gpointer data)
{
	Watch *watch = data;
	ClientAnswer *status;

	if (watch->format == NULL || !watch->changed)
		return;
	watch->changed = FALSE;
	status = client_ask(follow_path(watch->follow), "/status", NULL, CLIENT_TIMEOUT_MS, NULL);
	/* the end of the events reports a daemon that has exited; during a reload there is no seat,
	 * and an event follows it */
	if (status == NULL || status->status != 200) {
		client_answer_free(status);
		return;
	}
	/* clears the message that there was no daemon */
	if (watch->status == NULL)
		set_message(watch, NULL);
	client_answer_free(watch->status);
	watch->status = status;
	learn_finished(watch, member_object(json_node_get_object(status->root), "last"));
	draw(watch);
}

static void on_gone(const char *why, gpointer data)
{
	Watch *watch = data;

	g_clear_pointer(&watch->status, client_answer_free);
	set_message(watch, why);
	if (watch->format != NULL)
		draw(watch);
}

static const FollowOps ops = { on_event, on_settled, on_gone };

/* -- from start to end ------------------------------------------------------------------------ */

/* Notices immediately that the bar has exited, not only at the next output. */
static gboolean on_reader_gone(int fd, GIOCondition condition, gpointer data)
{
	g_main_loop_quit(((Watch *)data)->loop);
	return G_SOURCE_CONTINUE;
}

static void watch_run(Watch *watch, const Cli *cli)
{
	guint reader = 0;

	if (watch->format != NULL)
		reader = g_unix_fd_add(STDOUT_FILENO, G_IO_ERR | G_IO_HUP, on_reader_gone, watch);
	watch->loop = g_main_loop_new(NULL, FALSE);
	watch->follow = follow_new(cli, &ops, watch);
	g_main_loop_run(watch->loop);
	follow_free(watch->follow);
	set_message(watch, NULL);
	g_clear_handle_id(&reader, g_source_remove);
	g_main_loop_unref(watch->loop);
	client_answer_free(watch->status);
	g_free(watch->shown);
}

CliExit cmd_watch_bar(const Cli *cli)
{
	const char *format = cli_value(cli, "--format");
	Watch watch = { .notify = cli_has(cli, "--notify") };
	GError *error = NULL;

	if (cli->json)
		g_set_error_literal(&error, CLI_ERROR, CLI_USAGE,
			"--json excludes --format and --notify; leave one of them out");
	else if (format != NULL && (watch.format = bar_format(format)) == NULL)
		g_set_error(&error, CLI_ERROR, CLI_USAGE,
			"unknown format %s; use waybar, i3blocks or plain", format);
	else if (watch.notify)
		notify_connect(&error);
	if (error != NULL)
		return cli_fail(error);
	watch_run(&watch, cli);
	return CLI_OK;
}
