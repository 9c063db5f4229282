/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The trial at the end of hotseat setup: a switch there and back by a made-up daemon, and what the
 * monitors' reports mean for the config.
 */
#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

#include "setup-person.h"
#include "setup/finish.h"
#include "setup/trial-readings.h"

static void to_guest(SetupDesk *desk)
{
	sim_monitor_press(desk->monitors[0], HDMI1);
}

static void to_host(SetupDesk *desk)
{
	sim_monitor_press(desk->monitors[0], DP1);
}

/* -- what is learned from the readings --------------------------------------------------------- */

/* Reads during a trial of the desk's config, and learns from it with the answers of script. */
static gboolean desk_try(SetupDesk *desk, const Line *script)
{
	g_autoptr(TrialReadings) readings = trial_readings_new(
		&desk->interview, desk->interview.draft->config->guests->pdata[0]);
	gboolean learned;

	trial_readings_look(readings, "host");
	to_guest(desk);
	trial_readings_look(readings, "guest");
	to_host(desk);
	desk->script = script;
	desk->at = desk->done = 0;
	g_assert_true(trial_readings_learn(readings, &learned));
	return learned;
}

/* A desk whose config says dp1 and hdmi1. */
static void desk_new_for_trial(SetupDesk *desk, SimFaults faults)
{
	static const char *displays[] = { "4=dp1,hdmi1", NULL };

	desk_new(desk);
	desk->options.displays = displays;
	desk_add_monitor(desk, &aoc, TRUE);
	desk_add_usual(desk);
	desk_look_and_run(desk, CAPS, NULL);
	desk_assert_text(desk, "      host: dp1 # 0x0f\n      guest: hdmi1 # 0x11\n");
	sim_monitor_set_faults(desk->monitors[0], faults);
}

static gboolean desk_has_reads_as(SetupDesk *desk)
{
	g_autofree char *text = draft_text(desk->interview.draft, DRAFT_SECRET_FILE);

	return strstr(text, "reads_as:") != NULL;
}

