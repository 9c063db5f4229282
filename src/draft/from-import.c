/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/resource.h"
#include "draft/draft.h"

static void add_display(Draft *draft, const ImportDisplay *from)
{
	g_autofree char *name = from->monitor != NULL ? g_strdup(from->monitor)
						      : g_strdup_printf("display %u",
								draft->config->displays->len + 1);
	ConfigDisplay *display = draft_add_display(draft, name);

	display->match.monitor = g_strdup(from->monitor);
	display->match.bus = from->monitor == NULL ? from->bus : -1;
	display->feature.code = from->feature;
	display->feature.source_address = from->source_address;
	draft_set_input(display, TARGET_HOST, (guint16)from->host, -1);
	draft_set_input(display, DRAFT_ONLY_GUEST, (guint16)from->guest, -1);
}

static void add_device(Draft *draft, const ImportDevice *from)
{
	g_autofree char *name =
		g_strdup_printf("%04x:%04x", (guint)from->vendor, (guint)from->product);
	ConfigDevice *device = draft_add_device(draft, name);

	device->vendor = from->vendor;
	device->product = from->product;
}

static void add_command(Draft *draft, const ImportCommand *from)
{
	const char *const argv[] = { "/bin/sh", "-c", from->run, NULL };
	ConfigCommand *command = g_new0(ConfigCommand, 1);

	command->target = g_strdup(from->host ? TARGET_HOST : DRAFT_ONLY_GUEST);
	command->label = g_strdup(from->run);
	command->argv = g_strdupv((char **)argv);
	command->timeout_ms = DRAFT_TIMEOUT_MS;
	g_ptr_array_add(draft->config->commands, command);
}

Draft *draft_from_import(const Import *import)
{
	Draft *draft = draft_new();

	if (import->uri != NULL && draft_can_say(import->uri)) {
		g_free(draft->config->libvirt_uri);
		draft->config->libvirt_uri = g_strdup(import->uri);
	}
	if (import->domain != NULL && draft_can_say(import->domain))
		draft_add_guest(draft, DRAFT_ONLY_GUEST, import->domain);
	for (guint i = 0; i < import->displays->len; i++)
		add_display(draft, import->displays->pdata[i]);
	for (guint i = 0; i < import->devices->len; i++)
		add_device(draft, import->devices->pdata[i]);
	for (guint i = 0; i < import->commands->len; i++)
		if (draft_can_say(((ImportCommand *)import->commands->pdata[i])->run))
			add_command(draft, import->commands->pdata[i]);
	return draft;
}
