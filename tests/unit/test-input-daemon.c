/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What hotseatd says to hotseat-inputd, and makes of its answers. hotseat-inputd is played here.
 */
#include "fake-inputd.h"

#include "common/error.h"
#include "config/config.h"
#include "device/input-daemon.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static const InputLinkTimes times = { .first_ms = 5, .longest_ms = 20, .welcome_ms = 60000 };
static const InputLinkTimes hasty = { .first_ms = 5, .longest_ms = 20, .welcome_ms = 30 };

static const char text[] = "libvirt: {domain: win11}\n"
			   "guests: [{name: linux, domain: debian}]\n"
			   "devices:\n"
			   "  - {name: kbd, port: 1-1, via: input}\n"
			   "  - {name: mouse, port: 1-2, via: input, guests: [guest]}\n"
			   "  - {name: pad, port: 1-3}\n";

typedef struct {
	FakeInputd inputd;
	Config *config;
	GHashTable *ports;
	InputSystem *system;
	guint watch;
	GString *news;	/* "devices kbd ", … */
	GString *moved; /* "guest+ ", "host ", "!error " */
	GError *error;	/* of the last move that failed */
} Desk;

/* It takes the config, which is the id-th message. */
static void configure(Desk *desk, guint id)
{
	char packet[4096];
	g_autofree char *begin = g_strdup_printf("configure\nversion=1\nid=%u\n", id);
	g_autofree char *result = g_strdup_printf("result\nid=%u\n", id);

	fake_inputd_say(&desk->inputd, "welcome\nversion=1\nport=49201\nport=49202\n");
	fake_inputd_read(&desk->inputd, packet, sizeof packet);
	g_assert_true(g_str_has_prefix(packet, begin));
	g_assert_nonnull(strstr(packet, "guest=guest\nport=49201\n"));
	g_assert_nonnull(strstr(packet, "device=mouse\nusb-port=1-2\n"));
	g_assert_null(strstr(packet, "device=pad"));
	fake_inputd_say(&desk->inputd, result);
}

static void say_devices(Desk *desk)
{
	fake_inputd_say(&desk->inputd, "device\ndevice=kbd\npresence=present\nat=host\n");
	fake_inputd_say(&desk->inputd, "device\ndevice=mouse\npresence=absent\nat=guest\n");
}

static void begin(Desk *desk)
{
	fake_inputd_accept(&desk->inputd);
	configure(desk, 1);
	say_devices(desk);
	g_string_truncate(desk->news, 0);
}

/* -- hotseatd's side ----------------------------------------------------------------------------
 */

static void on_news(InputNews news, const char *name, gpointer data)
{
	static const char *const names[] = {
		[INPUT_NEWS_DEVICES] = "devices",
		[INPUT_NEWS_GUEST] = "guest",
		[INPUT_NEWS_HUNG] = "hung",
		[INPUT_NEWS_TOGGLE] = "toggle",
		[INPUT_NEWS_GO] = "go",
		[INPUT_NEWS_NEXT] = "next",
		[INPUT_NEWS_HOME] = "home",
	};

	g_string_append_printf(
		((Desk *)data)->news, "%s %s, ", names[news], name != NULL ? name : "all");
}

static void on_moved(const char *at, gboolean changed, const GError *error, gpointer data)
{
	Desk *desk = data;

	g_string_append_printf(desk->moved, "%s%s%s ", error != NULL ? "!" : "",
		at != NULL ? at : "", changed ? "+" : "");
	g_clear_error(&desk->error);
	desk->error = error != NULL ? g_error_copy(error) : NULL;
}

static void news_are(Desk *desk, const char *expected)
{
	fake_inputd_settle();
	g_assert_cmpstr(desk->news->str, ==, expected);
	g_string_truncate(desk->news, 0);
}

static void moved_is(Desk *desk, const char *expected)
{
	fake_inputd_settle();
	g_assert_cmpstr(desk->moved->str, ==, expected);
	g_string_truncate(desk->moved, 0);
}

static void start(Desk *desk, const InputLinkTimes *link_times)
{
	desk->system = input_daemon_new(&(InputDaemonSpec){
		desk->config, NULL, desk->ports, desk->inputd.path, link_times });
	desk->watch = desk->system->ops->watch(desk->system, on_news, desk);
}

