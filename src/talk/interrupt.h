/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ctrl-C and its like (SIGINT, SIGTERM, SIGHUP): the program ends at once, says how things stand
 * then, and leaves the terminal as it was. What must not be cut in two holds them off.
 */
#pragma once

#include <glib.h>
#include <termios.h>

void interrupt_begin(void);
void interrupt_end(void);

/* How things stand from now on: whole lines. Copied. */
void interrupt_stand(const char *text);
/* What was set last, "" if nothing was. Borrowed. */
const char *interrupt_standing(void);

/* Held off, on all threads, until released; holding may be nested. */
void interrupt_hold(void);
void interrupt_release(void);

/* The terminal fd is put back into this state when we end; NULL: it is left as it is. */
void interrupt_terminal(int fd, const struct termios *state);
