/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bringing monitors back that listen only on the input that they show: the host is on i2c-4
 * (DisplayPort-1), the guest on i2c-5 (HDMI-1) of the same monitor.
 */
#include "desk.h"

#include "display/climb.h"

#include <glib/gstdio.h>

#define HOST_BUS  4
#define GUEST_BUS 5

/* For what will be seen, however busy the computer is. */
enum { PATIENCE_MS = 60000 };

/* An agent in the guest, with the guest's cable. */
typedef struct {
	DisplayAgents base;
	SimI2c *sim;
	SimMonitor *monitor;
	gboolean connected;
	gboolean lies;	   /* says that it is done, and does nothing */
	gboolean silent;   /* never answers */
	gboolean anywhere; /* is in every guest */
	const char *fails;
	guint orders, cancelled;
	char *guest, *who;
	guint source_address;
	guint16 value;
	DisplayOrderDone done;
	gpointer data;
	guint timer;
} Agent;

typedef struct {
	Desk *desk;
	SimMonitor *monitor;
	Agent agent;
	Resource *ladder;
} Fixture;

static char *written; /* the file $LOG, which commands write */

static gboolean agent_any(DisplayAgents *agents, const char *guest)
{
	return ((Agent *)agents)->connected;
}

static gboolean agent_answer(gpointer data)
{
	Agent *agent = data;
	g_autoptr(GError) error = NULL;

	agent->timer = 0;
	if (agent->fails != NULL)
		error = g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "%s", agent->fails);
	/* through its own cable, which the monitor listens to while it shows it */
	else if (!agent->lies && (agent->anywhere || sim_monitor_input(agent->monitor) == 0x11))
		sim_monitor_press(agent->monitor, (guint8)agent->value);
	agent->done(error, agent->data);
	return G_SOURCE_REMOVE;
}

static guint agent_order(DisplayAgents *agents, const char *guest, const DisplayOrder *order,
	DisplayOrderDone done, gpointer data)
{
	Agent *agent = (Agent *)agents;

	g_free(agent->guest);
	g_free(agent->who);
	agent->orders++;
	agent->guest = g_strdup(guest);
	agent->who = order->edid != NULL ? edid_describe(order->edid) : NULL;
	agent->value = order->value;
	agent->source_address = order->source_address;
	agent->done = done;
	agent->data = data;
	if (!agent->silent)
		agent->timer = g_idle_add(agent_answer, agent);
	return agent->orders;
}

static void agent_cancel(DisplayAgents *agents, guint id)
{
	((Agent *)agents)->cancelled++;
}

static void set_up(Fixture *f, gconstpointer unused)
{
	climb_times = (ClimbTimes){ .look_ms = 300, .doubt_ms = 100, .every_ms = 10 };
	f->desk = desk_new();
	f->monitor = desk_monitor(f->desk, HOST_BUS, "2778X", "1234");
	sim_i2c_plug(f->desk->sim, GUEST_BUS, NULL, f->monitor, 0x11);
	sim_monitor_set_faults(f->monitor, (SimFaults){ .active_only = TRUE });
	f->agent.base = (DisplayAgents){ agent_any, agent_order, agent_cancel };
	f->agent.sim = f->desk->sim;
	f->agent.monitor = f->monitor;
	display_room_set_agents(f->desk->room, &f->agent.base);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
	resource_free(f->ladder);
	desk_free(f->desk);
	g_free(f->agent.guest);
	g_free(f->agent.who);
	g_remove(written);
}

/* ways: RETURN_… in their order, RETURN_WAYS at the end; NULL: not said. shell: NULL: no command */
static void make(Fixture *f, const ReturnWay *ways, const char *shell)
{
	ConfigDisplay config = config_display(HOST_BUS);
	const char *argv[] = { "/bin/sh", "-c", shell, NULL };
	ConfigCommand command = { (char *)"host", (char *)shell, (GStrv)argv, 5000 };

	for (; ways != NULL && *ways != RETURN_WAYS; ways++)
		config.ways[config.n_ways++] = *ways;
	if (shell != NULL)
		config.return_command = &command;
	config_input(&config, "linux", 0x12, -1);
	f->ladder = ladder_new(f->desk->room, &config);
	g_hash_table_unref(config.inputs);
}

