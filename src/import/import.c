/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "import/import.h"

#include "common/input.h"

#include <stdlib.h>
#include <string.h>

#define FEATURE_INPUT  0x60
#define SOURCE_ADDRESS 0x51

/* The length of a note that quotes a file. */
enum { QUOTE_MAX = 200 };

static void display_free(gpointer data)
{
	g_free(((ImportDisplay *)data)->monitor);
	g_free(data);
}

static void command_free(gpointer data)
{
	g_free(((ImportCommand *)data)->run);
	g_free(data);
}

static void note_free(gpointer data)
{
	g_free(((ImportNote *)data)->text);
	g_free(data);
}

static void file_free(gpointer data)
{
	g_free(((ImportFile *)data)->path);
	g_free(data);
}

static Import *import_new(const char *program)
{
	Import *import = g_new0(Import, 1);

	import->program = program;
	import->displays = g_ptr_array_new_with_free_func(display_free);
	import->devices = g_ptr_array_new_with_free_func(g_free);
	import->commands = g_ptr_array_new_with_free_func(command_free);
	import->files = g_ptr_array_new_with_free_func(file_free);
	import->notes = g_ptr_array_new_with_free_func(note_free);
	return import;
}

void import_free(Import *import)
{
	if (import == NULL)
		return;
	g_free(import->uri);
	g_free(import->domain);
	g_ptr_array_unref(import->displays);
	g_ptr_array_unref(import->devices);
	g_ptr_array_unref(import->commands);
	g_ptr_array_unref(import->files);
	g_ptr_array_unref(import->notes);
	g_free(import);
}

/* -- notes --------------------------------------------------------------------------------------
 */

/* The file can contain any characters. */
static void add_note(Import *import, guint line, gboolean taken, char *text)
{
	ImportNote *note = g_new0(ImportNote, 1);

	for (char *c = text; *c != '\0'; c++)
		if (g_ascii_iscntrl(*c))
			*c = ' ';
	if (strlen(text) > QUOTE_MAX)
		text[QUOTE_MAX] = '\0';
	note->line = line;
	note->taken = taken;
	note->text = g_utf8_make_valid(text, -1);
	g_free(text);
	g_ptr_array_add(import->notes, note);
}

