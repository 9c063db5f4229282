/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/qmp.h"

#include "common/json.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

const QmpTimes qmp_times = { .answer_ms = 5000, .retry_ms = 10000 };

/* After the socket appears, QEMU may not listen yet: this many attempts, 100 ms apart. */
enum { EAGER_TRIES = 20, EAGER_MS = 100 };

/* The uid that the kernel reports for users outside the process's user namespace
 * (/proc/sys/kernel/overflowuid). */
enum { OVERFLOW_UID = 65534 };

/* A longer message by QEMU is not an answer to a request. */
enum { LINE_MAX_BYTES = 64 * 1024 };

typedef enum {
	QMP_DOWN,
	QMP_GREETING, /* connected, but QEMU has sent nothing yet */
	QMP_READY,    /* it accepts commands */
} QmpPhase;

typedef struct {
	GuestDone done;
	gpointer data;
} Wait;

typedef struct {
	Guest guest;
	char *path;
	const QmpTimes *times;
	QmpProcess process;
	gpointer data;
	QmpPhase phase;
	int fd; /* -1: none */
	guint watch, answer_id, retry_id, told_id;
	guint eager; /* attempts that are left after the socket has appeared */
	GByteArray *buffer;
	gboolean ended;	  /* QEMU has reported that it exits */
	gboolean down;	  /* the guest was off or had crashed, and has not run since then */
	GPtrArray *waits; /* Wait * */
	GFileMonitor *monitor;
} QmpGuest;

GuestState qmp_state(const char *status)
{
	static const struct {
		const char *status;
		GuestState state;
	} rows[] = {
		{ "running", GUEST_RUNNING },
		{ "finish-migrate", GUEST_RUNNING },
		{ "paused", GUEST_PAUSED },
		{ "debug", GUEST_PAUSED },
		{ "inmigrate", GUEST_PAUSED },
		{ "prelaunch", GUEST_PAUSED },
		{ "restore-vm", GUEST_PAUSED },
		{ "save-vm", GUEST_PAUSED },
		{ "io-error", GUEST_PAUSED },
		{ "watchdog", GUEST_PAUSED },
		{ "colo", GUEST_PAUSED },
		{ "suspended", GUEST_SUSPENDED },
		{ "shutdown", GUEST_OFF },
		{ "postmigrate", GUEST_OFF },
		{ "internal-error", GUEST_CRASHED },
		{ "guest-panicked", GUEST_CRASHED },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_strcmp0(rows[i].status, status) == 0)
			return rows[i].state;
	return GUEST_UNKNOWN;
}

int qmp_state_of_event(const char *event)
{
	static const struct {
		const char *event;
		GuestState state;
	} rows[] = {
		{ "STOP", GUEST_PAUSED },
		{ "RESUME", GUEST_RUNNING },
		{ "SUSPEND", GUEST_SUSPENDED },
		{ "WAKEUP", GUEST_RUNNING },
		{ "SHUTDOWN", GUEST_STOPPING },
		{ "GUEST_PANICKED", GUEST_CRASHED },
		{ "GUEST_CRASHLOADED", GUEST_CRASHED },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_strcmp0(rows[i].event, event) == 0)
			return (int)rows[i].state;
	return -1;
}

/* -- answers ---------------------------------------------------------------------------------- */

static void answer_waits(QmpGuest *qmp)
{
	g_autoptr(GPtrArray) waits = qmp->waits;

	qmp->waits = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < waits->len; i++) {
		const Wait *wait = waits->pdata[i];

		wait->done(&qmp->guest, wait->data);
	}
}

/* One that QEMU holds before its start (-S) is paused between off and running. */
static void set_state(QmpGuest *qmp, GuestState state, const char *error)
{
	gboolean starts = state == GUEST_RUNNING && qmp->down;

	qmp->down = state == GUEST_OFF || state == GUEST_CRASHED || (qmp->down && !starts);
	if (starts)
		guest_started(&qmp->guest);
	else
		guest_set_state(&qmp->guest, state, error);
}

static void settle(QmpGuest *qmp, GuestState state, const char *error)
{
	g_clear_handle_id(&qmp->answer_id, g_source_remove);
	set_state(qmp, state, error);
	answer_waits(qmp);
}

/* -- the connection --------------------------------------------------------------------------- */

static gboolean on_retry(gpointer data);

static void hang_up(QmpGuest *qmp)
{
	gboolean had = qmp->phase == QMP_READY;

	g_clear_handle_id(&qmp->watch, g_source_remove);
	if (qmp->fd >= 0)
		close(qmp->fd);
	qmp->fd = -1;
	qmp->phase = QMP_DOWN;
	g_byte_array_set_size(qmp->buffer, 0);
	if (had && qmp->process != NULL)
		qmp->process(qmp->guest.name, -1, qmp->data);
}

static void lose(QmpGuest *qmp, GuestState state, const char *error)
{
	guint pause = qmp->eager > 0 ? EAGER_MS : qmp->times->retry_ms;

	hang_up(qmp);
	if (qmp->eager > 0)
		qmp->eager--;
	if (qmp->retry_id == 0)
		qmp->retry_id = g_timeout_add(pause, on_retry, qmp);
	settle(qmp, state, error);
}

