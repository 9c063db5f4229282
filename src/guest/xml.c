/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/xml.h"

#include "common/error.h"

#include <string.h>

#define QEMU_NAMESPACE "http://libvirt.org/schemas/domain/qemu/1.0"
/* libvirt's XML is nested less than ten deep; the limit exists because freeing a node recurses */
enum { DEPTH_MAX = 100 };

typedef struct {
	XmlNode *root;
	GPtrArray *path;      /* XmlNode *, borrowed: the open elements, the innermost last */
	GHashTable *prefixes; /* char *: prefixes that have meant QEMU's namespace */
	GPtrArray *defaults;  /* for each of path: TRUE: names without a prefix are in QEMU's
				 namespace */
} XmlReader;

void xml_free(XmlNode *node)
{
	if (node == NULL)
		return;
	g_free(node->name);
	g_strfreev(node->names);
	g_strfreev(node->values);
	g_string_free(node->text, TRUE);
	g_ptr_array_unref(node->children);
	g_free(node);
}

static void free_child(gpointer node)
{
	xml_free(node);
}

/* Stores the prefixes that the attributes declare. Returns TRUE if names without a prefix are in
 * QEMU's namespace inside this element. */
static gboolean declare(XmlReader *reader, const char **names, const char **values)
{
	guint depth = reader->defaults->len;
	gboolean inherited = depth > 0 && GPOINTER_TO_INT(reader->defaults->pdata[depth - 1]) != 0;

	for (guint i = 0; names[i] != NULL; i++) {
		gboolean qemu = g_str_equal(values[i], QEMU_NAMESPACE);

		if (g_str_equal(names[i], "xmlns"))
			inherited = qemu;
		else if (qemu && g_str_has_prefix(names[i], "xmlns:"))
			g_hash_table_add(reader->prefixes, g_strdup(names[i] + strlen("xmlns:")));
	}
	return inherited;
}

static void set_name(const XmlReader *reader, XmlNode *node, const char *name, gboolean unprefixed)
{
	const char *colon = strchr(name, ':');
	g_autofree char *prefix = colon != NULL ? g_strndup(name, (gsize)(colon - name)) : NULL;

	node->qemu = prefix == NULL ? unprefixed : g_hash_table_contains(reader->prefixes, prefix);
	node->name = g_strdup(node->qemu && colon != NULL ? colon + 1 : name);
}

static void on_start(GMarkupParseContext *context, const char *element, const char **names,
	const char **values, gpointer data, GError **error)
{
	XmlReader *reader = data;
	guint depth = reader->path->len;
	gboolean unprefixed = declare(reader, names, values);
	XmlNode *node;

	if (depth == DEPTH_MAX || (depth == 0 && reader->root != NULL)) {
		g_set_error_literal(error, G_MARKUP_ERROR, G_MARKUP_ERROR_PARSE,
			depth == 0 ? "there is more than one root element"
				   : "the elements are nested too deep");
		return;
	}
	node = g_new0(XmlNode, 1);
	set_name(reader, node, element, unprefixed);
	node->names = g_strdupv((char **)names);
	node->values = g_strdupv((char **)values);
	node->text = g_string_new(NULL);
	node->children = g_ptr_array_new_with_free_func(free_child);
	if (depth == 0)
		reader->root = node;
	else
		g_ptr_array_add(((XmlNode *)reader->path->pdata[depth - 1])->children, node);
	g_ptr_array_add(reader->path, node);
	g_ptr_array_add(reader->defaults, GINT_TO_POINTER(unprefixed));
}

static void on_end(GMarkupParseContext *context, const char *element, gpointer data, GError **error)
{
	XmlReader *reader = data;

	g_ptr_array_set_size(reader->path, (int)reader->path->len - 1);
	g_ptr_array_set_size(reader->defaults, (int)reader->defaults->len - 1);
}

static void on_text(
	GMarkupParseContext *context, const char *text, gsize length, gpointer data, GError **error)
{
	XmlReader *reader = data;
	guint depth = reader->path->len;

	if (depth > 0)
		g_string_append_len(
			((XmlNode *)reader->path->pdata[depth - 1])->text, text, (gssize)length);
}

XmlNode *xml_parse(const char *what, const char *xml, GError **error)
{
	static const GMarkupParser parser = {
		.start_element = on_start, .end_element = on_end, .text = on_text
	};
	g_autoptr(GPtrArray) path = g_ptr_array_new();
	g_autoptr(GPtrArray) defaults = g_ptr_array_new();
	g_autoptr(GHashTable) prefixes =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	XmlReader reader = { .path = path, .defaults = defaults, .prefixes = prefixes };
	g_autoptr(GMarkupParseContext) context =
		g_markup_parse_context_new(&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &reader, NULL);
	g_autoptr(GError) local = NULL;

	if (g_markup_parse_context_parse(context, xml, -1, &local) &&
		g_markup_parse_context_end_parse(context, &local))
		return reader.root;
	xml_free(reader.root);
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT,
		"cannot read libvirt's description of %s: %s", what, local->message);
	return NULL;
}

const char *xml_get(const XmlNode *node, const char *name)
{
	for (guint i = 0; node != NULL && node->names[i] != NULL; i++)
		if (g_str_equal(node->names[i], name))
			return node->values[i];
	return NULL;
}

gboolean xml_has(const XmlNode *node, const char *name, const char *value)
{
	return g_strcmp0(xml_get(node, name), value) == 0;
}

guint xml_number(const XmlNode *node, const char *name)
{
	const char *value = xml_get(node, name);

	return value == NULL ? 0 : (guint)g_ascii_strtoull(value, NULL, 0);
}

gboolean xml_is(const XmlNode *node, const char *name)
{
	return node != NULL && !node->qemu && g_str_equal(node->name, name);
}

gboolean xml_is_qemu(const XmlNode *node, const char *name)
{
	return node != NULL && node->qemu && g_str_equal(node->name, name);
}

guint xml_count(const XmlNode *node)
{
	return node != NULL ? node->children->len : 0;
}

const XmlNode *xml_nth(const XmlNode *node, guint nth)
{
	return node->children->pdata[nth];
}

const XmlNode *xml_child(const XmlNode *node, const char *name)
{
	for (guint i = 0; i < xml_count(node); i++)
		if (xml_is(xml_nth(node, i), name))
			return xml_nth(node, i);
	return NULL;
}
