/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotkey HOTSEAT_INPUTD [N] - from the press of a hotkey to the first key in the guest, and to the
 * first monitor's write, N times (default: 40). Measures the complete path: hotseat-inputd reads
 * the keys, and the seat, in this program, decides and moves a keyboard and a monitor. The event
 * node is one end of a socket pair, on which keys are typed without a pause. This program also acts
 * as QEMU, and the monitor is simulated with the times of a 100 kHz bus.
 */
#include "../tests/input/wire.h"
#include "../tests/unit/desk.h"
#include "config/config.h"
#include "daemon/desk-input.h"
#include "device/input-daemon.h"
#include "device/input.h"
#include "seat/seat.h"
#include "sim/guest.h"

#include <linux/input.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/un.h>
#include <unistd.h>

enum { MESSAGE_WIRE_US = 1000, TYPING_US = 100, READY_MS = 3000 };

#define SETTLE_NS G_GINT64_CONSTANT(1000000000)
#define REST_NS	  G_GINT64_CONSTANT(300000000)

/* The desk, hotseat-inputd, and the results. */
typedef struct {
	Desk *monitors;
	Config *config;
	GHashTable *ports;
	InputSystem *input;
	Seat *seat;
	DeskInput *hotkeys;
	Wire wire;
	guint port;
	int listener; /* the listener for hotseatd, at socket */
	char *welcome, *socket;
	gboolean is_qemu;      /* has been started */
	gint64 key_ns;	       /* atomic: the first key after the hotkey; 0: none yet */
	gint64 written_ns;     /* atomic: the monitor's write */
	GArray *keys, *writes; /* double: us from the press */
} Bench;

static void look_at_bus(int bus, guint8 address, gboolean read, gpointer data)
{
	g_usleep(MESSAGE_WIRE_US);
}

static void on_written(SimMonitor *monitor, guint8 input, gpointer data)
{
	__atomic_store_n(&((Bench *)data)->written_ns, wire_now_ns(), __ATOMIC_SEQ_CST);
}

/* ---- the typist, and QEMU */

static void emit(const Bench *bench, guint code, int value)
{
	struct input_event events[] = { { .type = EV_KEY, .code = (guint16)code, .value = value },
		{ .type = EV_SYN } };

	wire_send(bench->wire.node, events, sizeof events);
}

static gboolean has_key(const Bench *bench)
{
	return __atomic_load_n(&bench->key_ns, __ATOMIC_SEQ_CST) != 0;
}

static gpointer be_qemu(gpointer data)
{
	Bench *bench = data;
	guint8 report[256];

	wire_be_qemu(&bench->wire, bench->port);
	for (;;) {
		wire_next_report(&bench->wire, report);
		/* A: usage 4, the first bit */
		if (report[0] == HID_ID_KEYBOARD && (report[2] & 1) != 0 && !has_key(bench))
			__atomic_store_n(&bench->key_ns, wire_now_ns(), __ATOMIC_SEQ_CST);
		wire_ask(&bench->wire);
	}
	return NULL;
}

/* What hotseat-inputd writes to the node. */
static void empty_node(const Bench *bench)
{
	guint8 written[4096];

	while (recv(bench->wire.node, written, sizeof written, MSG_DONTWAIT) > 0)
		;
}

static gpointer type(gpointer data)
{
	Bench *bench = data;

	while (!has_key(bench)) {
		emit(bench, KEY_A, 1);
		emit(bench, KEY_A, 0);
		empty_node(bench);
		g_usleep(TYPING_US);
	}
	return NULL;
}

/* ---- between hotseatd and hotseat-inputd */

/* hotseatd does not let QEMU connect to a simulated hotseat-inputd; here only the nodes are
 * simulated. The result includes the cost of forwarding messages. */
static void pass_on(int from, int to)
{
	char packet[PROTOCOL_MESSAGE_MAX];
	ssize_t n = recv(from, packet, sizeof packet, 0);

	if (n <= 0)
		wire_die("the control socket");
	wire_send(to, packet, (gsize)n);
}

