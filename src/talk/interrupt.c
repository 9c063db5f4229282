/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "talk/interrupt.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

/* Read by the handler; changed only while the signals are blocked. */
static char *standing;
static struct termios terminal_state;
static int terminal = -1;

/* A signal mask belongs to one thread, and looking at a bus that hangs leaves another thread
 * behind. */
static volatile sig_atomic_t held, waiting;

/* The shells' exit status for a program that a signal has ended. */
#define EXIT_SIGNAL 128

/* Calls only functions that signal-safety(7) lists. */
static void end(int number)
{
	gboolean good = TRUE;

	if (terminal >= 0)
		tcsetattr(terminal, TCSANOW, &terminal_state);
	if (standing != NULL)
		good = write(STDERR_FILENO, "\n", 1) == 1 &&
		       write(STDERR_FILENO, standing, strlen(standing)) > 0;
	_exit(good ? EXIT_SIGNAL + number : EXIT_SIGNAL);
}

static void on_signal(int number)
{
	if (held == 0)
		end(number);
	waiting = number;
}

static void set_handlers(void (*handler)(int number))
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };

	sigfillset(&action.sa_mask);
	for (gsize i = 0; i < G_N_ELEMENTS(signals); i++)
		sigaction(signals[i], &action, NULL);
}

void interrupt_begin(void)
{
	set_handlers(on_signal);
}

void interrupt_end(void)
{
	set_handlers(SIG_DFL);
	g_clear_pointer(&standing, g_free);
}

void interrupt_hold(void)
{
	held++;
}

void interrupt_release(void)
{
	held--;
	if (held == 0 && waiting != 0)
		end(waiting);
}

void interrupt_stand(const char *text)
{
	interrupt_hold();
	g_free(standing);
	standing = g_strdup(text);
	interrupt_release();
}

const char *interrupt_standing(void)
{
	return standing != NULL ? standing : "";
}

void interrupt_terminal(int fd, const struct termios *state)
{
	interrupt_hold();
	terminal = state != NULL ? fd : -1;
	if (state != NULL)
		terminal_state = *state;
	interrupt_release();
}
