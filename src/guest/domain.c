/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/domain.h"

#include "common/error.h"

#include <string.h>

typedef struct {
	DomainParts *parts;
	gboolean pci; /* we are in a <hostdev type='pci'> */
} Reader;

static const char *attribute(const char **names, const char **values, const char *name)
{
	for (guint i = 0; names[i] != NULL; i++)
		if (g_str_equal(names[i], name))
			return values[i];
	return NULL;
}

static guint number(const char **names, const char **values, const char *name)
{
	const char *value = attribute(names, values, name);

	return value == NULL ? 0 : (guint)g_ascii_strtoull(value, NULL, 0);
}

/* element's parent is this */
static gboolean inside(GMarkupParseContext *context, const char *parent)
{
	const GSList *above = g_markup_parse_context_get_element_stack(context)->next;

	return above != NULL && g_str_equal(above->data, parent);
}

static void add_name(GPtrArray *list, const char *name)
{
	if (name != NULL)
		g_ptr_array_add(list, g_strdup(name));
}

static void on_start(GMarkupParseContext *context, const char *element, const char **names,
	const char **values, gpointer data, GError **error)
{
	Reader *reader = data;

	if (g_str_equal(element, "hostdev") && inside(context, "devices"))
		reader->pci = g_strcmp0(attribute(names, values, "type"), "pci") == 0;
	else if (g_str_equal(element, "address") && reader->pci && inside(context, "source"))
		g_ptr_array_add(reader->parts->pci,
			g_strdup_printf("%04x:%02x:%02x.%x", number(names, values, "domain"),
				number(names, values, "bus"), number(names, values, "slot"),
				number(names, values, "function")));
	else if (g_str_equal(element, "source") && inside(context, "interface")) {
		add_name(reader->parts->networks, attribute(names, values, "network"));
		/* a running one names the network's bridge as well */
		if (attribute(names, values, "network") == NULL)
			add_name(reader->parts->bridges, attribute(names, values, "bridge"));
	}
}

static void on_end(GMarkupParseContext *context, const char *element, gpointer data, GError **error)
{
	Reader *reader = data;

	if (g_str_equal(element, "hostdev"))
		reader->pci = FALSE;
}

static gboolean parse(const GMarkupParser *parser, gpointer data, const char *what, const char *xml,
	GError **error)
{
	g_autoptr(GMarkupParseContext) context =
		g_markup_parse_context_new(parser, G_MARKUP_DEFAULT_FLAGS, data, NULL);
	g_autoptr(GError) local = NULL;

	if (g_markup_parse_context_parse(context, xml, -1, &local) &&
		g_markup_parse_context_end_parse(context, &local))
		return TRUE;
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT,
		"cannot read libvirt's description of %s: %s", what, local->message);
	return FALSE;
}

DomainParts *domain_parse(const char *name, const char *xml, GError **error)
{
	static const GMarkupParser parser = { .start_element = on_start, .end_element = on_end };
	g_autoptr(DomainParts) parts = g_new0(DomainParts, 1);
	g_autofree char *what = g_strdup_printf("the domain %s", name);
	Reader reader = { .parts = parts };

	parts->pci = g_ptr_array_new_with_free_func(g_free);
	parts->networks = g_ptr_array_new_with_free_func(g_free);
	parts->bridges = g_ptr_array_new_with_free_func(g_free);
	return parse(&parser, &reader, what, xml, error) ? g_steal_pointer(&parts) : NULL;
}

void domain_parts_free(DomainParts *parts)
{
	if (parts == NULL)
		return;
	g_ptr_array_unref(parts->pci);
	g_ptr_array_unref(parts->networks);
	g_ptr_array_unref(parts->bridges);
	g_free(parts);
}

/* -- a network -------------------------------------------------------------------------------- */

typedef struct {
	char *bridge, *address;
} Network;

static void take(char **to, const char *value)
{
	if (*to == NULL)
		*to = g_strdup(value);
}

static void on_network(GMarkupParseContext *context, const char *element, const char **names,
	const char **values, gpointer data, GError **error)
{
	Network *network = data;
	const char *family = attribute(names, values, "family");

	if (!inside(context, "network"))
		return;
	if (g_str_equal(element, "bridge"))
		take(&network->bridge, attribute(names, values, "name"));
	else if (g_str_equal(element, "ip") && (family == NULL || g_str_equal(family, "ipv4")))
		take(&network->address, attribute(names, values, "address"));
}

gboolean domain_network_parse(
	const char *name, const char *xml, char **bridge, char **address, GError **error)
{
	static const GMarkupParser parser = { .start_element = on_network };
	g_autofree char *what = g_strdup_printf("the network %s", name);
	Network network = { 0 };
	gboolean good = parse(&parser, &network, what, xml, error);

	if (good) {
		*bridge = g_steal_pointer(&network.bridge);
		*address = g_steal_pointer(&network.address);
	}
	g_free(network.bridge);
	g_free(network.address);
	return good;
}