static Outcome go(Fixture *f, const char *target)
{
	Outcome before = observe(f->ladder);

	outcome_clear(&before);
	return apply(f->ladder, target);
}

static void arrives(Fixture *f, const char *target, const char *detail)
{
	g_auto(Outcome) outcome = apply(f->ladder, target);

	g_assert_no_error(outcome.error);
	g_assert_cmpstr(outcome.at, ==, target);
	g_assert_true(outcome.changed);
	if (detail != NULL)
		g_assert_cmpstr(outcome.detail, ==, detail);
}

static gboolean returns(Fixture *f)
{
	return f->ladder->ops->returns(f->ladder, "guest");
}

static const ReturnWay only_ddc[] = { RETURN_DDC, RETURN_WAYS };
static const ReturnWay only_agent[] = { RETURN_AGENT, RETURN_WAYS };
static const ReturnWay only_command[] = { RETURN_COMMAND, RETURN_WAYS };
static const ReturnWay command_first[] = { RETURN_COMMAND, RETURN_DDC, RETURN_WAYS };

/* -- a monitor that listens always ------------------------------------------------------------ */

static void test_listens(Fixture *f, gconstpointer unused)
{
	sim_monitor_set_faults(f->monitor, (SimFaults){ 0 });
	f->agent.connected = TRUE;
	make(f, NULL, "touch $LOG");
	g_assert_false(returns(f)); /* nobody knows yet */
	arrives(f, "guest", "HDMI-1 (0x11) on /dev/i2c-4");
	g_assert_true(returns(f)); /* it was heard while it showed the guest */
	arrives(f, "host", "DisplayPort-1 (0x0f) on /dev/i2c-4");
	g_assert_true(returns(f));
	g_assert_cmpuint(f->agent.orders, ==, 0);
	g_assert_false(g_file_test(written, G_FILE_TEST_EXISTS));
}

/* One that is silent while it switches is given the time, and is known to come back after it did.
 */
static void test_silent_at_first(Fixture *f, gconstpointer unused)
{
	g_auto(Outcome) again = { 0 };

	sim_monitor_set_faults(f->monitor, (SimFaults){ .silent_ms = 1000 });
	f->agent.connected = TRUE;
	f->agent.fails = "the monitor does not answer here";
	make(f, NULL, NULL);
	arrives(f, "guest", NULL);
	g_assert_false(returns(f));
	again = observe(f->ladder); /* and the clock has gone on */
	arrives(f, "host", NULL);
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x0f);
	outcome_clear(&again);
	again = observe(f->ladder);
	g_assert_cmpstr(again.at, ==, "host");
}

/* -- one that listens only on the input that it shows ----------------------------------------- */

static void test_agent(Fixture *f, gconstpointer unused)
{
	f->agent.connected = TRUE;
	make(f, NULL, "touch $LOG");
	arrives(f, "guest", NULL);
	g_assert_false(returns(f));
	arrives(f, "host", "DisplayPort-1 (0x0f) on /dev/i2c-4; set from inside of the guest");
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x0f);
	g_assert_cmpuint(f->agent.orders, ==, 1);
	g_assert_null(f->agent.guest); /* it has not said that it shows the guest */
	g_assert_cmphex(f->agent.value, ==, 0x0f);
	g_assert_cmphex(f->agent.source_address, ==, 0x51);
	g_assert_false(g_file_test(written, G_FILE_TEST_EXISTS));
	g_assert_false(returns(f));
}

/* The agent is told whose monitor it is, though the config names only the bus. */
static void test_who(Fixture *f, gconstpointer unused)
{
	g_auto(Outcome) there = { 0 };

	f->agent.connected = TRUE;
	make(f, NULL, NULL);
	there = go(f, "guest");
	arrives(f, "host", NULL);
	g_assert_cmpstr(f->agent.who, ==, "AOC 2778X 1234");
}