static void stop(Desk *desk)
{
	desk->system->ops->unwatch(desk->system, desk->watch);
	input_daemon_free(desk->system);
}

static void set_up(Desk *desk, gconstpointer unused)
{
	g_autoptr(GPtrArray) problems = config_problems_new();

	desk->config = config_parse("x", text, strlen(text), problems);
	g_assert_nonnull(desk->config);
	desk->ports = g_hash_table_new(g_str_hash, g_str_equal);
	g_hash_table_insert(desk->ports, (gpointer) "guest", GUINT_TO_POINTER(49201));
	g_hash_table_insert(desk->ports, (gpointer) "linux", GUINT_TO_POINTER(49202));
	desk->news = g_string_new(NULL);
	desk->moved = g_string_new(NULL);
	fake_inputd_init(&desk->inputd);
	start(desk, &times);
}

static void tear_down(Desk *desk, gconstpointer unused)
{
	stop(desk);
	fake_inputd_clear(&desk->inputd);
	g_hash_table_unref(desk->ports);
	config_free(desk->config);
	g_string_free(desk->news, TRUE);
	g_string_free(desk->moved, TRUE);
	g_clear_error(&desk->error);
}

static void state_is(Desk *desk, const char *device, InputPresence presence, const char *at)
{
	InputState state;

	g_assert_true(desk->system->ops->state(desk->system, device, &state, NULL));
	g_assert_cmpint(state.presence, ==, presence);
	g_assert_cmpstr(state.at, ==, at);
}

static void state_unknown(Desk *desk, const char *at, const char *why)
{
	g_autoptr(GError) error = NULL;
	InputState state;

	g_assert_false(desk->system->ops->state(desk->system, "kbd", &state, &error));
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED);
	g_assert_nonnull(strstr(error->message, why));
	g_assert_cmpstr(state.at, ==, at);
}

static void readiness_is(Desk *desk, const char *guest, InputReadiness readiness, const char *why)
{
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(desk->system->ops->readiness(desk->system, guest, &error), ==, readiness);
	g_assert_true((error == NULL) == (readiness == INPUT_READY));
	if (error != NULL && strstr(error->message, why) == NULL)
		g_error("\"%s\" is not in: %s", why, error->message);
}

static void move(Desk *desk, const char *device, const char *target)
{
	desk->system->ops->move(desk->system, device, target, on_moved, desk);
	g_assert_cmpstr(desk->moved->str, ==, "");
}

/* -- tests ------------------------------------------------------------------------------------ */

static void test_starts(Desk *desk, gconstpointer unused)
{
	g_assert_true(desk->system->ops->is_starting(desk->system));
	state_unknown(desk, NULL, "has not reported");
	readiness_is(desk, "guest", INPUT_SOON, "has not answered yet");
	fake_inputd_accept(&desk->inputd);
	configure(desk, 1);
	g_assert_true(desk->system->ops->is_starting(desk->system));
	state_unknown(desk, NULL, "has not reported");
	say_devices(desk);
	g_assert_false(desk->system->ops->is_starting(desk->system));
	news_are(desk, "guest guest, guest linux, devices kbd, devices mouse, ");
	state_is(desk, "kbd", INPUT_PRESENT, "host");
	state_is(desk, "mouse", INPUT_ABSENT, "guest");
}

static void test_moves(Desk *desk, gconstpointer unused)
{
	InputOp *dropped;

	begin(desk);
	move(desk, "kbd", "guest");
	fake_inputd_hears(&desk->inputd, "move\nid=2\ndevice=kbd\nto=guest\n");
	fake_inputd_say(&desk->inputd, "result\nid=2\ndevice=kbd\nat=guest\nchanged=yes\n");
	moved_is(desk, "guest+ ");
	/* also before the DEVICE that follows */
	state_is(desk, "kbd", INPUT_PRESENT, "guest");
	move(desk, "kbd", "host");
	fake_inputd_hears(&desk->inputd, "move\nid=3\ndevice=kbd\nto=host\n");
	fake_inputd_say(
		&desk->inputd, "result\nid=3\ndevice=kbd\nat=guest\nerror=it does not go\n");
	moved_is(desk, "! ");
	g_assert_error(desk->error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED);
	g_assert_cmpstr(desk->error->message, ==, "it does not go");
	dropped = desk->system->ops->move(desk->system, "kbd", "host", on_moved, desk);
	input_op_clear(&dropped);
	fake_inputd_say(&desk->inputd, "result\nid=4\ndevice=kbd\nat=host\nchanged=yes\n");
	moved_is(desk, "");
	state_is(desk, "kbd", INPUT_PRESENT, "host");
}

