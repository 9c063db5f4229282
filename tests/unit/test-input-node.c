/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a node's events go. The node is a datagram socket that is connected to itself: what
 * hotseat-inputd writes comes back to it, as from a kernel, and so does what the test writes, which
 * is the keyboard's.
 */
#include "input/node.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef struct {
	Loop *loop;
	InputGuest *guest, *other;
	NodeRoutes *routes;
	Node node;
	GString *log;	/* what happened, in order */
	KeySet kernel;	/* keys that are down, as the kernel knows */
	int grab_error; /* errno of the next grab; 0: it works */
	/* pressed in the moment of the next grab, and the next ungrab; 0: none */
	guint late, between[2];
	guint unread; /* down for the kernel, which gives the event when it is asked; 0: none */
} Desk;

static Desk *desk;

static void event(guint type, guint code, int value);

/* ---- the source */

/* The host's programs see it, too. */
static void press_at_both(guint code)
{
	/* no other event has its time */
	struct input_event pressed = {
		.type = EV_KEY, .code = (guint16)code, .value = 1, .input_event_usec = code
	};

	key_set_add(&desk->kernel, code);
	g_assert_cmpint(write(desk->node.fd, &pressed, sizeof pressed), ==, sizeof pressed);
	g_assert_cmpint(write(desk->node.observer, &pressed, sizeof pressed), ==, sizeof pressed);
}

static gboolean grab(Node *node, gboolean on)
{
	errno = desk->grab_error;
	if (on && desk->grab_error != 0)
		return FALSE;
	g_string_append(desk->log, on ? "grab " : "ungrab ");
	if (on && desk->late != 0)
		press_at_both(desk->late);
	if (!on && desk->between[0] != 0) {
		event(EV_KEY, desk->between[0], 1); /* only hotseat-inputd gets it */
		press_at_both(desk->between[1]);
	}
	desk->late = desk->between[0] = 0;
	return TRUE;
}

static void listen_to(Node *node, gboolean all)
{
}

static gboolean held(Node *node, KeySet *keys)
{
	*keys = desk->kernel;
	if (desk->unread != 0) {
		key_set_add(keys, desk->unread);
		press_at_both(desk->unread);
	}
	desk->unread = 0;
	return TRUE;
}

static guint8 leds(Node *node)
{
	return 0x02;
}

static void on_hotkey(gpointer data, guint chord)
{
	g_string_append_printf(desk->log, "hotkey%u ", chord);
}

static void on_kept(gpointer data, guint code, gboolean down)
{
	g_string_append_printf(desk->log, "host%+d ", down ? (int)code : -(int)code);
}

static void on_changed(gpointer data, InputGuest *guest)
{
}

static void on_arrived(gpointer data, InputGuest *guest, guint type, guint code, int value)
{
	const char *name = input_guest_name(guest);

	if (type == EV_KEY)
		g_string_append_printf(
			desk->log, "%s%+d ", name, value != 0 ? (int)code : -(int)code);
	else
		g_string_append_printf(desk->log, "%s.%u%+d ", name, code, value);
}

static int self_connected(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t length = sizeof address;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	/* the kernel gives it a name */
	g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof(sa_family_t)), ==, 0);
	g_assert_cmpint(getsockname(fd, (struct sockaddr *)&address, &length), ==, 0);
	g_assert_cmpint(connect(fd, (struct sockaddr *)&address, length), ==, 0);
	return fd;
}

static InputGuest *new_guest(const char *name)
{
	static const InputGuestEvents events = { on_changed, on_changed, on_arrived };
	ProtocolGuest spec = { .name = (char *)name };

	return input_guest_new(desk->loop, &spec, -1, &events, NULL);
}