static gpointer relay(gpointer data)
{
	const Bench *bench = data;
	int hotseatd = accept(bench->listener, NULL, NULL);

	/* without "simulated" */
	wire_send(hotseatd, bench->welcome, strlen(bench->welcome));
	for (;;) {
		struct pollfd ends[] = { { .fd = hotseatd, .events = POLLIN },
			{ .fd = bench->wire.control, .events = POLLIN } };

		poll(ends, G_N_ELEMENTS(ends), -1);
		for (gsize i = 0; i < G_N_ELEMENTS(ends); i++)
			if (ends[i].revents != 0)
				pass_on(ends[i].fd, ends[1 - i].fd);
	}
	return NULL;
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	g_strlcpy(address.sun_path, path, sizeof address.sun_path);
	if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
		listen(listener, 1) != 0)
		wire_die(path);
	return listener;
}

/* ---- making it */

static void plug_in(Bench *bench)
{
	g_autofree char *configure = g_strdup_printf(
		"configure\nversion=1\nid=1\nguest=guest\nport=%u\ndevice=keyboard\ninput=x\n",
		bench->port);
	int pair[2];

	wire_wait_for(bench->wire.control, "welcome", "");
	wire_order(bench->wire.control, configure, -1);
	wire_wait_for(bench->wire.control, "result", "id=1");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		wire_die("socketpair");
	bench->wire.node = pair[0];
	wire_order(bench->wire.control, "plug\ndevice=keyboard\n", pair[1]);
	close(pair[1]);
	wire_wait_for(bench->wire.control, "device", "presence=present");
}

/* hotseat-inputd keeps a device that it knows, and its node, when hotseatd sends a configuration.
 */
static void start_inputd(Bench *bench, const char *program, const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "control", NULL);
	g_autofree char *number = g_strdup_printf("%u", bench->port);

	bench->wire.pid = fork();
	if (bench->wire.pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execl(program, program, "--simulate", "--control", path, "--listen", number, NULL);
		wire_die(program);
	}
	bench->wire.control = wire_connect_to_control(folder);
	plug_in(bench);
	bench->welcome = g_strdup_printf("welcome\nversion=1\nport=%u\n", bench->port);
	bench->socket = g_build_filename(folder, "relay", NULL);
	bench->listener = listen_at(bench->socket);
	g_thread_new("relay", relay, bench);
}

static void make_monitor(Bench *bench)
{
	ConfigDisplay config = config_display(-1);
	SimMonitor *monitor;

	bench->monitors = g_new0(Desk, 1);
	bench->monitors->sim = sim_i2c_new(FALSE);
	bench->monitors->registry = monitor_registry_new(sim_i2c_system(bench->monitors->sim));
	bench->monitors->configs = g_ptr_array_new_with_free_func(config_forget);
	sim_i2c_intercept(bench->monitors->sim, look_at_bus, NULL);
	monitor = desk_monitor(bench->monitors, 4, "2778X", "A17");
	sim_i2c_plug(bench->monitors->sim, 4, "card0-DP-1", monitor, 0x0f);
	sim_i2c_know_edid(bench->monitors->sim, 4);
	sim_monitor_listen(monitor, on_written, bench);
	config.match.connector = g_strdup("card0-DP-1");
	seat_add_resource(bench->seat, desk_display(bench->monitors, &config));
}

static void make_desk(Bench *bench)
{
	static const InputLinkTimes times = { 10, 100, 5000 };
	/* the port in hotseat's range; bench->ports has the real one */
	static const char text[] =
		"guests: [{name: guest, qemu: {qmp: /nonexistent, port: 49201}}]\n"
		"devices: [{name: keyboard, input: x, via: input}]\n"
		"hotkeys: {toggle: leftctrl+f12}\n";
	g_autoptr(GPtrArray) problems = config_problems_new();

	bench->config = config_parse("bench", text, strlen(text), problems);
	g_assert_nonnull(bench->config);
	bench->ports = g_hash_table_new(g_str_hash, g_str_equal);
	g_hash_table_insert(bench->ports, (gpointer) "guest", GUINT_TO_POINTER(bench->port));
	bench->input = input_daemon_new(
		&(InputDaemonSpec){ bench->config, NULL, bench->ports, bench->socket, &times });
	bench->seat = seat_new(NULL, FALSE);
	seat_add_guest(bench->seat, sim_guest_new(bench->config->guests->pdata[0]));
	make_monitor(bench);
	seat_add_resource(
		bench->seat, device_via_input_new(bench->input, bench->config->devices->pdata[0],
				     bench->config->guests, READY_MS));
	bench->hotkeys = desk_input_new(bench->input, bench->seat, bench->config);
	seat_start(bench->seat, NULL);
}

