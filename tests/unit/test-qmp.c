/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest whose QEMU runs without libvirt: with QMP that is played here, and with a real QEMU where
 * one is installed.
 */
#include "guest/qmp.h"

#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define GREETING "{\"QMP\": {\"version\": {}, \"capabilities\": []}}\r\n"
#define OK	 "{\"return\": {}}\r\n"
#define STATUS(status)                                                                             \
	"{\"return\": {\"status\": \"" status "\", \"singlestep\": false, \"running\": true}}\r\n"
#define EVENT(name) "{\"timestamp\": {\"seconds\": 1}, \"event\": \"" name "\"}\r\n"

/* A retry that no test waits for; the socket's appearance is noticed without it. */
static const QmpTimes times = { .answer_ms = 60000, .retry_ms = 60000 };
static const QmpTimes hasty = { .answer_ms = 20, .retry_ms = 20 };

typedef struct {
	char *folder, *path;
	int listener, peer;
	ConfigGuest config;
	Guest *guest;
	int uid; /* of its process */
	guint done, started;
} QmpDesk;

static void on_process(const char *guest, int uid, gpointer data)
{
	((QmpDesk *)data)->uid = uid;
}

static void on_done(Guest *guest, gpointer data)
{
	((QmpDesk *)data)->done++;
}

static void on_started(Guest *guest, gpointer data)
{
	((QmpDesk *)data)->started++;
}

static void start(QmpDesk *desk, const QmpTimes *qmp)
{
	g_clear_pointer(&desk->guest, guest_free);
	desk->config = (ConfigGuest){ .name = (char *)"a", .qmp = desk->path };
	desk->guest = qmp_guest_new(&desk->config, qmp, on_process, desk);
	desk->guest->started = on_started;
	desk->guest->changed_data = desk;
}

static void set_up(QmpDesk *desk, gconstpointer unused)
{
	desk->folder = g_dir_make_tmp("hotseat-qmp-XXXXXX", NULL);
	desk->path = g_build_filename(desk->folder, "qmp", NULL);
	desk->listener = desk->peer = -1;
	desk->uid = -2;
}

static void settle(void)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

static void tear_down(QmpDesk *desk, gconstpointer unused)
{
	g_clear_pointer(&desk->guest, guest_free);
	settle();
	if (desk->peer >= 0)
		close(desk->peer);
	if (desk->listener >= 0)
		close(desk->listener);
	g_unlink(desk->path);
	g_assert_cmpint(g_rmdir(desk->folder), ==, 0);
	g_free(desk->folder);
	g_free(desk->path);
}

/* -- QEMU's side ------------------------------------------------------------------------------- */

static void qemu_listens(QmpDesk *desk)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	strcpy(address.sun_path, desk->path);
	desk->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	g_assert_cmpint(bind(desk->listener, (struct sockaddr *)&address, sizeof address), ==, 0);
	g_assert_cmpint(listen(desk->listener, 1), ==, 0);
}

static void wait_readable(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	while (poll(&poll_fd, 1, 0) <= 0)
		g_main_context_iteration(NULL, FALSE);
}

static void qemu_says(QmpDesk *desk, const char *text)
{
	g_assert_cmpint(send(desk->peer, text, strlen(text), 0), ==, (gssize)strlen(text));
	settle();
}

/* Waits for a command; others before it are passed over. */
static void qemu_hears(QmpDesk *desk, const char *command)
{
	g_autofree char *wanted = g_strdup_printf("{\"execute\":\"%s\"}", command);
	g_autoptr(GString) heard = g_string_new(NULL);
	char byte;

	while (strstr(heard->str, wanted) == NULL) {
		wait_readable(desk->peer);
		g_assert_cmpint(recv(desk->peer, &byte, 1, 0), ==, 1);
		g_string_append_c(heard, byte);
	}
}

static void qemu_accepts(QmpDesk *desk)
{
	wait_readable(desk->listener);
	desk->peer = accept4(desk->listener, NULL, NULL, SOCK_CLOEXEC);
	g_assert_cmpint(desk->peer, >=, 0);
}

/* It runs, and hotseatd knows. */
static void qemu_runs(QmpDesk *desk)
{
	qemu_accepts(desk);
	qemu_says(desk, GREETING);
	qemu_hears(desk, "query-status");
	qemu_says(desk, OK STATUS("running"));
	g_assert_cmpint(desk->guest->state, ==, GUEST_RUNNING);
	g_assert_null(desk->guest->error);
}

static void qemu_ends(QmpDesk *desk)
{
	close(desk->peer);
	close(desk->listener);
	g_unlink(desk->path);
	desk->peer = desk->listener = -1;
	settle();
}

