/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "cli/text.h"
#include "common/socket.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

typedef struct {
	Cli cli;
	gboolean help, version;
	GPtrArray *words; /* the command and its arguments; borrowed */
	const CliOwn *own;
} CommandLine;

CliExit cli_fail(GError *error)
{
	g_autofree char *message = text_clean(error->message);
	CliExit status = error->domain == CLI_ERROR ? (CliExit)error->code : CLI_FAILED;

	fprintf(stderr, "hotseat: %s\n", message);
	g_error_free(error);
	return status;
}

/* command: the command whose help the message names; NULL: the general help. */
static CliExit fail_usage(const CliCommand *command, const char *format, ...) G_GNUC_PRINTF(2, 3);

static CliExit fail_usage(const CliCommand *command, const char *format, ...)
{
	va_list args;
	g_autofree char *message = NULL, *clean = NULL;

	va_start(args, format);
	message = g_strdup_vprintf(format, args);
	va_end(args);
	clean = text_clean(message);
	fprintf(stderr, "hotseat: %s; see `hotseat help%s%s`\n", clean, command != NULL ? " " : "",
		command != NULL ? command->name : "");
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

/* A name that is too wide for its column has a line of its own. */
static void print_row(const char *name, const char *arguments, const char *summary)
{
	g_autofree char *left = g_strjoin(" ", name, arguments, NULL);

	if (strlen(left) > 30)
		printf("  %s\n  %-30s %s\n", left, "", summary);
	else
		printf("  %-30s %s\n", left, summary);
}

static void print_options(const CliOption *options)
{
	for (const CliOption *option = options; option != NULL && option->name != NULL; option++)
		print_row(option->name, option->argument, option->summary);
}

static void print_help(void)
{
	puts("Usage: hotseat [OPTION...] COMMAND [ARGUMENT...]\n"
	     "Moves displays, keyboard and mouse between the host and its guests.\n"
	     "\n"
	     "Commands:");
	for (const CliCommand *command = cli_commands; command->name != NULL; command++)
		print_row(command->name, command->arguments, command->summary);
	puts("\nOptions:");
	print_options(cli_options);
	puts("\nExit status: 0 done, 1 failed, 2 wrong usage or configuration, 3 no daemon.");
}

static void print_command_help(const CliCommand *command)
{
	printf("Usage: hotseat %s [OPTION...]%s%s\n%c%s.\n%s", command->name,
		*command->arguments != '\0' ? " " : "", command->arguments,
		g_ascii_toupper(*command->summary), command->summary + 1,
		*command->help != '\0' ? "\n" : "");
	fputs(command->help, stdout);
	puts("\nOptions:");
	print_options(command->options);
	print_options(cli_options + (command->json ? 0 : 1));
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
		return fail_usage(NULL, "unknown command %s", arguments[0]);
	print_command_help(command);
	return CLI_OK;
}

/* Is it the option, alone or with "=VALUE"? */
static gboolean is_option(const char *word, const CliOption *option)
{
	gsize length = strlen(option->name);

	return strncmp(word, option->name, length) == 0 &&
	       (word[length] == '\0' || (word[length] == '=' && option->argument != NULL));
}

static const CliOption *find_option(const CliOption *options, const char *word)
{
	for (const CliOption *option = options; option != NULL && option->name != NULL; option++)
		if (is_option(word, option))
			return option;
	return NULL;
}

/* The command, once its name was parsed; its options are allowed after its name. */
static const CliCommand *command_of(const CommandLine *line)
{
	return line->words->len > 0 ? find_command(line->words->pdata[0]) : NULL;
}

/* Takes "--socket PATH" and "--socket=PATH". NULL: there is none, or it is empty. */
static const char *take_value(const CliOption *option, char ***word)
{
	const char *value = **word + strlen(option->name);

	if (*value == '=')
		value++;
	else
		value = (*word)[1] != NULL ? *++*word : "";
	return *value != '\0' ? value : NULL;
}

static void take_common(CommandLine *line, const CliOption *option, const char *value)
{
	if (g_str_equal(option->name, "--json"))
		line->cli.json = TRUE;
	else if (g_str_equal(option->name, "--socket"))
		line->cli.socket_option = value;
	else if (g_str_equal(option->name, "--help"))
		line->help = TRUE;
	else
		line->version = TRUE;
}

static CliExit take_option(CommandLine *line, char ***word)
{
	const char *name = g_str_equal(**word, "-h") ? "--help" : **word;
	const CliCommand *command = command_of(line);
	const CliOption *common = find_option(cli_options, name);
	const CliOption *own = command != NULL ? find_option(command->options, name) : NULL;
	const CliOption *option = common != NULL ? common : own;
	CliGiven given = { .option = option };

	if (option == NULL)
		return fail_usage(command, "unknown option %s", name);
	if (option->argument != NULL && (given.value = take_value(option, word)) == NULL)
		return fail_usage(command, "%s needs %s", option->name, option->argument);
	if (common != NULL)
		take_common(line, option, given.value);
	else
		g_array_append_val(line->cli.own, given);
	return CLI_OK;
}

static CliExit parse(char **argv, CommandLine *line)
{
	gboolean more_options = TRUE;
	CliExit status = CLI_OK;

	for (char **word = argv; *word != NULL && status == CLI_OK; word++) {
		if (!more_options || **word != '-' || g_str_equal(*word, "-"))
			g_ptr_array_add(line->words, *word);
		else if (g_str_equal(*word, "--"))
			more_options = FALSE;
		else
			status = take_option(line, &word);
	}
	g_ptr_array_add(line->words, NULL);
	return status;
}

gboolean cli_has(const Cli *cli, const char *option)
{
	for (guint i = 0; i < cli->own->len; i++)
		if (g_str_equal(g_array_index(cli->own, CliGiven, i).option->name, option))
			return TRUE;
	return FALSE;
}

const char **cli_values(const Cli *cli, const char *option)
{
	const char **values = g_new0(const char *, cli->own->len + 1);
	guint count = 0;

	for (guint i = 0; i < cli->own->len; i++) {
		const CliGiven *given = &g_array_index(cli->own, CliGiven, i);

		if (g_str_equal(given->option->name, option))
			values[count++] = given->value;
	}
	return values;
}

const char *cli_value(const Cli *cli, const char *option)
{
	g_autofree const char **values = cli_values(cli, option);
	const char *last = NULL;

	for (const char **value = values; *value != NULL; value++)
		last = *value;
	return last;
}

gboolean cli_is_remote(const Cli *cli)
{
	static const char *const options[] = { "--url", "--secret-file", "--fingerprint" };
	const char *url = g_getenv("HOTSEAT_URL");

	/* options for --url are accepted without it too, so that the command can report the mistake
	 */
	for (gsize i = 0; i < G_N_ELEMENTS(options); i++)
		if (cli_has(cli, options[i]))
			return TRUE;
	return cli->socket_option == NULL && url != NULL && *url != '\0';
}

static CliRun find_run(const CommandLine *line, const CliCommand *command)
{
	for (const CliOwn *own = line->own; own != NULL && own->name != NULL; own++)
		if (g_str_equal(own->name, command->name))
			return own->run;
	return command->run;
}

static CliExit check_usage(const CommandLine *line, const CliCommand *command)
{
	char **words = (char **)line->words->pdata;
	int count = (int)line->words->len - 2;

	if (line->cli.json && !command->json)
		return fail_usage(command, "%s has no --json", command->name);
	if (count < command->min)
		return fail_usage(command, "%s needs %s", command->name, command->arguments);
	if (count > command->max)
		return fail_usage(command, "unexpected argument: %s", words[command->max + 1]);
	for (guint i = 0; i < line->cli.own->len; i++) {
		const CliOption *option = g_array_index(line->cli.own, CliGiven, i).option;

		if (option->of != NULL && !g_str_equal(option->of, words[1]))
			return fail_usage(command, "%s is an option of `%s %s`", option->name,
				command->name, option->of);
	}
	return CLI_OK;
}

static CliExit run_command(CommandLine *line)
{
	char **words = (char **)line->words->pdata;
	const CliCommand *command = find_command(words[0]);
	CliExit status;

	if (command == NULL)
		return fail_usage(NULL, "unknown command %s", words[0]);
	if (line->help) {
		print_command_help(command);
		return CLI_OK;
	}
	status = check_usage(line, command);
	if (status != CLI_OK)
		return status;
	line->cli.socket = socket_path_client(line->cli.socket_option);
	status = find_run(line, command)(&line->cli, words + 1);
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
		return fail_usage(NULL, "no command given");
	print_help();
	return CLI_OK;
}

/* A command fails if its output cannot be written: `hotseat status >/dev/full`. */
static CliExit flush(CliExit status)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	/* errno is unknown if an earlier write failed */
	fprintf(stderr, "hotseat: cannot write the output%s%s\n", errno != 0 ? ": " : "",
		errno != 0 ? g_strerror(errno) : "");
	return status == CLI_OK ? CLI_FAILED : status;
}

CliExit cli_main(int argc, char **argv, const CliOwn *own)
{
	CommandLine line = {
		.cli = { .argv = argv, .own = g_array_new(FALSE, FALSE, sizeof(CliGiven)) },
		.words = g_ptr_array_new(),
		.own = own,
	};
	CliExit status;

	text_init();
	status = flush(run(&line, argv + MIN(argc, 1)));
	g_ptr_array_unref(line.words);
	g_array_unref(line.cli.own);
	return status;
}
