/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draft/draft.h"

#include <string.h>

/* The draft can be written to another path. */
static void make_absolute(ConfigFile *file)
{
	char *path = file->path != NULL ? g_canonicalize_filename(file->path, NULL) : NULL;

	g_free(file->path);
	file->path = path;
}

Draft *draft_take(Config *config)
{
	Draft *draft = g_new0(Draft, 1);

	draft->config = config;
	make_absolute(&config->http_certificate);
	make_absolute(&config->http_key);
	draft->notes = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	return draft;
}

Draft *draft_new(void)
{
	return draft_take(config_new(""));
}

void draft_free(Draft *draft)
{
	if (draft == NULL)
		return;
	config_free(draft->config);
	g_hash_table_unref(draft->notes);
	g_free(draft);
}

/* offset: where the items have their name. */
static gboolean has_name(const GPtrArray *items, gsize offset, const char *name)
{
	for (guint i = 0; i < items->len; i++)
		if (g_strcmp0(*(char **)((char *)items->pdata[i] + offset), name) == 0)
			return TRUE;
	return FALSE;
}

static char *unique_name(const GPtrArray *items, gsize offset, const char *base)
{
	char *name = g_strdup(base);

	for (guint n = 2; has_name(items, offset, name); n++) {
		g_free(name);
		name = g_strdup_printf("%s (%u)", base, n);
	}
	return name;
}

ConfigGuest *draft_add_guest(Draft *draft, const char *name, const char *domain)
{
	GPtrArray *guests = draft->config->guests;
	ConfigGuest *guest = g_new0(ConfigGuest, 1);

	guest->name = unique_name(guests, offsetof(ConfigGuest, name), name);
	guest->domain = g_strdup(domain);
	g_ptr_array_add(guests, guest);
	return guest;
}

const char *draft_uri(const Draft *draft)
{
	return draft->config->libvirt_uri != NULL ? draft->config->libvirt_uri : CONFIG_URI_DEFAULT;
}

ConfigDisplay *draft_add_display(Draft *draft, const char *name)
{
	GPtrArray *displays = draft->config->displays;
	ConfigDisplay *display = g_new0(ConfigDisplay, 1);

	display->name = unique_name(displays, offsetof(ConfigDisplay, name), name);
	display->match.bus = -1;
	display->feature = VCP_FEATURE_INPUT;
	display->inputs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_ptr_array_add(displays, display);
	return display;
}

ConfigDevice *draft_add_device(Draft *draft, const char *name)
{
	GPtrArray *devices = draft->config->devices;
	ConfigDevice *device = g_new0(ConfigDevice, 1);

	device->name = unique_name(devices, offsetof(ConfigDevice, name), name);
	device->vendor = device->product = -1;
	g_ptr_array_add(devices, device);
	return device;
}

/* See check.c in src/config. */
void draft_name_display(Draft *draft, ConfigDisplay *display, const char *name)
{
	if (!g_regex_match_simple("^display [0-9]+( \\([0-9]+\\))?$", display->name, 0, 0))
		return;
	g_clear_pointer(&display->name, g_free);
	display->name = unique_name(draft->config->displays, offsetof(ConfigDisplay, name), name);
}

void draft_add_hotkey(Draft *draft, HotkeyAction action, const char *keys)
{
	ConfigHotkey *hotkey = g_new0(ConfigHotkey, 1);

	hotkey->action = action;
	hotkey->keys = g_strdup(keys);
	g_ptr_array_add(draft->config->hotkeys, hotkey);
}

void draft_name_device(Draft *draft, ConfigDevice *device, const char *name)
{
	g_autofree char *id =
		g_strdup_printf("%04x:%04x", (guint)device->vendor, (guint)device->product);

	if (!g_str_has_prefix(device->name, id) &&
		!g_regex_match_simple("^device [0-9]+$", device->name, 0, 0))
		return;
	g_clear_pointer(&device->name, g_free);
	device->name = unique_name(draft->config->devices, offsetof(ConfigDevice, name), name);
}

void draft_set_input(ConfigDisplay *display, const char *target, guint16 value, int reads_as)
{
	ConfigInput *input = g_new0(ConfigInput, 1);

	input->value = value;
	input->reads_as = reads_as;
	g_hash_table_insert(display->inputs, g_strdup(target), input);
}

const ConfigInput *draft_input(const ConfigDisplay *display, const char *target)
{
	return g_hash_table_lookup(display->inputs, target);
}

void draft_note(Draft *draft, gconstpointer item, const char *format, ...)
{
	const char *before = g_hash_table_lookup(draft->notes, item);
	g_autofree char *line = NULL;
	va_list args;

	va_start(args, format);
	line = g_strdup_vprintf(format, args);
	va_end(args);
	g_hash_table_insert(draft->notes, (gpointer)item,
		before != NULL ? g_strconcat(before, "\n", line, NULL) : g_strdup(line));
}

void draft_forget_notes(Draft *draft, gconstpointer item)
{
	g_hash_table_remove(draft->notes, item);
}

gboolean draft_can_say(const char *text)
{
	if (text == NULL || *text == '\0' || !g_utf8_validate(text, -1, NULL))
		return FALSE;
	for (; *text != '\0'; text = g_utf8_next_char(text))
		if (g_unichar_iscntrl(g_utf8_get_char(text)))
			return FALSE;
	return TRUE;
}