static gboolean is_ready(Bench *bench)
{
	return bench->input->ops->readiness(bench->input, "guest", NULL) == INPUT_READY &&
	       g_strcmp0(seat_at(bench->seat), "host") == 0;
}

static void wait_until_ready(Bench *bench)
{
	gint64 end = wire_now_ns() + SETTLE_NS;

	bench->input->ops->expect(bench->input, "guest", (int)getuid());
	/* a QEMU that connects too early is disconnected */
	while (wire_now_ns() < end || !bench->is_qemu || !is_ready(bench)) {
		if (wire_now_ns() >= end && !bench->is_qemu) {
			bench->is_qemu = TRUE;
			g_thread_new("QEMU", be_qemu, bench);
		}
		g_main_context_iteration(NULL, FALSE);
		g_usleep(1000);
	}
}

/* ---- measuring */

static void tap_hotkey(const Bench *bench)
{
	emit(bench, KEY_LEFTCTRL, 1);
	emit(bench, KEY_F12, 1);
	emit(bench, KEY_F12, 0);
	emit(bench, KEY_LEFTCTRL, 0);
}

static void wait_for_seat(Bench *bench, const char *target)
{
	while (g_strcmp0(seat_at(bench->seat), target) != 0)
		g_main_context_iteration(NULL, TRUE);
}

static void note(GArray *values, gint64 from_ns, const gint64 *to_ns)
{
	double us = (double)(__atomic_load_n(to_ns, __ATOMIC_SEQ_CST) - from_ns) / 1e3;

	g_array_append_val(values, us);
}

/* No message may be sent to a monitor for 50 ms after the last one. */
static void rest(void)
{
	gint64 end = wire_now_ns() + REST_NS;

	while (wire_now_ns() < end) {
		g_main_context_iteration(NULL, FALSE);
		g_usleep(1000);
	}
}

static void there_and_back(Bench *bench)
{
	gint64 begun;
	GThread *typist;

	rest();
	__atomic_store_n(&bench->key_ns, 0, __ATOMIC_SEQ_CST);
	begun = wire_now_ns();
	tap_hotkey(bench);
	typist = g_thread_new("typist", type, bench);
	wait_for_seat(bench, "guest");
	g_thread_join(typist);
	note(bench->keys, begun, &bench->key_ns);
	note(bench->writes, begun, &bench->written_ns);
	tap_hotkey(bench);
	wait_for_seat(bench, "host");
	empty_node(bench);
}

static gint ascending(gconstpointer a, gconstpointer b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void show(const char *what, GArray *values)
{
	g_array_sort(values, ascending);
	printf("%-34s p50 %7.2f  p99 %7.2f ms, %u times\n", what,
		g_array_index(values, double, values->len / 2) / 1e3,
		g_array_index(values, double, values->len * 99 / 100) / 1e3, values->len);
}

int main(int argc, char **argv)
{
	g_autofree char *folder = g_dir_make_tmp("hotseat-hotkey-XXXXXX", NULL);
	Bench bench = { .keys = g_array_new(FALSE, FALSE, sizeof(double)),
		.writes = g_array_new(FALSE, FALSE, sizeof(double)) };
	int times = argc > 2 ? atoi(argv[2]) : 40;

	if (argc < 2 || folder == NULL || times < 1)
		return 2;
	bench.port = wire_free_port();
	start_inputd(&bench, argv[1], folder);
	make_desk(&bench);
	wait_until_ready(&bench);
	/* the first switch finds the monitor */
	for (int i = 0; i <= times; i++) {
		there_and_back(&bench);
		if (i == 0) {
			g_array_set_size(bench.keys, 0);
			g_array_set_size(bench.writes, 0);
		}
	}
	show("hotkey to the first key", bench.keys);
	show("hotkey to the first monitor's write", bench.writes);
	/* threads and hotseat-inputd end with the program */
	_exit(fflush(stdout) == 0 ? 0 : 1);
}
