/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/text.h"
#include "common/command.h"
#include "config/config.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

void cli_print_problems(const char *path, const GPtrArray *problems)
{
	for (guint i = 0; i < problems->len; i++) {
		g_autofree char *line = config_problem_format(path, g_ptr_array_index(problems, i));
		g_autofree char *clean = text_clean(line);

		fprintf(stderr, "%s\n", clean);
	}
}

char *cli_with_sudo(const Cli *cli)
{
	g_autofree char *command = command_text((const char *const *)cli->argv);

	return geteuid() != 0 ? g_strconcat("sudo ", command, NULL) : NULL;
}

gboolean cli_may_read(const Cli *cli, const char *path)
{
	g_autofree char *sudo = cli_with_sudo(cli);

	if (sudo == NULL || access(path, R_OK) == 0 || errno != EACCES)
		return TRUE;
	cli_fail(g_error_new(
		CLI_ERROR, CLI_USAGE, "no permission to read %s; run `%s`", path, sudo));
	return FALSE;
}

char *cli_config_path(const Cli *cli, const char *file)
{
	const char *option = cli_value(cli, "--config");

	if (file == NULL || option == NULL || g_str_equal(file, option))
		return config_find(file != NULL ? file : option);
	cli_fail(g_error_new(CLI_ERROR, CLI_USAGE,
		"%s and --config %s: two configurations given; name one", file, option));
	return NULL;
}

Config *cli_config(const Cli *cli, const char *file)
{
	g_autofree char *path = cli_config_path(cli, file);
	g_autoptr(GPtrArray) problems = config_problems_new();
	Config *config = NULL;

	if (path == NULL || !cli_may_read(cli, path))
		return NULL;
	config = config_load(path, problems);
	/* warnings are for check-config */
	if (config == NULL)
		cli_print_problems(path, problems);
	return config;
}
