/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "ready/process.h"
#include "setup/finish.h"
#include "setup/start.h"
#include "talk/interrupt.h"
#include "talk/terminal.h"

#include <stdio.h>
#include <unistd.h>

#define NOTHING_YET "Nothing has been changed.\n"

static void take_options(const Cli *cli, InterviewOptions *options)
{
	*options = (InterviewOptions){
		.yes = cli_has(cli, "--yes"),
		.user = cli_has(cli, "--user"),
		.no_root = cli_has(cli, "--no-root"),
		.tls = cli_has(cli, "--tls"),
		.from = cli_value(cli, "--from"),
		.output = cli_value(cli, "--output"),
		.http = cli_value(cli, "--http"),
		.guests = cli_values(cli, "--guest"),
		.displays = cli_values(cli, "--display"),
		.devices = cli_values(cli, "--device"),
	};
}

/* Reports what can be reported before anything is looked at or done. */
static CliExit check_options(const InterviewOptions *options)
{
	if (options->user && geteuid() == 0 && g_getenv("SUDO_USER") != NULL)
		return cli_fail(g_error_new_literal(CLI_ERROR, CLI_USAGE,
			"--user sets up a service for the current user, which is root with sudo; "
			"run it without sudo: hotseat setup --user"));
	if (options->http == NULL || interview_http_fits(options->http))
		return CLI_OK;
	return cli_fail(g_error_new(CLI_ERROR, CLI_USAGE,
		"--http %s: it needs HOST:PORT, such as 192.168.122.1:5001, or none",
		options->http));
}

static void options_clear(InterviewOptions *options)
{
	g_free(options->guests);
	g_free(options->displays);
	g_free(options->devices);
}

static void greet(Talk *talk)
{
	talk_say(talk, "This command sets up hotseat. It examines this computer, asks about what "
		       "it cannot detect, and shows everything before it changes anything. Enter "
		       "accepts the suggestion in brackets, ? explains, Ctrl-C stops at any time.");
	talk_say(talk, "%s", "");
}

static void say_missing(const Interview *interview)
{
	fputs(interview->asks ? "hotseat: no configuration can be written yet:\n"
			      : "hotseat: some answers are missing; add these options, or run "
				"`hotseat setup` in a terminal:\n",
		stderr);
	for (guint i = 0; i < interview->missing->len; i++)
		fprintf(stderr, "  %s\n", (char *)interview->missing->pdata[i]);
}

/* Chooses what to start from, and makes a draft of it. */
static CliExit begin(Interview *interview, const char *path)
{
	ImportPlaces places = { "", g_get_home_dir() };
	g_autofree char *chosen = g_strdup(interview->options->from);

	if (chosen == NULL && !start_offer(interview, &places, path, &chosen))
		return CLI_FAILED;
	return chosen == NULL || start_with(interview, chosen) ? CLI_OK : CLI_USAGE;
}

static CliExit converse(Interview *interview, Machine *machine, const Finish *end)
{
	CliExit status = begin(interview, end->path);

	if (status != CLI_OK)
		return status;
	if (interview->draft->config->libvirt_uri != NULL)
		machine->libvirt_uri = interview->draft->config->libvirt_uri;
	if (!finish_before_looking(end))
		return CLI_FAILED;
	interview_look(interview, machine_progress);
	if (!interview_run(interview))
		return CLI_FAILED;
	if (interview->missing->len == 0)
		return finish(end);
	say_missing(interview);
	return interview->options->yes || interview->asks ? CLI_USAGE : CLI_FAILED;
}

CliExit cmd_setup(const Cli *cli, char **arguments)
{
	Machine machine = machine_here();
	InterviewOptions options;
	Interview interview;
	g_autofree char *standard = NULL;
	g_autoptr(Person) person = person_asking();
	Talk *talk;
	Finish end;
	CliExit status;

	take_options(cli, &options);
	status = check_options(&options);
	if (status != CLI_OK) {
		options_clear(&options);
		return status;
	}
	talk = talk_terminal_new(machine.sysfs);
	standard = config_standard_path(options.user);
	interview_init(
		&interview, talk, &machine, &options, !options.yes && isatty(STDIN_FILENO) == 1);
	end = (Finish){ .interview = &interview,
		.path = options.output != NULL ? options.output : standard,
		.socket = cli->socket,
		.root = "",
		.ask = process_ask,
		.person = person,
		.trial_ms = TRIAL_MS };
	interview.replaced = end.path;
	end.standard_path = end.has_trial = g_str_equal(end.path, standard);
	interrupt_begin();
	interrupt_stand(NOTHING_YET);
	greet(talk);
	status = converse(&interview, &machine, &end);
	if (status != CLI_OK && talk_terminal_ended(talk))
		fprintf(stderr, "\n%s", interrupt_standing());
	interrupt_end();
	interview_clear(&interview);
	options_clear(&options);
	talk_terminal_free(talk);
	return status;
}
