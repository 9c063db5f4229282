/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/text.h"
#include "config/secrets.h"
#include "tls/credentials.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

static void add_problem(JsonBuilder *builder, const char *path, const ConfigProblem *problem)
{
	g_autofree char *message = g_utf8_make_valid(problem->message, -1);
	g_autofree char *file =
		g_filename_display_name(problem->path != NULL ? problem->path : path);

	json_builder_begin_object(builder);
	json_builder_set_member_name(builder, "file");
	json_builder_add_string_value(builder, file);
	json_builder_set_member_name(builder, "line");
	json_builder_add_int_value(builder, problem->line);
	json_builder_set_member_name(builder, "column");
	json_builder_add_int_value(builder, problem->column);
	json_builder_set_member_name(builder, "warning");
	json_builder_add_boolean_value(builder, problem->warning);
	json_builder_set_member_name(builder, "message");
	json_builder_add_string_value(builder, message);
	json_builder_end_object(builder);
}

static void print_json(const char *path, gboolean valid, const GPtrArray *problems)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;
	g_autofree char *file = g_filename_display_name(path);
	g_autofree char *text = NULL;

	json_builder_begin_object(builder);
	json_builder_set_member_name(builder, "file");
	json_builder_add_string_value(builder, file);
	json_builder_set_member_name(builder, "valid");
	json_builder_add_boolean_value(builder, valid);
	json_builder_set_member_name(builder, "problems");
	json_builder_begin_array(builder);
	for (guint i = 0; i < problems->len; i++)
		add_problem(builder, path, g_ptr_array_index(problems, i));
	json_builder_end_array(builder);
	json_builder_end_object(builder);
	root = json_builder_get_root(builder);
	text = json_to_string(root, FALSE);
	puts(text);
}

static void print_people(const char *path, gboolean valid, const GPtrArray *problems)
{
	g_autofree char *file = text_clean(path);

	cli_print_problems(path, problems);
	if (valid)
		printf("%s is fine.\n", file);
}

/* The files that the config goes by, as the daemon would look at them. */
static void check_files(const Config *config, GPtrArray *problems)
{
	tls_credentials_unref(tls_credentials_new(config, problems));
	g_ptr_array_unref(secrets_load(config, problems));
}

CliExit cmd_check_config(const Cli *cli, char **arguments)
{
	g_autofree char *path = cli_config_path(cli, arguments[0]);
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autoptr(Config) config = path != NULL ? config_load(path, problems) : NULL;
	gboolean valid;

	if (path == NULL)
		return CLI_USAGE;
	if (config != NULL)
		check_files(config, problems);
	valid = !config_problems_have_error(problems);
	if (cli->json)
		print_json(path, valid, problems);
	else
		print_people(path, valid, problems);
	return valid ? CLI_OK : CLI_USAGE;
}
