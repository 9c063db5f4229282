/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shell scripts: lines with ddcutil setvcp and with virsh attach-device or detach-device. The
 * target of a monitor's input follows from the other commands in the same branch: devices are
 * attached on the way to the guest, and detached on the way back; otherwise from the words of the
 * branch.
 */
#include "import/import.h"

#include <string.h>

#define LG_FEATURE 0xf4

typedef enum {
	SIDE_NONE,
	SIDE_HOST,
	SIDE_GUEST,
} Side;

/* An input that a line sets; whose it is, is known at the end of its branch. */
typedef struct {
	guint line;
	char *which; /* as ddcutil is told; "" : nothing */
	char *monitor;
	int bus, value;
	int number; /* of ddcutil's --display; -1: nothing */
	guint8 feature, source_address;
	Side side;
} Set;

typedef struct {
	Import *import;
	GHashTable *variables; /* of the script, whose values are literal */
	GPtrArray *sets;       /* Set * */
	guint branch;	       /* index of the branch's first set */
	guint side;	       /* bits: what its devices say, 1 << SIDE_... */
	guint words;	       /* the same for the words that begin it */
	gboolean known;	       /* something was made of the line, or said of it */
} Script;

static void set_free(gpointer data)
{
	Set *set = data;

	g_free(set->which);
	g_free(set->monitor);
	g_free(set);
}

/* -- words --------------------------------------------------------------------------------------
 */

static void append_variable(const Script *script, const char **at, GString *out)
{
	const char *name = *at + 1;
	gboolean braces = *name == '{';
	gsize length;
	g_autofree char *key = NULL;
	const char *value;

	name += braces ? 1 : 0;
	length = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
	key = g_strndup(name, length);
	value = g_hash_table_lookup(script->variables, key);
	g_string_append(out, value != NULL ? value : "$");
	if (value == NULL)
		g_string_append(out, key);
	*at = name + length;
	if (braces && **at == '}')
		(*at)++;
}

/* Does a backslash say that the next character is no more than itself? */
static gboolean is_escape(const char *at, char quote)
{
	if (*at != '\\' || at[1] == '\0' || quote == '\'')
		return FALSE;
	return quote == '\0' || strchr("\"\\$`", at[1]) != NULL;
}

/* One word from *at, without its quotes; NULL: the command is at its end. */
static char *next_word(const Script *script, const char **at)
{
	GString *word = g_string_new(NULL);
	gboolean begun = FALSE;
	char quote = '\0';

	*at += strspn(*at, " \t");
	while (**at != '\0' && (quote != '\0' || strchr(" \t;|&()#<>`", **at) == NULL)) {
		char c = **at;

		begun = TRUE;
		if (quote == '\0' && (c == '"' || c == '\'')) {
			quote = c;
			(*at)++;
		} else if (c == quote) {
			quote = '\0';
			(*at)++;
		} else if (is_escape(*at, quote)) {
			g_string_append_c(word, (*at)[1]);
			*at += 2;
		} else if (c == '$' && quote != '\'') {
			append_variable(script, at, word);
		} else {
			g_string_append_c(word, c);
			(*at)++;
		}
	}
	return g_string_free(word, !begun);
}

/* The words of a command from its name on, NULL at the end. */
static GStrv words_from(const Script *script, const char *at)
{
	GStrvBuilder *builder = g_strv_builder_new();
	GStrv words;
	char *word;

	while ((word = next_word(script, &at)) != NULL) {
		g_strv_builder_add(builder, word);
		g_free(word);
	}
	words = g_strv_builder_end(builder);
	g_strv_builder_unref(builder);
	return words;
}

/* -- branches -----------------------------------------------------------------------------------
 */

static gboolean matches(const char *pattern, const char *text)
{
	return g_regex_match_simple(pattern, text, G_REGEX_CASELESS | G_REGEX_RAW, 0);
}

static guint sides_of_words(const char *text)
{
	guint sides = 0;

	if (matches("(^|[^a-z])(host|linux|off|stop|stopped|release|end|back|home)([^a-z]|$)",
		    text))
		sides |= 1U << SIDE_HOST;
	if (matches("(^|[^a-z])(guest|vm|windows|win[0-9]*|on|start|started|begin|prepare)([^a-z]|$"
		    ")",
		    text))
		sides |= 1U << SIDE_GUEST;
	return sides;
}

