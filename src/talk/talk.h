/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A conversation with the user: sentences, and questions with answers. A vtable hides whether it
 * uses a terminal or a test.
 */
#pragma once

#include <glib.h>

typedef struct Talk Talk;

typedef enum {
	TALK_LINE,
	TALK_TIMEOUT,
	TALK_END, /* the user has left: there will be no more answers */
} TalkRead;

typedef enum {
	TALK_PRESS_KEY,	  /* of a keyboard */
	TALK_PRESS_MOUSE, /* a mouse that is moved or clicked */
} TalkPress;

/* Other results of talk_press() and TalkOps.press. */
enum {
	TALK_PRESS_UNSEEN = -1, /* events cannot be read, or there was no press */
	TALK_PRESS_END = -2,	/* the user has left */
};

typedef struct {
	void (*print)(Talk *talk, const char *text);
	/* A line, without its end, within timeout_ms (-1: for ever). *line: free with g_free(). */
	TalkRead (*read)(Talk *talk, int timeout_ms, char **line);
	/* Which of the USB devices in these ports (NULL at the end) does the person press? What is
	 * typed meanwhile is no answer to anything. Returns its index, or one of those above. */
	int (*press)(Talk *talk, const char *const *ports, TalkPress what);
} TalkOps;

struct Talk {
	const TalkOps *ops;
};

/* Prints a paragraph, cleaned and wrapped to the width of a terminal; an empty text is an empty
 * line. */
void talk_say(Talk *talk, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Prints lines without wrapping, cleaned except for line feeds. */
void talk_show(Talk *talk, const char *text);

/* Asks, and asks again after help (for "?"). fallback: the answer for Enter, which is shown; NULL:
 * Enter returns "". Returns the answer without surrounding spaces, to be freed with g_free(); NULL:
 * the user has left. */
char *talk_ask(Talk *talk, const char *question, const char *help, const char *fallback);

typedef struct {
	const char *question, *help;
	GPtrArray *choices; /* char *: their names */
	GPtrArray *words;   /* char *: for each, another accepted answer; NULL: none */
	int fallback;	    /* the choice for Enter; -1: none */
} TalkQuestion;

#define TALK_LEFT (-1)

/* Shows the choices with numbers. The answer is a number, a name, or a unique part of a name.
 * Returns the index, or TALK_LEFT. */
int talk_choose(Talk *talk, const TalkQuestion *question);

/* Asks for several choices, separated by spaces or commas; "none" is an answer too, and the one for
 * Enter without a fallback. FALSE: the user has left. chosen: guint indices, each once. */
gboolean talk_choose_some(Talk *talk, const TalkQuestion *question, GArray *chosen);

/* Asks for yes or no. FALSE: the user has left. */
gboolean talk_yes(
	Talk *talk, const char *question, const char *help, gboolean fallback, gboolean *answer);

/* The index for an answer, or -1 and the reason (free with g_free()). Pure. */
int talk_match(const TalkQuestion *question, const char *answer, char **why);
