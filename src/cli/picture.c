/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/picture.h"

#include "cli/show.h"
#include "common/json.h"
#include "common/resource.h"

#include <string.h>

#define MARGIN		   2
#define BOX_WIDTH_MIN	   14
#define BOX_WIDTH_MAX	   32
#define BOX_WIDTH_LONG	   60 /* for texts that need more room */
#define FRAME		   4  /* borders, and a space within each */
#define DISPLAY_HEIGHT	   6
#define DISPLAY_TEXT_ROWS  2
#define COMPUTER_HEIGHT	   6
#define MESSAGE_ROWS	   3
#define COMPUTER_FIRST_ROW 2 /* row of the devices in it; the state is above */

typedef struct {
	Canvas *canvas;
	JsonObject *status;
	int width, height;
	int y;		  /* the next free row */
	GPtrArray *notes; /* char *: "left: why", texts that do not fit into their box */
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

/* The width of one of n boxes side by side; columns: the length of the longest text. */
static int box_width(const Picture *p, guint n, int longest)
{
	int room = (p->width - MARGIN) / (int)MAX(n, 1) - MARGIN;

	return CLAMP(room, BOX_WIDTH_MIN, MAX(BOX_WIDTH_MAX, longest));
}

static void draw_title(Picture *p)
{
	const char *target = member_text(p->status, "target");
	gboolean settled = member_object(p->status, "switching") == NULL && target != NULL &&
			   g_strcmp0(target, member_text(p->status, "wanted")) == 0;
	g_autofree char *seat = show_seat(p->status), *title = show_sentence(seat);

	canvas_text(
		p->canvas, MARGIN, 0, p->width - MARGIN, settled ? STYLE_BOLD : STYLE_BUSY, title);
	p->y = 2;
}

/* Keeps a text that has been cut, to show it below. */
static void add_note(Picture *p, const char *name, const char *text)
{
	g_ptr_array_add(p->notes, g_strdup_printf("%s: %s", name, text));
}

/* Where something is, if that is not where it should be. */
static TextStyle place_style(JsonObject *status, const char *at)
{
	return g_strcmp0(at, member_text(status, "wanted")) == 0 ? STYLE_GOOD : STYLE_BUSY;
}

/* The error, else the detail, else "". */
static const char *text_of(JsonObject *thing)
{
	const char *error = member_text(thing, "error"), *detail = member_text(thing, "detail");

	return error != NULL ? error : detail != NULL ? detail : "";
}

/* Does a simulated monitor not answer now? A real one has an error then. */
static gboolean is_deaf(JsonObject *status, const char *display)
{
	JsonObject *item;

	for (guint i = 0; (item = member_item(status, "simulated", &i)) != NULL;)
		if (g_strcmp0(member_text(item, "fault"), "deafen") == 0 &&
			g_strcmp0(member_text(item, "what"), display) == 0)
			return member_bool(item, "broken");
	return FALSE;
}

static void draw_display_text(Picture *p, JsonObject *display, int x, int width)
{
	const char *text = text_of(display);
	TextStyle style = member_text(display, "error") != NULL ? STYLE_BAD : STYLE_DIM;
	int rows = canvas_wrap(NULL, 0, 0, width, DISPLAY_TEXT_ROWS, style, text);

	if (rows <= 1)
		canvas_centre(p->canvas, x, p->y + 3, width, style, text);
	else
		canvas_wrap(p->canvas, x, p->y + 2, width, DISPLAY_TEXT_ROWS, style, text);
	if (rows > DISPLAY_TEXT_ROWS)
		add_note(p, or_unknown(member_text(display, "name")), text);
}

static void draw_display(Picture *p, JsonObject *display, int x, int width)
{
	const char *name = or_unknown(member_text(display, "name"));
	const char *at = member_text(display, "at");
	gboolean deaf = is_deaf(p->status, name);
	gboolean tall =
		canvas_wrap(NULL, 0, 0, width - FRAME, 1, STYLE_PLAIN, text_of(display)) > 1;

	canvas_box(p->canvas, x, p->y, width, DISPLAY_HEIGHT - 1, STYLE_PLAIN, FALSE, name);
	canvas_centre(p->canvas, x + 1, p->y + (tall ? 1 : 2), width - 2,
		place_style(p->status, at), or_unknown(at));
	draw_display_text(p, display, x + 2, width - FRAME);
	if (deaf)
		canvas_centre(p->canvas, x + 1, p->y + DISPLAY_HEIGHT - 2, width - 2, STYLE_BAD,
			" no answer ");
	/* its foot */
	canvas_centre(p->canvas, x, p->y + DISPLAY_HEIGHT - 1, width, STYLE_PLAIN,
		text_is_utf8() ? "▔▔▔▔▔▔" : "======");
}

static void draw_displays(Picture *p)
{
	guint n = count(p->status, "displays");
	int width, x = MARGIN, longest = 0;
	JsonObject *display;

	for (guint i = 0; (display = member_item(p->status, "displays", &i)) != NULL;) {
		g_autofree char *clean = text_clean(text_of(display));

		longest = MAX(longest, text_width(clean) + FRAME);
	}
	width = box_width(p, n, MIN(longest, BOX_WIDTH_LONG));
	for (guint i = 0; (display = member_item(p->status, "displays", &i)) != NULL;) {
		if (x + width > p->width)
			break;
		draw_display(p, display, x, width);
		x += width + MARGIN;
	}
	p->y += n > 0 ? DISPLAY_HEIGHT : 0;
}

/* Draws one row; text that does not fit is kept for below. */
static void draw_line(
	Picture *p, int x, int y, int width, TextStyle style, const char *line, JsonObject *thing)
{
	if (canvas_wrap(p->canvas, x, y, width, 1, style, line) > 1)
		add_note(p, or_unknown(member_text(thing, "name")), text_of(thing));
}

/* Draws the devices of a computer; at of NULL: those without a place. */
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
		draw_line(p, x, y++, width, error != NULL ? STYLE_BAD : place_style(p->status, at),
			line, device);
		rows--;
	}
}

