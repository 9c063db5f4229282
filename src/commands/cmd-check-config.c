/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/text.h"
#include "common/json.h"
#include "config/secrets.h"
#include "device/sysfs.h"
#include "tls/credentials.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

static void add_problem(JsonBuilder *builder, const char *path, const ConfigProblem *problem)
{
	g_autofree char *file =
		g_filename_display_name(problem->path != NULL ? problem->path : path);

	json_builder_begin_object(builder);
	member_add_text(builder, "file", file);
	member_add_int(builder, "line", problem->line);
	member_add_int(builder, "column", problem->column);
	member_add_bool(builder, "warning", problem->warning);
	member_add_text(builder, "message", problem->message);
	json_builder_end_object(builder);
}

static void print_json(const char *path, gboolean valid, const GPtrArray *problems)
{
	JsonBuilder *builder = object_begin();
	g_autofree char *file = g_filename_display_name(path);

	member_add_text(builder, "file", file);
	member_add_bool(builder, "valid", valid);
	member_begin_array(builder, "problems");
	for (guint i = 0; i < problems->len; i++)
		add_problem(builder, path, g_ptr_array_index(problems, i));
	json_builder_end_array(builder);
	object_print(builder);
}

static void print_people(const char *path, gboolean valid, const GPtrArray *problems)
{
	g_autofree char *file = text_clean(path);

	cli_print_problems(path, problems);
	if (valid)
		printf("%s is fine.\n", file);
}

/* Checks what the config depends on, as the daemon would. */
static void check_around(const Config *config, GPtrArray *problems)
{
	tls_credentials_unref(tls_credentials_new(config, problems));
	g_ptr_array_unref(secrets_load(config, problems));
	usb_check_hubs(SYSFS_ROOT, config, FALSE, problems);
}

CliExit cmd_check_config(const Cli *cli, char **arguments)
{
	g_autofree char *path = cli_config_path(cli, arguments[0]);
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autoptr(Config) config = NULL;
	gboolean valid;

	if (path == NULL || (!cli->json && !cli_may_read(cli, path)))
		return CLI_USAGE;
	config = config_load(path, problems);
	if (config != NULL)
		check_around(config, problems);
	valid = !config_problems_have_error(problems);
	if (cli->json)
		print_json(path, valid, problems);
	else
		print_people(path, valid, problems);
	return valid ? CLI_OK : CLI_USAGE;
}
