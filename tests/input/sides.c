/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sides.h"

#include "input/hid-usages.h"

#include <linux/input.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void sides_init(Sides *sides)
{
	*sides = (Sides){ .at_host = g_string_new(NULL), .in_guest = g_string_new(NULL) };
	sides->presses = mmap(NULL, sizeof *sides->presses, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (sides->presses == MAP_FAILED)
		wire_die("mmap");
}

void sides_read_host(Sides *sides, const Made *made)
{
	struct input_event events[64];
	ssize_t n;

	while ((n = read(made->node, events, sizeof events)) > 0)
		for (gsize i = 0; i < (gsize)n / sizeof *events; i++) {
			/* a slow machine repeats keys that are only tapped */
			if (events[i].type == EV_KEY && events[i].value == 1)
				++*sides->presses;
			if (events[i].type == EV_KEY &&
				(events[i].value != 2 || sides->notes_repeats))
				g_string_append_printf(sides->at_host, "%u%s ", events[i].code,
					events[i].value == 0   ? "-"
					: events[i].value == 1 ? "+"
							       : "=");
			else if (events[i].type == EV_SYN && events[i].code == SYN_DROPPED)
				sides->dropped++;
			else if (events[i].type == EV_REL)
				g_string_append_printf(sides->at_host, "rel%u%+d ", events[i].code,
					events[i].value);
		}
}

static void look_at_key(Sides *sides, const guint8 *report, guint code)
{
	guint usage = hid_keyboard_usage(code);
	guint bit, at;
	gboolean now, before;

	if (usage == 0)
		return;
	bit = usage >= 0xe0 ? usage - 0xe0 : usage - HID_KEYS_FIRST;
	at = usage >= 0xe0 ? 0 : 1 + bit / 8;
	now = (report[1 + at] >> bit % 8 & 1) != 0;
	before = (sides->pressed[at] >> bit % 8 & 1) != 0;
	if (now && !before)
		++*sides->presses;
	if (now != before)
		g_string_append_printf(sides->in_guest, "%u%s ", code, now ? "+" : "-");
}

static void look_at_report(Sides *sides, const guint8 *report)
{
	if (report[0] == HID_ID_KEYBOARD) {
		for (guint code = 1; code < 256; code++)
			look_at_key(sides, report, code);
		memcpy(sides->pressed, report + 1, sizeof sides->pressed);
	} else if (report[0] == HID_ID_MOUSE) {
		for (int i = 0; i < HID_AXES; i++)
			sides->moved[i] += (gint16)(report[3 + 2 * i] | report[4 + 2 * i] << 8);
	}
}

void sides_read_guest(Sides *sides, Wire *wire)
{
	guint8 report[256];

	while (wire_try_report(wire, report) > 0) {
		look_at_report(sides, report);
		wire_ask(wire);
	}
}

/* "30+ 30- ": which keys are down at its end; how many presses are in it. */
static guint follow(const GString *came, gboolean down[KEY_CNT])
{
	g_auto(GStrv) events = g_strsplit(came->str, " ", -1);
	guint presses = 0;

	for (char **event = events; *event != NULL && **event != '\0'; event++) {
		char *kind = NULL;
		guint code = (guint)g_ascii_strtoull(*event, &kind, 10) % KEY_CNT;

		presses += *kind == '+';
		if (*kind != '=')
			down[code] = *kind == '+';
	}
	return presses;
}

void sides_unplug_guest(Sides *sides)
{
	gboolean down[KEY_CNT] = { FALSE };

	memset(sides->pressed, 0, sizeof sides->pressed);
	sides->is_plugged = FALSE;
	follow(sides->in_guest, down);
	for (guint code = 0; code < KEY_CNT; code++)
		if (down[code])
			g_string_append_printf(sides->in_guest, "%u- ", code);
}

void sides_count(const GString *came, guint *presses, guint *unreleased)
{
	gboolean down[KEY_CNT] = { FALSE };

	*presses += follow(came, down);
	for (guint code = 0; code < KEY_CNT; code++)
		*unreleased += down[code] ? 1 : 0;
}