static guint host_messages(Fixture *f)
{
	g_autofree char *log = sim_i2c_log(f->desk->sim);
	guint count = 0;

	for (const char *p = log; (p = strstr(p, "i2c-4 w 37 51 84")) != NULL; p++)
		count++;
	return count;
}

/* The second time the host does not even try: what worked comes first. */
static void test_learns(Fixture *f, gconstpointer unused)
{
	f->agent.connected = TRUE;
	make(f, NULL, NULL);
	arrives(f, "guest", NULL);
	arrives(f, "host", NULL);
	arrives(f, "guest", NULL);
	sim_i2c_clear_log(f->desk->sim);
	arrives(f, "host", NULL);
	g_assert_cmpuint(f->agent.orders, ==, 2);
	g_assert_cmpuint(host_messages(f), ==, 0);
	/* and tries again once nobody is there to ask */
	arrives(f, "guest", NULL);
	f->agent.connected = FALSE;
	sim_monitor_set_faults(f->monitor, (SimFaults){ 0 });
	arrives(f, "host", "DisplayPort-1 (0x0f) on /dev/i2c-4");
	g_assert_true(returns(f));
}

static void test_nobody(Fixture *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	make(f, NULL, NULL);
	arrives(f, "guest", NULL);
	outcome = apply(f->ladder, "host");
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
	g_assert_nonnull(strstr(outcome.error->message, "listens only to the input it shows"));
	g_assert_nonnull(strstr(outcome.error->message,
		"; agent: none is connected from the guest guest; start it there"));
}

/* There is no monitor: that is all there is to say. */
static void test_gone(Fixture *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	make(f, NULL, NULL);
	arrives(f, "guest", NULL);
	sim_monitor_set_faults(f->monitor, (SimFaults){ .dead = TRUE });
	outcome = apply(f->ladder, "host");
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR);
	g_assert_null(strstr(outcome.error->message, "agent"));
}

static void test_agent_fails(Fixture *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	f->agent.connected = TRUE;
	f->agent.fails = "no monitor here";
	make(f, NULL, NULL);
	arrives(f, "guest", NULL);
	outcome = apply(f->ladder, "host");
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
	g_assert_nonnull(strstr(outcome.error->message, "; agent: no monitor here"));
}

/* It is the monitor that is believed. */
static void test_agent_lies(Fixture *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	f->agent.connected = f->agent.lies = TRUE;
	make(f, NULL, NULL);
	arrives(f, "guest", NULL);
	outcome = apply(f->ladder, "host");
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
	g_assert_nonnull(strstr(outcome.error->message,
		"; agent: the monitor was told, and does not answer to the host"));
}

/* Until an agent that says nothing has been asked. */
static void ask_silent_agent(Fixture *f, GCancellable *cancel, Outcome *outcome)
{
	f->agent.connected = f->agent.silent = TRUE;
	make(f, only_agent, NULL);
	arrives(f, "guest", NULL);
	f->ladder->ops->apply(f->ladder, "host", cancel, outcome_done, outcome);
	while (f->agent.orders == 0)
		g_main_context_iteration(NULL, TRUE);
}

/* What the agent was asked for it may still do: a newer request comes behind it, and nothing else.
 */
static void test_newer_request(Fixture *f, gconstpointer unused)
{
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	g_auto(Outcome) outcome = { 0 };

	ask_silent_agent(f, cancel, &outcome);
	g_cancellable_cancel(cancel);
	g_assert_false(outcome.done);
	agent_answer(&f->agent);
	outcome_wait(&outcome);
	/* it has done it meanwhile */
	g_assert_cmpstr(outcome.at, ==, "host");
	g_assert_cmpuint(f->agent.cancelled, ==, 0);
}