static void state_is(QmpDesk *desk, GuestState state)
{
	settle();
	g_assert_cmpstr(guest_state_name(desk->guest->state), ==, guest_state_name(state));
}

/* -- tests ------------------------------------------------------------------------------------ */

static void test_life(QmpDesk *desk, gconstpointer unused)
{
	qemu_listens(desk);
	start(desk, &times);
	state_is(desk, GUEST_UNKNOWN);
	qemu_runs(desk);
	g_assert_cmpint(desk->uid, ==, (int)getuid());
	qemu_says(desk, EVENT("STOP"));
	state_is(desk, GUEST_PAUSED);
	qemu_hears(desk, "query-status");
	qemu_says(desk, STATUS("paused"));
	state_is(desk, GUEST_PAUSED);
	qemu_says(desk, EVENT("RTC_CHANGE") EVENT("RESUME") STATUS("running"));
	state_is(desk, GUEST_RUNNING);
	qemu_says(desk, EVENT("SUSPEND") STATUS("suspended"));
	state_is(desk, GUEST_SUSPENDED);
	qemu_says(desk, EVENT("WAKEUP") STATUS("running"));
	state_is(desk, GUEST_RUNNING);
	qemu_says(desk, EVENT("SHUTDOWN"));
	state_is(desk, GUEST_STOPPING);
	qemu_ends(desk);
	state_is(desk, GUEST_OFF);
	g_assert_cmpint(desk->uid, ==, -1);
}

/* With -no-shutdown QEMU outlives its guest. */
static void test_no_shutdown(QmpDesk *desk, gconstpointer unused)
{
	qemu_listens(desk);
	start(desk, &times);
	qemu_runs(desk);
	qemu_says(desk, EVENT("SHUTDOWN") STATUS("shutdown"));
	state_is(desk, GUEST_OFF);
	g_assert_cmpuint(desk->started, ==, 0);
	qemu_says(desk, EVENT("RESET") EVENT("RESUME") STATUS("running"));
	state_is(desk, GUEST_RUNNING);
	g_assert_cmpuint(desk->started, ==, 1);
}

/* With -S, QEMU waits for a "cont" first. */
static void test_held(QmpDesk *desk, gconstpointer unused)
{
	start(desk, &times);
	state_is(desk, GUEST_OFF);
	qemu_listens(desk);
	qemu_accepts(desk);
	qemu_says(desk, GREETING);
	qemu_hears(desk, "query-status");
	qemu_says(desk, OK STATUS("prelaunch"));
	state_is(desk, GUEST_PAUSED);
	g_assert_cmpuint(desk->started, ==, 0);
	qemu_says(desk, EVENT("RESUME") STATUS("running"));
	g_assert_cmpuint(desk->started, ==, 1);
	qemu_says(desk, EVENT("STOP") STATUS("paused") EVENT("RESUME") STATUS("running"));
	g_assert_cmpuint(desk->started, ==, 1);
}

static void test_killed(QmpDesk *desk, gconstpointer unused)
{
	qemu_listens(desk);
	start(desk, &times);
	qemu_runs(desk);
	qemu_ends(desk);
	state_is(desk, GUEST_CRASHED);
	/* asking again does not make it off */
	desk->guest->ops->refresh(desk->guest, on_done, desk);
	g_assert_cmpuint(desk->done, ==, 0);
	state_is(desk, GUEST_CRASHED);
	g_assert_cmpuint(desk->done, ==, 1);
}

/* QEMU is started after hotseatd: its socket appears. */
static void test_starts_later(QmpDesk *desk, gconstpointer unused)
{
	start(desk, &times);
	state_is(desk, GUEST_OFF);
	/* it may have run under a hotseatd before */
	g_assert_cmpint(desk->uid, ==, -1);
	g_assert_null(desk->guest->error);
	qemu_listens(desk);
	qemu_runs(desk);
	qemu_ends(desk);
	qemu_listens(desk);
	qemu_runs(desk);
}

static void test_refresh(QmpDesk *desk, gconstpointer unused)
{
	qemu_listens(desk);
	start(desk, &times);
	qemu_runs(desk);
	desk->guest->ops->refresh(desk->guest, on_done, desk);
	desk->guest->ops->refresh(desk->guest, on_done, desk);
	g_assert_cmpuint(desk->done, ==, 0);
	qemu_hears(desk, "query-status");
	g_assert_cmpuint(desk->done, ==, 0);
	qemu_says(desk, STATUS("io-error"));
	g_assert_cmpuint(desk->done, ==, 2);
	state_is(desk, GUEST_PAUSED);
}

