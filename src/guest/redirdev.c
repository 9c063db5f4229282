/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/redirdev.h"

#include <string.h>

#include "common/error.h"

#define LOOPBACK "127.0.0.1"

typedef struct {
	DomainInput *input;
	/* of the <redirdev> we are in */
	gboolean ours;
	guint port;
	gboolean dac;	/* we are in a <seclabel> of that model */
	gboolean label; /* and in its <label> */
} Reader;

static const char *attribute(const char **names, const char **values, const char *name)
{
	for (guint i = 0; names[i] != NULL; i++)
		if (g_str_equal(names[i], name))
			return values[i];
	return NULL;
}

static gboolean is(const char **names, const char **values, const char *name, const char *wanted)
{
	return g_strcmp0(attribute(names, values, name), wanted) == 0;
}

/* element's parents, innermost first, are these */
static gboolean inside(GMarkupParseContext *context, const char *parent, const char *grandparent)
{
	const GSList *stack = g_markup_parse_context_get_element_stack(context)->next;

	return stack != NULL && g_str_equal(stack->data, parent) && stack->next != NULL &&
	       g_str_equal(stack->next->data, grandparent);
}

static void read_source(Reader *reader, const char **names, const char **values)
{
	const char *service = attribute(names, values, "service");
	guint64 port;

	if (service != NULL && is(names, values, "host", LOOPBACK) &&
		is(names, values, "mode", "connect") &&
		g_ascii_string_to_unsigned(service, 10, 1, G_MAXUINT16, &port, NULL))
		reader->port = (guint)port;
}

static void read_controller(DomainInput *input, const char **names, const char **values)
{
	if (!is(names, values, "type", "usb"))
		return;
	if (is(names, values, "model", "none"))
		input->disabled = TRUE;
	else
		input->controllers++;
}

/* As in <qemu:arg value='input-linux,id=kbd,evdev=/dev/input/…'/>. */
static gboolean names_input_linux(const char *argument)
{
	return argument != NULL && strstr(argument, "input-linux") != NULL;
}

static void on_start(GMarkupParseContext *context, const char *element, const char **names,
	const char **values, gpointer data, GError **error)
{
	Reader *reader = data;

	if (g_str_equal(element, "redirdev") && inside(context, "devices", "domain")) {
		reader->ours = FALSE;
		reader->port = 0;
	} else if (g_str_equal(element, "controller") && inside(context, "devices", "domain")) {
		read_controller(reader->input, names, values);
	} else if (g_str_equal(element, "input") && inside(context, "devices", "domain")) {
		reader->input->grabs |= is(names, values, "type", "evdev");
	} else if (g_str_equal(element, "qemu:arg")) {
		reader->input->grabs |= names_input_linux(attribute(names, values, "value"));
	} else if (g_str_equal(element, "source") && inside(context, "redirdev", "devices")) {
		read_source(reader, names, values);
	} else if (g_str_equal(element, "alias") && inside(context, "redirdev", "devices")) {
		reader->ours = is(names, values, "name", REDIRDEV_ALIAS);
	} else if (g_str_equal(element, "seclabel")) {
		reader->dac = is(names, values, "model", "dac");
	} else if (g_str_equal(element, "label") && inside(context, "seclabel", "domain")) {
		reader->label = reader->dac;
	}
}

static void on_end(GMarkupParseContext *context, const char *element, gpointer data, GError **error)
{
	Reader *reader = data;

	reader->label = FALSE;
	if (!g_str_equal(element, "redirdev") || !reader->ours)
		return;
	reader->input->attached = TRUE;
	reader->input->port = reader->port;
	reader->ours = FALSE;
}

/* "USER:GROUP" */
static void on_text(
	GMarkupParseContext *context, const char *text, gsize length, gpointer data, GError **error)
{
	Reader *reader = data;
	g_autofree char *label = g_strndup(text, length);

	if (!reader->label || reader->input->user != NULL)
		return;
	g_strstrip(label);
	reader->input->user = g_strndup(label, strcspn(label, ":"));
}

DomainInput *domain_input_parse(const char *domain, const char *xml, GError **error)
{
	static const GMarkupParser parser = {
		.start_element = on_start, .end_element = on_end, .text = on_text
	};
	g_autoptr(DomainInput) input = g_new0(DomainInput, 1);
	Reader reader = { .input = input };
	g_autoptr(GMarkupParseContext) context = NULL;
	g_autoptr(GError) local = NULL;

	context = g_markup_parse_context_new(&parser, G_MARKUP_DEFAULT_FLAGS, &reader, NULL);
	if (g_markup_parse_context_parse(context, xml, -1, &local) &&
		g_markup_parse_context_end_parse(context, &local))
		return g_steal_pointer(&input);
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT,
		"cannot read libvirt's description of the domain %s: %s", domain, local->message);
	return NULL;
}

void domain_input_free(DomainInput *input)
{
	if (input == NULL)
		return;
	g_free(input->user);
	g_free(input);
}

char *redirdev_xml(guint port)
{
	return g_strdup_printf("<redirdev bus='usb' type='tcp'>"
			       "<source mode='connect' host='" LOOPBACK "' service='%u'>"
			       "<reconnect enabled='yes' timeout='1'/></source>"
			       "<protocol type='raw'/><alias name='" REDIRDEV_ALIAS
			       "'/></redirdev>",
		port);
}
