/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The agent whole: hotseatd's request on one side, the guest's monitors on the other.
 */
#include "agent/agent.h"
#include "fake-host.h"
#include "sim/monitor.h"

#include <string.h>

#define HOST  0x0f /* the input that the host is at */
#define GUEST 0x11

typedef struct {
	FakeHost *host;
	Endpoint *endpoint;
	SimI2c *sim;
	Agent *agent;
	guint answers;
} Guest;

static void guest_init_with(Guest *guest, const Features *features)
{
	static const LinkTimes times = { 0, 1, 4 };
	g_autoptr(GError) error = NULL;

	*guest = (Guest){ .host = fake_host_new(FALSE), .sim = sim_i2c_new(TRUE) };
	guest->endpoint = endpoint_new(guest->host->url, NULL, NULL, &error);
	g_assert_no_error(error);
	guest->agent = agent_new(guest->endpoint, sim_i2c_system(guest->sim), features, &times);
	fake_host_wait_stream(guest->host, 1);
}

static void guest_init(Guest *guest)
{
	static const Features none;

	guest_init_with(guest, &none);
}

static void guest_clear(Guest *guest)
{
	agent_free(guest->agent);
	/* a lane may still be at its last job */
	while (sim_i2c_in_use(guest->sim))
		g_main_context_iteration(NULL, FALSE);
	sim_i2c_unref(guest->sim);
	endpoint_free(guest->endpoint);
	fake_host_free(guest->host);
}

/* One that shows the guest, whose cable is at bus. */
static SimMonitor *plug(Guest *guest, int bus, const char *model, const char *serial)
{
	SimMonitorSpec spec = {
		.manufacturer = "AOC", .model = model, .serial = serial, .input = GUEST
	};
	SimMonitor *monitor = sim_monitor_new(guest->sim, &spec);

	sim_i2c_plug(guest->sim, bus, NULL, monitor, GUEST);
	return monitor;
}

/* Asks, and returns what the agent answers. */
static const char *ask(Guest *guest, const char *request)
{
	g_autofree char *event = g_strdup_printf("event: set-input\ndata: %s\n\n", request);

	fake_host_say(guest->host, event);
	fake_host_wait(guest->host, "POST /set-input", ++guest->answers);
	return fake_host_find(guest->host, "POST /set-input")->body;
}

#define REQUEST(model, serial)                                                                     \
	"{\"id\":17,\"display\":\"left\",\"manufacturer\":\"AOC\",\"model\":\"" model              \
	"\",\"serial\":" serial ",\"feature\":96,\"value\":15}"
#define DONE "{\"id\":17,\"error\":null}"

static void test_by_serial(void)
{
	Guest guest;
	SimMonitor *left, *right;

	guest_init(&guest);
	left = plug(&guest, 3, "2778X", "1");
	right = plug(&guest, 5, "2778X", "2");
	g_assert_cmpstr(ask(&guest, REQUEST("2778X", "\"2\"")), ==, DONE);
	g_assert_cmphex(sim_monitor_input(left), ==, GUEST);
	g_assert_cmphex(sim_monitor_input(right), ==, HOST);
	guest_clear(&guest);
}

static void test_any_serial(void)
{
	Guest guest;
	SimMonitor *left, *right;

	guest_init(&guest);
	left = plug(&guest, 3, "2778X", "1");
	right = plug(&guest, 5, "U2720Q", "2");
	g_assert_cmpstr(ask(&guest, REQUEST("U2720Q", "null")), ==, DONE);
	g_assert_cmphex(sim_monitor_input(left), ==, GUEST);
	g_assert_cmphex(sim_monitor_input(right), ==, HOST);
	guest_clear(&guest);
}

