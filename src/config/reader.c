/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/reader.h"

#include "config/suggest.h"

/* A longer chain of merge keys is a cycle or an attack. */
#define MERGE_DEPTH 8

void reader_init(ConfigReader *reader, const char *path, guint mode, yaml_document_t *document,
	GPtrArray *problems, Config *config)
{
	*reader = (ConfigReader){
		.path = path,
		.mode = mode,
		.document = document,
		.problems = problems,
		.config = config,
		.budget = READER_BUDGET,
		.mappings = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref),
		.nodes = g_hash_table_new(NULL, NULL),
		.broken = g_hash_table_new(NULL, NULL),
		.meant = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	};
}

void reader_finish(ConfigReader *reader)
{
	g_clear_pointer(&reader->mappings, g_hash_table_unref);
	g_clear_pointer(&reader->nodes, g_hash_table_unref);
	g_clear_pointer(&reader->broken, g_hash_table_unref);
	g_clear_pointer(&reader->meant, g_hash_table_unref);
	g_clear_pointer(&reader->references, g_array_unref);
}

static void add(ConfigReader *reader, gboolean warning, const yaml_node_t *node, char *message)
{
	guint line = node != NULL ? (guint)node->start_mark.line + 1 : 0;
	guint column = node != NULL ? (guint)node->start_mark.column + 1 : 0;

	problem_add(reader->problems, warning, line, column, message);
}

void reader_error(ConfigReader *reader, const yaml_node_t *node, const char *format, ...)
{
	va_list args;

	reader->errors++;
	va_start(args, format);
	add(reader, FALSE, node, g_strdup_vprintf(format, args));
	va_end(args);
}

void reader_warning(ConfigReader *reader, const yaml_node_t *node, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(reader, TRUE, node, g_strdup_vprintf(format, args));
	va_end(args);
}

void reader_expected(ConfigReader *reader, const char *key, const char *what,
	const yaml_node_t *node, const char *hint)
{
	g_autofree char *got = node_describe(node);

	reader_error(reader, node, "%s: expected %s, got %s%s%s", key, what, got,
		hint != NULL ? "; " : "", hint != NULL ? hint : "");
}

/* FALSE: too much has been read, which is reported once. */
static gboolean spend(ConfigReader *reader, const yaml_node_t *node)
{
	if (reader->budget == 0)
		return FALSE;
	if (--reader->budget == 0)
		reader_error(reader, node, "too large (aliases multiply their content); use fewer");
	return reader->budget > 0;
}

/* --- mappings --- */

static void collect(ConfigReader *reader, const yaml_node_t *mapping, GArray *pairs,
	GHashTable *seen, guint merged);

static void collect_merged(ConfigReader *reader, const yaml_node_t *value, GArray *pairs,
	GHashTable *seen, guint merged)
{
	if (merged > MERGE_DEPTH)
		reader_error(reader, value, "<<: merged too deep; write these keys out");
	else if (value->type == YAML_MAPPING_NODE)
		collect(reader, value, pairs, seen, merged);
	else if (value->type == YAML_SEQUENCE_NODE)
		for (yaml_node_item_t *item = value->data.sequence.items.start;
			item < value->data.sequence.items.top && spend(reader, value); item++)
			collect_merged(reader, yaml_document_get_node(reader->document, *item),
				pairs, seen, merged + 1);
	else
		reader_expected(reader, "<<", "a mapping or a list of them", value, NULL);
}

static void report_duplicate(ConfigReader *reader, const yaml_node_t *key, const yaml_node_t *first)
{
	g_autofree char *quoted = problem_quote(node_text(key));

	reader_error(reader, key, "duplicate key %s, first in line %zu; %s", quoted,
		first->start_mark.line + 1,
		key->start_mark.column == 0 ? "merge the two"
					    : "keep one, or begin a new list item with \"- \"");
}

static void collect_pair(
	ConfigReader *reader, Pair pair, GArray *pairs, GHashTable *seen, guint merged)
{
	const char *key = node_text(pair.key);
	const yaml_node_t *first = key != NULL ? g_hash_table_lookup(seen, key) : NULL;

	if (key == NULL) {
		reader_expected(reader, "key", "text", pair.key, NULL);
	} else if (first == NULL) {
		g_hash_table_insert(seen, (gpointer)key, pair.key);
		g_array_append_val(pairs, pair);
	} else if (merged == 0) {
		report_duplicate(reader, pair.key, first);
	}
}

