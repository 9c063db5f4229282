/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/text.h"
#include "config/config.h"

#include <stdio.h>

void cli_print_problems(const char *path, const GPtrArray *problems)
{
	for (guint i = 0; i < problems->len; i++) {
		g_autofree char *line = config_problem_format(path, g_ptr_array_index(problems, i));
		g_autofree char *clean = text_clean(line);

		fprintf(stderr, "%s\n", clean);
	}
}

Config *cli_config(const Cli *cli)
{
	g_autofree char *path = config_find(cli_value(cli, "--config"));
	g_autoptr(GPtrArray) problems = config_problems_new();
	Config *config = config_load(path, problems);

	/* warnings are for check-config */
	if (config == NULL)
		cli_print_problems(path, problems);
	return config;
}