static void set_up(void)
{
	static const NodeOps ops = { grab, listen_to, held, leds };

	desk = g_new0(Desk, 1);
	desk->log = g_string_new(NULL);
	desk->loop = loop_new();
	desk->guest = new_guest("g");
	desk->other = new_guest("o");
	desk->routes = g_new0(NodeRoutes, 1);
	desk->routes->hotkey = on_hotkey;
	desk->routes->kept = on_kept;
	g_assert_true(chord_parse("ctrl+f12", &desk->routes->matcher.chords[0], NULL));
	desk->routes->matcher.n_chords = 1;
	key_set_add(&desk->routes->keep, KEY_MUTE);
	desk->node.ops = &ops;
	desk->node.fd = self_connected();
	desk->node.observer = self_connected();
	desk->node.name = (char *)"event9";
	desk->node.routes = desk->routes;
	desk->node.loop = desk->loop;
	for (guint code = 1; code < 0x100; code++)
		key_set_add(&desk->node.keys, code);
}

static void tear_down(void)
{
	node_end(&desk->node);
	close(desk->node.fd);
	close(desk->node.observer);
	input_guest_free(desk->guest);
	input_guest_free(desk->other);
	loop_free(desk->loop);
	g_free(desk->routes);
	g_string_free(desk->log, TRUE);
	g_clear_pointer(&desk, g_free);
}

/* ---- the user */

static void event(guint type, guint code, int value)
{
	struct input_event events[2] = {
		{ .type = (guint16)type, .code = (guint16)code, .value = value },
		{ .type = EV_SYN },
	};

	if (type == EV_KEY && value == 1)
		key_set_add(&desk->kernel, code);
	else if (type == EV_KEY && value == 0)
		key_set_remove(&desk->kernel, code);
	g_assert_cmpint(write(desk->node.fd, events, sizeof events), ==, sizeof events);
}

/* As event(), and it is read: code down, -code up. */
static void type(int code)
{
	event(EV_KEY, (guint)ABS(code), code > 0);
	g_assert_true(node_read(&desk->node));
}

static void move(InputGuest *guest)
{
	g_autoptr(GError) error = NULL;

	node_move(&desk->node, guest, &error);
	g_assert_no_error(error);
}

static void assert_log(const char *expected)
{
	g_assert_cmpstr(desk->log->str, ==, expected);
	g_string_truncate(desk->log, 0);
}

/* ---- tests */

static void test_sides(void)
{
	set_up();
	type(KEY_A);
	type(-KEY_A);
	assert_log("");
	move(desk->guest);
	type(KEY_A);
	type(-KEY_A);
	assert_log("grab g+30 g-30 ");
	move(desk->other);
	type(KEY_B);
	type(-KEY_B);
	assert_log("o+48 o-48 ");
	move(NULL);
	type(KEY_A);
	type(-KEY_A);
	assert_log("ungrab ");
	tear_down();
}

/* What is held on the way there is seen by neither, until it is pressed again. */
static void test_held_on_the_way_there(void)
{
	set_up();
	type(KEY_LEFTSHIFT);
	type(KEY_A);
	move(desk->guest);
	assert_log("grab ");
	event(EV_KEY, KEY_A, 2);
	type(-KEY_A);
	type(KEY_A);
	type(-KEY_A);
	type(-KEY_LEFTSHIFT);
	assert_log("g+30 g-30 ");
	tear_down();
}

static void test_held_on_the_way_back(void)
{
	set_up();
	move(desk->guest);
	type(KEY_LEFTSHIFT);
	type(KEY_A);
	move(desk->other);
	assert_log("grab g+42 g+30 g-30 g-42 ");
	type(-KEY_A);
	type(KEY_B);
	move(NULL);
	assert_log("o+48 o-48 ungrab ");
	type(-KEY_B);
	type(-KEY_LEFTSHIFT);
	assert_log("");
	tear_down();
}

/* Written to the node, in that order: released at the host, and pressed again once it is grabbed.
 */