static Side side_of(guint sides)
{
	return sides == 1U << SIDE_HOST	   ? SIDE_HOST
	       : sides == 1U << SIDE_GUEST ? SIDE_GUEST
					   : SIDE_NONE;
}

static void end_branch(Script *script)
{
	Side side = side_of(script->side);

	if (side == SIDE_NONE)
		side = side_of(script->words);
	for (guint i = script->branch; i < script->sets->len; i++)
		((Set *)script->sets->pdata[i])->side = side;
	script->branch = script->sets->len;
	script->side = 0;
}

/* Does a branch begin, or end, with the line? */
static gboolean is_border(const char *line)
{
	return matches(
		"^(if|elif|else|fi|case|esac|function)\\b|;;|^\\}|\\(\\)\\s*\\{?$|^[^(]*\\)\\s*$",
		line);
}

/* -- commands -----------------------------------------------------------------------------------
 */

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

/* The value of an option in words[i], which is "--bus 4", "--bus=4" or "-b4"; NULL: it is another.
 */
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

/* FALSE: it is no option that says which monitor. */
static gboolean read_which(Set *set, GStrv words, guint *i)
{
	static const char *const names[] = { "--sn", "-n", "--mfg", "-g", "--model", "-l" };
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
	return option(words, i, "--sleep-multiplier") != NULL;
}

static void read_ddcutil(Script *script, guint line, GStrv words)
{
	Set *set = g_new0(Set, 1);
	const char *feature = NULL, *value = NULL;
	gboolean writes = FALSE;
	int number = -1;

	set->line = line;
	set->bus = set->number = -1;
	set->source_address = 0x51;
	for (guint i = 1; words[i] != NULL; i++) {
		if (read_which(set, words, &i) || *words[i] == '-')
			continue;
		if (strcmp(words[i], "setvcp") == 0)
			writes = TRUE;
		else if (feature == NULL)
			feature = words[i];
		else if (value == NULL)
			value = words[i];
	}
	if (writes && feature != NULL && value != NULL && read_number(feature, 16, 0xff, &number) &&
		(number == 0x60 || number == LG_FEATURE) &&
		read_number(value, 10, 0xffff, &set->value)) {
		set->feature = (guint8)number;
		set->which =
			g_strdup_printf("%s/%d/%d/%u", set->monitor != NULL ? set->monitor : "",
				set->bus, set->number, set->feature);
		g_ptr_array_add(script->sets, set);
		script->known = TRUE;
		return;
	}
	script->known |= writes;
	if (writes)
		import_leave(script->import, line, "ddcutil setvcp %s %s: no input as a number",
			feature != NULL ? feature : "", value != NULL ? value : "");
	set_free(set);
}

/* The first value counts. FALSE: there was one, or it is not literal. */
static gboolean keep(char **member, const char *value)
{
	if (*member != NULL || *value == '\0' || strchr(value, '$') != NULL)
		return FALSE;
	*member = g_utf8_make_valid(value, -1);
	return TRUE;
}

static void add_file(Script *script, guint line, const char *path)
{
	ImportFile *file = g_new0(ImportFile, 1);

	file->line = line;
	file->path = g_strdup(path);
	g_ptr_array_add(script->import->files, file);
}

/* The first word that is no option is the domain, and the second the file. */
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
	script->side |= 1U << (attaches ? SIDE_GUEST : SIDE_HOST);
	script->known = TRUE;
	if (domain != NULL && keep(&script->import->domain, domain))
		import_take(script->import, line, "domain %s", script->import->domain);
	if (file != NULL && *file != '$' && strcmp(file, "/dev/stdin") != 0)
		add_file(script, line, file);
}

static void read_assignment(Script *script, const char *line)
{
	static const char *const before[] = { "export ", "local ", "readonly " };
	const char *at;
	char *value;
	gsize length;

	for (gsize i = 0; i < G_N_ELEMENTS(before); i++)
		if (g_str_has_prefix(line, before[i])) {
			line += strlen(before[i]);
			break;
		}
	length = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
	at = line + length + 1;
	if (length == 0 || line[length] != '=' || *at == '(' || *at == '`' ||
		g_str_has_prefix(at, "$("))
		return;
	value = next_word(script, &at);
	if (value != NULL)
		g_hash_table_insert(script->variables, g_strndup(line, length), value);
}