/* LG's own way: another address, feature and value */
static void test_source_address(void)
{
	SimMonitorSpec spec = { .manufacturer = "GSM",
		.model = "27GL850",
		.input = 0x90,
		.feature = 0xf4,
		.source = 0x50 };
	Guest guest;
	SimMonitor *monitor;

	guest_init(&guest);
	monitor = sim_monitor_new(guest.sim, &spec);
	sim_i2c_plug(guest.sim, 3, NULL, monitor, 0x90);
	g_assert_cmpstr(ask(&guest, "{\"id\":17,\"manufacturer\":\"GSM\",\"model\":\"27GL850\","
				    "\"feature\":244,\"value\":208,\"source_address\":80}"),
		==, DONE);
	g_assert_cmphex(sim_monitor_input(monitor), ==, 0xd0);
	guest_clear(&guest);
}

/* two cables of one monitor, which listens only to the input that it shows */
static void test_two_cables(void)
{
	SimMonitorSpec spec = {
		.manufacturer = "AOC", .model = "2778X", .serial = "1", .input = GUEST
	};
	SimFaults faults = { .active_only = TRUE };
	Guest guest;
	SimMonitor *monitor;

	guest_init(&guest);
	monitor = sim_monitor_new(guest.sim, &spec);
	sim_monitor_set_faults(monitor, faults);
	sim_i2c_plug(guest.sim, 3, NULL, monitor, 0x12);
	sim_i2c_plug(guest.sim, 4, NULL, monitor, GUEST);
	g_assert_cmpstr(ask(&guest, REQUEST("2778X", "\"1\"")), ==, DONE);
	g_assert_cmphex(sim_monitor_input(monitor), ==, HOST);
	guest_clear(&guest);
}

/* The first messages of DDC/CI are not acknowledged; those for the EDID are. */
static void on_traffic(int bus, guint8 address, gboolean read, gpointer data)
{
	static const SimFaults faults = { .naks = 2 };
	SimMonitor **monitor = data;

	if (address == 0x37 && *monitor != NULL)
		sim_monitor_set_faults(g_steal_pointer(monitor), faults);
}

static void test_naks(void)
{
	Guest guest;
	SimMonitor *monitor, *busy;

	guest_init(&guest);
	busy = monitor = plug(&guest, 3, "2778X", "1");
	sim_i2c_intercept(guest.sim, on_traffic, &busy);
	g_assert_cmpstr(ask(&guest, REQUEST("2778X", "\"1\"")), ==, DONE);
	g_assert_cmphex(sim_monitor_input(monitor), ==, HOST);
	guest_clear(&guest);
}

static void test_deaf(void)
{
	SimFaults faults = { .deaf = TRUE };
	Guest guest;
	SimMonitor *monitor;

	guest_init(&guest);
	monitor = plug(&guest, 3, "2778X", "1");
	sim_monitor_set_faults(monitor, faults);
	assert_has(ask(&guest, REQUEST("2778X", "\"1\"")),
		"{\"id\":17,\"error\":\"address 0x37 on /dev/i2c-3: not acknowledged");
	g_assert_cmphex(sim_monitor_input(monitor), ==, GUEST);
	guest_clear(&guest);
}

/* an EDID may differ from input to input */
static void test_the_only_one(void)
{
	Guest guest;
	SimMonitor *monitor;

	guest_init(&guest);
	monitor = plug(&guest, 3, "OTHER", "9");
	sim_i2c_plug(guest.sim, 4, NULL, NULL, 0);
	g_assert_cmpstr(ask(&guest, REQUEST("2778X", "\"1\"")), ==, DONE);
	g_assert_cmphex(sim_monitor_input(monitor), ==, HOST);
	guest_clear(&guest);
}

/* the only one there is, and of another maker */
static void test_another_maker(void)
{
	Guest guest;
	SimMonitor *monitor;

	guest_init(&guest);
	monitor = plug(&guest, 3, "2778X", "1");
	assert_has(ask(&guest, "{\"id\":17,\"manufacturer\":\"DEL\",\"model\":\"2778X\","
			       "\"feature\":96,\"value\":15}"),
		"the guest finds no monitor \\\"DEL 2778X\\\"");
	g_assert_cmphex(sim_monitor_input(monitor), ==, GUEST);
	/* and when the host does not say which one it means */
	assert_has(ask(&guest, "{\"id\":17,\"feature\":96,\"value\":15}"), "the host sent no EDID");
	g_assert_cmphex(sim_monitor_input(monitor), ==, GUEST);
	guest_clear(&guest);
}