static void test_freed(Fixture *f, gconstpointer unused)
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
static void test_other_guest(Fixture *f, gconstpointer unused)
{
	f->agent.connected = TRUE;
	make(f, NULL, "touch $LOG");
	arrives(f, "guest", NULL);
	/* neither bus leads there: the agent is believed, for a deaf monitor says nothing there */
	arrives(f, "linux", NULL);
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x12);
	g_assert_cmpuint(f->agent.orders, ==, 1);
	g_assert_false(g_file_test(written, G_FILE_TEST_EXISTS));
	/* and home again, whichever guest's agent it is that can */
	f->agent.anywhere = TRUE;
	arrives(f, "host", NULL);
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
static void test_agent_comes(Fixture *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };
	guint changes = 0;

	make(f, NULL, NULL);
	f->ladder->changed = on_change;
	f->ladder->changed_data = &changes;
	display_room_rescan(f->desk->room);
	arrives(f, "guest", NULL);
	display_room_rescan(f->desk->room);
	g_assert_cmpuint(changes, ==, 0);
	outcome = apply(f->ladder, "host");
	g_assert_nonnull(outcome.error);
	display_room_rescan(f->desk->room);
	g_assert_cmpuint(changes, >, 0);
	/* and so is what took the value and has said nothing since */
	sim_monitor_set_faults(f->monitor, (SimFaults){ .silent_ms = 100000 });
	arrives(f, "host", NULL);
	changes = 0;
	display_room_rescan(f->desk->room);
	g_assert_cmpuint(changes, ==, 1);
}

/* -- the user's command ----------------------------------------------------------------------- */

static char *read_log(void)
{
	char *text = NULL;

	g_file_get_contents(written, &text, NULL, NULL);
	return text;
}

/* What a command does to the monitor: a file is the wire. */
static gboolean on_wire(gpointer data)
{
	Fixture *f = data;

	if (g_file_test(written, G_FILE_TEST_EXISTS))
		sim_monitor_press(f->monitor, 0x0f);
	return G_SOURCE_CONTINUE;
}

static void test_command(Fixture *f, gconstpointer unused)
{
	guint wire = g_timeout_add(5, on_wire, f);
	g_autofree char *log = NULL;

	climb_times.look_ms = PATIENCE_MS;
	make(f, NULL, "echo $HOTSEAT_TARGET $HOTSEAT_DISPLAY >> $LOG");
	arrives(f, "guest", NULL);
	arrives(f, "host", "DisplayPort-1 (0x0f) on /dev/i2c-4; brought back by return_command");
	g_source_remove(wire);
	log = read_log();
	g_assert_cmpstr(log, ==, "host left\n");
}

/* Somebody has pressed the monitor's button: the command, which may press it too, is not run. */
static void test_command_not_needed(Fixture *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	make(f, command_first, "touch $LOG");
	arrives(f, "guest", NULL);
	sim_monitor_press(f->monitor, 0x0f);
	outcome = apply(f->ladder, "host");
	g_assert_no_error(outcome.error);
	g_assert_false(outcome.changed);
	g_assert_false(g_file_test(written, G_FILE_TEST_EXISTS));
}

static void test_command_fails(Fixture *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	make(f, only_command, "echo no battery; exit 3");
	arrives(f, "guest", NULL);
	outcome = apply(f->ladder, "host");
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
	g_assert_cmpstr(outcome.error->message, ==, "command: exit status 3: no battery");
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x11);
}

/* It is for monitors that never say anything: then it is believed. */
static void test_command_believed(Fixture *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 }, later = { 0 };

	make(f, only_command, "touch $LOG");
	arrives(f, "guest", NULL);
	outcome = apply(f->ladder, "host");
	g_assert_no_error(outcome.error);
	g_assert_cmpstr(outcome.at, ==, "host");
	g_assert_cmpstr(outcome.detail, ==,
		"the monitor does not tell what it shows; brought back by return_command");
	later = observe(f->ladder);
	g_assert_cmpstr(later.at, ==, "host");
}

/* A command knows the way to the host only, though it was what worked last. */
static void test_command_is_for_home(Fixture *f, gconstpointer unused)
{
	guint wire = g_timeout_add(5, on_wire, f);

	climb_times.look_ms = PATIENCE_MS;
	make(f, NULL, "touch $LOG");
	arrives(f, "guest", NULL);
	arrives(f, "host", NULL);
	g_source_remove(wire);
	g_remove(written);
	arrives(f, "guest", NULL);
	{
		g_auto(Outcome) outcome = apply(f->ladder, "linux");

		g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
	}
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x11);
	g_assert_false(g_file_test(written, G_FILE_TEST_EXISTS));
}

