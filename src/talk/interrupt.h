/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Handles Ctrl-C and similar signals (SIGINT, SIGTERM, SIGHUP): the program exits immediately,
 * reports what has been done so far, and restores the terminal. Code that must not be interrupted
 * blocks them.
 */
#pragma once

#include <glib.h>
#include <termios.h>

void interrupt_begin(void);
void interrupt_end(void);

/* Sets what is reported from now on: complete lines. Copied. */
void interrupt_stand(const char *text);
/* The text that was set last; "" if none was. Borrowed. */
const char *interrupt_standing(void);

/* Blocks the signals on all threads until they are released; calls can be nested. */
void interrupt_hold(void);
void interrupt_release(void);

/* Restores the terminal fd to this state at the end; NULL: does not change it. */
void interrupt_terminal(int fd, const struct termios *state);