/* Every command of that name in the line. */
static void read_commands(Script *script, guint number, const char *line, const char *name,
	void (*read)(Script *script, guint line, GStrv words))
{
	const char *at = line;

	while ((at = strstr(at, name)) != NULL) {
		gboolean begins = at == line || strchr(" \t;|&(/`\"'", at[-1]) != NULL;
		const char *behind = at + strlen(name);

		if (begins && (*behind == ' ' || *behind == '\t')) {
			g_auto(GStrv) words = words_from(script, at);

			read(script, number, words);
		}
		at = behind;
	}
}

/* Lines that do nothing by themselves. */
static gboolean is_structure(const char *line)
{
	return matches(
		"^(then|do|done|fi|esac|exit|return|shift|set|local|export|while|until|for|EOF)\\b|"
		"^[{}<]|^[A-Za-z0-9_]+=(\"[^\"]*\"|'[^']*'|[^ ]*)$",
		line);
}

static void read_line(gpointer data, guint number, const char *line)
{
	Script *script = data;
	gboolean border;

	if (*line == '\0' || *line == '#')
		return;
	script->known = FALSE;
	read_assignment(script, line);
	border = is_border(line);
	if (border) {
		end_branch(script);
		script->words = sides_of_words(line);
	}
	read_commands(script, number, line, "ddcutil", read_ddcutil);
	read_commands(script, number, line, "virsh", read_virsh);
	if (strstr(line, "<vendor") != NULL && strstr(line, "<product") != NULL)
		import_xml(script->import, number, "the line", line);
	else if (!script->known && !border && !is_structure(line))
		import_leave(script->import, number,
			"%s: write it under commands: in the config if it is needed", line);
}

/* -- the end ------------------------------------------------------------------------------------
 */

static ImportDisplay *display_of(Script *script, const Set *set, GHashTable *displays)
{
	ImportDisplay *display = g_hash_table_lookup(displays, set->which);

	if (display != NULL)
		return display;
	display = import_display(script->import, g_strdup(set->monitor), set->bus, set->line);
	if (display->monitor != NULL) {
		char *valid = g_utf8_make_valid(display->monitor, -1);

		g_free(display->monitor);
		display->monitor = valid;
		display->bus = -1;
	}
	display->feature = set->feature;
	display->source_address = set->source_address;
	g_hash_table_insert(displays, set->which, display);
	return display;
}

static void take_set(Script *script, const Set *set, GHashTable *displays)
{
	ImportDisplay *display = display_of(script, set, displays);
	int *input = set->side == SIDE_HOST ? &display->host : &display->guest;

	if (set->side == SIDE_NONE)
		return;
	if (*input >= 0 && *input != set->value)
		import_leave(script->import, set->line,
			"input 0x%02x: another one is set for the same target", (guint)set->value);
	else
		*input = set->value;
}

/* Of two inputs, one of which is the guest's, the other is the host's. */
static void guess_set(Script *script, const Set *set, GHashTable *displays)
{
	ImportDisplay *display = display_of(script, set, displays);

	if (set->side != SIDE_NONE || set->value == display->host || set->value == display->guest)
		return;
	if (display->host < 0 && display->guest >= 0)
		display->host = set->value;
	else if (display->guest < 0 && display->host >= 0)
		display->guest = set->value;
	else
		import_leave(script->import, set->line,
			"input 0x%02x: nothing says whether it is the host's or the guest's",
			(guint)set->value);
}

void import_script(Import *import, const char *text)
{
	Script script = { .import = import };
	g_autoptr(GHashTable) displays = g_hash_table_new(g_str_hash, g_str_equal);

	script.variables = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	script.sets = g_ptr_array_new_with_free_func(set_free);
	import_lines(text, read_line, &script);
	import_xml_within(import, text);
	end_branch(&script);
	for (guint i = 0; i < script.sets->len; i++)
		take_set(&script, script.sets->pdata[i], displays);
	for (guint i = 0; i < script.sets->len; i++)
		guess_set(&script, script.sets->pdata[i], displays);
	g_ptr_array_unref(script.sets);
	g_hash_table_unref(script.variables);
}
