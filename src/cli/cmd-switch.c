/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/daemon.h"
#include "cli/hook.h"
#include "cli/notify.h"
#include "cli/show.h"
#include "cli/text.h"
#include "common/json.h"

#include <stdio.h>
#include <unistd.h>

/* {"to":"win10"}; "wait":false if it does not wait, and "hook":true in a libvirt hook.
 */
static char *make_body(const char *target, gboolean wait, const char *hook)
{
	JsonBuilder *builder = object_begin();

	member_add_text(builder, "to", target);
	if (!wait)
		member_add_bool(builder, "wait", FALSE);
	if (hook != NULL)
		member_add_bool(builder, "hook", TRUE);
	return object_end(builder);
}

static void warn_of_hook(const char *hook)
{
	g_autofree char *clean = text_clean(hook);

	fprintf(stderr,
		"hotseat: not waiting for the switch: libvirt attaches devices only after its hook "
		"(%s) has ended; write hotseat switch --no-wait there, or use follow: true in the "
		"config instead\n",
		clean);
}

/* Prints the desk after the switch. If its status is not available, the switch has not failed. */
static void append_desk(const CliDaemon *daemon, const char *said, GString *out)
{
	g_autoptr(ClientAnswer) status =
		daemon->ask(daemon->data, "/status", NULL, CLIENT_TIMEOUT_MS, NULL);

	if (status == NULL || status->status != 200)
		return;
	g_string_append_c(out, '\n');
	show_desk(json_node_get_object(status->root), said, out);
}

static void print_accepted(JsonObject *answer, GString *out)
{
	g_autofree char *to = text_clean(member_text(answer, "to"));

	g_string_append_printf(out, "The switch to %s %s.\n", to,
		member_bool(answer, "begun") ? "has begun" : "begins when the guest has started");
}

static void print_people(const CliDaemon *daemon, JsonObject *answer, gboolean failed)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GString) problem = g_string_new(NULL);
	g_autofree char *said = show_reasons(answer);

	/* the reason comes first, and only once */
	if (failed)
		show_error(answer, problem);
	if (member_bool(answer, "accepted"))
		print_accepted(answer, out);
	fputs(problem->str, stderr);
	/* an invalid request has no steps to show */
	if (member_text(answer, "outcome") != NULL) {
		show_switch(answer, out);
		append_desk(daemon, said, out);
	}
	fputs(out->str, stdout);
}

CliExit cli_switch(const Cli *cli, const CliDaemon *daemon, const char *to)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *hook = hook_of_process("/proc", getpid());
	gboolean wait = hook == NULL && !cli_has(cli, "--no-wait");
	g_autofree char *body = make_body(to, wait, hook);
	g_autoptr(ClientAnswer) answer =
		daemon->ask(daemon->data, "/switch", body, CLIENT_SWITCH_TIMEOUT_MS, &error);
	gboolean failed;

	if (hook != NULL && !cli_has(cli, "--no-wait"))
		warn_of_hook(hook);
	if (answer == NULL) {
		if (cli_has(cli, "--notify"))
			notify_no_switch(error->message);
		return cli_fail(g_steal_pointer(&error));
	}
	failed = cli_answered(answer) != CLI_OK;
	if (cli->json)
		puts(answer->text);
	else
		print_people(daemon, json_node_get_object(answer->root), failed);
	if (failed && cli_has(cli, "--notify"))
		notify_failed_switch(json_node_get_object(answer->root));
	return cli_answered(answer);
}

CliExit cmd_switch(const Cli *cli, char **arguments)
{
	CliDaemon local = cli_daemon_local(cli);

	return cli_is_remote(cli) ? cmd_extern_agent(cli, arguments)
				  : cli_switch(cli, &local, arguments[0]);
}
