/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/reader.h"

/* milliseconds */
#define TIMEOUT_DEFAULT 10000
#define TIMEOUT_MIN	100
#define TIMEOUT_MAX	600000

static void add_argument(ConfigReader *reader, yaml_node_t *node, gpointer data)
{
	const char *text = node_text(node);

	if (text == NULL)
		reader_expected(reader, "run", "an argument", node, NULL);
	else
		g_strv_builder_add(data, text);
}

static char **take_arguments(ConfigReader *reader, yaml_node_t *node)
{
	GStrvBuilder *builder = g_strv_builder_new();
	guint before = reader->errors;
	g_auto(GStrv) argv = NULL;

	reader_list(reader, "run", "arguments", node, add_argument, builder);
	argv = g_strv_builder_end(builder);
	g_strv_builder_unref(builder);
	if (reader->errors > before)
		return NULL;
	if (argv[0] == NULL || *argv[0] == '\0') {
		reader_error(reader, node, "run: expected a program, got nothing");
		return NULL;
	}
	return g_steal_pointer(&argv);
}

/* FieldRead: a shell string or a list of arguments */
static void read_run(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	ConfigCommand *command = out;
	const char *text = node_text(node);

	if (node->type == YAML_SEQUENCE_NODE) {
		command->argv = take_arguments(reader, node);
		if (command->argv != NULL)
			command->label = g_strjoinv(" ", command->argv);
	} else if (text != NULL && !node_is_null(node) && *text != '\0') {
		const char *const argv[] = { "/bin/sh", "-c", text, NULL };

		command->argv = g_strdupv((char **)argv);
		command->label = g_strdup(text);
	} else {
		reader_expected(reader, field->key, "a command", node, NULL);
	}
}

/* A command can come before devices only, because only these can be taken by another program. */
static void read_before(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	const char *text = node_text(node);

	if (g_strcmp0(text, "devices") == 0)
		((ConfigCommand *)out)->before_devices = TRUE;
	else
		reader_expected(reader, field->key, "devices", node, NULL);
}

static const Field command_fields[] = {
	{ "run", read_run, .required = TRUE, .also = "command|cmd|exec|shell" },
	{ "timeout", reader_seconds, FIELD_MEMBER(ConfigCommand, timeout_ms), .min = TIMEOUT_MIN,
		.max = TIMEOUT_MAX, .also = "timeoutms|timelimit|seconds" },
	{ .key = "before", .read = read_before },
	{ .key = NULL },
};

/* "- echo done: yes" is a mapping in YAML, which surprises users. */
static gboolean is_surprise(const GArray *pairs)
{
	const char *key = pairs->len == 1 ? node_text(g_array_index(pairs, Pair, 0).key) : NULL;

	return key != NULL && strchr(key, ' ') != NULL;
}

static void read_long_form(ConfigReader *reader, yaml_node_t *node, ConfigCommand *command)
{
	const GArray *pairs = reader_pairs(reader, "command", node);

	if (is_surprise(pairs))
		reader_error(reader, node,
			"command: the \": \" makes it a mapping; put quotes around the whole "
			"command");
	else
		reader_fields(reader, command_fields, "command", node, command);
}

ConfigCommand *reader_take_command(
	ConfigReader *reader, const char *key, yaml_node_t *node, const char *target)
{
	const Field run = { .key = key };
	ConfigCommand *command = g_new0(ConfigCommand, 1);

	command->timeout_ms = TIMEOUT_DEFAULT;
	command->target = g_strdup(target);
	if (node->type == YAML_MAPPING_NODE)
		read_long_form(reader, node, command);
	else
		read_run(reader, &run, node, command);
	if (command->argv == NULL)
		g_clear_pointer(&command, config_command_free);
	return command;
}

static void read_command(ConfigReader *reader, yaml_node_t *node, gpointer data)
{
	ConfigCommand *command = reader_take_command(reader, "command", node, data);

	if (command != NULL)
		g_ptr_array_add(reader->config->commands, command);
}

static void read_target(ConfigReader *reader, const Pair *pair)
{
	const char *target = node_text(pair->key);
	const char *text = node_text(pair->value);

	reader_refer(reader, "commands", pair->key, TRUE);
	if (text != NULL && *text != '\0' && !node_is_null(pair->value))
		reader_expected(reader, target, "a list of commands", pair->value,
			"put it on the next line, after \"- \"");
	else
		reader_list(
			reader, target, "commands", pair->value, read_command, (gpointer)target);
}

void read_commands(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	const GArray *pairs = node_is_null(node) ? NULL : reader_pairs(reader, field->key, node);

	for (guint i = 0; pairs != NULL && i < pairs->len; i++)
		read_target(reader, &g_array_index(pairs, Pair, i));
}