void import_take(Import *import, guint line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add_note(import, line, TRUE, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}

void import_leave(Import *import, guint line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add_note(import, line, FALSE, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}

/* -- what exists --------------------------------------------------------------------------------
 */

ImportDisplay *import_display(Import *import, char *monitor, int bus, guint line)
{
	ImportDisplay *display = g_new0(ImportDisplay, 1);

	display->monitor = monitor;
	display->bus = bus;
	display->feature = FEATURE_INPUT;
	display->source_address = SOURCE_ADDRESS;
	display->host = display->guest = -1;
	display->line = line;
	g_ptr_array_add(import->displays, display);
	return display;
}

void import_device(Import *import, guint line, int vendor, int product)
{
	ImportDevice *device;

	for (guint i = 0; i < import->devices->len; i++) {
		device = import->devices->pdata[i];
		if (device->vendor == vendor && device->product == product)
			return;
	}
	device = g_new0(ImportDevice, 1);
	device->vendor = vendor;
	device->product = product;
	g_ptr_array_add(import->devices, device);
	import_take(import, line, "device %04x:%04x", (guint)vendor, (guint)product);
}

void import_command(Import *import, guint line, gboolean host, const char *run)
{
	ImportCommand *command = g_new0(ImportCommand, 1);

	command->host = host;
	command->run = g_utf8_make_valid(run, -1);
	g_ptr_array_add(import->commands, command);
	import_take(import, line, "command of the %s: %s", host ? "host" : "guest", command->run);
}

static char *display_title(const ImportDisplay *display)
{
	if (display->monitor != NULL)
		return g_strdup_printf("monitor \"%s\"", display->monitor);
	return display->bus >= 0 ? g_strdup_printf("monitor on bus %d", display->bus)
				 : g_strdup("the monitor");
}

void import_finish_displays(Import *import)
{
	for (guint i = 0; i < import->displays->len;) {
		const ImportDisplay *display = import->displays->pdata[i];
		g_autofree char *title = display_title(display);

		if (display->host >= 0 && display->guest >= 0) {
			import_take(import, display->line, "%s: host 0x%02x, guest 0x%02x", title,
				(guint)display->host, (guint)display->guest);
			i++;
			continue;
		}
		import_leave(import, display->line, "%s: the %s input is missing", title,
			display->host < 0 && display->guest < 0 ? "host's and the guest's"
			: display->host < 0			? "host's"
								: "guest's");
		g_ptr_array_remove_index(import->displays, i);
	}
}

int import_input(const char *text)
{
	g_autofree char *lower = g_ascii_strdown(text, -1);
	guint64 number;

	g_strstrip(lower);
	if (g_str_has_prefix(lower, "0x"))
		return g_ascii_string_to_unsigned(lower + 2, 16, 0, 0xffff, &number, NULL)
			       ? (int)number
			       : -1;
	if (g_ascii_string_to_unsigned(lower, 10, 0, 0xffff, &number, NULL))
		return (int)number;
	return input_code(lower);
}

static int id_of(const char *element)
{
	guint64 number;

	return g_ascii_string_to_unsigned(element, 16, 0, 0xffff, &number, NULL) ? (int)number : -1;
}

/* The line of a position in a script, from 1. */
static guint line_at(const char *text, gsize place)
{
	guint line = 1;

	for (const char *c = text; c < text + place; c++)
		line += *c == '\n';
	return line;
}

/* In a script there can be backslashes before quotes and at the ends of lines. line of 0: text is a
 * script. Returns TRUE if there are any devices. */
static gboolean take_devices(Import *import, guint line, const char *text)
{
	g_autoptr(GRegex) regex = g_regex_new(
		"<vendor\\s+id=\\\\?['\"]0x([0-9a-f]{1,4})\\\\?['\"]\\s*/>(?:\\s|\\\\n?)*"
		"<product\\s+id=\\\\?['\"]0x([0-9a-f]{1,4})\\\\?['\"]",
		G_REGEX_CASELESS | G_REGEX_RAW, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	gboolean found = FALSE;

	for (g_regex_match(regex, text, 0, &match); g_match_info_matches(match);
		g_match_info_next(match, NULL)) {
		g_autofree char *vendor = g_match_info_fetch(match, 1);
		g_autofree char *product = g_match_info_fetch(match, 2);
		guint at = line;
		int begin;

		g_match_info_fetch_pos(match, 0, &begin, NULL);
		if (line == 0)
			at = line_at(text, (gsize)begin);
		import_device(import, at, id_of(vendor), id_of(product));
		found = TRUE;
	}
	return found;
}

void import_xml(Import *import, guint line, const char *path, const char *text)
{
	if (!take_devices(import, line, text))
		import_leave(import, line, "%s: no USB device with vendor and product", path);
}

void import_xml_within(Import *import, const char *script)
{
	take_devices(import, 0, script);
}

/* -- whose it is --------------------------------------------------------------------------------
 */

static gboolean has(const char *text, const char *pattern)
{
	return g_regex_match_simple(pattern, text, G_REGEX_MULTILINE | G_REGEX_RAW, 0);
}

static gboolean is_script(const char *path, const char *text)
{
	return g_str_has_prefix(text, "#!") || g_str_has_suffix(path, ".sh") ||
	       g_str_has_suffix(path, ".bash") || g_str_has_suffix(path, ".zsh");
}

static int compare(gconstpointer a, gconstpointer b)
{
	const ImportNote *x = *(ImportNote *const *)a, *y = *(ImportNote *const *)b;

	return x->line < y->line ? -1 : x->line > y->line;
}

void import_sort(Import *import)
{
	g_ptr_array_sort(import->notes, compare);
}

Import *import_read(const char *path, const char *text, gsize length)
{
	/* Text after a NUL is not from these programs. */
	g_autofree char *whole = g_strndup(text != NULL ? text : "", length);
	/* Editors on Windows write it at the beginning of a file. */
	const char *copy = whole + (g_str_has_prefix(whole, "\xef\xbb\xbf") ? 3 : 0);
	Import *import;

	if (is_script(path, copy)) {
		import = import_new("script");
		import_script(import, copy);
	} else if (has(copy, "^\\s*on_usb_(dis)?connect\\s*=") ||
		   has(copy, "^\\s*usb_device\\s*=")) {
		import = import_new("display-switch");
		import_display_switch(import, copy);
	} else if (has(copy, "^screens\\s*:") || has(copy, "^[-\\s]*(guest|host)_source\\s*:")) {
		import = import_new("screenstub");
		import_screenstub(import, copy, strlen(copy));
	} else {
		return NULL;
	}
	import_finish_displays(import);
	import_sort(import);
	return import;
}
