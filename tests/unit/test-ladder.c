/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bringing monitors back by themselves and through the guest's agent.
 */
#include "ladder-desk.h"

#include <glib/gstdio.h>

static Outcome go(LadderDesk *f, const char *target)
{
	Outcome before = observe(f->ladder);

	outcome_clear(&before);
	return apply(f->ladder, target);
}

static gboolean can_return(LadderDesk *f)
{
	return f->ladder->ops->can_return(f->ladder, "guest");
}

static const ReturnWay only_ddc[] = { RETURN_DDC, RETURN_WAYS };
static const ReturnWay only_agent[] = { RETURN_AGENT, RETURN_WAYS };

/* -- a monitor that listens always ------------------------------------------------------------ */

static void test_listens(LadderDesk *f, gconstpointer unused)
{
	sim_monitor_set_faults(f->monitor, (SimFaults){ 0 });
	f->agent.connected = TRUE;
	ladder_make(f, NULL, "touch $LOG");
	g_assert_false(can_return(f)); /* unknown yet */
	ladder_arrives(f, "guest", "HDMI-1 (0x11) on /dev/i2c-0");
	g_assert_true(can_return(f)); /* it was heard while it showed the guest */
	ladder_arrives(f, "host", "DisplayPort-1 (0x0f) on /dev/i2c-0");
	g_assert_true(can_return(f));
	g_assert_cmpuint(f->agent.orders, ==, 0);
	g_assert_false(g_file_test(ladder_log, G_FILE_TEST_EXISTS));
}

/* It answered before, and does not any more: the user sees that it does not come back. */
static void test_listens_no_more(LadderDesk *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	sim_monitor_set_faults(f->monitor, (SimFaults){ 0 });
	ladder_make(f, NULL, NULL);
	ladder_arrives(f, "guest", NULL);
	g_assert_true(can_return(f));
	sim_monitor_set_faults(f->monitor, (SimFaults){ .active_only = TRUE });
	outcome = apply(f->ladder, "host");
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
	g_assert_false(can_return(f));
}

/* One that is silent while it switches is given the time, and is known to come back after it did.
 */
static void test_silent_at_first(LadderDesk *f, gconstpointer unused)
{
	g_auto(Outcome) again = { 0 };

	sim_monitor_set_faults(f->monitor, (SimFaults){ .silent_ms = 1000 });
	f->agent.connected = TRUE;
	f->agent.fails = "the monitor does not answer here";
	ladder_make(f, NULL, NULL);
	ladder_arrives(f, "guest", NULL);
	g_assert_false(can_return(f));
	again = observe(f->ladder); /* and the clock has gone on */
	ladder_arrives(f, "host", NULL);
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x0f);
	outcome_clear(&again);
	again = observe(f->ladder);
	g_assert_cmpstr(again.at, ==, "host");
}

/* -- one that listens only on the input that it shows ----------------------------------------- */

static void test_agent(LadderDesk *f, gconstpointer unused)
{
	f->agent.connected = TRUE;
	ladder_make(f, NULL, "touch $LOG");
	ladder_arrives(f, "guest", NULL);
	g_assert_false(can_return(f));
	ladder_arrives(
		f, "host", "DisplayPort-1 (0x0f) on /dev/i2c-0; set by the agent in the guest");
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x0f);
	g_assert_cmpuint(f->agent.orders, ==, 1);
	g_assert_null(f->agent.guest); /* it has not said that it shows the guest */
	g_assert_cmphex(f->agent.value, ==, 0x0f);
	g_assert_cmphex(f->agent.source_address, ==, 0x51);
	g_assert_false(g_file_test(ladder_log, G_FILE_TEST_EXISTS));
	g_assert_false(can_return(f));
}

/* The monitor says that it shows the guest: only that guest's agent is asked. */
static void test_whose(LadderDesk *f, gconstpointer unused)
{
	sim_monitor_set_faults(f->monitor, (SimFaults){ 0 });
	f->agent.connected = TRUE;
	ladder_make(f, only_agent, NULL);
	ladder_arrives(f, "guest", NULL);
	ladder_arrives(f, "host", NULL);
	g_assert_cmpstr(f->agent.guest, ==, "guest");
}

/* A monitor that shows the guest, and is silent from the moment it is asked for the host on: how
 * often it is looked at. */
