/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/input.h"
#include "common/resource.h"
#include "config/reader.h"
#include "config/suggest.h"

/* Linux' I2C_MINORS - 1 */
#define BUS_MAX 1048575
/* LG's proprietary way to switch inputs: this feature, from this source address (ddcutil wiki) */
#define LG_FEATURE	  0xf4
#define LG_SOURCE_ADDRESS 0x50

/* --- which monitor --- */

static void read_manufacturer(
	ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	ConfigDisplay *display = out;
	const char *text = node_text(node);

	if (text == NULL ||
		!g_regex_match_simple("^[A-Za-z]{3}$", text, G_REGEX_DOLLAR_ENDONLY, 0)) {
		reader_expected(
			reader, field->key, "three letters such as DEL, GSM or AOC", node, NULL);
		return;
	}
	g_free(display->match.manufacturer);
	display->match.manufacturer = g_ascii_strup(text, -1);
}

static void read_edid_number(
	ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	ConfigDisplay *display = out;
	gint64 number;

	if (reader_take_number(reader, field, node, &number))
		display->match.number = (guint32)number;
}

static const Field monitor_fields[] = {
	{ "manufacturer", read_manufacturer, .also = "vendor|make|mfg" },
	{ "model", reader_text, FIELD_MEMBER(ConfigDisplay, match.model), .also = "product|name" },
	{ "serial", reader_text, FIELD_MEMBER(ConfigDisplay, match.serial),
		.also = "serialnumber|sn" },
	{ "number", read_edid_number, .min = 1, .max = G_MAXUINT32, .hex = TRUE,
		.also = "binaryserial|serialno" },
	{ "connector", reader_text, FIELD_MEMBER(ConfigDisplay, match.connector),
		.also = "port|output|card" },
	{ .key = NULL },
};

static void read_monitor(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	ConfigDisplay *display = out;
	const GArray *pairs;

	if (node->type == YAML_SCALAR_NODE) {
		g_free(display->match.monitor);
		display->match.monitor = reader_take_text(reader, field->key, node);
		return;
	}
	if (node->type == YAML_SEQUENCE_NODE) {
		reader_expected(
			reader, field->key, "text such as AOC 2778X, or a mapping", node, NULL);
		return;
	}
	reader_fields(reader, monitor_fields, field->key, node, display);
	pairs = reader_pairs(reader, field->key, node);
	if (pairs->len == 0)
		reader_error(reader, node,
			"monitor: missing one of manufacturer, model, serial, number, connector");
}

/* --- which input --- */

static const Field input_field = { "input", .max = 0xffff, .hex = TRUE };

/* "hdmi3" is not a typing mistake for "hdmi1": it has no standard number. */
static gboolean differs_in_digits_only(const char *a, const char *b)
{
	g_autofree char *x = g_strcanon(g_strdup(a), "abcdefghijklmnopqrstuvwxyz", '1');
	g_autofree char *y = g_strcanon(g_strdup(b), "abcdefghijklmnopqrstuvwxyz", '1');

	return suggest_same(x, y);
}

/* The most similar of the short names, or else of the long ones. */
static const char *suggest_input(const char *text)
{
	const char *names[256 + 1] = { NULL };
	const char *meant = suggest(text, input_names());
	gsize n = 0;

	for (int code = 0; code < 256; code++)
		if (input_name((guint8)code) != NULL)
			names[n++] = input_name((guint8)code);
	return meant != NULL ? meant : suggest(text, names);
}

static char *input_hint(const yaml_node_t *node)
{
	char *number = number_hint(&input_field, node);
	const char *text = node_text(node);
	const char *meant;
	g_autofree char *lower = NULL;

	if (number != NULL || text == NULL)
		return number;
	lower = g_ascii_strdown(text, -1);
	meant = suggest_input(lower);
	if (meant != NULL && differs_in_digits_only(lower, meant))
		return g_strdup("this input has no standard number: write the number that the "
				"monitor uses");
	return meant != NULL ? g_strdup_printf("did you mean %s?", meant) : NULL;
}

/* Warns of 11 instead of 0x11: no current monitor has the input 11. */
static void warn_decimal(ConfigReader *reader, const char *target, yaml_node_t *node, guint16 value)
{
	static const guint8 common[] = { 0x10, 0x11, 0x12 };
	const char *text = node_text(node);

	for (gsize i = 0; i < G_N_ELEMENTS(common); i++) {
		g_autofree char *hex = g_strdup_printf("%02x", common[i]);

		if (strcmp(text, hex) == 0)
			reader_warning(reader, node, "%s: %s is %s (0x%02x); %s is 0x%s", target,
				text, input_name((guint8)value), value, input_name(common[i]), hex);
	}
}

