/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A conversation: sentences, and questions with answers. What it is held over is a vtable: a
 * terminal, or a test's person.
 */
#pragma once

#include <glib.h>

typedef struct Talk Talk;

typedef enum {
	TALK_LINE,
	TALK_TIMEOUT,
	TALK_END, /* the person has left: nothing more will come */
} TalkRead;

typedef enum {
	TALK_PRESS_KEY,	  /* of a keyboard */
	TALK_PRESS_MOUSE, /* moved, or clicked */
} TalkPress;

/* What talk_press() and TalkOps.press return else. */
enum {
	TALK_PRESS_UNSEEN = -1, /* nothing can be seen, or nothing came */
	TALK_PRESS_END = -2,	/* the person has left */
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

/* A paragraph, wrapped to the width of a terminal; an empty one is an empty line. Cleaned. */
void talk_say(Talk *talk, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Lines as they are. Cleaned, but for line feeds. */
void talk_show(Talk *talk, const char *text);

/* Asks, and asks again after help (for "?"). fallback: what Enter means, shown; NULL: nothing, and
 * "" comes back. Returns the answer without surrounding spaces, to be freed with g_free(); NULL:
 * the user has left. */
char *talk_ask(Talk *talk, const char *question, const char *help, const char *fallback);

typedef struct {
	const char *question, *help;
	GPtrArray *choices; /* char *: what they are called */
	GPtrArray *words;   /* char *: for each, what else may be answered; NULL: nothing */
	int fallback;	    /* what Enter means; -1: nothing */
} TalkQuestion;

#define TALK_LEFT (-1)

/* Shows the choices with numbers. Answered by number, name, or a part of a name that only one has.
 * Returns the index, or TALK_LEFT. */
int talk_choose(Talk *talk, const TalkQuestion *question);

/* Several of them, with spaces or commas between; "none" is an answer too, and what Enter means
 * without a fallback. FALSE: the person has left. chosen:
 * guint indices, each once. */
gboolean talk_choose_some(Talk *talk, const TalkQuestion *question, GArray *chosen);

/* Yes or no. FALSE: the person has left. */
gboolean talk_yes(
	Talk *talk, const char *question, const char *help, gboolean fallback, gboolean *answer);

/* The index that an answer means, or -1 and why not (free with g_free()). Pure. */
int talk_match(const TalkQuestion *question, const char *answer, char **why);
