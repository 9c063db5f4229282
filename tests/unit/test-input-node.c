/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a node's events go. */
#include "node-desk.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

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

/* A macro's press of a key is as short as the way of a hotkey to the grab. */
static void test_released_soon(void)
{
	set_up();
	type(KEY_B);
	desk->soon = -KEY_B;
	move(desk->guest);
	type(KEY_B);
	type(-KEY_B);
	assert_log("grab g+48 g-48 ");
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
		"or remove the device from the config");
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

/* On the way back a press is the guest's or the host's, and never both's or neither's. */
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
	g_test_add_func("/node/released-soon", test_released_soon);
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
