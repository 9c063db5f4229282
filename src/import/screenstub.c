/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * screenstub.yml: a list of screens (in older versions the whole file is the list), each with a
 * monitor and the inputs of guest and host.
 */
#include "config/document.h"
#include "config/problem.h"
#include "import/import.h"

#include <string.h>

typedef struct {
	Import *import;
	yaml_document_t *document;
} Stub;

static guint line_of(const yaml_node_t *node)
{
	return (guint)node->start_mark.line + 1;
}

/* NULL: the node is not a scalar. Borrowed. */
static const char *text_of(const yaml_node_t *node)
{
	return node != NULL && node->type == YAML_SCALAR_NODE
		       ? (const char *)node->data.scalar.value
		       : NULL;
}

static yaml_node_t *find(const Stub *stub, const yaml_node_t *mapping, const char *key)
{
	const yaml_node_pair_t *pair;

	if (mapping == NULL || mapping->type != YAML_MAPPING_NODE)
		return NULL;
	for (pair = mapping->data.mapping.pairs.start; pair < mapping->data.mapping.pairs.top;
		pair++) {
		const yaml_node_t *name = yaml_document_get_node(stub->document, pair->key);

		if (g_strcmp0(text_of(name), key) == 0)
			return yaml_document_get_node(stub->document, pair->value);
	}
	return NULL;
}

/* Adds a note for each key of a mapping that is not in known. */
static void leave_others(
	const Stub *stub, const yaml_node_t *mapping, const char *const *known, const char *within)
{
	const yaml_node_pair_t *pair;

	for (pair = mapping->data.mapping.pairs.start; pair < mapping->data.mapping.pairs.top;
		pair++) {
		const yaml_node_t *name = yaml_document_get_node(stub->document, pair->key);
		const char *text = text_of(name);

		if (text != NULL && !g_strv_contains(known, text))
			import_leave(stub->import, line_of(name), "%s%s: %s", within, text,
				strcmp(text, "hotkeys") == 0 ? "write them under hotkeys:, with "
							       "hotseat's names for the keys"
				: strcmp(text, "ddc") == 0   ? "hotseat switches over DDC/CI; its "
							       "agent does it in the guest"
				: strcmp(text, "qemu") == 0
					? "hotseat asks libvirt, or a QMP socket of its own"
					: "hotseat has no equivalent");
	}
}

/* "GSM LG Ultra HD": words that the EDID must contain. */
static char *words_of(const Stub *stub, const yaml_node_t *monitor)
{
	static const char *const keys[] = { "manufacturer", "model", "serial" };
	GString *words = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *text = text_of(find(stub, monitor, keys[i]));

		if (text != NULL && *text != '\0')
			g_string_append_printf(words, "%s%s", words->len > 0 ? " " : "", text);
	}
	return g_string_free(words, words->len == 0);
}

/* The input's value, or else its name. */
static int input_of(const Stub *stub, const yaml_node_t *source)
{
	const char *value = text_of(find(stub, source, "value"));
	const char *name = text_of(find(stub, source, "name"));
	int code = value != NULL ? import_input(value) : -1;

	if (code < 0 && name != NULL)
		code = import_input(name);
	if (code < 0 && source != NULL && (value != NULL || name != NULL))
		import_leave(stub->import, line_of(source), "%s: no name or number of an input",
			name != NULL ? name : value);
	return code;
}

static void read_screen(const Stub *stub, const yaml_node_t *screen)
{
	static const char *const known[] = { "monitor", "guest_source", "host_source", NULL };
	static const char *const words[] = { "manufacturer", "model", "serial", NULL };
	const yaml_node_t *monitor;
	ImportDisplay *display;

	if (screen->type != YAML_MAPPING_NODE)
		return;
	monitor = find(stub, screen, "monitor");
	display = import_display(stub->import, words_of(stub, monitor), -1, line_of(screen));
	display->guest = input_of(stub, find(stub, screen, "guest_source"));
	display->host = input_of(stub, find(stub, screen, "host_source"));
	leave_others(stub, screen, known, "");
	if (monitor != NULL && monitor->type == YAML_MAPPING_NODE)
		leave_others(stub, monitor, words, "monitor: ");
}

static void read_screens(const Stub *stub, const yaml_node_t *screens)
{
	const yaml_node_item_t *item;

	if (screens == NULL || screens->type != YAML_SEQUENCE_NODE)
		return;
	for (item = screens->data.sequence.items.start; item < screens->data.sequence.items.top;
		item++)
		read_screen(stub, yaml_document_get_node(stub->document, *item));
}

static void say_problems(Import *import, const GPtrArray *problems)
{
	for (guint i = 0; i < problems->len; i++) {
		const ConfigProblem *problem = problems->pdata[i];

		import_leave(import, problem->line, "%s", problem->message);
	}
}

void import_screenstub(Import *import, const char *text, gsize length)
{
	static const char *const known[] = { "screens", NULL };
	g_autoptr(GPtrArray) problems = config_problems_new();
	yaml_document_t document;
	Stub stub = { import, &document };
	const yaml_node_t *root;

	if (!document_load(&document, text, length, problems)) {
		say_problems(import, problems);
		return;
	}
	root = yaml_document_get_root_node(&document);
	if (root != NULL && root->type == YAML_MAPPING_NODE) {
		read_screens(&stub, find(&stub, root, "screens"));
		leave_others(&stub, root, known, "");
	} else {
		read_screens(&stub, root);
	}
	document_forget(&document);
}