static gboolean is_merge(const Pair *pair)
{
	return node_is_plain(pair->key) && g_strcmp0(node_text(pair->key), "<<") == 0;
}

/* A mapping's own keys come first, in any order in the file, because they have priority over merged
 * ones. */
static void collect(ConfigReader *reader, const yaml_node_t *mapping, GArray *pairs,
	GHashTable *seen, guint merged)
{
	for (int merges = 0; merges <= 1; merges++)
		for (yaml_node_pair_t *p = mapping->data.mapping.pairs.start;
			p < mapping->data.mapping.pairs.top; p++) {
			Pair pair = { yaml_document_get_node(reader->document, p->key),
				yaml_document_get_node(reader->document, p->value) };

			if (is_merge(&pair) != merges || !spend(reader, pair.key))
				continue;
			if (merges)
				collect_merged(reader, pair.value, pairs, seen, merged + 1);
			else
				collect_pair(reader, pair, pairs, seen, merged);
		}
}

/* of keys */
#define LETTERS "abcdefghijklmnopqrstuvwxyz_"

/* A hint for why the node is not a mapping. */
static const char *mapping_hint(const yaml_node_t *node)
{
	const char *text = node_text(node);

	if (node->type == YAML_SEQUENCE_NODE)
		return "remove the \"- \"";
	if (text != NULL && node_is_plain(node) && g_ascii_isalpha(*text) &&
		text[strspn(text, LETTERS)] == ':')
		return "put a space after the colon";
	return NULL;
}

const GArray *reader_pairs(ConfigReader *reader, const char *key, yaml_node_t *node)
{
	GArray *pairs = g_hash_table_lookup(reader->mappings, node);
	g_autoptr(GHashTable) seen = NULL;

	if (pairs != NULL)
		return pairs;
	if (node->type != YAML_MAPPING_NODE) {
		reader_expected(reader, key, "\"key: value\" lines", node, mapping_hint(node));
		return NULL;
	}
	seen = g_hash_table_new(g_str_hash, g_str_equal);
	pairs = g_array_new(FALSE, FALSE, sizeof(Pair));
	g_hash_table_insert(reader->mappings, node, pairs);
	collect(reader, node, pairs, seen, 0);
	return pairs;
}

static yaml_node_t *find(const GArray *pairs, const char *key)
{
	for (guint i = 0; i < pairs->len; i++) {
		const Pair *pair = &g_array_index(pairs, Pair, i);

		if (strcmp(node_text(pair->key), key) == 0)
			return pair->value;
	}
	return NULL;
}

yaml_node_t *reader_find(ConfigReader *reader, const yaml_node_t *mapping, const char *key)
{
	const GArray *pairs = g_hash_table_lookup(reader->mappings, mapping);

	return pairs != NULL ? find(pairs, key) : NULL;
}

/* --- unknown keys --- */

static const Field *field_named(const Field *fields, const char *key)
{
	for (; fields != NULL && fields->key != NULL; fields++)
		if (strcmp(fields->key, key) == 0)
			return fields;
	return NULL;
}

static const char *field_also_named(const Field *fields, const char *key)
{
	for (; fields->key != NULL; fields++) {
		g_auto(GStrv) words = g_strsplit(fields->also != NULL ? fields->also : "", "|", -1);

		for (char **word = words; *word != NULL; word++)
			if (suggest_same(*word, key))
				return fields->key;
	}
	return NULL;
}

/* The field whose mapping contains key. In a display, names of guests are keys too. */
static const char *field_above(const ConfigReader *reader, const Field *fields, const char *key)
{
	if (fields == display_fields && config_guest(reader->config, key) != NULL)
		return "inputs";
	for (; fields->key != NULL; fields++)
		if (field_named(fields->fields, key) != NULL)
			return fields->key;
	return NULL;
}

static char **field_keys(const Field *fields)
{
	GStrvBuilder *keys = g_strv_builder_new();
	char **list;

	for (; fields->key != NULL; fields++)
		g_strv_builder_add(keys, fields->key);
	list = g_strv_builder_end(keys);
	g_strv_builder_unref(keys);
	return list;
}

