/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup/from.h"

#include "common/resource.h"

#include <sys/stat.h>

#define GUEST_NAME "guest"
/* As that of a config; a script or a device's XML has a hundredth of it. */
#define FILE_MAX (1024 * 1024)
/* of a command, in ms: hotseat.yaml(5) */
#define TIMEOUT_DEFAULT 10000

static char *read_file(const char *path, gsize *length)
{
	struct stat st;
	char *text;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= FILE_MAX &&
			       g_file_get_contents(path, &text, length, NULL)
		       ? text
		       : NULL;
}

/* Beside the script, if the path is relative. */
static void read_named(Import *import, const char *script, const ImportFile *file)
{
	g_autofree char *folder = g_path_get_dirname(script);
	g_autofree char *path = g_canonicalize_filename(file->path, folder);
	g_autofree char *text = NULL;
	gsize length;

	text = read_file(path, &length);
	if (text != NULL)
		import_xml(import, file->line, file->path, text);
	else
		import_leave(import, file->line, "%s cannot be read", file->path);
}

Import *from_read(const char *path)
{
	gsize length;
	g_autofree char *text = read_file(path, &length);
	Import *import = text != NULL ? import_read(path, text, length) : NULL;

	for (guint i = 0; import != NULL && i < import->files->len; i++)
		read_named(import, path, import->files->pdata[i]);
	if (import != NULL)
		import_sort(import);
	return import;
}

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
	draft_set_input(display, GUEST_NAME, (guint16)from->guest, -1);
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

	command->target = g_strdup(from->host ? TARGET_HOST : GUEST_NAME);
	command->label = g_strdup(from->run);
	command->argv = g_strdupv((char **)argv);
	command->timeout_ms = TIMEOUT_DEFAULT;
	g_ptr_array_add(draft->config->commands, command);
}

static Draft *make_draft(const Import *import)
{
	Draft *draft = draft_new();

	if (import->uri != NULL && draft_can_say(import->uri)) {
		g_free(draft->config->libvirt_uri);
		draft->config->libvirt_uri = g_strdup(import->uri);
	}
	if (import->domain != NULL && draft_can_say(import->domain))
		draft_add_guest(draft, GUEST_NAME, import->domain);
	for (guint i = 0; i < import->displays->len; i++)
		add_display(draft, import->displays->pdata[i]);
	for (guint i = 0; i < import->devices->len; i++)
		add_device(draft, import->devices->pdata[i]);
	for (guint i = 0; i < import->commands->len; i++)
		if (draft_can_say(((ImportCommand *)import->commands->pdata[i])->run))
			add_command(draft, import->commands->pdata[i]);
	return draft;
}

void from_start(Interview *interview, const char *path, const Import *import)
{
	talk_say(interview->talk, "Starting from %s (%s). Line by line:", path, import->program);
	for (guint i = 0; i < import->notes->len; i++) {
		const ImportNote *note = import->notes->pdata[i];

		talk_say(interview->talk, "  %u: %s: %s", note->line,
			note->taken ? "taken" : "left out", note->text);
	}
	if (import->notes->len == 0)
		talk_say(interview->talk, "  it contains nothing that hotseat understands");
	draft_free(interview->draft);
	interview->draft = make_draft(import);
}