static void test_guests(Desk *desk, gconstpointer unused)
{
	begin(desk);
	readiness_is(desk, "guest", INPUT_SOON, "guest's QEMU is not connected");
	fake_inputd_say(&desk->inputd, "guest\nguest=guest\nstate=connected\n");
	readiness_is(desk, "guest", INPUT_SOON, "guest has not configured");
	fake_inputd_say(&desk->inputd, "guest\nguest=guest\nstate=configured\n");
	readiness_is(desk, "guest", INPUT_SOON, "guest does not ask for input yet");
	fake_inputd_say(&desk->inputd, "guest\nguest=guest\nstate=ready\n");
	readiness_is(desk, "guest", INPUT_READY, NULL);
	readiness_is(desk, "linux", INPUT_SOON, "linux's QEMU is not connected");
	readiness_is(desk, "mac", INPUT_NEVER, "no device with \"via: input\" goes to mac");
	news_are(desk, "guest guest, guest guest, guest guest, ");
	fake_inputd_say(&desk->inputd, "guest\nguest=guest\nstate=unresponsive\n");
	news_are(desk, "guest guest, hung guest, ");
	readiness_is(desk, "guest", INPUT_SOON, "guest takes no input");
	/* said again, or of one that is not known, it is nothing new */
	fake_inputd_say(&desk->inputd, "guest\nguest=guest\nstate=unresponsive\n");
	fake_inputd_say(&desk->inputd, "guest\nguest=linux\nstate=unresponsive\n");
	fake_inputd_say(&desk->inputd, "guest\nguest=other\nstate=ready\n");
	/* it was ready before this hotseatd came */
	news_are(desk, "guest linux, hung linux, ");
}

/* An answer that comes too late: where the device is is not known until then, and heard after it.
 */
static void test_late(Desk *desk, gconstpointer unused)
{
	begin(desk);
	move(desk, "kbd", "guest");
	while (desk->moved->len == 0)
		g_main_context_iteration(NULL, TRUE);
	g_assert_error(desk->error, HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT);
	state_is(desk, "kbd", INPUT_PRESENT, NULL);
	news_are(desk, "");
	fake_inputd_say(&desk->inputd, "result\nid=2\ndevice=kbd\nat=guest\nchanged=yes\n");
	news_are(desk, "devices kbd, ");
	state_is(desk, "kbd", INPUT_PRESENT, "guest");
}

/* Also that a guest does not run is said, as hotseat-inputd may think that it does. */
static void test_expect(Desk *desk, gconstpointer unused)
{
	desk->system->ops->expect(desk->system, "guest", -1);
	begin(desk);
	fake_inputd_hears(&desk->inputd, "expect\nid=2\nguest=guest\nuid=-1\n");
	desk->system->ops->expect(desk->system, "linux", 64055);
	fake_inputd_hears(&desk->inputd, "expect\nid=3\nguest=linux\nuid=64055\n");
	desk->system->ops->expect(desk->system, "linux", -1);
	fake_inputd_hears(&desk->inputd, "expect\nid=4\nguest=linux\nuid=-1\n");
}

/* A QEMU that hotseat-inputd refuses: the switch says why, until another one is expected. */
static void test_refused_qemu(Desk *desk, gconstpointer unused)
{
	begin(desk);
	desk->system->ops->expect(desk->system, "guest", 1000);
	fake_inputd_hears(&desk->inputd, "expect\nid=2\nguest=guest\nuid=1000\n");
	fake_inputd_say(&desk->inputd, "result\nid=2\nerror=it runs as hotseatd's user\n");
	news_are(desk, "guest guest, ");
	readiness_is(desk, "guest", INPUT_NEVER, "it runs as hotseatd's user");
	desk->system->ops->expect(desk->system, "guest", 64055);
	fake_inputd_hears(&desk->inputd, "expect\nid=3\nguest=guest\nuid=64055\n");
	fake_inputd_say(&desk->inputd, "result\nid=3\n");
	readiness_is(desk, "guest", INPUT_SOON, "is not connected");
	news_are(desk, "");
}