static void test_trial(void)
{
	static const Line none[] = { { 0 } };
	static const Line showed[] = {
		{ .expect = "Did 2778X show win10, until the end?", .answer = "yes" }, { 0 }
	};
	static const Line went_back[] = { { .expect = "Did 2778X show", .answer = "no" }, { 0 } };
	static const struct {
		SimFaults faults;
		const Line *script;
		gboolean learned;
		const char *text, *said;
	} cases[] = {
		{ { 0 }, none, FALSE, "guest: hdmi1 # 0x11\n", "" },
		{ { .misread = HDMI1, .misread_as = 0x05 }, none, TRUE,
			"      reads_as:\n          guest: 0x05\n",
			"2778X reports 0x05 when it shows win10; the configuration says so now." },
		{ { .misread = HDMI1 }, none, TRUE, "      reads_as:\n          guest: 0x00\n",
			"2778X reports 0x00 when it shows win10" },
		{ { .tells_cable = TRUE }, showed, FALSE, "guest: hdmi1 # 0x11\n",
			"hotseatd does not rely on its reports" },
		{ { .tells_cable = TRUE }, went_back, FALSE, "guest: hdmi1 # 0x11\n",
			"2778X went back by itself" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		SetupDesk desk;

		desk_new_for_trial(&desk, cases[i].faults);
		g_assert_cmpint(desk_try(&desk, cases[i].script), ==, cases[i].learned);
		desk_assert_text(&desk, cases[i].text);
		g_assert_cmpint(desk_has_reads_as(&desk), ==, cases[i].learned);
		desk_assert_said(&desk, cases[i].said);
		desk_assert_nothing_set(&desk);
		desk_free(&desk);
	}
}

/* 0x00 for both needs no question: it is not the host's input. */
static void test_trial_zero(void)
{
	static const Line none[] = { { 0 } };
	SetupDesk desk;

	desk_new_for_trial(&desk, (SimFaults){ .tells_zero = TRUE });
	g_assert_true(desk_try(&desk, none));
	desk_assert_text(&desk, "      reads_as:\n          host: 0x00\n          guest: 0x00\n");
	/* once it is known, there is nothing to learn */
	g_assert_false(desk_try(&desk, none));
	desk_free(&desk);
}

/* A monitor that showed the guest when the trial began says nothing about the host's input. */
static void test_trial_elsewhere(void)
{
	static const Line none[] = { { 0 } };
	g_autoptr(TrialReadings) readings = NULL;
	gboolean learned;
	SetupDesk desk;

	desk_new_for_trial(&desk, (SimFaults){ 0 });
	desk.script = none;
	to_guest(&desk);
	readings =
		trial_readings_new(&desk.interview, desk.interview.draft->config->guests->pdata[0]);
	trial_readings_look(readings, "host");
	g_assert_true(trial_readings_learn(readings, &learned));
	g_assert_false(learned);
	g_assert_false(desk_has_reads_as(&desk));
	desk_free(&desk);
}

/* -- with a daemon ----------------------------------------------------------------------------- */

/* It moves the desk's monitor as it is told, and answers what hotseatd answers. */
typedef struct {
	SetupDesk *desk;
	GSocketListener *listener;
	GCancellable *stop;
	GThread *thread;
	char *folder, *socket, *config;
	const char *failing_kind; /* of the step that fails; NULL: none does */
	guint failures;		  /* so many switches to the guest fail */
	guint to_guest, to_host;  /* switches that were asked for */
} Daemon;

static char *read_request(GInputStream *in)
{
	GString *text = g_string_new(NULL);
	char part[512];
	gssize count;

	while (strchr(text->str, '}') == NULL &&
		(count = g_input_stream_read(in, part, sizeof part, NULL, NULL)) > 0)
		g_string_append_len(text, part, count);
	return g_string_free(text, FALSE);
}

/* Rolled back, as a switch is whose step failed. */
static char *fail_switch(Daemon *daemon)
{
	daemon->failures--;
	to_host(daemon->desk);
	return g_strdup_printf(
		"{\"error\":\"2778X: the monitor took 0x11 and still shows "
		"0x05\",\"success\":false,"
		"\"outcome\":\"rolled-back\",\"to\":\"guest\",\"ms\":1,\"steps\":["
		"{\"name\":\"2778X\",\"kind\":\"%s\",\"to\":\"guest\",\"undo\":false,"
		"\"outcome\":\"failed\",\"optional\":false},"
		"{\"name\":\"2778X\",\"kind\":\"display\",\"to\":\"host\",\"undo\":true,"
		"\"outcome\":\"done\",\"optional\":false}]}",
		daemon->failing_kind);
}

static void answer_request(Daemon *daemon, GIOStream *connection)
{
	g_autofree char *request = read_request(g_io_stream_get_input_stream(connection));
	gboolean host = strstr(request, "\"host\"") != NULL;
	gboolean fails = !host && daemon->failures > 0;
	g_autofree char *body = NULL, *answer = NULL;

	daemon->to_host += host ? 1 : 0;
	daemon->to_guest += host ? 0 : 1;
	(host ? to_host : to_guest)(daemon->desk);
	body = fails ? fail_switch(daemon)
		     : g_strdup("{\"error\":null,\"success\":true,\"outcome\":\"done\",\"steps\":[]"
				"}");
	answer = g_strdup_printf("HTTP/1.1 %s\r\nContent-Type: application/json\r\n"
				 "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
		fails ? "500 Internal Server Error" : "200 OK", strlen(body), body);
	g_output_stream_write_all(g_io_stream_get_output_stream(connection), answer, strlen(answer),
		NULL, NULL, NULL);
}

static gpointer serve(gpointer data)
{
	Daemon *daemon = data;
	GSocketConnection *connection;

	while ((connection = g_socket_listener_accept(
			daemon->listener, NULL, daemon->stop, NULL)) != NULL) {
		answer_request(daemon, G_IO_STREAM(connection));
		g_object_unref(connection);
	}
	return NULL;
}

static void daemon_start(Daemon *daemon, SetupDesk *desk, const char *failing_kind, guint failures)
{
	g_autoptr(GSocketAddress) address = NULL;

	*daemon = (Daemon){ .desk = desk, .failing_kind = failing_kind, .failures = failures };
	daemon->folder = g_dir_make_tmp("hotseat-trial-XXXXXX", NULL);
	daemon->socket = g_build_filename(daemon->folder, "socket", NULL);
	daemon->config = g_build_filename(daemon->folder, "config.yaml", NULL);
	daemon->listener = g_socket_listener_new();
	daemon->stop = g_cancellable_new();
	address = g_unix_socket_address_new(daemon->socket);
	g_assert_true(g_socket_listener_add_address(daemon->listener, address, G_SOCKET_TYPE_STREAM,
		G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, NULL));
	daemon->thread = g_thread_new("daemon", serve, daemon);
}

static void daemon_stop(Daemon *daemon)
{
	GDir *dir = g_dir_open(daemon->folder, 0, NULL);
	const char *name;

	g_cancellable_cancel(daemon->stop);
	g_thread_join(daemon->thread);
	g_object_unref(daemon->stop);
	g_object_unref(daemon->listener);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(daemon->folder, name, NULL);

		g_remove(path);
	}
	g_dir_close(dir);
	g_rmdir(daemon->folder);
	g_free(daemon->folder);
	g_free(daemon->socket);
	g_free(daemon->config);
}

static CliExit finish_with(Daemon *daemon, const Line *script)
{
	SetupDesk *desk = daemon->desk;
	Finish end = { .interview = &desk->interview,
		.path = daemon->config,
		.socket = daemon->socket,
		.root = "",
		.has_trial = TRUE };

	desk->script = script;
	desk->at = desk->done = 0;
	return finish(&end);
}