/* Another program holds the socket: QEMU serves one at a time. */
static void test_taken(QmpDesk *desk, gconstpointer unused)
{
	qemu_listens(desk);
	start(desk, &hasty);
	desk->guest->ops->refresh(desk->guest, on_done, desk);
	while (desk->done == 0)
		g_main_context_iteration(NULL, TRUE);
	g_assert_cmpint(desk->guest->state, ==, GUEST_UNKNOWN);
	g_assert_nonnull(strstr(desk->guest->error, "its own QMP socket"));
}

static void test_nonsense(QmpDesk *desk, gconstpointer unused)
{
	g_autofree char *flood = g_strnfill(70000, 'x');

	qemu_listens(desk);
	start(desk, &times);
	qemu_accepts(desk);
	qemu_says(desk, "hello\r\n[1]\r\n{\"event\": 7}\r\n{}\r\n\xff\xfe\r\n");
	state_is(desk, GUEST_UNKNOWN);
	qemu_says(desk, GREETING OK STATUS("made-up"));
	state_is(desk, GUEST_UNKNOWN);
	g_assert_nonnull(strstr(desk->guest->error, "update hotseat"));
	while (desk->peer >= 0 && send(desk->peer, flood, 70000, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
		settle();
	settle();
	g_assert_nonnull(strstr(desk->guest->error, "is not QEMU"));
}

static void test_states(void)
{
	static const struct {
		const char *status;
		GuestState state;
	} rows[] = {
		{ "running", GUEST_RUNNING },
		{ "prelaunch", GUEST_PAUSED },
		{ "inmigrate", GUEST_PAUSED },
		{ "guest-panicked", GUEST_CRASHED },
		{ "internal-error", GUEST_CRASHED },
		{ "postmigrate", GUEST_OFF },
		{ "", GUEST_UNKNOWN },
		{ NULL, GUEST_UNKNOWN },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_cmpint(qmp_state(rows[i].status), ==, rows[i].state);
	g_assert_cmpint(qmp_state_of_event("GUEST_PANICKED"), ==, GUEST_CRASHED);
	g_assert_cmpint(qmp_state_of_event("RESET"), ==, -1);
	g_assert_cmpint(qmp_state_of_event(NULL), ==, -1);
}

/* -- a real QEMU ------------------------------------------------------------------------------- */

static void wait_state(QmpDesk *desk, GuestState state)
{
	while (desk->guest->state != state)
		g_main_context_iteration(NULL, TRUE);
}

static GPid qemu_spawn(QmpDesk *desk, int *input)
{
	g_autofree char *qmp = g_strdup_printf("unix:%s,server=on,wait=off", desk->path);
	const char *argv[] = { "qemu-system-x86_64", "-accel", "tcg", "-m", "32", "-display",
		"none", "-nodefaults", "-qmp", qmp, "-monitor", "stdio", NULL };
	g_autoptr(GError) error = NULL;
	GPid pid;

	g_assert_true(g_spawn_async_with_pipes(NULL, (char **)argv, NULL,
		G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
		NULL, &pid, input, NULL, NULL, &error));
	g_assert_no_error(error);
	return pid;
}

static void monitor_says(int input, const char *command)
{
	g_assert_cmpint(write(input, command, strlen(command)), ==, (gssize)strlen(command));
}

static void test_real(QmpDesk *desk, gconstpointer unused)
{
	g_autofree char *program = g_find_program_in_path("qemu-system-x86_64");
	GPid pid;
	int input;

	if (program == NULL) {
		g_test_skip("qemu-system-x86_64 is not installed");
		return;
	}
	start(desk, &times);
	state_is(desk, GUEST_OFF);
	pid = qemu_spawn(desk, &input);
	wait_state(desk, GUEST_RUNNING);
	g_assert_cmpint(desk->uid, ==, (int)getuid());
	monitor_says(input, "stop\n");
	wait_state(desk, GUEST_PAUSED);
	monitor_says(input, "cont\n");
	wait_state(desk, GUEST_RUNNING);
	monitor_says(input, "quit\n");
	wait_state(desk, GUEST_OFF);
	g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
	close(input);
	/* and once more, killed */
	pid = qemu_spawn(desk, &input);
	wait_state(desk, GUEST_RUNNING);
	g_assert_cmpint(kill(pid, SIGKILL), ==, 0);
	wait_state(desk, GUEST_CRASHED);
	g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
	close(input);
}

#define ADD(path, func) g_test_add("/qmp/" path, QmpDesk, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/qmp/states", test_states);
	ADD("life", test_life);
	ADD("no-shutdown", test_no_shutdown);
	ADD("held", test_held);
	ADD("killed", test_killed);
	ADD("starts-later", test_starts_later);
	ADD("refresh", test_refresh);
	ADD("taken", test_taken);
	ADD("nonsense", test_nonsense);
	ADD("real", test_real);
	return g_test_run();
}