static void test_hotkeys(Desk *desk, gconstpointer unused)
{
	begin(desk);
	fake_inputd_say(&desk->inputd, "hotkey\naction=toggle\n");
	fake_inputd_say(&desk->inputd, "hotkey\naction=go\nto=linux\n");
	fake_inputd_say(&desk->inputd, "hotkey\naction=next\n");
	fake_inputd_say(&desk->inputd, "hotkey\naction=panic\n");
	fake_inputd_say(&desk->inputd, "home\ndetail=panic hotkey\n");
	news_are(desk, "toggle all, go linux, next all, home the panic chord was pressed, "
		       "home panic hotkey, ");
}

/* hotseat-inputd is restarted: until then the devices are the host's. */
static void test_restarts(Desk *desk, gconstpointer unused)
{
	static const char down[] = "devices all, guest guest, guest linux, ";

	begin(desk);
	fake_inputd_say(&desk->inputd, "guest\nguest=guest\nstate=ready\n");
	g_string_truncate(desk->news, 0);
	move(desk, "kbd", "guest");
	close(desk->inputd.listener);
	fake_inputd_hang_up(&desk->inputd);
	while (desk->moved->len == 0)
		g_main_context_iteration(NULL, TRUE);
	g_assert_nonnull(strstr(desk->error->message, "hotseat-inputd has exited"));
	state_unknown(desk, "host", "hotseat-inputd has exited");
	readiness_is(desk, "guest", INPUT_NEVER, "hotseat-inputd has exited");
	moved_is(desk, "! ");
	/* now there is nothing to connect to, which is said once */
	while (strlen(desk->news->str) < 2 * strlen(down))
		g_main_context_iteration(NULL, TRUE);
	news_are(desk, "devices all, guest guest, guest linux, "
		       "devices all, guest guest, guest linux, ");
	move(desk, "kbd", "guest");
	moved_is(desk, "! ");
	g_unlink(desk->inputd.path);
	fake_inputd_listen(&desk->inputd);
	fake_inputd_accept(&desk->inputd);
	configure(desk, 4);
	say_devices(desk);
	state_is(desk, "kbd", INPUT_PRESENT, "host");
	readiness_is(desk, "guest", INPUT_SOON, "guest's QEMU is not connected");
}

/* A user's hotseat-inputd holds fewer ports; the guests beyond them go without. */
static void test_unheld_port(Desk *desk, gconstpointer unused)
{
	char packet[4096];

	fake_inputd_accept(&desk->inputd);
	fake_inputd_say(&desk->inputd, "welcome\nversion=1\nport=49201\n");
	fake_inputd_read(&desk->inputd, packet, sizeof packet);
	g_assert_nonnull(strstr(packet, "guest=guest\nport=49201\n"));
	g_assert_null(strstr(packet, "guest=linux"));
	fake_inputd_say(&desk->inputd, "result\nid=1\n");
	readiness_is(desk, "guest", INPUT_SOON, "guest's QEMU is not connected");
	readiness_is(desk, "linux", INPUT_NEVER, "does not listen on port 49202");
}

static void test_other_version(Desk *desk, gconstpointer unused)
{
	fake_inputd_accept(&desk->inputd);
	fake_inputd_say(&desk->inputd, "welcome\nversion=2\nport=49201\nport=49202\n");
	state_unknown(desk, NULL, "different versions");
}

static void test_refused(Desk *desk, gconstpointer unused)
{
	fake_inputd_accept(&desk->inputd);
	fake_inputd_say(&desk->inputd, "refused\nerror=busy\n");
	state_unknown(desk, NULL, "refuses this hotseatd: busy");
	news_are(desk, "devices all, guest guest, guest linux, ");
	/* connected again it is refused still, until it is not */
	fake_inputd_hang_up(&desk->inputd);
	fake_inputd_accept(&desk->inputd);
	fake_inputd_settle();
	state_unknown(desk, NULL, "refuses this hotseatd: busy");
	configure(desk, 1);
	say_devices(desk);
	state_is(desk, "kbd", INPUT_PRESENT, "host");
}

