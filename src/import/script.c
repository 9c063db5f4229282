/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shell scripts: lines with ddcutil setvcp and with virsh attach-device or detach-device. The
 * target of a monitor's input follows from the other commands in the same branch: devices are
 * attached on the way to the guest, and detached on the way back; otherwise from the words of the
 * branch.
 */
#include "import/script-private.h"

#include <string.h>

#include "import/segments.h"

/* The limit of nested loops and calls; a script can call itself without end. */
enum { DEPTH_MAX = 4 };
/* The limit of all commands, including those of loops and calls, and of those of one body. Long
 * scripts have hundreds. */
enum { COMMANDS_MAX = 20000, BODY_MAX = 2000 };

/* The segments of its body. */
typedef struct {
	guint first, last; /* last: the segment behind it */
	gboolean has_arguments;
} Function;

/* -- functions and loops ---------------------------------------------------------------------- */

static const Segment *segment_at(const Script *script, guint i)
{
	return script->segments->pdata[i];
}

static gboolean begins(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (script_behind(text, *words) != NULL)
			return TRUE;
	return FALSE;
}

/* Is the opening brace of the function before rest, not on the next line? */
static gboolean has_bracket(const char *text, const char *rest)
{
	return memchr(text, '{', (gsize)(rest - text)) != NULL;
}

/* The segment with the word that closes the body that begins at first; 0: there is none. */
static guint end_of(const Script *script, guint first, const char *const *open, const char *close)
{
	guint depth = 1, end = MIN(script->segments->len, first + BODY_MAX);

	for (guint i = first; i < end; i++) {
		const char *text = segment_at(script, i)->text;
		const char *rest;
		g_autofree char *name = script_function_name(script, text, &rest);

		if (begins(text, open) ||
			(name != NULL && *close == '}' && has_bracket(text, rest)))
			depth++;
		if (script_behind(text, close) != NULL && --depth == 0)
			return i;
	}
	return 0;
}

/* Functions that use their arguments are read where they are called. */
static void add_function(Script *script, char *name, guint first, guint last)
{
	Function *function = g_new0(Function, 1);

	function->first = first;
	function->last = last;
	for (guint i = first; i < last; i++)
		function->has_arguments |=
			script_matches(script, "\\$\\{?[1-9]", segment_at(script, i)->text);
	if (function->has_arguments)
		g_hash_table_insert(script->bodies, GUINT_TO_POINTER(first + 1), function);
	g_hash_table_insert(script->functions, name, function);
}

static void find_functions(Script *script)
{
	static const char *const open[] = { "{", NULL };

	for (guint i = 0; i < script->segments->len; i++) {
		const char *rest;
		char *name = script_function_name(script, segment_at(script, i)->text, &rest);
		/* its brace is on the next line */
		guint open_at =
			name != NULL && !has_bracket(segment_at(script, i)->text, rest) ? i + 1 : i;
		guint last = name != NULL ? end_of(script, open_at + 1, open, "}") : 0;

		if (last > 0 && !g_hash_table_contains(script->functions, name))
			add_function(script, name, i, last);
		else
			g_free(name);
	}
}

static void run(Script *script, guint first, guint last);

static void call(Script *script, guint line, const Function *function, GStrv words)
{
	GHashTable *variables = script->variables;
	guint call_line = script->call_line, branch = script->words;
	GHashTableIter iter;
	gpointer name, value;

	script->variables = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_hash_table_iter_init(&iter, variables);
	while (g_hash_table_iter_next(&iter, &name, &value))
		g_hash_table_insert(script->variables, g_strdup(name), g_strdup(value));
	for (guint i = 1; i < 10; i++) {
		g_autofree char *number = g_strdup_printf("%u", i);

		g_hash_table_remove(script->variables, number);
		if (i < g_strv_length(words))
			g_hash_table_insert(
				script->variables, g_steal_pointer(&number), g_strdup(words[i]));
	}
	script->call_line = call_line != 0 ? call_line : line;
	script->depth++;
	run(script, function->first, function->last);
	script->depth--;
	script->call_line = call_line;
	script->words = branch;
	script->known = TRUE;
	g_hash_table_unref(script->variables);
	script->variables = variables;
}

/* "for NAME in WORDS": reads its body for each word. Returns the segment behind it. */
static guint read_loop(Script *script, guint i, const char *text)
{
	static const char *const open[] = { "for", "while", "until", "select", NULL };
	guint last = end_of(script, i + 1, open, "done");
	g_auto(GStrv) words = script_words(script, text);
	guint count = g_strv_length(words);
	gboolean literal = count > 3 && g_str_equal(words[2], "in");

	if (script->depth >= DEPTH_MAX || last == 0)
		return i + 1;
	script->depth++;
	if (!literal)
		run(script, i + 1, last);
	for (guint k = 3; literal && k < count; k++) {
		if (strchr(words[k], '$') == NULL)
			g_hash_table_insert(
				script->variables, g_strdup(words[1]), g_strdup(words[k]));
		else
			g_hash_table_remove(script->variables, words[1]);
		run(script, i + 1, last);
	}
	script->depth--;
	return last + 1;
}