static guint looks(LadderDesk *f, gboolean by_agent, gboolean connected)
{
	ConfigDisplay config = config_display(HOST_BUS);
	g_autofree char *log = NULL;
	guint count = 0;

	ladder_desk_tear_down(f, NULL);
	*f = (LadderDesk){ 0 };
	ladder_desk_set_up(f, NULL);
	sim_monitor_set_faults(f->monitor, (SimFaults){ .silent_ms = 100000 });
	f->agent.connected = connected;
	config_input(&config, "host", 0x11, -1);
	config_input(&config, "guest", 0x0f, -1);
	config.ways[config.n_ways++] = RETURN_DDC;
	if (by_agent)
		config.ways[config.n_ways++] = RETURN_AGENT;
	f->ladder = ladder_new_timed(f->desk->registry, desk_keep(f->desk, &config), &f->times);
	ladder_arrives(f, "host", NULL);
	log = sim_i2c_log(f->desk->sim);
	for (const char *p = log; (p = strstr(p, "i2c-0 w 37 51 82")) != NULL; p++)
		count++;
	return count;
}

/* A way that cannot be gone, as no agent is there, is no reason to look again and again. */
static void test_no_other_way(LadderDesk *f, gconstpointer unused)
{
	guint alone = looks(f, FALSE, TRUE);

	g_assert_cmpuint(looks(f, TRUE, FALSE), ==, alone);
	g_assert_cmpuint(looks(f, TRUE, TRUE), >, alone);
}

/* The agent is told whose monitor it is, though the config names only the bus. */
static void test_who(LadderDesk *f, gconstpointer unused)
{
	g_auto(Outcome) there = { 0 };

	f->agent.connected = TRUE;
	ladder_make(f, NULL, NULL);
	there = go(f, "guest");
	ladder_arrives(f, "host", NULL);
	g_assert_cmpstr(f->agent.who, ==, "AOC 2778X 1234");
}

static gboolean log_has(LadderDesk *f, const char *text)
{
	g_autofree char *log = sim_i2c_log(f->desk->sim);

	return strstr(log, text) != NULL;
}

static guint host_messages(LadderDesk *f)
{
	g_autofree char *log = sim_i2c_log(f->desk->sim);
	guint count = 0;

	for (const char *p = log; (p = strstr(p, "i2c-0 w 37 51 84")) != NULL; p++)
		count++;
	return count;
}

/* Asking again and again resets some graphics cards: the pauses between looks grow. */
static void test_looks_slowly(LadderDesk *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };
	g_autofree char *log = NULL;
	guint count = 0;

	f->times = (ClimbTimes){ .look_ms = 400, .pause_ms = 100, .slowest_ms = 300 };
	f->agent.connected = f->agent.lies = TRUE;
	ladder_make(f, only_agent, NULL);
	ladder_arrives(f, "guest", NULL);
	sim_i2c_clear_log(f->desk->sim);
	outcome = apply(f->ladder, "host");
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
	log = sim_i2c_log(f->desk->sim);
	for (const char *p = log; (p = strstr(p, "i2c-0 w 37 51 82")) != NULL; p++)
		count++;
	/* at 0, 100 and 300 ms once, at the end as often as it takes to be sure */
	g_assert_cmpuint(count, <=, 3 + 4);
}

/* The second time the host does not even try: what worked comes first. */
static void test_learns(LadderDesk *f, gconstpointer unused)
{
	f->agent.connected = TRUE;
	ladder_make(f, NULL, NULL);
	ladder_arrives(f, "guest", NULL);
	ladder_arrives(f, "host", NULL);
	ladder_arrives(f, "guest", NULL);
	sim_i2c_clear_log(f->desk->sim);
	ladder_arrives(f, "host", NULL);
	g_assert_cmpuint(f->agent.orders, ==, 2);
	g_assert_cmpuint(host_messages(f), ==, 0);
	/* and tries again when no agent is connected */
	ladder_arrives(f, "guest", NULL);
	f->agent.connected = FALSE;
	sim_monitor_set_faults(f->monitor, (SimFaults){ 0 });
	ladder_arrives(f, "host", "DisplayPort-1 (0x0f) on /dev/i2c-0");
	g_assert_true(can_return(f));
}

static void test_nobody(LadderDesk *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	ladder_make(f, NULL, NULL);
	ladder_arrives(f, "guest", NULL);
	outcome = apply(f->ladder, "host");
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
	g_assert_nonnull(strstr(outcome.error->message, "only on its active input"));
	g_assert_nonnull(
		strstr(outcome.error->message, "; agent: not connected; start it in the guest"));
	g_assert_false(outcome.changed);
}

/* There is no monitor: that is all there is to say. */
static void test_gone(LadderDesk *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	ladder_make(f, NULL, NULL);
	ladder_arrives(f, "guest", NULL);
	sim_monitor_set_faults(f->monitor, (SimFaults){ .dead = TRUE });
	outcome = apply(f->ladder, "host");
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR);
	g_assert_null(strstr(outcome.error->message, "agent"));
}

