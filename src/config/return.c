/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ways to bring a display back: return and return_command.
 */
#include "common/resource.h"
#include "config/reader.h"
#include "config/suggest.h"

const char *const return_way_names[RETURN_WAYS + 1] = { "ddc", "agent", "command", NULL };

static int find_way(const char *text)
{
	for (int way = 0; text != NULL && way < RETURN_WAYS; way++)
		if (g_str_equal(return_way_names[way], text))
			return way;
	return -1;
}

static gboolean has_way(const ConfigDisplay *display, int way)
{
	for (guint i = 0; i < display->n_ways; i++)
		if ((int)display->ways[i] == way)
			return TRUE;
	return FALSE;
}

static void add_way(ConfigReader *reader, yaml_node_t *node, gpointer data)
{
	ConfigDisplay *display = data;
	const char *text = node_text(node);
	const char *meant = text != NULL ? suggest(text, return_way_names) : NULL;
	g_autofree char *hint = meant != NULL ? g_strdup_printf("did you mean %s?", meant) : NULL;
	int way = find_way(text);

	if (way < 0)
		reader_expected(reader, "return", "ddc, agent or command", node, hint);
	else if (has_way(display, way))
		reader_error(reader, node, "return: %s occurs twice; delete one", text);
	else
		display->ways[display->n_ways++] = (ReturnWay)way;
}

void read_return(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	ConfigDisplay *display = out;
	guint before = reader->errors;

	reader_list(reader, field->key, "ways", node, add_way, display);
	if (display->n_ways == 0 && reader->errors == before)
		reader_error(reader, node,
			"return: the list is empty; add ddc, agent or command, or delete the key");
}

void read_return_command(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	ConfigDisplay *display = out;

	display->return_command = reader_take_command(reader, field->key, node, TARGET_HOST);
	if (display->return_command != NULL && display->return_command->before_devices)
		reader_error(reader, reader_find(reader, node, "before"),
			"before: return_command runs when the display has to come back; delete "
			"\"before\"");
}

void check_return(ConfigReader *reader, yaml_node_t *node, const ConfigDisplay *display)
{
	const yaml_node_t *list = reader_find(reader, node, "return");

	if (has_way(display, RETURN_COMMAND) && reader_is_missing(reader, node, "return_command"))
		reader_error(
			reader, list, "return: \"command\" needs a \"return_command\"; add it");
	if (display->n_ways > 0 && !has_way(display, RETURN_COMMAND) &&
		display->return_command != NULL)
		reader_error(reader, list,
			"return: \"command\" is missing, so return_command would never run; add "
			"it");
}