/* What is in the file now. */
static void assert_written(const Daemon *daemon, const char *wanted)
{
	g_autofree char *text = NULL;

	g_assert_true(g_file_get_contents(daemon->config, &text, NULL, NULL));
	if (strstr(text, wanted) == NULL)
		g_error("\"%s\" is not in:\n%s", wanted, text);
}

#define WRITE "Write this to"
#define TRY   "Try a switch to win10 now"

/* The first switch fails, because of what the monitor reports: the trial tries again, reads it, and
 * the config is written again. */
static void test_learns_from_failure(void)
{
	static const Line script[] = { { .expect = WRITE, .answer = "yes" },
		{ .expect = TRY, .answer = "yes" }, { 0 } };
	SetupDesk desk;
	Daemon daemon;

	desk_new_for_trial(&desk, (SimFaults){ .misread = HDMI1, .misread_as = 0x05 });
	daemon_start(&daemon, &desk, "display", 1);
	g_assert_cmpint(finish_with(&daemon, script), ==, CLI_OK);
	g_assert_cmpuint(daemon.to_guest, ==, 2);
	g_assert_cmpuint(daemon.to_host, ==, 1);
	assert_written(&daemon, "      reads_as:\n          guest: 0x05\n");
	desk_assert_said(&desk, "Trying once more, without relying on such a report.");
	desk_assert_said(&desk, "Back in");
	desk_assert_said(&desk, "There and back: success.");
	desk_assert_said(&desk, "2778X reports 0x05 when it shows win10");
	daemon_stop(&daemon);
	desk_free(&desk);
}

/* It reports the host's input whatever it shows, or has gone back: only the user knows. */
static void test_asks_after_failure(void)
{
	static const Line changed[] = { { .expect = WRITE, .answer = "yes" },
		{ .expect = TRY, .answer = "yes" },
		{ .expect = "Did 2778X show win10, until the end?", .answer = "yes" }, { 0 } };
	static const Line went_back[] = { { .expect = WRITE, .answer = "yes" },
		{ .expect = TRY, .answer = "yes" },
		{ .expect = "Did 2778X show win10", .answer = "no" }, { 0 } };

	for (int i = 0; i < 2; i++) {
		SetupDesk desk;
		Daemon daemon;

		desk_new_for_trial(&desk, (SimFaults){ .tells_cable = TRUE });
		daemon_start(&daemon, &desk, "display", 1);
		g_assert_cmpint(finish_with(&daemon, i == 0 ? changed : went_back), ==, CLI_OK);
		/* the host's value for the guest would make them look alike */
		g_assert_false(desk_has_reads_as(&desk));
		daemon_stop(&daemon);
		desk_free(&desk);
	}
}

/* A keyboard that does not move is no reason to try again; nor does a second failure lead to a
 * third try. The way back is gone in any case. */
static void test_fails(void)
{
	static const Line script[] = { { .expect = WRITE, .answer = "yes" },
		{ .expect = TRY, .answer = "yes" }, { 0 } };
	static const struct {
		const char *kind;
		guint failures, tries;
	} cases[] = { { "device", 1, 1 }, { "display", 2, 2 } };

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		SetupDesk desk;
		Daemon daemon;

		desk_new_for_trial(&desk, (SimFaults){ .misread = HDMI1, .misread_as = 0x05 });
		daemon_start(&daemon, &desk, cases[i].kind, cases[i].failures);
		g_assert_cmpint(finish_with(&daemon, script), ==, CLI_OK);
		g_assert_cmpuint(daemon.to_guest, ==, cases[i].tries);
		g_assert_cmpuint(daemon.to_host, ==, 1);
		g_assert_false(desk_has_reads_as(&desk));
		desk_assert_said(&desk, "The trial failed");
		daemon_stop(&daemon);
		desk_free(&desk);
	}
}

/* Nothing learned, nothing written again. */
static void test_works(void)
{
	static const Line script[] = { { .expect = WRITE, .answer = "yes" },
		{ .expect = TRY, .answer = "yes" }, { 0 } };
	SetupDesk desk;
	Daemon daemon;

	desk_new_for_trial(&desk, (SimFaults){ 0 });
	daemon_start(&daemon, &desk, NULL, 0);
	g_assert_cmpint(finish_with(&daemon, script), ==, CLI_OK);
	g_assert_cmpuint(daemon.to_guest, ==, 1);
	g_assert_false(desk_has_reads_as(&desk));
	g_assert_null(strstr(desk.all->str, "The old configuration is now"));
	daemon_stop(&daemon);
	desk_free(&desk);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/setup-trial/readings", test_trial);
	g_test_add_func("/setup-trial/zero", test_trial_zero);
	g_test_add_func("/setup-trial/elsewhere", test_trial_elsewhere);
	g_test_add_func("/setup-trial/works", test_works);
	g_test_add_func("/setup-trial/learns-from-failure", test_learns_from_failure);
	g_test_add_func("/setup-trial/asks-after-failure", test_asks_after_failure);
	g_test_add_func("/setup-trial/fails", test_fails);
	return g_test_run();
}