static void test_agent_fails(LadderDesk *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	f->agent.connected = TRUE;
	f->agent.fails = "no monitor here";
	ladder_make(f, NULL, NULL);
	ladder_arrives(f, "guest", NULL);
	outcome = apply(f->ladder, "host");
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
	g_assert_nonnull(strstr(outcome.error->message, "; agent: no monitor here"));
	g_assert_false(outcome.changed);
}

/* It is the monitor that is believed. */
static void test_agent_lies(LadderDesk *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	f->agent.connected = f->agent.lies = TRUE;
	ladder_make(f, NULL, NULL);
	ladder_arrives(f, "guest", NULL);
	outcome = apply(f->ladder, "host");
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
	g_assert_nonnull(strstr(outcome.error->message,
		"; agent: the agent set the monitor, but it does not answer the host"));
	/* it may have been told something */
	g_assert_true(outcome.changed);
}

/* Stopped while it is looked for: what was told before is not forgotten. */
static void test_stopped_while_looking(LadderDesk *f, gconstpointer unused)
{
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	g_auto(Outcome) outcome = { 0 };

	f->times =
		(ClimbTimes){ .look_ms = G_MAXINT, .pause_ms = G_MAXINT, .slowest_ms = G_MAXINT };
	f->agent.connected = f->agent.lies = TRUE;
	ladder_make(f, only_agent, NULL);
	ladder_arrives(f, "guest", NULL);
	sim_i2c_clear_log(f->desk->sim);
	f->ladder->ops->apply(f->ladder, "host", cancel, outcome_done, &outcome);
	/* the first look is over, and the next one far away */
	while (!log_has(f, "i2c-0 w 37 51 82"))
		g_main_context_iteration(NULL, TRUE);
	while (g_main_context_iteration(NULL, FALSE))
		continue;
	g_assert_false(outcome.done);
	g_cancellable_cancel(cancel);
	outcome_wait(&outcome);
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED);
	g_assert_true(outcome.changed);
	g_assert_cmpuint(f->agent.cancelled, ==, 0);
}

/* Until an agent that says nothing has been asked. */
static void ask_silent_agent(LadderDesk *f, GCancellable *cancel, Outcome *outcome)
{
	f->agent.connected = f->agent.silent = TRUE;
	ladder_make(f, only_agent, NULL);
	ladder_arrives(f, "guest", NULL);
	f->ladder->ops->apply(f->ladder, "host", cancel, outcome_done, outcome);
	while (f->agent.orders == 0)
		g_main_context_iteration(NULL, TRUE);
}

/* What the agent was asked for it may still do: a newer request comes behind it, and nothing else.
 */
static void test_newer_request(LadderDesk *f, gconstpointer unused)
{
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	g_auto(Outcome) outcome = { 0 };

	ask_silent_agent(f, cancel, &outcome);
	g_cancellable_cancel(cancel);
	g_assert_false(outcome.done);
	fake_agent_answer(&f->agent);
	outcome_wait(&outcome);
	/* it has done it meanwhile */
	g_assert_cmpstr(outcome.at, ==, "host");
	g_assert_cmpuint(f->agent.cancelled, ==, 0);
}

static void test_freed(LadderDesk *f, gconstpointer unused)
{
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	g_auto(Outcome) outcome = { 0 };

	ask_silent_agent(f, cancel, &outcome);
	g_clear_pointer(&f->ladder, resource_free);
	g_cancellable_cancel(cancel);
	g_assert_cmpuint(f->agent.cancelled, ==, 1);
	g_assert_false(outcome.done);
}

/* From one guest to the other it is the one that is shown who has to be asked. */
static void test_other_guest(LadderDesk *f, gconstpointer unused)
{
	f->agent.connected = TRUE;
	ladder_make(f, NULL, "touch $LOG");
	ladder_arrives(f, "guest", NULL);
	/* neither bus leads there: the agent is believed, for a deaf monitor says nothing there */
	ladder_arrives(f, "linux", NULL);
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x12);
	g_assert_cmpuint(f->agent.orders, ==, 1);
	g_assert_false(g_file_test(ladder_log, G_FILE_TEST_EXISTS));
	/* and back to the host, with whichever guest's agent can do it */
	f->agent.anywhere = TRUE;
	ladder_arrives(f, "host", NULL);
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x0f);
	g_assert_null(f->agent.guest);
}

static void on_change(
	Resource *resource, ResourceChange change, const ResourceResult *result, gpointer data)
{
	if (change == RESOURCE_APPEARED)
		(*(guint *)data)++;
}

