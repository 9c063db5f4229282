/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/resource.h"
#include "config/reader.h"
#include "config/suggest.h"

typedef struct {
	const char *name; /* the node's or a constant */
	yaml_node_t *node;
	gboolean host;
} Reference;

static void refer(ConfigReader *reader, const char *name, yaml_node_t *node, gboolean host)
{
	Reference reference = { name, node, host };

	if (reader->references == NULL)
		reader->references = g_array_new(FALSE, FALSE, sizeof(Reference));
	g_array_append_val(reader->references, reference);
}

void reader_refer(ConfigReader *reader, const char *key, yaml_node_t *node, gboolean host)
{
	const char *name = node_text(node);

	if (name != NULL && *name != '\0' && !node_is_null(node))
		refer(reader, name, node, host);
	else
		reader_expected(reader, key, "the name of a guest", node, NULL);
}

void reader_refer_name(ConfigReader *reader, const char *name, yaml_node_t *node)
{
	refer(reader, name, node, TRUE);
}

typedef struct {
	const char *key;
	gboolean targets;
	GPtrArray *names;
} Names;

static void add_name(ConfigReader *reader, yaml_node_t *node, gpointer data)
{
	const Names *names = data;
	const char *name = node_text(node);

	if (!names->targets || g_strcmp0(name, TARGET_SELF) != 0)
		reader_refer(reader, names->key, node, names->targets);
	if (name != NULL)
		g_ptr_array_add(names->names, g_strdup(name));
}

void reader_each_target(ConfigReader *reader, const char *key, yaml_node_t *node,
	void (*take)(ConfigReader *reader, gpointer data, const char *target, yaml_node_t *node),
	gpointer data)
{
	const GArray *pairs = node_is_null(node) ? NULL : reader_pairs(reader, key, node);

	for (guint i = 0; pairs != NULL && i < pairs->len; i++) {
		const Pair *pair = &g_array_index(pairs, Pair, i);

		reader_refer(reader, key, pair->key, TRUE);
		take(reader, data, node_text(pair->key), pair->value);
	}
}

GStrv reader_take_names(ConfigReader *reader, const char *key, const char *what, gboolean targets,
	yaml_node_t *node)
{
	const char *text = node_text(node);
	Names names = { key, targets, NULL };

	if (text != NULL && !node_is_null(node)) {
		g_autofree char *list = g_strdup_printf("a list of %s", what);
		g_autofree char *hint = g_strdup_printf("write [%s]", text);

		reader_expected(reader, key, list, node, hint);
		return NULL;
	}
	names.names = g_ptr_array_new();
	reader_list(reader, key, what, node, add_name, &names);
	g_ptr_array_add(names.names, NULL);
	return (GStrv)g_ptr_array_free(names.names, FALSE);
}

static char **target_names(const Config *config, gboolean host)
{
	GStrvBuilder *names = g_strv_builder_new();
	char **list;

	if (host)
		g_strv_builder_add(names, TARGET_HOST);
	for (guint i = 0; i < config->guests->len; i++)
		g_strv_builder_add(names, ((ConfigGuest *)config->guests->pdata[i])->name);
	list = g_strv_builder_end(names);
	g_strv_builder_unref(names);
	return list;
}

static void report(ConfigReader *reader, const Reference *reference, char **names)
{
	const char *meant = suggest(reference->name, (const char *const *)names);
	g_autofree char *quoted = problem_quote(reference->name);
	g_autofree char *all = g_strjoinv(", ", names);

	if (strcmp(reference->name, TARGET_HOST) == 0)
		reader_error(reader, reference->node,
			"the host is not a guest; everything returns to it anyway, so delete it "
			"here");
	else if (meant != NULL)
		reader_error(reader, reference->node, "unknown guest %s; did you mean \"%s\"?",
			quoted, meant);
	else if (reader->config->guests->len == 0)
		reader_error(reader, reference->node,
			"unknown guest %s; name its domain under \"libvirt\" or \"guests\"",
			quoted);
	else
		reader_error(reader, reference->node, "unknown guest %s; the guests are: %s",
			quoted, all);
}

void references_check(ConfigReader *reader)
{
	if (reader->guests_unsure)
		return;
	for (guint i = 0; reader->references != NULL && i < reader->references->len; i++) {
		const Reference *reference = &g_array_index(reader->references, Reference, i);
		g_auto(GStrv) names = target_names(reader->config, reference->host);

		if (!g_strv_contains((const char *const *)names, reference->name))
			report(reader, reference, names);
	}
}
