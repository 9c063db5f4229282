/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bringing monitors back by the user's command, and when it is not run.
 */
#include "ladder-desk.h"

#include <glib/gstdio.h>

/* For what will be seen, however busy the computer is. */
enum { PATIENCE_MS = 60000 };

static const ReturnWay only_command[] = { RETURN_COMMAND, RETURN_WAYS };
static const ReturnWay command_first[] = { RETURN_COMMAND, RETURN_DDC, RETURN_WAYS };

static char *read_log(void)
{
	char *text = NULL;

	g_file_get_contents(ladder_log, &text, NULL, NULL);
	return text;
}

/* What a command does to the monitor: a file is the wire. */
static gboolean on_wire(gpointer data)
{
	LadderDesk *f = data;

	if (g_file_test(ladder_log, G_FILE_TEST_EXISTS))
		sim_monitor_press(f->monitor, 0x0f);
	return G_SOURCE_CONTINUE;
}

static void test_command(LadderDesk *f, gconstpointer unused)
{
	guint wire = g_timeout_add(5, on_wire, f);
	g_autofree char *log = NULL;

	f->times.look_ms = PATIENCE_MS;
	ladder_make(f, NULL, "echo $HOTSEAT_TARGET $HOTSEAT_DISPLAY >> $LOG");
	ladder_arrives(f, "guest", NULL);
	ladder_arrives(
		f, "host", "DisplayPort-1 (0x0f) on /dev/i2c-0; brought back by return_command");
	g_source_remove(wire);
	log = read_log();
	g_assert_cmpstr(log, ==, "host left\n");
}

/* Somebody has pressed the monitor's button: the command, which may press it too, is not run. */
static void test_command_not_needed(LadderDesk *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	ladder_make(f, command_first, "touch $LOG");
	ladder_arrives(f, "guest", NULL);
	sim_monitor_press(f->monitor, 0x0f);
	outcome = apply(f->ladder, "host");
	g_assert_no_error(outcome.error);
	g_assert_false(outcome.changed);
	g_assert_false(g_file_test(ladder_log, G_FILE_TEST_EXISTS));
}

static void test_command_fails(LadderDesk *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	ladder_make(f, only_command, "echo no battery; exit 3");
	ladder_arrives(f, "guest", NULL);
	outcome = apply(f->ladder, "host");
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
	g_assert_cmpstr(outcome.error->message, ==, "command: exit status 3: no battery");
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x11);
}

/* It is for monitors that never say anything: then it is believed. */
static void test_command_believed(LadderDesk *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 }, later = { 0 };

	ladder_make(f, only_command, "touch $LOG");
	ladder_arrives(f, "guest", NULL);
	outcome = apply(f->ladder, "host");
	g_assert_no_error(outcome.error);
	g_assert_cmpstr(outcome.at, ==, "host");
	g_assert_cmpstr(outcome.detail, ==,
		"the monitor does not report its input; brought back by return_command");
	later = observe(f->ladder);
	g_assert_cmpstr(later.at, ==, "host");
}

/* The monitor accepted what the host wrote, and it is unknown whether it helped: the command helps.
 */
static void test_command_in_doubt(LadderDesk *f, gconstpointer unused)
{
	static const ReturnWay ddc_first[] = { RETURN_DDC, RETURN_COMMAND, RETURN_WAYS };
	I2cSystem *system = sim_i2c_system(f->desk->sim);
	g_auto(Outcome) outcome = { 0 };

	sim_monitor_set_faults(f->monitor, (SimFaults){ .silent_ms = 3600 * 1000 });
	ladder_make(f, ddc_first, "touch $LOG");
	ladder_arrives(f, "guest", NULL);
	/* it hears again, until it is written to */
	system->ops->sleep_us(system, 2 * G_TIME_SPAN_HOUR, NULL);
	outcome = apply(f->ladder, "host");
	g_assert_no_error(outcome.error);
	g_assert_cmpstr(outcome.at, ==, "host");
	g_assert_true(g_file_test(ladder_log, G_FILE_TEST_EXISTS));
}

/* A command knows the way to the host only, though it was what worked last. */
static void test_command_is_for_home(LadderDesk *f, gconstpointer unused)
{
	guint wire = g_timeout_add(5, on_wire, f);

	f->times.look_ms = PATIENCE_MS;
	ladder_make(f, NULL, "touch $LOG");
	ladder_arrives(f, "guest", NULL);
	ladder_arrives(f, "host", NULL);
	g_source_remove(wire);
	g_remove(ladder_log);
	ladder_arrives(f, "guest", NULL);
	{
		g_auto(Outcome) outcome = apply(f->ladder, "linux");

		g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
	}
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x11);
	g_assert_false(g_file_test(ladder_log, G_FILE_TEST_EXISTS));
}

typedef struct {
	GCancellable *cancel;
	guint writes; /* until it is cancelled */
} Canceller;

static void cancel_later(int bus, guint8 address, gboolean read, gpointer data)
{
	Canceller *canceller = data;

	if (address == 0x37 && !read && --canceller->writes == 0)
		g_cancellable_cancel(canceller->cancel);
}

/* A newer request that comes while the host tries for the last time: nobody else is asked. */
static void test_cancelled_late(LadderDesk *f, gconstpointer unused)
{
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	Canceller canceller = { cancel, 6 };
	g_auto(Outcome) outcome = { 0 };

	f->agent.connected = TRUE;
	ladder_make(f, NULL, "touch $LOG");
	ladder_arrives(f, "guest", NULL);
	sim_i2c_intercept(f->desk->sim, cancel_later, &canceller);
	f->ladder->ops->apply(f->ladder, "host", cancel, outcome_done, &outcome);
	outcome_wait(&outcome);
	sim_i2c_intercept(f->desk->sim, NULL, NULL);
	g_assert_cmpuint(canceller.writes, ==, 0);
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED);
	g_assert_cmpuint(f->agent.orders, ==, 0);
	g_assert_false(g_file_test(ladder_log, G_FILE_TEST_EXISTS));
}

/* A newer request does not wait for a command that runs, which would take minutes here. */
static void test_command_interrupted(LadderDesk *f, gconstpointer unused)
{
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	g_auto(Outcome) outcome = { 0 };

	ladder_make(f, only_command, "touch $LOG; sleep 500");
	ladder_arrives(f, "guest", NULL);
	f->ladder->ops->apply(f->ladder, "host", cancel, outcome_done, &outcome);
	while (!g_file_test(ladder_log, G_FILE_TEST_EXISTS))
		g_main_context_iteration(NULL, FALSE);
	g_cancellable_cancel(cancel);
	outcome_wait(&outcome);
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED);
	g_assert_cmpstr(outcome.error->message, ==, "stopped: replaced by a newer request");
}

static void add_tests(void)
{
	ADD("/ladder/command", test_command);
	ADD("/ladder/command-not-needed", test_command_not_needed);
	ADD("/ladder/command-fails", test_command_fails);
	ADD("/ladder/command-believed", test_command_believed);
	ADD("/ladder/command-in-doubt", test_command_in_doubt);
	ADD("/ladder/command-is-for-home", test_command_is_for_home);
	ADD("/ladder/command-interrupted", test_command_interrupted);
	ADD("/ladder/cancelled-late", test_cancelled_late);
}

int main(int argc, char **argv)
{
	return ladder_run(argc, argv, add_tests);
}