static gboolean on_late(gpointer data)
{
	QmpGuest *qmp = data;
	g_autofree char *error =
		g_strdup_printf("QEMU does not answer at %s; give hotseat its own QMP socket: -qmp "
				"unix:PATH,server=on,wait=off",
			qmp->path);

	qmp->answer_id = 0;
	lose(qmp, GUEST_UNKNOWN, error);
	return G_SOURCE_REMOVE;
}

static void expect_answer(QmpGuest *qmp)
{
	if (qmp->answer_id == 0)
		qmp->answer_id = g_timeout_add(qmp->times->answer_ms, on_late, qmp);
}

static void send_command(QmpGuest *qmp, const char *command)
{
	g_autofree char *text = g_strdup_printf("{\"execute\":\"%s\"}\n", command);

	expect_answer(qmp);
	/* a command that does not fit into the socket, or is not read, gets no answer, and the
	 * timeout notices that */
	if (send(qmp->fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		g_debug("guest %s: %s was not sent: %s", qmp->guest.name, command,
			g_strerror(errno));
}

static void ask_status(QmpGuest *qmp)
{
	send_command(qmp, "query-status");
}

/* The user of the process at the other end is the one that runs QEMU. */
static void tell_process(QmpGuest *qmp)
{
	struct ucred peer;
	socklen_t length = sizeof peer;

	if (qmp->process == NULL ||
		getsockopt(qmp->fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0)
		return;
	if (peer.uid == OVERFLOW_UID)
		g_warning("guest %s: hotseatd's unit hides which user runs its QEMU, whose "
			  "connection hotseat-inputd would refuse; add PrivateUsers=no: systemctl "
			  "edit hotseatd",
			qmp->guest.name);
	else
		qmp->process(qmp->guest.name, (int)peer.uid, qmp->data);
}

static void on_greeting(QmpGuest *qmp)
{
	qmp->phase = QMP_READY;
	qmp->ended = FALSE;
	qmp->eager = 0;
	tell_process(qmp);
	send_command(qmp, "qmp_capabilities");
	ask_status(qmp);
}

static void on_event(QmpGuest *qmp, const char *event)
{
	int state = qmp_state_of_event(event);

	qmp->ended |= g_strcmp0(event, "SHUTDOWN") == 0;
	if (state < 0)
		return;
	set_state(qmp, (GuestState)state, NULL);
	/* details, such as that the guest is off while QEMU still runs */
	ask_status(qmp);
}

static void on_status(QmpGuest *qmp, JsonObject *answer)
{
	const char *status = member_text(answer, "status");
	GuestState state = qmp_state(status);

	if (status == NULL)
		return;
	if (state == GUEST_UNKNOWN)
		settle(qmp, state, "QEMU is in an unknown state; update hotseat");
	else
		settle(qmp, state, NULL);
}

static void handle_object(QmpGuest *qmp, JsonObject *object)
{
	JsonNode *answer = json_object_get_member(object, "return");

	if (qmp->phase == QMP_GREETING && json_object_has_member(object, "QMP"))
		on_greeting(qmp);
	else if (json_object_has_member(object, "event"))
		on_event(qmp, member_text(object, "event"));
	else if (answer != NULL && JSON_NODE_HOLDS_OBJECT(answer))
		on_status(qmp, json_node_get_object(answer));
}

/* A line that is not JSON does not come from QEMU: the request then has no answer. */
static void handle_line(QmpGuest *qmp, const char *line, gsize length)
{
	g_autoptr(JsonNode) root = object_parse_bytes((const guint8 *)line, length);

	if (root != NULL)
		handle_object(qmp, json_node_get_object(root));
}

static void handle_lines(QmpGuest *qmp)
{
	const guint8 *end;

	while (qmp->fd >= 0 && (end = memchr(qmp->buffer->data, '\n', qmp->buffer->len)) != NULL) {
		guint length = (guint)(end - qmp->buffer->data);
		g_autofree char *line = g_strndup((const char *)qmp->buffer->data, length);

		g_byte_array_remove_range(qmp->buffer, 0, length + 1);
		handle_line(qmp, line, strlen(line));
	}
	if (qmp->buffer->len > LINE_MAX_BYTES)
		lose(qmp, GUEST_UNKNOWN, "the program at the QMP socket is not QEMU; correct qmp");
}

/* If QEMU did not report that it exits, it has crashed. */
static void on_end(QmpGuest *qmp)
{
	lose(qmp, qmp->ended || qmp->phase != QMP_READY ? GUEST_OFF : GUEST_CRASHED, NULL);
}

static gboolean on_readable(int fd, GIOCondition condition, gpointer data)
{
	QmpGuest *qmp = data;
	guint8 bytes[4096];
	gssize length = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);

	if (length > 0) {
		g_byte_array_append(qmp->buffer, bytes, (guint)length);
		handle_lines(qmp);
	} else if (length == 0 || (errno != EAGAIN && errno != EINTR)) {
		on_end(qmp);
	}
	return qmp->fd == fd ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* code: of connect() */
static void on_refused(QmpGuest *qmp, int code)
{
	g_autofree char *error = NULL;
	/* a crashed guest keeps this state until it runs again */
	GuestState off = qmp->guest.state == GUEST_CRASHED ? GUEST_CRASHED : GUEST_OFF;

	if (code == ENOENT || code == ECONNREFUSED) {
		/* hotseat-inputd may still expect the QEMU that ran under the last hotseatd */
		if (qmp->process != NULL)
			qmp->process(qmp->guest.name, -1, qmp->data);
		lose(qmp, off, NULL);
		return;
	}
	error = g_strdup_printf("cannot connect to %s: %s%s", qmp->path, g_strerror(code),
		code == EACCES ? "; let the user that runs hotseatd write to it" : "");
	lose(qmp, GUEST_UNKNOWN, error);
}

static void try_connect(QmpGuest *qmp)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	g_clear_handle_id(&qmp->retry_id, g_source_remove);
	if (strlen(qmp->path) >= sizeof address.sun_path) {
		on_refused(qmp, ENAMETOOLONG);
		return;
	}
	strcpy(address.sun_path, qmp->path);
	qmp->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (qmp->fd < 0 || connect(qmp->fd, (struct sockaddr *)&address, sizeof address) != 0) {
		on_refused(qmp, errno);
		return;
	}
	qmp->phase = QMP_GREETING;
	qmp->watch = g_unix_fd_add(qmp->fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, qmp);
	expect_answer(qmp);
}

static gboolean on_retry(gpointer data)
{
	QmpGuest *qmp = data;

	qmp->retry_id = 0;
	if (qmp->phase == QMP_DOWN)
		try_connect(qmp);
	return G_SOURCE_REMOVE;
}

/* QEMU creates its socket when it starts. */
static void on_file(
	GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, gpointer data)
{
	QmpGuest *qmp = data;

	if (event != G_FILE_MONITOR_EVENT_CREATED || qmp->phase != QMP_DOWN)
		return;
	qmp->eager = EAGER_TRIES;
	try_connect(qmp);
}

/* -- the guest -------------------------------------------------------------------------------- */

static gboolean ask(gpointer data)
{
	QmpGuest *qmp = data;

	qmp->told_id = 0;
	if (qmp->phase == QMP_READY)
		ask_status(qmp);
	else if (qmp->phase == QMP_DOWN)
		try_connect(qmp);
	return G_SOURCE_REMOVE;
}

static void qmp_refresh(Guest *guest, GuestDone done, gpointer data)
{
	QmpGuest *qmp = (QmpGuest *)guest;
	Wait *wait = g_new0(Wait, 1);

	wait->done = done;
	wait->data = data;
	g_ptr_array_add(qmp->waits, wait);
	if (qmp->told_id == 0)
		qmp->told_id = g_idle_add(ask, qmp);
}

static void qmp_free(Guest *guest)
{
	QmpGuest *qmp = (QmpGuest *)guest;

	qmp->process = NULL;
	hang_up(qmp);
	g_clear_handle_id(&qmp->answer_id, g_source_remove);
	g_clear_handle_id(&qmp->retry_id, g_source_remove);
	g_clear_handle_id(&qmp->told_id, g_source_remove);
	if (qmp->monitor != NULL)
		g_file_monitor_cancel(qmp->monitor);
	g_clear_object(&qmp->monitor);
	g_ptr_array_unref(qmp->waits);
	g_byte_array_unref(qmp->buffer);
	g_free(qmp->path);
	g_free(qmp);
}

Guest *qmp_guest_new(
	const ConfigGuest *config, const QmpTimes *times, QmpProcess process, gpointer data)
{
	static const GuestOps ops = { .refresh = qmp_refresh, .free = qmp_free };
	QmpGuest *qmp = g_new0(QmpGuest, 1);
	g_autoptr(GFile) file = g_file_new_for_path(config->qmp);

	qmp->guest.ops = &ops;
	qmp->guest.name = g_strdup(config->name);
	qmp->guest.follow = config->follow;
	qmp->guest.state = GUEST_UNKNOWN;
	qmp->guest.error = g_strdup("the state of QEMU is not known yet; wait a moment");
	qmp->path = g_strdup(config->qmp);
	qmp->times = times;
	qmp->process = process;
	qmp->data = data;
	qmp->fd = -1;
	qmp->buffer = g_byte_array_new();
	qmp->waits = g_ptr_array_new_with_free_func(g_free);
	qmp->monitor = g_file_monitor_file(file, G_FILE_MONITOR_NONE, NULL, NULL);
	if (qmp->monitor != NULL)
		g_signal_connect(qmp->monitor, "changed", G_CALLBACK(on_file), qmp);
	qmp->told_id = g_idle_add(ask, qmp);
	return &qmp->guest;
}
