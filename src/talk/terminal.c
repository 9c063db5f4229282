/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "talk/terminal.h"

#include "talk/interrupt.h"
#include "talk/press.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
	Talk talk;
	const char *sysfs;
	GString *typed; /* read, but not yet asked for */
	gboolean ended;
} Terminal;

static void print(Talk *talk, const char *text)
{
	fputs(text, stdout);
	fflush(stdout);
}

/* Takes the first line of what was typed, or the rest when no more comes. */
static gboolean take_line(Terminal *terminal, char **line)
{
	const char *end = strchr(terminal->typed->str, '\n');
	gsize length = end != NULL ? (gsize)(end - terminal->typed->str) : terminal->typed->len;

	if (end == NULL && (!terminal->ended || length == 0))
		return FALSE;
	*line = g_strndup(terminal->typed->str, length);
	g_string_erase(terminal->typed, 0, (gssize)length + (end != NULL ? 1 : 0));
	return TRUE;
}

static void read_more(Terminal *terminal)
{
	char buffer[1024];
	ssize_t n = read(STDIN_FILENO, buffer, sizeof buffer);

	if (n > 0)
		g_string_append_len(terminal->typed, buffer, n);
	else
		terminal->ended = TRUE;
}

static TalkRead read_line(Talk *talk, int timeout_ms, char **line)
{
	Terminal *terminal = (Terminal *)talk;

	while (!take_line(terminal, line)) {
		struct pollfd wait = { .fd = STDIN_FILENO, .events = POLLIN };

		if (terminal->ended)
			return TALK_END;
		if (poll(&wait, 1, timeout_ms) == 0)
			return TALK_TIMEOUT;
		read_more(terminal);
	}
	return TALK_LINE;
}

static int press(Talk *talk, const char *const *ports, TalkPress what)
{
	Terminal *terminal = (Terminal *)talk;
	PressPlaces places = { terminal->sysfs, "/dev/input", STDIN_FILENO };
	struct termios before, raw;
	int found;

	if (tcgetattr(STDIN_FILENO, &before) != 0)
		return TALK_PRESS_UNSEEN;
	/* Delivers each key as it is pressed, without echo. Ctrl+C still ends the program. */
	raw = before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	interrupt_terminal(STDIN_FILENO, &before);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	found = press_wait(&places, ports, what);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	interrupt_terminal(STDIN_FILENO, NULL);
	if (found == TALK_PRESS_END)
		terminal->ended = TRUE;
	else
		g_string_truncate(terminal->typed, 0);
	return found;
}

Talk *talk_terminal_new(const char *sysfs)
{
	static const TalkOps ops = { .print = print, .read = read_line, .press = press };
	Terminal *terminal = g_new0(Terminal, 1);

	terminal->talk.ops = &ops;
	terminal->sysfs = sysfs;
	terminal->typed = g_string_new(NULL);
	return &terminal->talk;
}

void talk_terminal_free(Talk *talk)
{
	Terminal *terminal = (Terminal *)talk;

	g_string_free(terminal->typed, TRUE);
	g_free(terminal);
}

gboolean talk_terminal_ended(const Talk *talk)
{
	return ((const Terminal *)talk)->ended;
}