static gboolean take_input(ConfigReader *reader, const ConfigDisplay *display, const char *target,
	yaml_node_t *node, guint16 *value)
{
	const char *text = node_text(node);
	int code = text != NULL ? input_code(text) : -1;
	g_autofree char *hint = NULL;
	gint64 number;

	if (text != NULL && node_is_plain(node) && number_parse(text, &number) && number >= 0 &&
		number <= input_field.max) {
		*value = (guint16)number;
		if (display->feature.code == CONFIG_FEATURE_INPUT)
			warn_decimal(reader, target, node, *value);
		return TRUE;
	}
	if (code >= 0 && display->feature.code == CONFIG_FEATURE_INPUT) {
		*value = (guint16)code;
		return TRUE;
	}
	if (code >= 0) {
		reader_error(reader, node,
			"%s: input names belong to feature 0x60, not to 0x%02x; write the number",
			target, display->feature.code);
		return FALSE;
	}
	hint = input_hint(node);
	reader_expected(reader, target,
		"an input: a number up to 0xffff, or a name such as hdmi1 "
		"or dp1",
		node, hint);
	return FALSE;
}

/* A place is kept for an input that could not be read: it is wrong, not missing. */
static void add_input(ConfigReader *reader, gpointer out, const char *target, yaml_node_t *node)
{
	ConfigDisplay *display = out;
	ConfigInput *input;

	if (g_hash_table_contains(display->inputs, target)) {
		g_autofree char *quoted = problem_quote(target);

		reader_error(
			reader, node, "inputs: %s already has an input above; delete one", quoted);
		return;
	}
	input = g_new0(ConfigInput, 1);
	input->reads_as = -1;
	g_hash_table_insert(display->inputs, g_strdup(target), input);
	take_input(reader, display, target, node, &input->value);
}

static void read_input(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	reader_refer_name(reader, field->key, node);
	add_input(reader, out, field->key, node);
}

static void read_inputs(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	reader_each_target(reader, field->key, node, add_input, out);
}

static void read_reads_as(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	static const Field byte = { "reads_as", .max = 0xff, .hex = TRUE };
	ConfigDisplay *display = out;
	const GArray *pairs = node_is_null(node) ? NULL : reader_pairs(reader, field->key, node);

	for (guint i = 0; pairs != NULL && i < pairs->len; i++) {
		const Pair *pair = &g_array_index(pairs, Pair, i);
		ConfigInput *input = g_hash_table_lookup(display->inputs, node_text(pair->key));
		g_autofree char *quoted = problem_quote(node_text(pair->key));
		gint64 value;

		if (input == NULL)
			reader_error(reader, pair->key,
				"reads_as: this display has no input for %s; add one, or delete "
				"this",
				quoted);
		if (reader_take_number(reader, &byte, pair->value, &value) && input != NULL)
			input->reads_as = (int)value;
	}
}

/* --- a display --- */

/* in the order in which they need each other: feature, inputs, reads_as */
const Field display_fields[] = {
	{ "name", reader_text, FIELD_MEMBER(ConfigDisplay, name), .also = "label|title" },
	/* virtkvm passes it to ddcutil as text */
	{ "bus", reader_number, FIELD_MEMBER(ConfigDisplay, match.bus), .max = BUS_MAX,
		.quoted = TRUE, .also = "i2c|i2cbus|busno|device" },
	{ "monitor", read_monitor, .fields = monitor_fields, .also = "edid|display|match" },
	{ "feature", reader_number, FIELD_MEMBER(ConfigDisplay, feature.code), .min = 1,
		.max = 0xff, .hex = TRUE, .also = "vcp|code|vcpcode" },
	{ "source_address", reader_number, FIELD_MEMBER(ConfigDisplay, feature.source_address),
		.min = LG_SOURCE_ADDRESS, .max = 0x5f, .hex = TRUE,
		.also = "source|address|i2csourceaddr" },
	{ "optional", reader_bool, FIELD_MEMBER(ConfigDisplay, optional) },
	{ .key = "host", .read = read_input },
	{ "guest", read_input, .also = "vm" },
	{ "inputs", read_inputs, .also = "input" },
	{ "reads_as", read_reads_as, .also = "read|readsback" },
	{ "also", read_also, .fields = also_fields, .also = "and|more|features" },
	{ "return", read_return, .also = "ladder|returns|back" },
	{ "return_command", read_return_command, .also = "returnby|backcommand" },
	{ .key = NULL },
};