/* what is no input is set only where the settings allow it */
static void test_features(void)
{
	static const char request[] = "{\"id\":17,\"manufacturer\":\"AOC\",\"model\":\"2778X\","
				      "\"feature\":231,\"value\":15}";
	SimMonitorSpec spec = {
		.manufacturer = "AOC", .model = "2778X", .input = GUEST, .feature = 0xe7
	};
	Features features = { { 0 } };
	Problem problem;
	Guest guest;
	SimMonitor *monitor;

	guest_init(&guest);
	monitor = sim_monitor_new(guest.sim, &spec);
	sim_i2c_plug(guest.sim, 3, NULL, monitor, GUEST);
	assert_has(ask(&guest, request), "the agent sets only inputs, not feature 0xe7");
	g_assert_cmphex(sim_monitor_input(monitor), ==, GUEST);
	guest_clear(&guest);

	g_assert_true(core_features_parse("0xe7", &features, &problem));
	guest_init_with(&guest, &features);
	monitor = sim_monitor_new(guest.sim, &spec);
	sim_i2c_plug(guest.sim, 3, NULL, monitor, GUEST);
	g_assert_cmpstr(ask(&guest, request), ==, DONE);
	g_assert_cmphex(sim_monitor_input(monitor), ==, HOST);
	guest_clear(&guest);
}

static void test_none_fits(void)
{
	Guest guest;
	SimMonitor *left, *right;

	guest_init(&guest);
	left = plug(&guest, 3, "2778X", "1");
	right = plug(&guest, 5, "U2720Q", "2");
	assert_has(ask(&guest, REQUEST("2778X", "\"3\"")),
		"the guest finds no monitor \\\"AOC 2778X 3\\\"");
	/* which of them is meant by nothing? */
	assert_has(ask(&guest, "{\"id\":17,\"feature\":96,\"value\":15}"), "the host sent no EDID");
	g_assert_cmphex(sim_monitor_input(left), ==, GUEST);
	g_assert_cmphex(sim_monitor_input(right), ==, GUEST);
	guest_clear(&guest);
}

static void test_no_bus(void)
{
	Guest guest;

	guest_init(&guest);
	assert_has(ask(&guest, REQUEST("2778X", "\"1\"")), "`sudo modprobe i2c-dev`");
	guest_clear(&guest);
}

static void test_no_permission(void)
{
	Guest guest;

	guest_init(&guest);
	plug(&guest, 3, "2778X", "1");
	sim_i2c_set_bus_fault(guest.sim, 3, SIM_BUS_FORBIDDEN);
	assert_has(ask(&guest, REQUEST("2778X", "\"1\"")),
		" has no permission to open /dev/i2c-3 in the guest; run there: `sudo usermod -aG "
		"i2c ");
	guest_clear(&guest);
}

/* plugged in since, without an event */
static void test_looks_each_time(void)
{
	Guest guest;
	SimMonitor *monitor;

	guest_init(&guest);
	sim_i2c_set_quiet(guest.sim, TRUE);
	ask(&guest, REQUEST("2778X", "\"1\""));
	plug(&guest, 3, "U2720Q", "2");
	monitor = plug(&guest, 5, "2778X", "1");
	g_assert_cmpstr(ask(&guest, REQUEST("2778X", "\"1\"")), ==, DONE);
	g_assert_cmphex(sim_monitor_input(monitor), ==, HOST);
	guest_clear(&guest);
}

/* a desk has several, and all move at once */
static void test_together(void)
{
	Guest guest;
	SimMonitor *left, *right;

	guest_init(&guest);
	left = plug(&guest, 3, "LEFT", "1");
	right = plug(&guest, 5, "RIGHT", "2");
	fake_host_say(guest.host,
		"event: set-input\ndata: " REQUEST(
			"LEFT", "null") "\n\n"
					"event: set-input\ndata: " REQUEST("RIGHT", "null") "\n\n");
	fake_host_wait(guest.host, "POST /set-input", 2);
	g_assert_cmphex(sim_monitor_input(left), ==, HOST);
	g_assert_cmphex(sim_monitor_input(right), ==, HOST);
	guest_clear(&guest);
}