/* The host and another guest have one input: it is home, by whichever name. */
static void test_same_input(Fixture *f, gconstpointer unused)
{
	static const char *const names[] = { "linux", "win2", "vm3", "a", "zz", "x" };

	f->agent.connected = TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		ConfigDisplay config = config_display(HOST_BUS);

		config.ways[config.n_ways++] = RETURN_AGENT;
		config_input(&config, names[i], 0x0f, -1);
		resource_free(f->ladder);
		f->ladder = ladder_new(f->desk->room, &config);
		g_hash_table_unref(config.inputs);
		arrives(f, "guest", NULL);
		arrives(f, "host", NULL);
	}
}

/* An agent that has failed gets no credit for what the host has done. */
static void test_credit(Fixture *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	climb_times.doubt_ms = 0;
	sim_monitor_set_faults(f->monitor, (SimFaults){ .silent_ms = 1800 });
	f->agent.connected = TRUE;
	f->agent.fails = "no monitor here";
	make(f, NULL, NULL);
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
static void test_cancelled_late(Fixture *f, gconstpointer unused)
{
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	Canceller canceller = { cancel, 6 };
	g_auto(Outcome) outcome = { 0 };

	f->agent.connected = TRUE;
	make(f, NULL, "touch $LOG");
	arrives(f, "guest", NULL);
	sim_i2c_intercept(f->desk->sim, cancel_later, &canceller);
	f->ladder->ops->apply(f->ladder, "host", cancel, outcome_done, &outcome);
	outcome_wait(&outcome);
	sim_i2c_intercept(f->desk->sim, NULL, NULL);
	g_assert_cmpuint(canceller.writes, ==, 0);
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED);
	g_assert_cmpuint(f->agent.orders, ==, 0);
	g_assert_false(g_file_test(written, G_FILE_TEST_EXISTS));
}

/* -- what the config says --------------------------------------------------------------------- */

static void test_order(Fixture *f, gconstpointer unused)
{
	make(f, only_agent, NULL);
	g_assert_false(returns(f));
	resource_free(f->ladder);
	make(f, only_ddc, NULL);
	g_assert_true(returns(f));
	f->agent.connected = TRUE;
	arrives(f, "guest", NULL);
	{
		g_auto(Outcome) outcome = apply(f->ladder, "host");

		g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
	}
	g_assert_cmpuint(f->agent.orders, ==, 0);
}

#define ADD(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
	g_autofree char *folder = g_dir_make_tmp("ladder-XXXXXX", NULL);
	int status;

	written = g_build_filename(folder, "log", NULL);
	g_setenv("LOG", written, TRUE);
	g_test_init(&argc, &argv, NULL);
	ADD("/ladder/listens", test_listens);
	ADD("/ladder/silent-at-first", test_silent_at_first);
	ADD("/ladder/agent", test_agent);
	ADD("/ladder/who", test_who);
	ADD("/ladder/learns", test_learns);
	ADD("/ladder/nobody", test_nobody);
	ADD("/ladder/gone", test_gone);
	ADD("/ladder/agent-fails", test_agent_fails);
	ADD("/ladder/agent-lies", test_agent_lies);
	ADD("/ladder/newer-request", test_newer_request);
	ADD("/ladder/freed", test_freed);
	ADD("/ladder/other-guest", test_other_guest);
	ADD("/ladder/agent-comes", test_agent_comes);
	ADD("/ladder/command", test_command);
	ADD("/ladder/command-not-needed", test_command_not_needed);
	ADD("/ladder/command-fails", test_command_fails);
	ADD("/ladder/command-believed", test_command_believed);
	ADD("/ladder/command-is-for-home", test_command_is_for_home);
	ADD("/ladder/same-input", test_same_input);
	ADD("/ladder/credit", test_credit);
	ADD("/ladder/cancelled-late", test_cancelled_late);
	ADD("/ladder/order", test_order);
	status = g_test_run();
	g_rmdir(folder);
	g_free(written);
	return status;
}
