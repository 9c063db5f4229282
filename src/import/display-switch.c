/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * display-switch.ini: on_usb_connect is the input of the computer with this file, and
 * on_usb_disconnect that of the other computer. A section [monitorN] describes a monitor, and its
 * different values.
 */
#include "import/import.h"

#include <string.h>

typedef struct {
	Import *import;
	ImportDisplay everywhere; /* the values outside the sections */
	ImportDisplay *display;	  /* the name of the section; NULL: outside the sections */
	guint sections;
} Ini;

/* Is there nothing but a comment behind it? */
static gboolean is_end(const char *text)
{
	text += strspn(text, " \t");
	return *text == '\0' || *text == '#' || *text == ';';
}

/* The quote that closes the value; NULL: the value is not in quotes. A comment can contain quotes,
 * too. */
static char *closing_quote(char *value)
{
	if (*value != '"' && *value != '\'')
		return NULL;
	for (char *at = strchr(value + 1, *value); at != NULL; at = strchr(at + 1, *value))
		if (is_end(at + 1))
			return at;
	return NULL;
}

/* The value without its quotes, spaces, and a comment behind it. */
static char *value_of(const char *text)
{
	char *value = g_strstrip(g_strdup(text));
	char *close = closing_quote(value);

	if (close != NULL) {
		*close = '\0';
		memmove(value, value + 1, strlen(value));
		return value;
	}
	for (char *at = value; *at != '\0'; at++)
		if ((*at == '#' || *at == ';') && at > value && g_ascii_isspace(at[-1])) {
			*at = '\0';
			break;
		}
	return g_strchomp(value);
}

static void read_input(Ini *ini, guint line, gboolean host, const char *value)
{
	ImportDisplay *display = ini->display != NULL ? ini->display : &ini->everywhere;
	int code = import_input(value);

	if (code < 0)
		import_leave(ini->import, line, "%s: no name or number of an input", value);
	else if (host)
		display->host = code;
	else
		display->guest = code;
	if (code >= 0 && display->line == 0)
		display->line = line;
}

static void read_key(Ini *ini, guint line, const char *key, const char *value)
{
	if (strcmp(key, "on_usb_connect") == 0 || strcmp(key, "monitor_input") == 0) {
		read_input(ini, line, TRUE, value);
	} else if (strcmp(key, "on_usb_disconnect") == 0) {
		read_input(ini, line, FALSE, value);
	} else if (strcmp(key, "on_usb_connect_execute") == 0) {
		import_command(ini->import, line, TRUE, value);
	} else if (strcmp(key, "on_usb_disconnect_execute") == 0) {
		import_command(ini->import, line, FALSE, value);
	} else if (strcmp(key, "monitor_id") == 0 && ini->display != NULL && *value != '\0') {
		g_free(ini->display->monitor);
		ini->display->monitor = g_utf8_make_valid(value, -1);
	} else if (strcmp(key, "usb_device") == 0) {
		import_leave(ini->import, line,
			"usb_device %s: hotseat needs no USB switch; it moves the devices itself",
			value);
	} else {
		import_leave(ini->import, line, "%s: hotseat has no equivalent", key);
	}
}

static void begin_section(Ini *ini, guint line, const char *name)
{
	name += 1 + strspn(name + 1, " \t");
	if (g_ascii_strncasecmp(name, "monitor", strlen("monitor")) == 0) {
		ini->display = import_display(ini->import, NULL, -1, line);
		ini->sections++;
	} else {
		ini->display = NULL;
	}
}

static void read_line(Ini *ini, guint line, char *text)
{
	char *equals;

	g_strstrip(text);
	if (*text == '\0' || *text == '#' || *text == ';')
		return;
	if (*text == '[') {
		begin_section(ini, line, text);
		return;
	}
	equals = strchr(text, '=');
	if (equals == NULL) {
		import_leave(ini->import, line, "%s: no \"key = value\"", text);
	} else {
		g_autofree char *key = g_strstrip(g_ascii_strdown(text, equals - text));
		g_autofree char *value = value_of(equals + 1);

		read_key(ini, line, key, value);
	}
}

/* A section without an input uses the input for all monitors. */
static void inherit(Ini *ini)
{
	const GPtrArray *displays = ini->import->displays;

	for (guint i = 0; i < displays->len; i++) {
		ImportDisplay *display = displays->pdata[i];

		if (display->host < 0)
			display->host = ini->everywhere.host;
		if (display->guest < 0)
			display->guest = ini->everywhere.guest;
	}
	if (ini->sections == 0 && ini->everywhere.line != 0) {
		ImportDisplay *display =
			import_display(ini->import, NULL, -1, ini->everywhere.line);

		display->host = ini->everywhere.host;
		display->guest = ini->everywhere.guest;
	}
}

void import_display_switch(Import *import, const char *text)
{
	Ini ini = { .import = import, .everywhere = { .host = -1, .guest = -1 } };
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (guint i = 0; lines[i] != NULL; i++)
		read_line(&ini, i + 1, lines[i]);
	inherit(&ini);
}
