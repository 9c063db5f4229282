/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/hostdev.h"

#include "common/error.h"

typedef struct {
	const char *domain;
	GPtrArray *hostdevs;
	Hostdev *current; /* the <hostdev> we are in, also the last of hostdevs; NULL: in none */
} Reader;

static void hostdev_free(gpointer data)
{
	Hostdev *hostdev = data;

	g_free(hostdev->domain);
	g_free(hostdev->alias);
	g_free(hostdev);
}

GPtrArray *hostdevs_new(void)
{
	return g_ptr_array_new_with_free_func(hostdev_free);
}

Hostdev *hostdev_new(const char *domain, const char *alias, guint bus, guint device)
{
	Hostdev *hostdev = g_new0(Hostdev, 1);

	hostdev->domain = g_strdup(domain);
	hostdev->alias = g_strdup(alias);
	hostdev->bus = bus;
	hostdev->device = device;
	hostdev->vendor = hostdev->product = -1;
	return hostdev;
}

static const char *attribute(const char **names, const char **values, const char *name)
{
	for (guint i = 0; names[i] != NULL; i++)
		if (g_str_equal(names[i], name))
			return values[i];
	return NULL;
}

static guint64 number(const char **names, const char **values, const char *name)
{
	const char *value = attribute(names, values, name);

	return value == NULL ? 0 : g_ascii_strtoull(value, NULL, 0);
}

/* element's parents, innermost first, are these */
static gboolean inside(GMarkupParseContext *context, const char *parent, const char *grandparent)
{
	const GSList *stack = g_markup_parse_context_get_element_stack(context)->next;

	return stack != NULL && g_str_equal(stack->data, parent) && stack->next != NULL &&
	       g_str_equal(stack->next->data, grandparent);
}

static void read_source(
	Reader *reader, const char *element, const char **names, const char **values)
{
	Hostdev *hostdev = reader->current;

	if (g_str_equal(element, "address")) {
		hostdev->bus = (guint)number(names, values, "bus");
		hostdev->device = (guint)number(names, values, "device");
	} else if (g_str_equal(element, "vendor")) {
		hostdev->vendor = (int)(number(names, values, "id") & 0xffff);
	} else if (g_str_equal(element, "product")) {
		hostdev->product = (int)(number(names, values, "id") & 0xffff);
	}
}

static void on_start(GMarkupParseContext *context, const char *element, const char **names,
	const char **values, gpointer data, GError **error)
{
	Reader *reader = data;

	if (g_str_equal(element, "hostdev") && inside(context, "devices", "domain") &&
		g_strcmp0(attribute(names, values, "type"), "usb") == 0) {
		reader->current = hostdev_new(reader->domain, NULL, 0, 0);
		g_ptr_array_add(reader->hostdevs, reader->current);
	} else if (reader->current != NULL && inside(context, "source", "hostdev")) {
		read_source(reader, element, names, values);
	} else if (reader->current != NULL && g_str_equal(element, "alias") &&
		   inside(context, "hostdev", "devices")) {
		g_free(reader->current->alias);
		reader->current->alias = g_strdup(attribute(names, values, "name"));
	}
}

static void on_end(GMarkupParseContext *context, const char *element, gpointer data, GError **error)
{
	Reader *reader = data;

	if (g_str_equal(element, "hostdev"))
		reader->current = NULL;
}

gboolean hostdevs_parse(const char *domain, const char *xml, GPtrArray *hostdevs, GError **error)
{
	static const GMarkupParser parser = { .start_element = on_start, .end_element = on_end };
	Reader reader = { .domain = domain, .hostdevs = hostdevs };
	g_autoptr(GMarkupParseContext) context = NULL;
	g_autoptr(GError) local = NULL;
	guint before = hostdevs->len;

	context = g_markup_parse_context_new(&parser, G_MARKUP_DEFAULT_FLAGS, &reader, NULL);
	if (g_markup_parse_context_parse(context, xml, -1, &local) &&
		g_markup_parse_context_end_parse(context, &local))
		return TRUE;
	g_ptr_array_set_size(hostdevs, (int)before);
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT,
		"cannot read libvirt's description of the domain %s: %s", domain, local->message);
	return FALSE;
}

const Hostdev *hostdevs_find(const GPtrArray *hostdevs, const char *domain, const char *alias)
{
	for (guint i = 0; i < hostdevs->len; i++) {
		const Hostdev *hostdev = hostdevs->pdata[i];

		if (g_str_equal(hostdev->domain, domain) && g_strcmp0(hostdev->alias, alias) == 0)
			return hostdev;
	}
	return NULL;
}

char *hostdev_xml(guint bus, guint device, const char *alias)
{
	return g_markup_printf_escaped("<hostdev mode='subsystem' type='usb'>"
				       "<source><address bus='%u' device='%u'/></source>"
				       "<alias name='%s'/></hostdev>",
		bus, device, alias);
}
