/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kit/kit.h"

#include "common/command.h"
#include "common/error.h"
#include "common/wipe.h"
#include "config/file.h"
#include "kit/guest-kit-resource.h"
#include "kit/template.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define TEMPLATES "/hotseat/guest-kit/"
#define BODY	  "{\"to\":\"host\"}"

typedef struct {
	const char *name, *about;
	const char *plain, *tls; /* templates; NULL: the kit does not have the file in this case */
	Quote quote;
	guint mode;
	gboolean crlf; /* Windows reads it */
} Entry;

#define BOTH(template) template, template

static const Entry entries[] = {
	{ "README.txt", "begin here", BOTH("README.txt.in"), quote_line, 0600, TRUE },
	{ KIT_AGENT, "the program for Windows: start it", NULL, NULL, quote_none, 0700, FALSE },
	{ "hotseat-agent.ini", "settings for hotseat-agent.exe, the Windows agent",
		BOTH("hotseat-agent.ini.in"), quote_line, 0600, TRUE },
	{ "switch-to-host.ahk", "for AutoHotkey v2: Win+Shift+/", "switch-to-host.ahk.in",
		"switch-to-host-tls.ahk.in", quote_ahk_v2, 0600, TRUE },
	{ "switch-to-host-v1.ahk", "for AutoHotkey v1.1: Win+Shift+/", "switch-to-host-v1.ahk.in",
		"switch-to-host-v1-tls.ahk.in", quote_ahk_v1, 0600, TRUE },
	{ "Install-Shortcut.cmd", "for plain Windows: creates a shortcut with Ctrl+Alt+H",
		BOTH("Install-Shortcut.cmd.in"), quote_none, 0600, TRUE },
	{ "Switch-ToHost.ps1", "what the shortcut starts", BOTH("Switch-ToHost.ps1.in"),
		quote_powershell, 0600, TRUE },
	{ "switch-to-host", "for Linux, with curl", BOTH("switch-to-host.in"), g_shell_quote, 0700,
		FALSE },
	{ "secret", "the secret, for hotseat switch --url", BOTH("secret.in"), quote_line, 0600,
		FALSE },
	{ "hotseat.crt", "the certificate, whose fingerprint is in the other files", NULL,
		"hotseat.crt.in", quote_none, 0600, FALSE },
};

/* -- what is in it ---------------------------------------------------------------------------- */

/* The fingerprint in .NET's format. Free with g_free(). */
static char *without_colons(const char *fingerprint)
{
	g_auto(GStrv) parts = g_strsplit(fingerprint, ":", -1);

	return g_strjoinv(NULL, parts);
}

static char *read_template(const char *name)
{
	g_autofree char *path = g_strconcat(TEMPLATES, name, NULL);
	g_autoptr(GBytes) bytes = g_resource_lookup_data(
		guest_kit_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);

	return g_strndup(data, size);
}

static KitFile *fill(const Entry *entry, const char *template, const TemplateValue *values)
{
	KitFile *file = g_new0(KitFile, 1);
	g_autofree char *text = read_template(template);
	WIPED char *filled = template_fill(text, values, entry->quote);

	file->name = entry->name;
	file->about = entry->about;
	file->mode = entry->mode;
	file->text = entry->crlf ? template_crlf(filled) : g_steal_pointer(&filled);
	file->length = strlen(file->text);
	return file;
}

static KitFile *copy(const Entry *entry, GBytes *bytes)
{
	KitFile *file = g_new0(KitFile, 1);
	const char *data = g_bytes_get_data(bytes, &file->length);

	file->name = entry->name;
	file->about = entry->about;
	file->mode = entry->mode;
	file->text = g_malloc(file->length + 1);
	memcpy(file->text, data, file->length);
	file->text[file->length] = '\0';
	return file;
}

static void file_free(gpointer data)
{
	KitFile *file = data;

	wipe_free(file->text);
	g_free(file);
}

static const char *or_nothing(const char *text)
{
	return text != NULL ? text : "";
}

