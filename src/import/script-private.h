/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parts of the reader of shell scripts.
 */
#pragma once

#include "import/import.h"

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
	GHashTable *variables; /* char * to char *: those whose values are literal */
	GPtrArray *segments;   /* Segment * */
	GHashTable *functions; /* char * to Function * */
	GHashTable *bodies;    /* index of its first segment + 1 to Function *, borrowed: those that
				* use arguments */
	guint left;	       /* how many more commands are read, with loops and calls */
	GHashTable *changed;   /* char *: variables that a branch has given another value */
	GPtrArray *sets;       /* Set * */
	guint branch;	       /* index of the branch's first set */
	guint side;	       /* bits: what its devices say, 1 << SIDE_... */
	guint words;	       /* the same for the words that begin it */
	gboolean in_condition; /* of an if or elif, up to "then" */
	guint cases;	       /* that are open */
	Side guard;	       /* of "[ ... ] &&" before this command */
	guint call_line;       /* of the function's call; 0: none is under way */
	guint depth;	       /* of calls and loops */
	gboolean known;	       /* something was made of the command, or said of it */
} Script;

/* -- words (script-words.c) ------------------------------------------------------------------- */

/* One word from *at, without its quotes; NULL: the command is at its end. */
char *script_next_word(const Script *script, const char **at);
/* The words of a command from its name on, NULL at the end. */
GStrv script_words(const Script *script, const char *at);
/* text with the values of variables in it. */
char *script_expand(const Script *script, const char *text);
/* Does it begin with assignments? Takes them. Returns what is behind them. */
const char *script_assign(Script *script, const char *text);

/* -- branches (script-branches.c) -------------------------------------------------------------- */

/* Regular expression, without case. */
gboolean script_matches(const char *pattern, const char *text);
/* Bits of 1 << SIDE_...: what the words in text say; and the one side that bits mean. */
guint script_sides(const char *text);
Side script_side(guint sides);
/* Begins another branch, with words that can say whose it is. */
void script_begin_branch(Script *script, const char *words);
/* Which of its values a variable has behind branches is not known. */
void script_forget_changed(Script *script);
/* What is behind word at the begin of text; NULL: it is another. */
const char *script_behind(const char *text, const char *word);
/* The name, to be freed with g_free(), of "name() {" or "function name {"; NULL: it begins none.
 * rest: what is behind the bracket. */
char *script_function_name(const char *text, const char **rest);
/* Reads what begins or ends a branch. Returns the command behind it; "": there is none. */
const char *script_read_structure(Script *script, const char *text);

/* -- commands (script-commands.c) ------------------------------------------------------------- */

void script_set_free(gpointer set);
/* Every ddcutil and virsh in a command. */
void script_read_commands(Script *script, guint line, const char *text);
