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

/* An input that a line sets. Which side it is for is known at the end of its branch. */
typedef struct {
	guint line;
	char *which; /* as the ddcutil command has it; "": nothing */
	char *monitor;
	int bus, value;
	int number; /* the value of ddcutil's --display; -1: nothing */
	guint8 feature, source_address;
	Side side;
} Set;

typedef struct {
	Import *import;
	GHashTable *variables; /* char * to char *: variables whose values are literal */
	GPtrArray *segments;   /* Segment * */
	GHashTable *functions; /* char * to Function * */
	GHashTable *bodies;    /* index of its first segment + 1 to Function *, borrowed: functions
				* that use their arguments */
	guint left;	       /* how many more commands are read, with loops and calls */
	GHashTable *changed;   /* char *: variables that a branch has given another value */
	GPtrArray *sets;       /* Set * */
	GHashTable *patterns;  /* borrowed char * to GRegex *: compiled when first needed */
	guint branch;	       /* index of the branch's first set */
	guint side;	       /* bits (1 << SIDE_...): what its devices say */
	guint words;	       /* the same for the words that begin the branch */
	gboolean in_condition; /* the condition of an if or elif, up to "then" */
	guint cases;	       /* how many are open */
	Side guard;	       /* the side of "[ ... ] &&" before this command */
	guint call_line;       /* the line of the function's call; 0: no call is under way */
	guint depth;	       /* how many calls and loops are under way */
	gboolean known;	       /* something was taken from the command, or noted about it */
} Script;

/* -- words (script-words.c) ------------------------------------------------------------------- */

/* One word from *at, without its quotes; NULL: the command has no more words. */
char *script_next_word(const Script *script, const char **at);
/* The words of a command, beginning with its name; NULL at the end. */
GStrv script_words(const Script *script, const char *at);
/* text with variables replaced by their values. */
char *script_expand(const Script *script, const char *text);
/* Takes the assignments at the beginning. Returns the rest. */
const char *script_assign(Script *script, const char *text);

/* -- branches (script-branches.c) -------------------------------------------------------------- */

/* pattern, compiled. Borrowed, and pattern has to live as long: both are kept. */
GRegex *script_pattern(const Script *script, const char *pattern, GRegexCompileFlags flags);
/* A regular expression that ignores case. */
gboolean script_matches(const Script *script, const char *pattern, const char *text);
/* The bits (1 << SIDE_...) for the words in text; and the one side that bits mean. */
guint script_sides(const Script *script, const char *text);
Side script_side(guint sides);
/* Begins another branch. The words can say which side it is for. */
void script_begin_branch(Script *script, const char *words);
/* Forgets the values of variables that branches have changed, since it is not known which branch
 * ran. */
void script_forget_changed(Script *script);
/* The rest behind word at the beginning of text; NULL: text begins with another word. */
const char *script_behind(const char *text, const char *word);
/* The name, to be freed with g_free(), in "name() {" or "function name {"; NULL: no function begins
 * here. rest: what follows the brace. */
char *script_function_name(const Script *script, const char *text, const char **rest);
/* Reads what begins or ends a branch. Returns the command behind it; "": there is none. */
const char *script_read_structure(Script *script, const char *text);

/* -- commands (script-commands.c) ------------------------------------------------------------- */

void script_set_free(gpointer set);
/* Reads every ddcutil and virsh command in a command. */
void script_read_commands(Script *script, guint line, const char *text);
