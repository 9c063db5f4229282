/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "cli/text.h"
#include "common/socket.h"

#include <stdio.h>
#include <string.h>

typedef struct {
	Cli cli;
	char *socket_option;
	gboolean help, version;
	GPtrArray *words; /* the command and its arguments; borrowed */
} CommandLine;

CliExit cli_fail(GError *error)
{
	g_autofree char *message = text_clean(error->message);
	CliExit status = error->domain == CLI_ERROR ? (CliExit)error->code : CLI_FAILED;

	fprintf(stderr, "hotseat: %s\n", message);
	g_error_free(error);
	return status;
}

static CliExit fail_usage(const char *message, const char *word)
{
	g_autofree char *clean = text_clean(word);

	fprintf(stderr, "hotseat: %s%s; see `hotseat help`\n", message, clean);
	return CLI_USAGE;
}

static const CliCommand *find_command(const char *name)
{
	for (const CliCommand *command = cli_commands; command->name != NULL; command++) {
		if (g_str_equal(command->name, name))
			return command;
	}
	return NULL;
}

static void print_options(void)
{
	puts("\nOptions:");
	for (const CliOption *option = cli_options; option->name != NULL; option++) {
		g_autofree char *left = g_strjoin(" ", option->name, option->argument, NULL);

		printf("  %-16s %s\n", left, option->summary);
	}
}

static void print_help(void)
{
	puts("Usage: hotseat [OPTION...] COMMAND [ARGUMENT...]\n"
	     "Moves displays, keyboard and mouse between the host and its guests.\n"
	     "\n"
	     "Commands:");
	for (const CliCommand *command = cli_commands; command->name != NULL; command++) {
		g_autofree char *left = g_strjoin(" ", command->name, command->arguments, NULL);

		printf("  %-20s %s\n", left, command->summary);
	}
	print_options();
	puts("\nExit status: 0 done, 1 failed, 2 wrong usage or configuration, 3 no daemon.");
}

static void print_command_help(const CliCommand *command)
{
	printf("Usage: hotseat %s [OPTION...]%s%s\n%c%s.\n%s", command->name,
		*command->arguments != '\0' ? " " : "", command->arguments,
		g_ascii_toupper(*command->summary), command->summary + 1,
		*command->help != '\0' ? "\n" : "");
	fputs(command->help, stdout);
	print_options();
}

CliExit cmd_help(const Cli *cli, char **arguments)
{
	const CliCommand *command;

	if (arguments[0] == NULL) {
		print_help();
		return CLI_OK;
	}
	command = find_command(arguments[0]);
	if (command == NULL)
		return fail_usage("there is no command ", arguments[0]);
	print_command_help(command);
	return CLI_OK;
}

/* Takes "--socket PATH" and "--socket=PATH". */
static gboolean take_socket(CommandLine *line, char ***word)
{
	const char *equals = strchr(**word, '=');

	line->socket_option = equals != NULL ? (char *)equals + 1 : *++*word;
	return line->socket_option != NULL;
}

static gboolean is_option(const char *word, const char *name)
{
	return g_str_equal(word, name);
}

static CliExit parse(char **argv, CommandLine *line)
{
	gboolean more_options = TRUE;

	for (char **word = argv; *word != NULL; word++) {
		if (!more_options || **word != '-' || is_option(*word, "-"))
			g_ptr_array_add(line->words, *word);
		else if (is_option(*word, "--"))
			more_options = FALSE;
		else if (is_option(*word, "--json"))
			line->cli.json = TRUE;
		else if (is_option(*word, "--help") || is_option(*word, "-h"))
			line->help = TRUE;
		else if (is_option(*word, "--version"))
			line->version = TRUE;
		else if (!is_option(*word, "--socket") && !g_str_has_prefix(*word, "--socket="))
			return fail_usage("unknown option ", *word);
		else if (!take_socket(line, &word))
			return fail_usage("--socket needs a path", NULL);
	}
	g_ptr_array_add(line->words, NULL);
	return CLI_OK;
}

static CliExit run_command(CommandLine *line)
{
	char **words = (char **)line->words->pdata;
	const CliCommand *command = find_command(words[0]);
	int count = (int)line->words->len - 2;
	CliExit status;

	if (command == NULL)
		return fail_usage("there is no command ", words[0]);
	if (line->help) {
		print_command_help(command);
		return CLI_OK;
	}
	if (count < command->min) {
		fprintf(stderr, "hotseat: %s needs %s; see `hotseat help %s`\n", command->name,
			command->arguments, command->name);
		return CLI_USAGE;
	}
	if (count > command->max)
		return fail_usage("one argument too many: ", words[command->max + 1]);
	line->cli.socket = socket_path_client(line->socket_option);
	status = command->run(&line->cli, words + 1);
	g_free(line->cli.socket);
	return status;
}

static CliExit run(CommandLine *line, char **argv)
{
	CliExit status = parse(argv, line);

	if (status != CLI_OK)
		return status;
	if (line->version) {
		puts("hotseat " HOTSEAT_VERSION);
		return CLI_OK;
	}
	if (line->words->pdata[0] != NULL)
		return run_command(line);
	if (!line->help)
		return fail_usage("which command", NULL);
	print_help();
	return CLI_OK;
}

/* What did not reach its reader was not done: `hotseat status >/dev/full` fails. */
static CliExit flush(CliExit status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "hotseat: cannot write the output\n");
	return status == CLI_OK ? CLI_FAILED : status;
}

CliExit cli_main(int argc, char **argv)
{
	CommandLine line = { .words = g_ptr_array_new() };
	CliExit status;

	text_init();
	status = flush(run(&line, argv + MIN(argc, 1)));
	g_ptr_array_unref(line.words);
	return status;
}