GPtrArray *kit_files(const KitFacts *facts)
{
	GPtrArray *files = g_ptr_array_new_with_free_func(file_free);
	g_autofree char *switch_url = g_strconcat(facts->url, "/switch", NULL);
	g_autofree char *pin = without_colons(or_nothing(facts->fingerprint));
	g_autofree char *option = facts->fingerprint != NULL
					  ? g_strconcat(" --fingerprint ", facts->fingerprint, NULL)
					  : g_strdup("");
	/* in README.txt it is also a word of a command line */
	g_autofree char *line = quote_line(facts->guest), *word = command_word(line);
	const TemplateValue values[] = {
		{ "url", facts->url },
		{ "switch_url", switch_url },
		{ "secret", facts->secret },
		{ "body", BODY },
		{ "guest", facts->guest },
		{ "guest_word", word },
		{ "agent", facts->agent != NULL ? "start this"
						: "not in here: copy it into this folder "
						  "(docs/windows-agent.md of hotseat)" },
		{ "certificate", or_nothing(facts->certificate) },
		{ "fingerprint", or_nothing(facts->fingerprint) },
		{ "fingerprint_option", option },
		{ "pin", pin },
		{ "key_pin", or_nothing(facts->key_pin) },
		{ .name = NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(entries); i++) {
		const Entry *entry = &entries[i];
		const char *template = facts->certificate != NULL ? entry->tls : entry->plain;

		if (template != NULL)
			g_ptr_array_add(files, fill(entry, template, values));
		else if (facts->agent != NULL && g_str_equal(entry->name, KIT_AGENT))
			g_ptr_array_add(files, copy(entry, facts->agent));
	}
	return files;
}

/* -- where it goes ---------------------------------------------------------------------------- */

/* A user may have copied the program there, so it neither prevents a kit nor is removed. */
static gboolean is_program(const char *name)
{
	return g_str_equal(name, KIT_AGENT);
}

gboolean kit_check(const char *folder, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(entries); i++) {
		g_autofree char *path = g_build_filename(folder, entries[i].name, NULL);

		if (is_program(entries[i].name) ||
			!g_file_test(path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
			continue;
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"%s already exists; use another folder, or --replace", path);
		return FALSE;
	}
	return TRUE;
}

static gboolean make_folder(const char *folder, const struct stat *owner, GError **error)
{
	int code =
		g_file_test(folder, G_FILE_TEST_IS_DIR) ? 0 : file_make_folder(folder, 0700, owner);

	if (code != 0)
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"cannot create the folder %s: %s; use another one", folder,
			g_strerror(code));
	return code == 0;
}

static gboolean has(const GPtrArray *files, const char *name)
{
	for (guint i = 0; i < files->len; i++)
		if (g_str_equal(((KitFile *)files->pdata[i])->name, name))
			return TRUE;
	return FALSE;
}

/* A certificate that no file of the kit uses would be misleading. */
static void remove_others(const char *folder, const GPtrArray *files)
{
	for (gsize i = 0; i < G_N_ELEMENTS(entries); i++) {
		g_autofree char *path = g_build_filename(folder, entries[i].name, NULL);

		if (!has(files, entries[i].name) && !is_program(entries[i].name))
			file_remove(path);
	}
}

/* Removes the first count files, because an incomplete kit would prevent the next one. */
static void take_back(const char *folder, const GPtrArray *files, guint count)
{
	for (guint i = 0; i < count; i++) {
		const KitFile *file = files->pdata[i];
		g_autofree char *path = g_build_filename(folder, file->name, NULL);

		file_remove(path);
	}
}

gboolean kit_write(const char *folder, const GPtrArray *files, gboolean replace,
	const struct stat *owner, GError **error)
{
	if ((!replace && !kit_check(folder, error)) || !make_folder(folder, owner, error))
		return FALSE;
	for (guint i = 0; i < files->len; i++) {
		const KitFile *file = files->pdata[i];
		g_autofree char *path = g_build_filename(folder, file->name, NULL);

		if (!file_write_bytes(
			    path, file->text, file->length, file->mode, owner, replace, error)) {
			take_back(folder, files, replace ? 0 : i);
			return FALSE;
		}
	}
	if (replace)
		remove_others(folder, files);
	return TRUE;
}