/* What did not come back is tried again when an agent comes. */
static void test_agent_comes(LadderDesk *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };
	guint changes = 0;

	ladder_make(f, NULL, NULL);
	f->ladder->changed = on_change;
	f->ladder->changed_data = &changes;
	monitor_registry_rescan(f->desk->registry);
	ladder_arrives(f, "guest", NULL);
	monitor_registry_rescan(f->desk->registry);
	g_assert_cmpuint(changes, ==, 0);
	outcome = apply(f->ladder, "host");
	g_assert_nonnull(outcome.error);
	monitor_registry_rescan(f->desk->registry);
	g_assert_cmpuint(changes, >, 0);
	/* and so is what took the value and has said nothing since */
	sim_monitor_set_faults(f->monitor, (SimFaults){ .silent_ms = 100000 });
	ladder_arrives(f, "host", NULL);
	changes = 0;
	monitor_registry_rescan(f->desk->registry);
	g_assert_cmpuint(changes, ==, 1);
}

/* The host and another guest have one input: it is home, by whichever name. */
static void test_same_input(LadderDesk *f, gconstpointer unused)
{
	static const char *const names[] = { "linux", "win2", "vm3", "a", "zz", "x" };

	f->agent.connected = TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		ConfigDisplay config = config_display(HOST_BUS);

		config.ways[config.n_ways++] = RETURN_AGENT;
		config.optional = i == 1;
		config_input(&config, names[i], 0x0f, -1);
		resource_free(f->ladder);
		f->ladder =
			ladder_new_timed(f->desk->registry, desk_keep(f->desk, &config), &f->times);
		g_assert_cmpint(f->ladder->optional, ==, i == 1);
		g_assert_cmpint(f->ladder->kind, ==, RESOURCE_DISPLAY);
		g_assert_cmpstr(f->ladder->name, ==, "left");
		ladder_arrives(f, "guest", NULL);
		ladder_arrives(f, "host", NULL);
	}
}

/* An agent that has failed gets no credit for what the host has done. */
static void test_credit(LadderDesk *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	f->times.doubt_ms = 0;
	sim_monitor_set_faults(f->monitor, (SimFaults){ .silent_ms = 1800 });
	f->agent.connected = TRUE;
	f->agent.fails = "no monitor here";
	ladder_make(f, NULL, NULL);
	outcome = go(f, "guest");
	for (int i = 0; i < 5; i++)
		outcome_clear(&outcome), outcome = observe(f->ladder);
	outcome_clear(&outcome);
	outcome = apply(f->ladder, "host");
	g_assert_no_error(outcome.error);
	g_assert_cmpstr(outcome.at, ==, "host");
	g_assert_cmpuint(f->agent.orders, ==, 1);
	g_assert_null(strstr(outcome.detail, "inside"));
}

/* -- what the config says --------------------------------------------------------------------- */

static void test_order(LadderDesk *f, gconstpointer unused)
{
	ladder_make(f, only_agent, NULL);
	g_assert_false(can_return(f));
	resource_free(f->ladder);
	ladder_make(f, only_ddc, NULL);
	g_assert_true(can_return(f));
	f->agent.connected = TRUE;
	ladder_arrives(f, "guest", NULL);
	{
		g_auto(Outcome) outcome = apply(f->ladder, "host");

		g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
	}
	g_assert_cmpuint(f->agent.orders, ==, 0);
}

static void add_tests(void)
{
	ADD("/ladder/listens", test_listens);
	ADD("/ladder/listens-no-more", test_listens_no_more);
	ADD("/ladder/silent-at-first", test_silent_at_first);
	ADD("/ladder/agent", test_agent);
	ADD("/ladder/who", test_who);
	ADD("/ladder/whose", test_whose);
	ADD("/ladder/no-other-way", test_no_other_way);
	ADD("/ladder/looks-slowly", test_looks_slowly);
	ADD("/ladder/learns", test_learns);
	ADD("/ladder/nobody", test_nobody);
	ADD("/ladder/gone", test_gone);
	ADD("/ladder/agent-fails", test_agent_fails);
	ADD("/ladder/agent-lies", test_agent_lies);
	ADD("/ladder/stopped-while-looking", test_stopped_while_looking);
	ADD("/ladder/newer-request", test_newer_request);
	ADD("/ladder/freed", test_freed);
	ADD("/ladder/other-guest", test_other_guest);
	ADD("/ladder/agent-comes", test_agent_comes);
	ADD("/ladder/same-input", test_same_input);
	ADD("/ladder/credit", test_credit);
	ADD("/ladder/order", test_order);
}

int main(int argc, char **argv)
{
	return ladder_run(argc, argv, add_tests);
}