static void test_written(void)
{
	struct input_event events[64];
	g_autoptr(GString) text = g_string_new(NULL);
	int fds[2];
	ssize_t n;

	set_up();
	type(KEY_LEFTSHIFT);
	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), ==, 0);
	g_assert_cmpint(dup2(fds[0], desk->node.fd), ==, desk->node.fd);
	desk->node.led_bits = 0x06;
	desk->node.has_motion = TRUE;
	desk->node.repeats = TRUE;
	move(desk->guest);
	move(NULL);
	while ((n = read(fds[1], events, sizeof events)) > 0)
		for (gsize i = 0; i < (gsize)n / sizeof *events; i++)
			if (events[i].type != EV_SYN)
				g_string_append_printf(text, "%u.%u=%d ", events[i].type,
					events[i].code, events[i].value);
	g_assert_cmpstr(text->str, ==,
		"1.42=0 1.42=1 "  /* released, pressed again */
		"17.1=0 17.2=0 "  /* the guest's LEDs */
		"1.1=1 1.1=0 "	  /* ends the kernel's repeat */
		"17.1=1 17.2=0 "  /* the host's LEDs */
		"2.0=1 2.0=-1 "); /* wakes the screen */
	close(fds[0]);
	close(fds[1]);
	tear_down();
}

static void test_hotkey(void)
{
	set_up();
	type(KEY_LEFTCTRL);
	type(KEY_F12);
	assert_log("hotkey0 ");
	move(desk->guest);
	type(-KEY_F12);
	type(KEY_F12);
	type(-KEY_F12);
	type(-KEY_LEFTCTRL);
	assert_log("grab hotkey0 ");
	type(KEY_LEFTCTRL);
	type(KEY_F12);
	type(-KEY_F12);
	type(-KEY_LEFTCTRL);
	assert_log("g+29 hotkey0 g-29 ");
	tear_down();
}

static void test_kept(void)
{
	set_up();
	type(KEY_MUTE);
	type(-KEY_MUTE);
	assert_log("");
	move(desk->guest);
	type(KEY_MUTE);
	type(-KEY_MUTE);
	assert_log("grab host+113 host-113 ");
	type(KEY_MUTE);
	move(NULL);
	assert_log("host+113 host-113 ungrab ");
	tear_down();
}

static void test_unplugged(void)
{
	set_up();
	move(desk->guest);
	type(KEY_A);
	type(KEY_LEFTCTRL);
	node_end(&desk->node);
	assert_log("grab g+30 g+29 g-29 g-30 ");
	/* and it is down on no keyboard any more */
	g_assert_cmpint(chord_press(&desk->routes->matcher, KEY_F12, 0), ==, -1);
	tear_down();
}

static void test_wheels(void)
{
	set_up();
	move(desk->guest);
	g_string_truncate(desk->log, 0);
	event(EV_REL, REL_X, 3);
	event(EV_REL, REL_WHEEL, -1);
	g_assert_true(node_read(&desk->node));
	assert_log("g.0+3 g.11-120 ");
	/* a frame with both */
	{
		struct input_event events[] = { { .type = EV_REL, .code = REL_WHEEL, .value = 1 },
			{ .type = EV_REL, .code = REL_WHEEL_HI_RES, .value = 30 },
			{ .type = EV_REL, .code = REL_HWHEEL_HI_RES, .value = -15 },
			{ .type = EV_SYN } };

		g_assert_cmpint(write(desk->node.fd, events, sizeof events), ==, sizeof events);
	}
	g_assert_true(node_read(&desk->node));
	assert_log("g.11+30 g.12-15 ");
	tear_down();
}

/* The kernel has lost events: what is down is asked for when all is read, as the answer is newer
 * than what still comes. */
static void test_lost_events(void)
{
	set_up();
	move(desk->guest);
	type(KEY_A);
	assert_log("grab g+30 ");
	event(EV_SYN, SYN_DROPPED, 0);
	key_set_remove(&desk->kernel, KEY_A);
	key_set_add(&desk->kernel, KEY_B);
	event(EV_KEY, KEY_C, 1);
	key_set_remove(&desk->kernel, KEY_C);
	event(EV_REL, REL_X, 100);
	g_assert_true(node_read(&desk->node));
	assert_log("g-30 g+48 ");
	event(EV_REL, REL_X, 100);
	g_assert_true(node_read(&desk->node));
	assert_log("g.0+100 ");
	tear_down();
}