static void test_rejected(Desk *desk, gconstpointer unused)
{
	fake_inputd_accept(&desk->inputd);
	fake_inputd_say(&desk->inputd, "welcome\nversion=1\nport=49201\nport=49202\n");
	fake_inputd_say(&desk->inputd, "result\nid=1\nerror=no such key\n");
	state_unknown(desk, NULL, "no such key");
}

static void test_nonsense(Desk *desk, gconstpointer unused)
{
	fake_inputd_accept(&desk->inputd);
	fake_inputd_say(&desk->inputd, "nonsense\n");
	state_unknown(desk, NULL, "cannot read hotseat-inputd's message: ");
	/* and it is tried again */
	fake_inputd_hang_up(&desk->inputd);
	begin(desk);
	state_is(desk, "kbd", INPUT_PRESENT, "host");
}

/* Simulated, it needs no ports. */
static void test_simulated(Desk *desk, gconstpointer unused)
{
	char packet[4096];

	fake_inputd_accept(&desk->inputd);
	fake_inputd_say(&desk->inputd, "welcome\nversion=1\nsimulated=yes\n");
	fake_inputd_read(&desk->inputd, packet, sizeof packet);
	g_assert_nonnull(strstr(packet, "guest=linux\nport=0\n"));
}

static void test_silent(Desk *desk, gconstpointer unused)
{
	stop(desk);
	start(desk, &hasty);
	fake_inputd_accept(&desk->inputd);
	while (desk->news->len == 0)
		g_main_context_iteration(NULL, TRUE);
	state_unknown(desk, NULL, "does not answer");
	fake_inputd_is_hung_up_on(&desk->inputd);
}

/* More messages than the socket has room for: they wait, and come in their order. */
static void test_no_room(Desk *desk, gconstpointer unused)
{
	begin(desk);
	for (guint i = 0; i < 100; i++)
		desk->system->ops->move(
			desk->system, "kbd", i % 2 == 0 ? "guest" : "host", on_moved, desk);
	for (guint i = 0; i < 100; i++) {
		g_autofree char *expected = g_strdup_printf(
			"move\nid=%u\ndevice=kbd\nto=%s\n", i + 2, i % 2 == 0 ? "guest" : "host");

		fake_inputd_hears(&desk->inputd, expected);
	}
}

/* One that reads nothing any more is given up. */
static void test_reads_nothing(Desk *desk, gconstpointer unused)
{
	begin(desk);
	for (guint i = 0; i < 1000 && desk->news->len == 0; i++)
		desk->system->ops->move(desk->system, "kbd", "guest", on_moved, desk);
	state_unknown(desk, NULL, "does not read messages");
	fake_inputd_settle();
	g_assert_true(g_str_has_prefix(desk->moved->str, "! ! ! "));
}

static void test_path(void)
{
	g_autofree char *usual = NULL, *given = NULL;

	g_unsetenv("HOTSEAT_INPUT_SOCKET");
	g_setenv("XDG_RUNTIME_DIR", "/nonexistent", TRUE);
	usual = input_link_path();
	g_assert_cmpstr(usual, ==, PROTOCOL_SOCKET);
	g_setenv("HOTSEAT_INPUT_SOCKET", "/x", TRUE);
	given = input_link_path();
	g_assert_cmpstr(given, ==, "/x");
}

#define ADD(path, func) g_test_add("/input-daemon/" path, Desk, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("starts", test_starts);
	ADD("moves", test_moves);
	ADD("guests", test_guests);
	ADD("late", test_late);
	ADD("expect", test_expect);
	ADD("refused-qemu", test_refused_qemu);
	ADD("hotkeys", test_hotkeys);
	ADD("restarts", test_restarts);
	ADD("unheld-port", test_unheld_port);
	ADD("other-version", test_other_version);
	ADD("refused", test_refused);
	ADD("rejected", test_rejected);
	ADD("nonsense", test_nonsense);
	ADD("simulated", test_simulated);
	ADD("silent", test_silent);
	ADD("no-room", test_no_room);
	ADD("reads-nothing", test_reads_nothing);
	g_test_add_func("/input-link/path", test_path);
	return g_test_run();
}