static void check_which(ConfigReader *reader, yaml_node_t *node)
{
	gboolean bus = !reader_is_missing(reader, node, "bus");
	const yaml_node_t *monitor = reader_find(reader, node, "monitor");

	if (!bus && reader_is_missing(reader, node, "monitor"))
		reader_error(reader, node,
			"display: missing key \"monitor\" or \"bus\" to identify the monitor");
	else if (bus && monitor != NULL)
		reader_error(reader, monitor,
			"monitor: there is a \"bus\" too; keep \"monitor\", because bus numbers "
			"can change");
}

static void check_feature(ConfigReader *reader, yaml_node_t *node, const ConfigDisplay *display)
{
	const yaml_node_t *feature = reader_find(reader, node, "feature");
	const char *text = feature != NULL ? node_text(feature) : NULL;

	if (text != NULL && strcmp(text, "60") == 0)
		reader_warning(reader, feature,
			"feature: 60 is decimal, 0x3c; to switch inputs, write 0x60");
	if (display->feature.code == LG_FEATURE &&
		display->feature.source_address != LG_SOURCE_ADDRESS)
		reader_warning(reader, feature,
			"feature: LG monitors accept 0xf4 only with source_address: 0x50; add it");
}

static gboolean inputs_are_empty(ConfigReader *reader, const yaml_node_t *node)
{
	const yaml_node_t *inputs = reader_find(reader, node, "inputs");

	return inputs != NULL ? inputs->type == YAML_MAPPING_NODE || node_is_null(inputs)
			      : reader_is_missing(reader, node, "inputs");
}

static void check_inputs(ConfigReader *reader, yaml_node_t *node, const ConfigDisplay *display)
{
	gboolean host = g_hash_table_contains(display->inputs, TARGET_HOST);

	if (!host && reader_is_missing(reader, node, "host"))
		reader_error(reader, node, "display: missing key \"host\", the host's input");
	if (g_hash_table_size(display->inputs) == (host ? 1 : 0) &&
		reader_is_missing(reader, node, "guest") && inputs_are_empty(reader, node))
		reader_error(reader, node,
			"display: no guest has an input; add \"guest\", the guest's input");
}

/* Another target whose input reads the same, or NULL. */
static const char *reads_like(const ConfigDisplay *display, const ConfigInput *input)
{
	GHashTableIter iter;
	gpointer target, value;

	g_hash_table_iter_init(&iter, display->inputs);
	while (g_hash_table_iter_next(&iter, &target, &value)) {
		const ConfigInput *other = value;
		int reads = other->reads_as >= 0 ? other->reads_as : other->value & 0xff;

		if (other->value != input->value && reads == input->reads_as)
			return target;
	}
	return NULL;
}

/* If two inputs read the same, one target looks like the other. 0x00 is not checked, because some
 * monitors report it for every input. */
static void check_reads_as(
	ConfigReader *reader, const yaml_node_t *node, const ConfigDisplay *display)
{
	yaml_node_t *mapping = reader_find(reader, node, "reads_as");
	const GArray *pairs = mapping != NULL && !node_is_null(mapping)
				      ? reader_pairs(reader, "reads_as", mapping)
				      : NULL;

	for (guint i = 0; pairs != NULL && i < pairs->len; i++) {
		const Pair *pair = &g_array_index(pairs, Pair, i);
		const char *target = node_text(pair->key);
		const ConfigInput *input = g_hash_table_lookup(display->inputs, target);
		const char *other = input->reads_as > 0 ? reads_like(display, input) : NULL;

		if (other == NULL)
			continue;
		reader_error(reader, pair->value,
			"reads_as: 0x%02x is what the monitor reports when it shows %s; %s needs "
			"another number, or none",
			(guint)input->reads_as, other, target);
		return;
	}
}

static void read_display(ConfigReader *reader, yaml_node_t *node, gpointer data)
{
	ConfigDisplay *display = g_new0(ConfigDisplay, 1);
	guint before = reader->errors;

	display->match.bus = -1;
	display->feature = VCP_FEATURE_INPUT;
	display->inputs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_ptr_array_add(reader->config->displays, display);
	if (reader_fields(reader, display_fields, "display", node, display)) {
		check_which(reader, node);
		check_feature(reader, node, display);
		check_inputs(reader, node, display);
		if (reader->errors == before)
			check_reads_as(reader, node, display);
		check_return(reader, node, display);
	}
	reader_remember(reader, display, node, before);
}

void read_displays(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	reader_list(reader, field->key, "displays", node, read_display, NULL);
}