/* -- commands --------------------------------------------------------------------------------- */

/* Commands that do nothing by themselves, or only print. */
static gboolean is_trivial(const Script *script, const char *text)
{
	return script_matches(script,
		"^(exit|return|shift|set|unset|wait|sleep|true|false|cd|trap|echo|"
		"printf|logger|cat|break|continue|local|export|readonly|declare|"
		"typeset|read)\\b|^[<>&:)]",
		text);
}

static gboolean is_test(const Script *script, const char *text)
{
	return script_matches(script, "^(\\[|test\\b|\\(\\()", text);
}

/* "$VIRSH attach-device": with the variable's value. */
static char *expand_command(const Script *script, const char *text)
{
	const char *behind_it = text;
	g_autofree char *word = NULL;

	if (!script_matches(script, "^\"?\\$", text))
		return g_strdup(text);
	word = script_next_word(script, &behind_it);
	return g_strconcat(word != NULL ? word : "", behind_it, NULL);
}

static void read_command(Script *script, guint line, const char *text)
{
	g_autofree char *command = expand_command(script, text);
	g_auto(GStrv) words = script_words(script, command);
	const Function *function =
		words[0] != NULL ? g_hash_table_lookup(script->functions, words[0]) : NULL;

	script->known = function != NULL;
	if (function == NULL)
		script_read_commands(script, line, command);
	else if (function->has_arguments && script->depth < DEPTH_MAX)
		call(script, line, function, words);
	if (!script->known && !script->in_condition && !is_trivial(script, command) &&
		*command != '\0' && script->call_line == 0)
		import_leave(script->import, line,
			"%s: write it under commands: in the config if it is needed", text);
}

/* "[ "$1" = host ] && A || B": which sides A and B are for. */
static Side guard_of(Side guard, SegmentLink link)
{
	if (link == LINK_AND)
		return guard;
	if (link != LINK_OR)
		return SIDE_NONE;
	return guard == SIDE_HOST ? SIDE_GUEST : guard == SIDE_GUEST ? SIDE_HOST : SIDE_NONE;
}

static void read_segment(Script *script, const Segment *segment, Side *tested)
{
	guint line = script->call_line != 0 ? script->call_line : segment->line;
	const char *text;

	if (segment->link == LINK_CASE)
		script_begin_branch(script, "");
	if (segment->link != LINK_AND && segment->link != LINK_OR)
		*tested = SIDE_NONE;
	text = script_read_structure(script, segment->text);
	if (script->in_condition)
		script->words |= script_sides(script, text);
	script->guard = guard_of(*tested, segment->link);
	if (is_test(script, text)) {
		*tested =
			script->in_condition ? SIDE_NONE : script_side(script_sides(script, text));
		return;
	}
	text = script_assign(script, text);
	if (*text != '\0')
		read_command(script, line, text);
	if (script->guard != SIDE_NONE)
		script_forget_changed(script);
}

static void run(Script *script, guint first, guint last)
{
	Side tested = SIDE_NONE;

	for (guint i = first; i < last && script->left > 0;) {
		const Segment *segment = segment_at(script, i);
		const Function *function =
			script->call_line == 0
				? g_hash_table_lookup(script->bodies, GUINT_TO_POINTER(i + 1))
				: NULL;
		const char *loop = segment->text;

		if (script_behind(loop, "do") != NULL)
			loop = script_behind(loop, "do");
		if (function != NULL) {
			i = function->last;
		} else if (script_behind(loop, "for") != NULL) {
			i = read_loop(script, i, loop);
		} else {
			script->left--;
			read_segment(script, segment, &tested);
			i++;
		}
	}
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

/* If one of two inputs is the guest's, the other one is the host's. */
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
	g_autofree char *code = NULL, *expanded = NULL;
	g_autoptr(GPtrArray) segments = segments_read(text, &code);
	g_autoptr(GHashTable) displays = g_hash_table_new(g_str_hash, g_str_equal);
	Script script = { .import = import, .segments = segments, .left = COMMANDS_MAX };

	script.variables = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	script.functions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	script.bodies = g_hash_table_new(NULL, NULL);
	script.changed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	script.sets = g_ptr_array_new_with_free_func(script_set_free);
	script.patterns =
		g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_regex_unref);
	find_functions(&script);
	run(&script, 0, segments->len);
	expanded = script_expand(&script, code);
	import_xml_within(import, expanded);
	script_begin_branch(&script, "");
	for (guint i = 0; i < script.sets->len; i++)
		take_set(&script, script.sets->pdata[i], displays);
	for (guint i = 0; i < script.sets->len; i++)
		guess_set(&script, script.sets->pdata[i], displays);
	g_hash_table_unref(script.patterns);
	g_ptr_array_unref(script.sets);
	g_hash_table_unref(script.changed);
	g_hash_table_unref(script.bodies);
	g_hash_table_unref(script.functions);
	g_hash_table_unref(script.variables);
}
