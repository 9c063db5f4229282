/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/bar.h"

#include "cli/text.h"
#include "common/json.h"
#include "common/resource.h"

typedef enum {
	BAR_HOST,
	BAR_GUEST,
	BAR_SWITCHING,
	BAR_FAILED,
	BAR_AWAY,
} BarKind;

typedef struct {
	BarKind kind;
	const char *target; /* where the seat is, or where it moves; borrowed */
	char *text, *tooltip;
} Bar;

struct BarFormat {
	const char *name;
	char *(*line)(const Bar *bar);
};

static const struct {
	const char *name;
	const char *utf8, *ascii; /* before the target */
	const char *colour;	  /* for i3blocks; NULL: the bar's own */
} kinds[] = {
	[BAR_HOST] = { "host", "", "", NULL },
	[BAR_GUEST] = { "guest", "", "", "#5fafff" },
	[BAR_SWITCHING] = { "switching", "→ ", "> ", "#ffd75f" },
	[BAR_FAILED] = { "failed", "! ", "! ", "#ff5f5f" },
	[BAR_AWAY] = { "away", "", "", "#808080" },
};

/* -- what is shown -------------------------------------------------------------------- */

static const char *const resource_lists[] = { "displays", "devices" };

/* Is the place of anything known? Not until the daemon has observed everything for the first time.
 */
static gboolean is_known(JsonObject *status)
{
	JsonObject *thing;

	for (gsize list = 0; list < G_N_ELEMENTS(resource_lists); list++)
		for (guint i = 0; (thing = member_item(status, resource_lists[list], &i)) != NULL;)
			if (member_text(thing, "at") != NULL)
				return TRUE;
	return FALSE;
}

static BarKind kind_of(JsonObject *status, const char *message)
{
	const char *at = member_text(status, "target");

	if (status == NULL)
		return BAR_AWAY;
	if (member_object(status, "switching") != NULL || !is_known(status))
		return BAR_SWITCHING;
	if (message != NULL || at == NULL || g_strcmp0(at, member_text(status, "wanted")) != 0)
		return BAR_FAILED;
	return g_str_equal(at, "host") ? BAR_HOST : BAR_GUEST;
}

static const char *target_of(BarKind kind, JsonObject *status)
{
	const char *at = member_text(status, "target");
	const char *to = member_text(member_object(status, "switching"), "to");
	const char *wanted = member_text(status, "wanted");

	if (kind == BAR_AWAY)
		return "no daemon";
	if (to != NULL)
		return to;
	if (kind != BAR_SWITCHING && at != NULL)
		return at;
	return wanted != NULL ? wanted : "?";
}

/* Problems of single resources and guests; each is a line that begins with a newline. */
static void append_errors(GString *out, JsonObject *status)
{
	JsonObject *thing;

	for (gsize list = 0; list < G_N_ELEMENTS(resource_lists); list++)
		for (guint i = 0;
			(thing = member_item(status, resource_lists[list], &i)) != NULL;) {
			g_autofree char *name = text_clean_utf8(member_text(thing, "name"));
			g_autofree char *error = text_clean_utf8(member_text(thing, "error"));

			if (*error != '\0')
				g_string_append_printf(out, "\n%s: %s", name, error);
		}
}

static char *tooltip_of(const Bar *bar, JsonObject *status, const char *message)
{
	GString *out = g_string_new(NULL);
	gboolean host = g_str_equal(bar->target, TARGET_HOST);
	g_autofree char *target = host ? g_strdup("the host") : text_clean_utf8(bar->target);
	g_autofree char *why = text_clean_utf8(message);

	if (bar->kind == BAR_AWAY)
		g_string_append(out, why);
	else if (bar->kind == BAR_SWITCHING)
		g_string_append_printf(out, "Switching to %s", target);
	else if (member_text(status, "target") == NULL)
		g_string_append_printf(out, "Not everything has reached %s", target);
	else
		g_string_append_printf(out, "%s has the seat", host ? "The host" : target);
	if (bar->kind == BAR_FAILED && *why != '\0')
		g_string_append_printf(out, "\n%s", why);
	append_errors(out, status);
	return g_string_free(out, FALSE);
}

/* -- formats ---------------------------------------------------------------------------------- */

/* waybar takes text, alt and tooltip for Pango's markup. */
static void add_markup(JsonBuilder *builder, const char *name, const char *text)
{
	g_autofree char *escaped = g_markup_escape_text(text, -1);

	member_add_text(builder, name, escaped);
}

/* waybar-custom(5), RETURN-TYPE. alt chooses among format-icons, class is for style.css: the kind,
 * and for a guest its name too, because a guest may be called "failed". */
static char *waybar_line(const Bar *bar)
{
	JsonBuilder *builder = object_begin();
	g_autofree char *target = text_clean_utf8(bar->target);

	add_markup(builder, "text", bar->text);
	add_markup(builder, "alt", bar->kind == BAR_GUEST ? target : kinds[bar->kind].name);
	member_begin_array(builder, "class");
	item_add_text(builder, kinds[bar->kind].name);
	if (bar->kind == BAR_GUEST)
		item_add_text(builder, target);
	json_builder_end_array(builder);
	add_markup(builder, "tooltip", bar->tooltip);
	return object_end(builder);
}

/* i3blocks' format=json: keys of i3bar's protocol. markup is always off, so that i3bar itself
 * escapes. i3blocks before 1.5 ends the text at the first quote, even an escaped one, so quotes are
 * replaced. */
static char *i3blocks_line(const Bar *bar)
{
	JsonBuilder *builder = object_begin();
	g_autofree char *text = g_strdelimit(g_strdup(bar->text), "\"", '\'');

	g_strdelimit(text, "\\", '/');
	member_add_text(builder, "full_text", text);
	if (kinds[bar->kind].colour != NULL)
		member_add_text(builder, "color", kinds[bar->kind].colour);
	member_add_text(builder, "markup", "none");
	return object_end(builder);
}

static char *plain_line(const Bar *bar)
{
	return text_clean(bar->text);
}

static const BarFormat formats[] = {
	{ "waybar", waybar_line },
	{ "i3blocks", i3blocks_line },
	{ "plain", plain_line },
};

const BarFormat *bar_format(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
		if (g_str_equal(formats[i].name, name))
			return &formats[i];
	return NULL;
}

char *bar_line(const BarFormat *format, JsonObject *status, const char *message)
{
	Bar bar = { .kind = kind_of(status, message) };
	gboolean ascii = format->line == plain_line && !text_is_utf8();
	g_autofree char *target = NULL;
	char *line;

	bar.target = target_of(bar.kind, status);
	target = text_clean_utf8(bar.target);
	bar.text = g_strconcat(ascii ? kinds[bar.kind].ascii : kinds[bar.kind].utf8, target, NULL);
	bar.tooltip = tooltip_of(&bar, status, message);
	line = format->line(&bar);
	g_free(bar.text);
	g_free(bar.tooltip);
	return line;
}
