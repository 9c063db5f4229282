/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ddcutil and virsh commands in shell scripts.
 */
#include "import/script-private.h"

#include <string.h>

#define LG_FEATURE 0xf4

void script_set_free(gpointer data)
{
	Set *set = data;

	g_free(set->which);
	g_free(set->monitor);
	g_free(set);
}

static gboolean read_number(const char *text, int base, int max, int *out)
{
	guint64 number;

	if (g_ascii_strncasecmp(text, "0x", 2) == 0) {
		text += 2;
		base = 16;
	} else if (*text == 'x' || *text == 'X') {
		text++;
		base = 16;
	}
	if (!g_ascii_string_to_unsigned(text, (guint)base, 0, (guint64)max, &number, NULL))
		return FALSE;
	*out = (int)number;
	return TRUE;
}

/* The value of an option in words[i], which is "--bus 4", "--bus=4" or "-b4"; NULL: it is another
 * option. */
static const char *option(GStrv words, guint *i, const char *name)
{
	gsize length = strlen(name);

	if (strncmp(words[*i], name, length) != 0)
		return NULL;
	if (words[*i][length] == '=')
		return words[*i] + length + 1;
	if (name[1] != '-' && words[*i][length] != '\0')
		return words[*i] + length;
	return words[*i][length] == '\0' && words[*i + 1] != NULL ? words[++*i] : NULL;
}

static void add_word(Set *set, const char *text)
{
	char *longer = set->monitor != NULL ? g_strdup_printf("%s %s", set->monitor, text)
					    : g_strdup(text);

	g_free(set->monitor);
	set->monitor = longer;
}

/* Returns FALSE if the option does not say which monitor is meant. */
static gboolean read_which(Set *set, GStrv words, guint *i)
{
	static const char *const names[] = { "--sn", "-n", "--mfg", "-g", "--model", "-l" };
	/* options with a value that is not needed here */
	static const char *const others[] = { "--edid", "-e", "--sleep-multiplier", "--maxtries",
		"--mccs", "--usb", "--hiddev", "--min-dynamic-multiplier",
		"--i2c-bus-checks-async-min" };
	const char *value;
	int number;

	for (gsize k = 0; k < G_N_ELEMENTS(names); k++)
		if ((value = option(words, i, names[k])) != NULL) {
			add_word(set, value);
			return TRUE;
		}
	if ((value = option(words, i, "--bus")) != NULL ||
		(value = option(words, i, "-b")) != NULL) {
		read_number(value, 10, 1048575, &set->bus);
		return TRUE;
	}
	if ((value = option(words, i, "--i2c-source-addr")) != NULL) {
		if (read_number(value, 16, 0xff, &number))
			set->source_address = (guint8)number;
		return TRUE;
	}
	if ((value = option(words, i, "--display")) != NULL ||
		(value = option(words, i, "-d")) != NULL) {
		read_number(value, 10, G_MAXINT, &set->number);
		return TRUE;
	}
	for (gsize k = 0; k < G_N_ELEMENTS(others); k++)
		if (option(words, i, others[k]) != NULL)
			return TRUE;
	return FALSE;
}

/* Does it select the input that the monitor shows? Takes ownership of set. */
static gboolean add_set(Script *script, Set *set, const char *feature, const char *value)
{
	int number = -1;

	if (!read_number(feature, 16, 0xff, &number) || (number != 0x60 && number != LG_FEATURE) ||
		!read_number(value, 10, 0xffff, &set->value)) {
		script_set_free(set);
		return FALSE;
	}
	set->feature = (guint8)number;
	set->which = g_strdup_printf("%s/%d/%d/%u", set->monitor != NULL ? set->monitor : "",
		set->bus, set->number, set->feature);
	set->side = script->guard;
	g_ptr_array_add(script->sets, set);
	return TRUE;
}

static Set *set_copy(const Set *set)
{
	Set *copy = g_memdup2(set, sizeof *set);

	copy->monitor = g_strdup(set->monitor);
	return copy;
}

/* The words behind setvcp: FEATURE VALUE, once for each setting. */
static void read_settings(Script *script, guint line, const Set *set, const GPtrArray *words)
{
	gboolean found = FALSE;

	for (guint i = 0; i + 1 < words->len; i += 2)
		found |= add_set(script, set_copy(set), words->pdata[i], words->pdata[i + 1]);
	if (!found)
		import_leave(script->import, line, "ddcutil setvcp %s %s: no input as a number",
			words->len > 0 ? (const char *)words->pdata[0] : "",
			words->len > 1 ? (const char *)words->pdata[1] : "");
}

static void read_ddcutil(Script *script, guint line, GStrv words)
{
	g_autoptr(GPtrArray) settings = g_ptr_array_new();
	Set set = { .line = line, .bus = -1, .number = -1, .source_address = 0x51 };
	gboolean writes = FALSE;

	for (guint i = 1; words[i] != NULL; i++) {
		if (read_which(&set, words, &i) || *words[i] == '-')
			continue;
		if (strcmp(words[i], "setvcp") == 0)
			writes = TRUE;
		else if (strcmp(words[i], "+") != 0)
			g_ptr_array_add(settings, words[i]);
	}
	if (writes)
		read_settings(script, line, &set, settings);
	script->known |= writes;
	g_free(set.monitor);
}