/* no request is done by half, and none ends the agent */
static void test_garbage(void)
{
	Guest guest;
	SimMonitor *monitor;

	guest_init(&guest);
	monitor = plug(&guest, 3, "2778X", "1");
	fake_host_say(guest.host, "event: set-input\ndata: \n\nevent: set-input\ndata: nonsense\n\n"
				  "event: set-input\n\ndata: {}\n\nevent: new\ndata: {}\n\n:\n\n");
	assert_has(ask(&guest, "{\"id\":17,\"feature\":96,\"value\":-1}"),
		"{\"id\":17,\"error\":\"invalid request from hotseatd");
	g_assert_cmpuint(guest.host->requests->len, ==, 2);
	g_assert_cmphex(sim_monitor_input(monitor), ==, GUEST);
	g_assert_cmpstr(ask(&guest, REQUEST("2778X", "\"1\"")), ==, DONE);
	guest_clear(&guest);
}

static gboolean on_timeout(gpointer over)
{
	*(gboolean *)over = TRUE;
	return G_SOURCE_REMOVE;
}

/* an answer that hotseatd does not want, too late or so, changes nothing */
static void test_answer_refused(void)
{
	Guest guest;
	SimMonitor *monitor;

	guest_init(&guest);
	monitor = plug(&guest, 3, "2778X", "1");
	guest.host->status = 404;
	g_free(guest.host->answer);
	guest.host->answer = g_strdup("{\"error\":\"nobody asked\"}");
	g_assert_cmpstr(ask(&guest, REQUEST("2778X", "\"1\"")), ==, DONE);
	sim_monitor_press(monitor, GUEST);
	g_assert_cmpstr(ask(&guest, REQUEST("2778X", "\"1\"")), ==, DONE);
	g_assert_cmphex(sim_monitor_input(monitor), ==, HOST);
	g_assert_cmpuint(guest.host->streams, ==, 1);
	guest_clear(&guest);
}

/* at every point of a request */
static void test_freed(void)
{
	for (guint ms = 0; ms < 12; ms++) {
		gboolean over = FALSE;
		Guest guest;

		guest_init(&guest);
		plug(&guest, 3, "2778X", "1");
		fake_host_say(
			guest.host, "event: set-input\ndata: " REQUEST("2778X", "\"1\"") "\n\n");
		g_timeout_add(ms / 3, on_timeout, &over);
		while (!over)
			g_main_context_iteration(NULL, TRUE);
		guest_clear(&guest);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/guest-agent/by-serial", test_by_serial);
	g_test_add_func("/guest-agent/any-serial", test_any_serial);
	g_test_add_func("/guest-agent/source-address", test_source_address);
	g_test_add_func("/guest-agent/two-cables", test_two_cables);
	g_test_add_func("/guest-agent/naks", test_naks);
	g_test_add_func("/guest-agent/deaf", test_deaf);
	g_test_add_func("/guest-agent/the-only-one", test_the_only_one);
	g_test_add_func("/guest-agent/another-maker", test_another_maker);
	g_test_add_func("/guest-agent/features", test_features);
	g_test_add_func("/guest-agent/none-fits", test_none_fits);
	g_test_add_func("/guest-agent/no-bus", test_no_bus);
	g_test_add_func("/guest-agent/no-permission", test_no_permission);
	g_test_add_func("/guest-agent/looks-each-time", test_looks_each_time);
	g_test_add_func("/guest-agent/together", test_together);
	g_test_add_func("/guest-agent/garbage", test_garbage);
	g_test_add_func("/guest-agent/answer-refused", test_answer_refused);
	g_test_add_func("/guest-agent/freed", test_freed);
	return g_test_run();
}