/* The key in the table that key probably means, or NULL. */
static const char *find_similar(const Field *fields, const char *key)
{
	g_auto(GStrv) keys = field_keys(fields);
	const char *also = field_also_named(fields, key);
	const char *near = also == NULL ? suggest(key, (const char *const *)keys) : NULL;

	return near != NULL ? field_named(fields, near)->key : also;
}

/* What to do about it, for people. */
static char *unknown_hint(
	const Field *fields, const char *key, const char *above, const char *meant)
{
	g_auto(GStrv) keys = field_keys(fields);
	g_autofree char *all = g_strjoinv(", ", keys);

	if (above != NULL)
		return g_strdup_printf("it belongs under \"%s\"", above);
	if (fields != root_fields && field_named(root_fields, key) != NULL)
		return g_strdup("it belongs at the top level: check the indentation");
	if (meant != NULL)
		return g_strdup_printf("did you mean \"%s\"?", meant);
	return g_strdup_printf("the known keys are: %s", all);
}

static char *find_similar_id(const yaml_node_t *mapping, const char *key)
{
	return g_strdup_printf("%p %s", (gconstpointer)mapping, key);
}

gboolean reader_is_missing(ConfigReader *reader, const yaml_node_t *mapping, const char *key)
{
	g_autofree char *id = find_similar_id(mapping, key);

	return reader_find(reader, mapping, key) == NULL &&
	       !g_hash_table_contains(reader->meant, id);
}

static void check_known(ConfigReader *reader, const Field *fields, const char *where,
	const yaml_node_t *mapping, const yaml_node_t *key_node)
{
	const char *key = node_text(key_node);
	const char *above, *meant;
	g_autofree char *hint = NULL;
	g_autofree char *quoted = NULL;

	if (field_named(fields, key) != NULL)
		return;
	above = field_above(reader, fields, key);
	meant = find_similar(fields, key);
	hint = unknown_hint(fields, key, above, meant);
	quoted = problem_quote(key);
	reader_error(reader, key_node, "%s: unknown key %s; %s", where, quoted, hint);
	if (above != NULL || meant != NULL)
		g_hash_table_add(
			reader->meant, find_similar_id(mapping, above != NULL ? above : meant));
}

gboolean reader_fields(ConfigReader *reader, const Field *fields, const char *where,
	yaml_node_t *node, gpointer out)
{
	const GArray *pairs = reader_pairs(reader, where, node);

	if (pairs == NULL)
		return FALSE;
	for (guint i = 0; i < pairs->len; i++)
		check_known(reader, fields, where, node, g_array_index(pairs, Pair, i).key);
	for (const Field *field = fields; field->key != NULL; field++) {
		yaml_node_t *value = find(pairs, field->key);

		if (value != NULL)
			field->read(reader, field, value, out);
		else if (field->required && reader_is_missing(reader, node, field->key))
			reader_error(reader, node, "%s: missing key \"%s\"", where, field->key);
	}
	return TRUE;
}

void reader_remember(ConfigReader *reader, gpointer item, yaml_node_t *node, guint before)
{
	g_hash_table_insert(reader->nodes, item, node);
	if (reader->errors > before)
		g_hash_table_add(reader->broken, item);
}

void reader_section(ConfigReader *reader, const Field *field, yaml_node_t *node, gpointer out)
{
	if (!node_is_null(node))
		reader_fields(reader, field->fields, field->key, node, out);
}

/* --- lists --- */

void reader_list(ConfigReader *reader, const char *key, const char *what, yaml_node_t *node,
	ReaderItem item, gpointer data)
{
	g_autofree char *list = g_strdup_printf("a list of %s", what);

	if (node_is_null(node))
		return;
	if (node->type != YAML_SEQUENCE_NODE) {
		reader_expected(reader, key, list, node, "begin each of them with \"- \"");
		return;
	}
	for (yaml_node_item_t *i = node->data.sequence.items.start;
		i < node->data.sequence.items.top && spend(reader, node); i++)
		item(reader, yaml_document_get_node(reader->document, *i), data);
}
