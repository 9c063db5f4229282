/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "programs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOLDER "/tmp/killed"
#define PORT   49201
/* After how long a program is started again at most, and QEMU connects again. */
#define RESTART_MS   200
#define RECONNECT_MS 50

static const char config[] = "guests:\n  - {name: g, qemu: {qmp: " FOLDER "/qmp, port: 49201}}\n"
			     "devices:\n  - {name: keyboard, via: input, input: test keyboard}\n";

/* QEMU is two processes: one serves QMP, the other is the USB redirection, which ends with its
 * connection. */
enum { USB = PROGRAMS, PROCESSES };

typedef struct {
	pid_t pid; /* 0: it does not run */
	gint64 start_ns;
	gboolean is_killed;
} Process;

static Process processes[PROCESSES];
static const char *paths[2];
static int reports = -1; /* what comes in the guest, as Sides.in_guest has it */

/* ---- what each is */

static void run_inputd(void)
{
	/* As its unit can do. Between a few of its system calls a key that is released goes
	 * unnoticed (see grab_released() in node.c): an emulated processor must not run the
	 * typist there. */
	if (sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){ .sched_priority = 10 }) != 0)
		wire_die("SCHED_FIFO");
	execl(paths[0], paths[0], "--control", FOLDER "/control", "--listen", "49201", NULL);
	wire_die(paths[0]);
}

static void run_hotseatd(void)
{
	g_setenv("HOTSEAT_INPUT_SOCKET", FOLDER "/control", TRUE);
	g_setenv("STATE_DIRECTORY", FOLDER, TRUE);
	execl(paths[1], paths[1], "--config", FOLDER "/config.yaml", "--socket", FOLDER "/hotseat",
		NULL);
	wire_die(paths[1]);
}

static void answer_qmp(int fd)
{
	static const char greeting[] = "{\"QMP\":{\"version\":{},\"capabilities\":[]}}\r\n";
	FILE *in = fdopen(fd, "r");
	char line[1000];

	wire_send(fd, greeting, strlen(greeting));
	while (fgets(line, sizeof line, in) != NULL) {
		const char *answer = strstr(line, "query-status") != NULL
					     ? "{\"return\":{\"status\":\"running\"}}\r\n"
					     : "{\"return\":{}}\r\n";

		if (send(fd, answer, strlen(answer), MSG_NOSIGNAL) < 0)
			break;
	}
	fclose(in);
}

static void run_qmp(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = FOLDER "/qmp" };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);

	unlink(address.sun_path);
	if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
		listen(listener, 1) != 0)
		wire_die("qmp");
	for (;;)
		answer_qmp(accept(listener, NULL, NULL));
}

static void run_usb(int out)
{
	Sides sides;
	Wire wire = { .socket = -1 };

	sides_init(&sides);
	wire_be_qemu(&wire, PORT);
	if (write(out, " ", 1) != 1)
		_exit(1);
	for (;;) {
		struct pollfd p = { .fd = wire.socket, .events = POLLIN };

		poll(&p, 1, -1);
		sides_read_guest(&sides, &wire);
		if (write(out, sides.in_guest->str, sides.in_guest->len) < 0)
			_exit(1);
		g_string_truncate(sides.in_guest, 0);
	}
}

/* ---- */

static void start_usb(Process *process)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		wire_die("pipe");
	process->pid = fork();
	if (process->pid == 0)
		run_usb(ends[1]);
	close(ends[1]);
	reports = ends[0];
}

static void start(guint which)
{
	static void (*const run[])(void) = { run_inputd, run_hotseatd, run_qmp };
	Process *process = &processes[which];

	process->is_killed = FALSE;
	if (which == USB) {
		start_usb(process);
		return;
	}
	process->pid = fork();
	if (process->pid == 0)
		run[which]();
}

static void take_reports(Sides *sides)
{
	char bytes[4096];
	ssize_t n;

	while (reports >= 0 && (n = read(reports, bytes, sizeof bytes)) > 0) {
		gboolean is_first = bytes[0] == ' ';

		sides->is_plugged |= is_first;
		g_string_append_len(sides->in_guest, bytes + is_first, n - is_first);
	}
}

static void has_ended(Sides *sides, guint which)
{
	Process *process = &processes[which];
	guint pause = which == USB ? RECONNECT_MS : (guint)rand() % RESTART_MS;

	process->pid = 0;
	process->start_ns = wire_now_ns() + pause * G_GINT64_CONSTANT(1000000);
	if (which != USB)
		return;
	take_reports(sides);
	close(reports);
	reports = -1;
	sides_unplug_guest(sides);
}

static gboolean may_start(guint which)
{
	return processes[which].pid == 0 && wire_now_ns() >= processes[which].start_ns &&
	       (which != USB || processes[PROGRAM_QEMU].pid != 0);
}

guint programs_tend(Sides *sides)
{
	guint unexpected = 0;

	for (guint i = 0; i < PROCESSES; i++) {
		if (processes[i].pid != 0 && waitpid(processes[i].pid, NULL, WNOHANG) != 0) {
			/* without its connection it ends */
			unexpected += !processes[i].is_killed && i != USB;
			has_ended(sides, i);
		}
		if (may_start(i))
			start(i);
	}
	take_reports(sides);
	return unexpected;
}

void programs_wait(Sides *sides, void (*tend)(void))
{
	gboolean all = FALSE;

	while (!all || !sides->is_plugged) {
		tend();
		all = TRUE;
		for (guint i = 0; i < PROCESSES; i++)
			all = all && processes[i].pid != 0 && !processes[i].is_killed;
	}
}

void programs_kill(Program program)
{
	for (guint i = 0; i < PROCESSES; i++) {
		gboolean is_meant = i == program || (program == PROGRAM_QEMU && i == USB);

		if (!is_meant || processes[i].pid == 0)
			continue;
		processes[i].is_killed = TRUE;
		kill(processes[i].pid, SIGKILL);
	}
}

void programs_start(const char *inputd, const char *hotseatd)
{
	paths[0] = inputd;
	paths[1] = hotseatd;
	if (g_mkdir_with_parents(FOLDER, 0700) != 0 ||
		!g_file_set_contents_full(
			FOLDER "/config.yaml", config, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL))
		wire_die(FOLDER);
	for (guint i = 0; i < PROCESSES; i++)
		start(i);
}

void programs_stop(void)
{
	for (guint i = PROCESSES; i-- > 0;)
		if (processes[i].pid > 0) {
			kill(processes[i].pid, SIGKILL);
			waitpid(processes[i].pid, NULL, 0);
		}
}

static gboolean ask(const char *to)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = FOLDER "/hotseat" };
	g_autofree char *body = g_strdup_printf("{\"to\":\"%s\"}", to);
	g_autofree char *text = g_strdup_printf(
		"POST /switch HTTP/1.1\r\nHost: hotseat\r\nContent-Type: application/json\r\n"
		"Connection: close\r\nContent-Length: %zu\r\n\r\n%s",
		strlen(body), body);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char answer[20000];
	gsize length = 0;
	ssize_t n;

	if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
		send(fd, text, strlen(text), MSG_NOSIGNAL) != (ssize_t)strlen(text))
		return FALSE;
	while ((n = read(fd, answer + length, sizeof answer - 1 - length)) > 0)
		length += (gsize)n;
	answer[length] = '\0';
	return strstr(answer, "\"success\":true") != NULL;
}

pid_t programs_request(const char *to)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(ask(to) ? 0 : 1);
	return pid;
}
