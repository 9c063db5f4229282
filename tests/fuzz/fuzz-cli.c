/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a daemon, or an impostor, answers: it reaches the terminal only as text. */
#include "cli/bar.h"
#include "cli/cli.h"
#include "cli/events.h"
#include "cli/picture.h"
#include "cli/show.h"
#include "common/json.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* More would not fit into a socket without a reader. */
#define SENT_MAX 60000

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* "\033[…m" and the like, which are our own, taken out. */
static void assert_text(const char *text)
{
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c)) {
		gunichar letter = g_utf8_get_char(c);

		if (letter == 0x1b && c[1] == '[') {
			c += 2 + strspn(c + 2, "0123456789;?");
			g_assert_true(*c != '\0' && strchr("mHKJhl", *c) != NULL);
		} else {
			g_assert_true(letter == '\n' || letter == '\r' || letter == '\t' ||
				      !g_unichar_iscntrl(letter));
		}
	}
}

static void show(JsonObject *object, gsize size)
{
	static const char *const formats[] = { "waybar", "i3blocks", "plain" };
	g_autoptr(GString) out = g_string_new(NULL), painted = g_string_new(NULL);
	g_autoptr(Canvas) canvas = picture_draw(
		object, size % 2 == 0, "message", (int)(size % 200) + 1, (int)(size % 60) + 1);

	show_desk(object, NULL, out);
	show_switch(object, out);
	show_error(object, out);
	assert_text(out->str);
	canvas_paint(canvas, painted);
	assert_text(painted->str);
	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
		g_autofree char *line = bar_line(bar_format(formats[i]), object, NULL);

		assert_text(line);
	}
}

static void read_events(const guint8 *data, gsize size)
{
	int ends[2];
	g_autoptr(EventStream) stream = NULL;
	Event *event;

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), ==, 0);
	stream = events_take(ends[0]);
	g_assert_cmpint((int)write(ends[1], data, MIN(size, SENT_MAX)), >=, 0);
	close(ends[1]);
	while (events_read(stream, NULL))
		while ((event = events_next(stream)) != NULL) {
			show(json_node_get_object(event->root), size);
			event_free(event);
		}
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autoptr(GString) buffer = g_string_new_len((const char *)data, (gssize)size);
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(ClientAnswer) answer = client_parse(buffer, NULL);
	g_autoptr(JsonNode) root = object_parse(text);

	if (answer != NULL)
		show(json_node_get_object(answer->root), size);
	if (root != NULL)
		show(json_node_get_object(root), size);
	read_events(data, size);
	return 0;
}