/* The keys that were typed at a simulated computer; NULL: none. */
static const char *arrived_at(JsonObject *status, const char *name)
{
	JsonObject *item;

	for (guint i = 0; (item = member_item(status, "arrived", &i)) != NULL;)
		if (g_strcmp0(member_text(item, "at"), name) == 0)
			return member_text(item, "keys");
	return NULL;
}

/* Draws it on the computer's lower border. */
static void draw_arrived(Picture *p, const char *name, int x, int width)
{
	const char *keys = arrived_at(p->status, name);
	g_autofree char *line = keys == NULL ? NULL : g_strdup_printf(" %s ", keys);
	/* show the end, which is new */
	int length = line == NULL ? 0 : (int)strlen(line);
	int room = width - FRAME;

	if (line != NULL)
		canvas_text(p->canvas, x + 2, p->y + COMPUTER_HEIGHT - 1, room, STYLE_GOOD,
			length > room ? line + length - room : line);
}

/* guest: NULL for the host */
static void draw_computer(Picture *p, JsonObject *guest, int x, int width)
{
	const char *name = guest != NULL ? or_unknown(member_text(guest, "name")) : TARGET_HOST;
	const char *state = guest != NULL ? or_unknown(member_text(guest, "state")) : "running";
	const char *error = guest != NULL ? member_text(guest, "error") : NULL;
	gboolean has_seat = g_strcmp0(name, member_text(p->status, "target")) == 0;
	gboolean runs = g_strcmp0(state, "running") == 0;

	canvas_box(p->canvas, x, p->y, width, COMPUTER_HEIGHT, has_seat ? STYLE_BOLD : STYLE_PLAIN,
		has_seat, name);
	draw_line(p, x + 2, p->y + 1, width - FRAME,
		error != NULL ? STYLE_BAD
		: runs	      ? STYLE_DIM
			      : STYLE_BUSY,
		error != NULL ? error : state, guest);
	draw_devices(p, name, x + 2, p->y + COMPUTER_FIRST_ROW, width - FRAME,
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
	int width = box_width(p, 1 + count(p->status, "guests") + (lost ? 1 : 0), 0);
	int x = MARGIN;
	JsonObject *guest;

	draw_computer(p, NULL, x, width);
	for (guint i = 0; (guest = member_item(p->status, "guests", &i)) != NULL;) {
		x += width + MARGIN;
		if (x + width > p->width)
			break;
		draw_computer(p, guest, x, width);
	}
	x += width + MARGIN;
	if (lost) {
		canvas_text(p->canvas, x, p->y, width, STYLE_BAD, "nowhere");
		draw_devices(p, NULL, x, p->y + 1, p->width - x, COMPUTER_HEIGHT - 1);
	}
	p->y += COMPUTER_HEIGHT;
}

/* Writes a complete text if there is room above bottom. */
static void draw_whole(Picture *p, int bottom, int indent, TextStyle style, const char *text)
{
	int x = MARGIN + indent;
	int rows = canvas_wrap(
		p->canvas, x, p->y, p->width - x - MARGIN, MAX(bottom - p->y, 0), style, text);

	p->y = MIN(p->y + rows, bottom);
}

/* said: the switch's error, which is shown above */
static void draw_step(Picture *p, int bottom, JsonObject *step, const char *said)
{
	TextStyle style;
	const char *outcome = member_text(step, "outcome");
	const char *mark = text_mark(outcome, &style);
	const char *error = member_text(step, "error");
	gboolean is_new = error != NULL && (said == NULL || strstr(said, error) == NULL);
	g_autofree char *ms = show_took_time(outcome)
				      ? g_strdup_printf("%.1f ms", member_number(step, "ms"))
				      : g_strdup("");
	g_autofree char *line = g_strdup_printf("%s %-12s %sto %-8s %10s", mark,
		or_unknown(member_text(step, "name")), member_bool(step, "undo") ? "back " : "",
		or_unknown(member_text(step, "to")), ms);
	int used = canvas_text(p->canvas, MARGIN, p->y, p->width - MARGIN, style, line);

	if (is_new)
		draw_whole(p, bottom, used + 2, style, error);
	else
		p->y++;
}

static JsonObject *find_resource(JsonObject *status, JsonObject *step)
{
	static const char *const lists[] = { "displays", "devices" };
	JsonObject *thing;

	for (gsize list = 0; list < G_N_ELEMENTS(lists); list++)
		for (guint i = 0; (thing = member_item(status, lists[list], &i)) != NULL;)
			if (g_strcmp0(member_text(thing, "name"), member_text(step, "name")) == 0)
				return thing;
	return NULL;
}

/* Does a step's error still apply to its resource, which may have had a later step? */
static gboolean step_holds(JsonObject *status, JsonObject *sw, guint next, JsonObject *step)
{
	JsonObject *thing = find_resource(status, step), *later;
	const char *outcome = member_text(step, "outcome");
	gboolean there = g_strcmp0(member_text(thing, "at"), member_text(step, "to")) == 0;

	while ((later = member_item(sw, "steps", &next)) != NULL)
		if (g_strcmp0(member_text(later, "name"), member_text(step, "name")) == 0)
			return TRUE;
	if (thing == NULL)
		return TRUE;
	if (g_strcmp0(outcome, "failed") == 0)
		return !there || member_text(thing, "error") != NULL;
	return !show_took_time(outcome) || there;
}

/* The last switch is shown as long as the desk has not changed since then. */
static gboolean verdict_holds(JsonObject *status, JsonObject *sw, gboolean changed)
{
	JsonObject *step;

	if (changed && g_strcmp0(member_text(sw, "outcome"), "refused") == 0)
		return FALSE;
	for (guint i = 0; (step = member_item(sw, "steps", &i)) != NULL;)
		if (!step_holds(status, sw, i, step))
			return FALSE;
	return TRUE;
}

static void draw_verdict(Picture *p, JsonObject *sw, int bottom)
{
	const char *error = member_text(sw, "error");
	TextStyle style;
	const char *mark = text_mark(member_text(sw, "outcome"), &style);
	g_autofree char *line = g_strdup_printf("%s switch to %s: %s (%s), %.1f ms", mark,
		or_unknown(member_text(sw, "to")), or_unknown(member_text(sw, "outcome")),
		or_unknown(member_text(sw, "reason")), member_number(sw, "ms"));

	draw_whole(p, bottom, 0, style, line);
	if (error != NULL)
		draw_whole(p, bottom, 2, STYLE_BAD, error);
}

static void draw_steps(Picture *p, JsonObject *sw, int bottom)
{
	JsonObject *step;

	for (guint i = 0; p->y < bottom && (step = member_item(sw, "steps", &i)) != NULL;)
		draw_step(p, bottom, step, member_text(sw, "error"));
}

/* Shows what was cut above, unless the switch's error contains it. */
static void draw_notes(Picture *p, const char *said, int bottom)
{
	for (guint i = 0; i < p->notes->len; i++) {
		const char *note = p->notes->pdata[i], *text = strstr(note, ": ") + 2;

		if (said == NULL || strstr(said, text) == NULL)
			draw_whole(p, bottom, 0, STYLE_BUSY, note);
	}
}

/* Draws the switch under way, otherwise the last one if it still matters: why it failed, texts that
 * were cut above, and as many steps as fit. */
static void draw_below(Picture *p, gboolean changed, int bottom)
{
	JsonObject *now = member_object(p->status, "switching");
	JsonObject *last = member_object(p->status, "last");
	JsonObject *sw = now;
	g_autofree char *said = NULL;

	if (now == NULL && last != NULL && verdict_holds(p->status, last, changed))
		sw = last;
	said = sw != NULL ? show_reasons(sw) : NULL;
	if (sw != NULL)
		draw_verdict(p, sw, bottom);
	draw_notes(p, said, bottom);
	draw_steps(p, sw, bottom);
}

/* "h host", "k unplug keyboard"… */
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

/* Writes keys from row y on, wrapped at the right border, and returns how many rows they use.
 * canvas of NULL: only measures. */
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

Canvas *picture_draw(
	JsonObject *status, gboolean changed, const char *message, int width, int height)
{
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	Picture p = { canvas_new(width, height), status, width, height, 0, notes };
	g_autoptr(GPtrArray) keys = list_keys(status);
	int footer = height - flow_keys(NULL, keys, width, 0);
	int rows = message == NULL ? 0
				   : canvas_wrap(NULL, 0, 0, width - 2 * MARGIN, MESSAGE_ROWS,
					     STYLE_BAD, message);
	int bottom = footer - MIN(rows, MESSAGE_ROWS);

	draw_title(&p);
	draw_displays(&p);
	draw_computers(&p);
	draw_below(&p, changed, bottom - 1);
	/* on a small terminal the keys come before the computers */
	canvas_clear_below(p.canvas, bottom);
	if (message != NULL)
		canvas_wrap(p.canvas, MARGIN, bottom, width - 2 * MARGIN, MESSAGE_ROWS, STYLE_BAD,
			message);
	flow_keys(p.canvas, keys, width, footer);
	return p.canvas;
}
