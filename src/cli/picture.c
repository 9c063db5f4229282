/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/picture.h"

#include "cli/show.h"
#include "common/json.h"
#include "common/resource.h"

#include <string.h>

#define MARGIN		   2
#define BOX_WIDTH_MIN	   14
#define BOX_WIDTH_MAX	   32
#define DISPLAY_HEIGHT	   6
#define COMPUTER_HEIGHT	   6
#define COMPUTER_FIRST_ROW 2 /* of the devices in it; the state is above */

typedef struct {
	Canvas *canvas;
	JsonObject *status;
	int width, height;
	int y; /* the next free row */
} Picture;

static const char *or_unknown(const char *text)
{
	return text != NULL ? text : "?";
}

static guint count(JsonObject *status, const char *name)
{
	guint n = 0;

	for (guint i = 0; member_item(status, name, &i) != NULL; n++)
		continue;
	return n;
}

/* Width of one of n boxes side by side. */
static int box_width(const Picture *p, guint n)
{
	int room = p->width - MARGIN;

	return CLAMP(room / (int)MAX(n, 1) - MARGIN, BOX_WIDTH_MIN, BOX_WIDTH_MAX);
}

static void draw_title(Picture *p)
{
	const char *target = member_text(p->status, "target");
	const char *wanted = member_text(p->status, "wanted");
	gboolean moving = member_object(p->status, "switching") != NULL;
	g_autofree char *where = target != NULL ? g_strdup_printf("The seat is at %s.", target)
						: g_strdup("The seat is split.");
	g_autofree char *going =
		g_strdup_printf("%s %s", moving ? "switching to" : "wanted:", or_unknown(wanted));
	int used = canvas_text(p->canvas, MARGIN, 0, p->width, STYLE_BOLD, where);

	if (moving || g_strcmp0(target, wanted) != 0)
		canvas_text(p->canvas, MARGIN + used + 2, 0, p->width, STYLE_BUSY, going);
	p->y = 2;
}

/* Where something is, beside where it should be. */
static TextStyle place_style(JsonObject *status, const char *at)
{
	return g_strcmp0(at, member_text(status, "wanted")) == 0 ? STYLE_GOOD : STYLE_BUSY;
}

static void draw_display(Picture *p, JsonObject *display, int x, int width)
{
	const char *at = member_text(display, "at");
	const char *error = member_text(display, "error");
	TextStyle style = place_style(p->status, at);

	canvas_box(p->canvas, x, p->y, width, DISPLAY_HEIGHT - 1, STYLE_PLAIN, FALSE,
		or_unknown(member_text(display, "name")));
	canvas_centre(p->canvas, x + 1, p->y + 2, width - 2, style, at != NULL ? at : "?");
	canvas_centre(p->canvas, x + 1, p->y + 3, width - 2, error != NULL ? STYLE_BAD : STYLE_DIM,
		error != NULL ? error : member_text(display, "detail"));
	/* its foot */
	canvas_centre(p->canvas, x, p->y + DISPLAY_HEIGHT - 1, width, STYLE_PLAIN,
		text_is_utf8() ? "▔▔▔▔▔▔" : "======");
}

static void draw_displays(Picture *p)
{
	guint n = count(p->status, "displays");
	int width = box_width(p, n), x = MARGIN;
	JsonObject *display;

	for (guint i = 0; (display = member_item(p->status, "displays", &i)) != NULL;) {
		if (x + width > p->width)
			break;
		draw_display(p, display, x, width);
		x += width + MARGIN;
	}
	p->y += n > 0 ? DISPLAY_HEIGHT : 0;
}

