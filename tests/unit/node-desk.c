/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "node-desk.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

NodeDesk *desk;

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

static gboolean await(Node *node, int ms)
{
	int soon = desk->soon;

	desk->soon = 0;
	if (soon != 0)
		event(EV_KEY, (guint)ABS(soon), soon > 0);
	return soon != 0;
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

void set_up(void)
{
	static const NodeOps ops = { grab, listen_to, held, leds, await };

	desk = g_new0(NodeDesk, 1);
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

void tear_down(void)
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

void event(guint type, guint code, int value)
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

void type(int code)
{
	event(EV_KEY, (guint)ABS(code), code > 0);
	g_assert_true(node_read(&desk->node));
}

void move(InputGuest *guest)
{
	g_autoptr(GError) error = NULL;

	node_move(&desk->node, guest, &error);
	g_assert_no_error(error);
}

void assert_log(const char *expected)
{
	g_assert_cmpstr(desk->log->str, ==, expected);
	g_string_truncate(desk->log, 0);
}