static void test_grabbed_by_another(void)
{
	g_autoptr(GError) error = NULL;

	set_up();
	type(KEY_A);
	desk->grab_error = EBUSY;
	g_assert_false(node_move(&desk->node, desk->guest, &error));
	g_assert_cmpstr(error->message, ==,
		"another program has grabbed event9; stop it (keyd, evsieve, QEMU's input-linux), "
		"or "
		"leave the device out of hotseat's config");
	g_assert_null(desk->node.at);
	desk->grab_error = 0;
	move(desk->guest);
	type(KEY_B);
	type(-KEY_B);
	assert_log("grab g+48 g-48 ");
	tear_down();
}

/* A key that is pressed at the host between the releases and the grab would be stuck there. */
static void test_pressed_at_the_grab(void)
{
	set_up();
	desk->late = KEY_C;
	move(desk->guest);
	assert_log("grab ungrab grab ");
	type(-KEY_C);
	type(KEY_C);
	type(-KEY_C);
	assert_log("g+46 g-46 ");
	tear_down();
}

/* The kernel drops the key events that it has not given yet when it is asked what is down. */
static void test_asked_what_is_down(void)
{
	set_up();
	type(KEY_A);
	key_set_remove(&desk->kernel, KEY_A); /* its release was dropped */
	key_set_add(&desk->kernel, KEY_B);    /* and this press */
	move(desk->guest);
	assert_log("grab ");
	type(KEY_A);
	type(-KEY_A);
	type(-KEY_B);
	type(KEY_B);
	assert_log("g+30 g-30 g+48 ");
	tear_down();
}

/* A key is down for the kernel before its event is there, which then comes with those that
 * hotseat-inputd writes. */
static void test_down_before_its_event(void)
{
	set_up();
	desk->unread = KEY_A;
	move(desk->guest);
	assert_log("grab ");
	type(-KEY_A);
	type(KEY_A);
	assert_log("g+30 ");
	tear_down();
}

/* On the way back a press is the guest's or the host's, and never both's or nobody's. */
static void test_pressed_at_the_ungrab(void)
{
	set_up();
	move(desk->guest);
	desk->between[0] = KEY_C;
	desk->between[1] = KEY_D;
	move(NULL);
	assert_log("grab ungrab g+46 g-46 ");
	type(-KEY_C);
	type(-KEY_D);
	assert_log("");
	tear_down();
}

/* A keyboard that is found with a key down. */
static void test_begun_with_a_key_down(void)
{
	set_up();
	key_set_add(&desk->kernel, KEY_LEFTCTRL);
	node_begin(&desk->node);
	type(KEY_F12);
	assert_log("hotkey0 ");
	tear_down();
}

static void test_gone(void)
{
	int fds[2];

	set_up();
	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fds), ==, 0);
	g_assert_cmpint(dup2(fds[0], desk->node.fd), ==, desk->node.fd);
	close(fds[0]);
	close(fds[1]);
	g_assert_false(node_read(&desk->node));
	tear_down();
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/node/sides", test_sides);
	g_test_add_func("/node/held-on-the-way-there", test_held_on_the_way_there);
	g_test_add_func("/node/asked-what-is-down", test_asked_what_is_down);
	g_test_add_func("/node/down-before-its-event", test_down_before_its_event);
	g_test_add_func("/node/held-on-the-way-back", test_held_on_the_way_back);
	g_test_add_func("/node/written", test_written);
	g_test_add_func("/node/hotkey", test_hotkey);
	g_test_add_func("/node/kept", test_kept);
	g_test_add_func("/node/unplugged", test_unplugged);
	g_test_add_func("/node/wheels", test_wheels);
	g_test_add_func("/node/lost-events", test_lost_events);
	g_test_add_func("/node/grabbed-by-another", test_grabbed_by_another);
	g_test_add_func("/node/pressed-at-the-grab", test_pressed_at_the_grab);
	g_test_add_func("/node/pressed-at-the-ungrab", test_pressed_at_the_ungrab);
	g_test_add_func("/node/begun-with-a-key-down", test_begun_with_a_key_down);
	g_test_add_func("/node/gone", test_gone);
	return g_test_run();
}