/* The devices that sit at a computer; at: NULL for those that sit nowhere. */
static void draw_devices(Picture *p, const char *at, int x, int y, int width, int rows)
{
	JsonObject *device;

	for (guint i = 0; rows > 0 && (device = member_item(p->status, "devices", &i)) != NULL;) {
		const char *error = member_text(device, "error");
		g_autofree char *line = g_strdup_printf("%s %s%s%s", text_is_utf8() ? "•" : "*",
			or_unknown(member_text(device, "name")), error != NULL ? ": " : "",
			error != NULL ? error : "");

		if (g_strcmp0(member_text(device, "at"), at) != 0)
			continue;
		canvas_text(p->canvas, x, y++, width,
			error != NULL ? STYLE_BAD : place_style(p->status, at), line);
		rows--;
	}
}

/* What was typed at a simulated computer; NULL: nothing. */
static const char *arrived_at(JsonObject *status, const char *name)
{
	JsonObject *item;

	for (guint i = 0; (item = member_item(status, "arrived", &i)) != NULL;)
		if (g_strcmp0(member_text(item, "at"), name) == 0)
			return member_text(item, "keys");
	return NULL;
}

/* On the computer's lower border. */
static void draw_arrived(Picture *p, const char *name, int x, int width)
{
	const char *keys = arrived_at(p->status, name);
	g_autofree char *line = keys == NULL ? NULL : g_strdup_printf(" %s ", keys);
	/* its end is what is new */
	int length = line == NULL ? 0 : (int)strlen(line);
	int room = width - 4;

	if (line != NULL)
		canvas_text(p->canvas, x + 2, p->y + COMPUTER_HEIGHT - 1, room, STYLE_GOOD,
			length > room ? line + length - room : line);
}

static void draw_computer(
	Picture *p, const char *name, const char *state, const char *error, int x, int width)
{
	gboolean has_seat = g_strcmp0(name, member_text(p->status, "target")) == 0;
	gboolean runs = g_strcmp0(state, "running") == 0;

	canvas_box(p->canvas, x, p->y, width, COMPUTER_HEIGHT, has_seat ? STYLE_BOLD : STYLE_PLAIN,
		has_seat, name);
	canvas_text(p->canvas, x + 2, p->y + 1, width - 4,
		error != NULL ? STYLE_BAD
		: runs	      ? STYLE_DIM
			      : STYLE_BUSY,
		error != NULL ? error : state);
	draw_devices(p, name, x + 2, p->y + COMPUTER_FIRST_ROW, width - 4,
		COMPUTER_HEIGHT - COMPUTER_FIRST_ROW - 1);
	draw_arrived(p, name, x, width);
}

static gboolean has_lost_devices(JsonObject *status)
{
	JsonObject *device;

	for (guint i = 0; (device = member_item(status, "devices", &i)) != NULL;) {
		if (member_text(device, "at") == NULL)
			return TRUE;
	}
	return FALSE;
}

static void draw_computers(Picture *p)
{
	gboolean lost = has_lost_devices(p->status);
	int width = box_width(p, 1 + count(p->status, "guests") + (lost ? 1 : 0));
	int x = MARGIN;
	JsonObject *guest;

	draw_computer(p, TARGET_HOST, "running", NULL, x, width);
	for (guint i = 0; (guest = member_item(p->status, "guests", &i)) != NULL;) {
		x += width + MARGIN;
		if (x + width > p->width)
			break;
		draw_computer(p, or_unknown(member_text(guest, "name")),
			or_unknown(member_text(guest, "state")), member_text(guest, "error"), x,
			width);
	}
	x += width + MARGIN;
	if (lost) {
		canvas_text(p->canvas, x, p->y, width, STYLE_BAD, "at neither");
		draw_devices(p, NULL, x, p->y + 1, p->width - x, COMPUTER_HEIGHT - 1);
	}
	p->y += COMPUTER_HEIGHT;
}

