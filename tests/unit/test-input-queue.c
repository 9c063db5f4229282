/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/queue.h"

#include <string.h>

static Queue *new_queue(void)
{
	Queue *queue = g_new0(Queue, 1);

	queue_init(queue);
	return queue;
}

/* What a guest would make of a report: "a" and "-a" for a key, "L" and "-L" for the left button,
 * "x+5", "w-1"; reports apart by " | ". */
typedef struct {
	HidState state;
	gint64 sums[HID_AXES];
	GString *text;
} Guest;

static void say(Guest *guest, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void say(Guest *guest, const char *format, ...)
{
	va_list args;

	if (guest->text->len > 0 && guest->text->str[guest->text->len - 1] != ' ')
		g_string_append_c(guest->text, ',');
	va_start(args, format);
	g_string_append_vprintf(guest->text, format, args);
	va_end(args);
}

static void take_keys(Guest *guest, const guint8 *bytes)
{
	for (guint bit = 0; bit < 8 * HID_KEYS_BYTES; bit++) {
		guint now = bytes[2 + bit / 8] >> bit % 8 & 1;
		guint before = guest->state.keys[bit / 8] >> bit % 8 & 1u;

		if (now != before)
			say(guest, "%s%c", now ? "" : "-", 'a' + (char)bit);
	}
	if (bytes[1] != guest->state.modifiers)
		say(guest, "mod%x", bytes[1]);
	guest->state.modifiers = bytes[1];
	memcpy(guest->state.keys, bytes + 2, HID_KEYS_BYTES);
}

static void take_mouse(Guest *guest, const guint8 *bytes)
{
	static const char axes[] = "xywp";

	if (bytes[1] != guest->state.buttons)
		say(guest, "%s", bytes[1] != 0 ? "L" : "-L");
	guest->state.buttons = bytes[1];
	for (int i = 0; i < HID_AXES; i++) {
		gint16 moved = (gint16)(bytes[3 + 2 * i] | bytes[4 + 2 * i] << 8);

		if (moved != 0)
			say(guest, "%c%+d", axes[i], moved);
		guest->sums[i] += moved;
	}
}

static gboolean fetch_one(Queue *queue, Guest *guest)
{
	guint8 bytes[HID_PACKET_MAIN];
	gsize length = queue_fetch(queue, HID_ENDPOINT_MAIN, bytes);

	if (length == 0)
		return FALSE;
	if (guest->text->len > 0)
		g_string_append(guest->text, " | ");
	if (bytes[0] == HID_ID_KEYBOARD)
		take_keys(guest, bytes);
	else if (bytes[0] == HID_ID_MOUSE)
		take_mouse(guest, bytes);
	else
		say(guest, "id%d", bytes[0]);
	return TRUE;
}

static char *fetch_all(Queue *queue)
{
	Guest guest = { .text = g_string_new(NULL) };

	while (fetch_one(queue, &guest))
		;
	g_assert_false(queue_has(queue, HID_ENDPOINT_MAIN));
	return g_string_free(guest.text, FALSE);
}

/* code 0: motion along axis. */
typedef struct {
	guint code;
	int amount; /* of a key: is it down? */
	HidAxis axis;
} Event;

static void feed(Queue *queue, const Event *event)
{
	if (event->code != 0)
		queue_key(queue, event->code, event->amount != 0);
	else
		queue_move(queue, event->axis, event->amount);
}

static void test_order(void)
{
	static const struct {
		const char *what;
		guint8 multipliers;
		Event events[8];
		const char *reports;
	} cases[] = {
		{ "keys are never merged", 0, { { KEY_A, 1, 0 }, { KEY_A, 0, 0 }, { KEY_B, 1, 0 } },
			"a | -a | b" },
		{ "motion is", 0, { { 0, 3, HID_X }, { 0, 4, HID_X }, { 0, -2, HID_Y } },
			"x+7,y-2" },
		{ "motion that cancels itself", 0, { { 0, 3, HID_X }, { 0, -3, HID_X } }, "" },
		{ "not across a key", 0, { { 0, 3, HID_X }, { KEY_A, 1, 0 }, { 0, 4, HID_X } },
			"x+3 | a | x+4" },
		{ "not across a click, whose buttons come after", 0,
			{ { 0, 3, HID_X }, { BTN_LEFT, 1, 0 }, { 0, 4, HID_X },
				{ BTN_LEFT, 0, 0 } },
			"x+3 | L | x+4 | -L" },
		{ "a modifier and a click", 0,
			{ { KEY_LEFTCTRL, 1, 0 }, { BTN_LEFT, 1, 0 }, { BTN_LEFT, 0, 0 },
				{ KEY_LEFTCTRL, 0, 0 } },
			"mod1 | L | -L | mod0" },
		{ "a long way takes several reports", 0, { { 0, 70000, HID_X }, { KEY_A, 1, 0 } },
			"x+32767 | x+32767 | x+4466 | a" },
		{ "parts of a notch wait", 0,
			{ { 0, 60, HID_WHEEL }, { KEY_A, 1, 0 }, { 0, 60, HID_WHEEL } },
			"a | w+1" },
		{ "more than a notch waits too", 0,
			{ { 0, 200, HID_WHEEL }, { KEY_A, 1, 0 }, { 0, 40, HID_WHEEL } },
			"w+1 | a | w+1" },
		{ "parts are sent to those who want them", 1,
			{ { 0, 60, HID_WHEEL }, { 0, 60, HID_PAN } }, "w+60" },
		{ "media keys", 0, { { KEY_MUTE, 1, 0 }, { KEY_SLEEP, 1, 0 }, { KEY_A, 1, 0 } },
			"id2 | id3 | a" },
		{ "no such key", 0, { { KEY_UNKNOWN, 1, 0 }, { KEY_A, 0, 0 } }, "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree Queue *queue = new_queue();
		g_autofree char *reports = NULL;

		g_test_message("%s", cases[i].what);
		queue->multipliers = cases[i].multipliers;
		for (const Event *e = cases[i].events; e->code != 0 || e->amount != 0; e++)
			feed(queue, e);
		reports = fetch_all(queue);
		g_assert_cmpstr(reports, ==, cases[i].reports);
	}
}

/* A guest that does not fetch: what is held at the end is reported, whatever was lost. */
static void test_full(void)
{
	g_autofree Queue *queue = new_queue();
	Guest guest = { .text = g_string_new(NULL) };
	guint reports = 0;

	queue_key(queue, KEY_C, TRUE);
	queue_key(queue, BTN_LEFT, TRUE);
	for (int i = 0; i < 1000; i++) {
		queue_key(queue, KEY_A, TRUE);
		queue_move(queue, HID_X, 1);
		queue_key(queue, KEY_A, FALSE);
	}
	queue_key(queue, KEY_B, TRUE);
	queue_key(queue, KEY_C, FALSE);
	queue_key(queue, BTN_LEFT, FALSE);
	while (fetch_one(queue, &guest))
		reports++;
	g_assert_cmpuint(reports, <=, QUEUE_LENGTH + HID_KINDS + 1);
	g_assert_cmphex(guest.state.keys[0], ==, 2);
	g_assert_cmpuint(guest.state.buttons, ==, 0);
	g_assert_cmpint(guest.sums[HID_X], ==, 1000);
	/* and then it goes on */
	queue_key(queue, KEY_B, FALSE);
	g_assert_true(fetch_one(queue, &guest));
	g_assert_cmphex(guest.state.keys[0], ==, 0);
	g_string_free(guest.text, TRUE);
}

/* At random, fetched at random: sums are exact, and the end is right. */
static void test_random(void)
{
	static const guint keys[] = { KEY_A, KEY_B, KEY_LEFTSHIFT, BTN_LEFT };
	g_autofree Queue *queue = new_queue();
	Guest guest = { .text = g_string_new(NULL) };
	gint64 sums[HID_AXES] = { 0 };

	queue->multipliers = 5;
	for (int i = 0; i < 200000; i++) {
		HidAxis axis = (HidAxis)g_test_rand_int_range(0, HID_AXES);
		int amount = g_test_rand_int_range(-3000, 3000);

		if (g_test_rand_int_range(0, 4) == 0) {
			queue_key(queue, keys[g_test_rand_int_range(0, 4)], amount > 0);
		} else {
			queue_move(queue, axis, amount);
			sums[axis] += amount;
		}
		/* now and then nothing is fetched for long */
		if (i % 4000 < 3000)
			fetch_one(queue, &guest);
		g_string_truncate(guest.text, 0);
	}
	while (fetch_one(queue, &guest))
		;
	for (int i = 0; i < HID_AXES; i++)
		g_assert_cmpint(guest.sums[i], ==, sums[i]);
	g_assert_cmpint(memcmp(guest.state.keys, queue->state.keys, HID_KEYS_BYTES), ==, 0);
	g_assert_cmphex(guest.state.modifiers, ==, queue->state.modifiers);
	g_assert_cmphex(guest.state.buttons, ==, queue->state.buttons);
	g_string_free(guest.text, TRUE);
}

static void test_dropped(void)
{
	g_autofree Queue *queue = new_queue();
	Guest guest = { .text = g_string_new(NULL) };

	queue_key(queue, KEY_A, TRUE);
	fetch_one(queue, &guest);
	queue_key(queue, KEY_A, FALSE);
	queue_key(queue, KEY_B, TRUE);
	queue_key(queue, KEY_B, FALSE);
	queue_key(queue, KEY_C, TRUE);
	queue_move(queue, HID_Y, 5);
	queue_drop(queue);
	while (fetch_one(queue, &guest))
		;
	g_assert_cmpstr(guest.text->str, ==, "a | -a,c");
	g_string_free(guest.text, TRUE);
}

static void test_reset(void)
{
	g_autofree Queue *queue = new_queue();
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;

	queue_key(queue, KEY_A, TRUE);
	queue_key(queue, KEY_A, FALSE);
	queue_move(queue, HID_Y, 5);
	queue->multipliers = 5;
	queue_reset(queue);
	first = fetch_all(queue);
	g_assert_cmpstr(first, ==, "");
	g_assert_cmpuint(queue->multipliers, ==, 0);
	queue_key(queue, KEY_A, TRUE);
	queue_reset(queue);
	second = fetch_all(queue);
	g_assert_true(g_str_has_prefix(second, "a"));
}

/* Firmware: all keys at the other endpoint, and nothing else anywhere. */
static void test_boot(void)
{
	g_autofree Queue *queue = new_queue();
	guint8 bytes[HID_PACKET_MAIN];

	queue_set_boot(queue, TRUE);
	queue_key(queue, BTN_LEFT, TRUE);
	queue_key(queue, KEY_MUTE, TRUE);
	queue_move(queue, HID_X, 5);
	g_assert_false(queue_has(queue, HID_ENDPOINT_BOOT));
	queue_key(queue, KEY_A, TRUE);
	g_assert_false(queue_has(queue, HID_ENDPOINT_MAIN));
	g_assert_true(queue_has(queue, HID_ENDPOINT_BOOT));
	g_assert_cmpuint(queue_fetch(queue, HID_ENDPOINT_MAIN, bytes), ==, 0);
	g_assert_cmpuint(queue_fetch(queue, HID_ENDPOINT_BOOT, bytes), ==, HID_PACKET_BOOT);
	g_assert_cmphex(bytes[2], ==, 0x04);
	g_assert_false(queue_has(queue, HID_ENDPOINT_BOOT));
	/* a thousand clicks do not keep a key from arriving */
	for (int i = 0; i < 1000; i++)
		queue_key(queue, BTN_LEFT, i % 2);
	queue_key(queue, KEY_A, FALSE);
	g_assert_cmpuint(queue_fetch(queue, HID_ENDPOINT_BOOT, bytes), ==, HID_PACKET_BOOT);
	g_assert_cmphex(bytes[2], ==, 0);
	/* the system takes over */
	queue_key(queue, KEY_B, TRUE);
	queue_set_boot(queue, FALSE);
	g_assert_false(queue_has(queue, HID_ENDPOINT_BOOT));
	g_assert_cmpuint(queue_fetch(queue, HID_ENDPOINT_MAIN, bytes), >, 0);
	g_assert_cmphex(bytes[0], ==, HID_ID_KEYBOARD);
	g_assert_cmphex(bytes[2], ==, 2);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/queue/order", test_order);
	g_test_add_func("/queue/full", test_full);
	g_test_add_func("/queue/random", test_random);
	g_test_add_func("/queue/dropped", test_dropped);
	g_test_add_func("/queue/reset", test_reset);
	g_test_add_func("/queue/boot", test_boot);
	return g_test_run();
}
