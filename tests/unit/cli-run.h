/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat as a process, beside a desk that is served by the test itself.
 */
#pragma once

#include "assert-has.h"
#include "cli/cli.h"
#include "http-desk.h"

#include <string.h>

typedef struct {
	GSubprocess *process;
	char *out, *err;
	gboolean over;
} Run;

/* Waits for something to happen, or a moment of fake time to pass; desk: NULL: there is none. */
void pump(HttpDesk *desk);

/* What starts hotseat, with path for its socket and an English terminal. */
GSubprocessLauncher *launcher(const char *path, GSubprocessFlags flags);

/* Runs hotseat with words (split at spaces) to its end; returns its exit status. */
int run_words(Run *run, HttpDesk *desk, const char *path, const char *words);
/* The same for another program. */
int run_program(Run *run, HttpDesk *desk, const char *path, const char *program, const char *words);
void run_clear(Run *run);

/* Fails unless text is a JSON object. */
void assert_object(const char *text);

/* What it has printed to a pipe or a terminal. */
typedef struct {
	GString *text;
	gboolean over;
} Terminal;

/* For g_unix_fd_add(), with a Terminal. */
gboolean terminal_read(int fd, GIOCondition condition, gpointer data);

/* Until it has printed text. */
void wait_for(HttpDesk *desk, Terminal *terminal, const char *text);