static void draw_step(Picture *p, JsonObject *step)
{
	TextStyle style;
	const char *outcome = member_text(step, "outcome");
	const char *mark = text_mark(outcome, &style);
	const char *error = member_text(step, "error");
	g_autofree char *ms = show_took_time(outcome)
				      ? g_strdup_printf("%.1f ms", member_number(step, "ms"))
				      : g_strdup("");
	g_autofree char *line = g_strdup_printf("%s %-12s %sto %-8s %10s  %s", mark,
		or_unknown(member_text(step, "name")), member_bool(step, "undo") ? "back " : "",
		or_unknown(member_text(step, "to")), ms, error != NULL ? error : "");

	canvas_text(p->canvas, MARGIN, p->y++, p->width - MARGIN, style, line);
}

/* The switch under way, else the last one: the steps that moved last, as far as there is room. */
static void draw_switch(Picture *p, int bottom)
{
	JsonObject *sw = member_object(p->status, "switching");
	TextStyle style;
	JsonObject *step;
	g_autofree char *line = NULL;

	if (sw == NULL)
		sw = member_object(p->status, "last");
	if (sw == NULL || p->y >= bottom)
		return;
	line = g_strdup_printf("%s switch to %s: %s (%s), %.1f ms",
		text_mark(member_text(sw, "outcome"), &style), or_unknown(member_text(sw, "to")),
		or_unknown(member_text(sw, "outcome")), or_unknown(member_text(sw, "reason")),
		member_number(sw, "ms"));
	canvas_text(p->canvas, MARGIN, p->y++, p->width - MARGIN, style, line);
	for (guint i = 0; p->y < bottom && (step = member_item(sw, "steps", &i)) != NULL;)
		draw_step(p, step);
}

/* "h host", "k pull the plug of keyboard"… */
static GPtrArray *list_keys(JsonObject *status)
{
	GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
	JsonObject *item;
	int number = 1;

	g_ptr_array_add(keys, g_strdup("h host"));
	for (guint i = 0; (item = member_item(status, "guests", &i)) != NULL; number++)
		g_ptr_array_add(keys,
			number == 1 ? g_strdup_printf("g %s", or_unknown(member_text(item, "name")))
				    : g_strdup_printf("%d %s", number,
					      or_unknown(member_text(item, "name"))));
	g_ptr_array_add(keys, g_strdup("t toggle"));
	for (guint i = 0; (item = member_item(status, "simulated", &i)) != NULL;)
		g_ptr_array_add(keys, g_strdup_printf("%s %s", or_unknown(member_text(item, "key")),
					      or_unknown(member_text(item, "label"))));
	g_ptr_array_add(keys, g_strdup("q quit"));
	return keys;
}

/* Writes keys from row y on, wrapped at the right border; canvas NULL: only measures. Returns the
 * rows it takes. */
static int flow_keys(Canvas *canvas, const GPtrArray *keys, int width, int y)
{
	int x = MARGIN, rows = 1;

	for (guint i = 0; i < keys->len; i++) {
		const char *key = g_ptr_array_index(keys, i);
		g_autofree char *clean = text_clean(key);
		int length = text_width(clean);

		if (x > MARGIN && x + length > width) {
			x = MARGIN;
			rows++;
		}
		if (canvas != NULL) {
			canvas_text(canvas, x, y + rows - 1, length, STYLE_DIM, clean);
			canvas_text(canvas, x, y + rows - 1, 1, STYLE_BOLD, clean);
		}
		x += length + 3;
	}
	return rows;
}

Canvas *picture_draw(JsonObject *status, const char *message, int width, int height)
{
	Picture p = { canvas_new(width, height), status, width, height, 0 };
	g_autoptr(GPtrArray) keys = list_keys(status);
	int footer = height - flow_keys(NULL, keys, width, 0);

	draw_title(&p);
	draw_displays(&p);
	draw_computers(&p);
	draw_switch(&p, footer - 1);
	/* on a small terminal the keys come before the computers */
	canvas_clear_below(p.canvas, message != NULL ? footer - 1 : footer);
	if (message != NULL)
		canvas_text(p.canvas, MARGIN, footer - 1, width - MARGIN, STYLE_BAD, message);
	flow_keys(p.canvas, keys, width, footer);
	return p.canvas;
}