/* The first value counts. Returns FALSE if there was one already, or if it is not literal. */
static gboolean keep(char **member, const char *value)
{
	if (*member != NULL || *value == '\0' || strchr(value, '$') != NULL)
		return FALSE;
	*member = g_utf8_make_valid(value, -1);
	return TRUE;
}

static void add_file(Script *script, guint line, const char *path)
{
	ImportFile *file;

	for (guint i = 0; i < script->import->files->len; i++)
		if (g_str_equal(((ImportFile *)script->import->files->pdata[i])->path, path))
			return;
	file = g_new0(ImportFile, 1);
	file->line = line;
	file->path = g_strdup(path);
	g_ptr_array_add(script->import->files, file);
}

/* The usb-host devices that QEMU's monitor adds or removes. */
static void read_monitor_command(Script *script, guint line, const char *command)
{
	GRegex *regex = script_pattern(script,
		"vendorid\\W{1,4}0x([0-9a-f]{1,4})\\b.*productid\\W{1,4}0x([0-9a-f]{1,4})\\b",
		G_REGEX_CASELESS);
	g_autoptr(GMatchInfo) match = NULL;

	if (strstr(command, "device_add") != NULL)
		script->side |= 1U << SIDE_GUEST;
	else if (strstr(command, "device_del") != NULL)
		script->side |= 1U << SIDE_HOST;
	else
		return;
	script->known = TRUE;
	if (g_regex_match(regex, command, 0, &match)) {
		g_autofree char *vendor = g_match_info_fetch(match, 1);
		g_autofree char *product = g_match_info_fetch(match, 2);

		import_device(script->import, line, (int)g_ascii_strtoull(vendor, NULL, 16),
			(int)g_ascii_strtoull(product, NULL, 16));
	}
}

static void note_move(Script *script, guint line, gboolean attaches, const char *domain)
{
	script->side |= 1U << (attaches ? SIDE_GUEST : SIDE_HOST);
	script->known = TRUE;
	if (domain != NULL && keep(&script->import->domain, domain))
		import_take(script->import, line, "domain %s", script->import->domain);
}

/* The first word that is not an option is the domain, and the second is the file. */
static void read_virsh(Script *script, guint line, GStrv words)
{
	const char *value, *domain = NULL, *file = NULL;
	gboolean attaches = FALSE, moves = FALSE;

	for (guint i = 1; words[i] != NULL; i++) {
		if ((value = option(words, &i, "-c")) != NULL ||
			(value = option(words, &i, "--connect")) != NULL) {
			keep(&script->import->uri, value);
		} else if ((value = option(words, &i, "--domain")) != NULL) {
			domain = value;
		} else if ((value = option(words, &i, "--file")) != NULL) {
			file = value;
		} else if (strcmp(words[i], "qemu-monitor-command") == 0 && words[i + 1] != NULL) {
			g_autofree char *command = g_strjoinv(" ", words + i + 1);

			read_monitor_command(script, line, command);
			return;
		} else if (strcmp(words[i], "attach-device") == 0 ||
			   strcmp(words[i], "detach-device") == 0) {
			moves = TRUE;
			attaches = *words[i] == 'a';
		} else if (moves && *words[i] != '-') {
			*(domain == NULL ? &domain : &file) = words[i];
		}
	}
	if (!moves)
		return;
	note_move(script, line, attaches, domain);
	if (file == NULL || strcmp(file, "/dev/stdin") == 0 || strcmp(file, "-") == 0)
		return;
	if (strchr(file, '$') != NULL)
		import_leave(script->import, line, "%s: the file's name is not literal", file);
	else
		add_file(script, line, file);
}

/* -- where they are --------------------------------------------------------------------------- */

/* Every command of that name in text: at its beginning, in $(...) or `...`, and in the argument of
 * sh -c and su -c; not in text that is only printed. */
static void read_each(Script *script, guint line, const char *text, const char *name,
	void (*read)(Script *script, guint line, GStrv words))
{
	gboolean runs_text = g_regex_match(
		script_pattern(script, "\\s-l?c\\b|\\bssh\\b|\\beval\\b", 0), text, 0, NULL);
	gboolean prints = g_regex_match(
		script_pattern(script, "^(echo|printf|logger|:)(\\s|$)", 0), text, 0, NULL);
	char quote = '\0';

	for (const char *at = text; *at != '\0'; at++) {
		gboolean begins = at == text || strchr(" \t\n(`/", at[-1]) != NULL ||
				  (at[-1] == quote && quote != '\0');
		gboolean inside = (prints || (quote != '\0' && !runs_text)) &&
				  (at == text || strchr("(`", at[-1]) == NULL);

		if (*at == '\\' && at[1] != '\0' && quote != '\'')
			at++;
		else if (quote == '\0' && (*at == '"' || *at == '\''))
			quote = *at;
		else if (*at == quote)
			quote = '\0';
		else if (begins && !inside && g_str_has_prefix(at, name) &&
			 strchr(" \t", at[strlen(name)]) != NULL && at[strlen(name)] != '\0') {
			g_auto(GStrv) words = script_words(script, at);

			read(script, line, words);
		}
	}
}

void script_read_commands(Script *script, guint line, const char *text)
{
	read_each(script, line, text, "ddcutil", read_ddcutil);
	read_each(script, line, text, "virsh", read_virsh);
}
