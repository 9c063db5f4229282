/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A live picture of the desk. After each event the whole status is requested, so that the picture
 * always matches the desk.
 */
#include "cli/cli.h"
#include "cli/events.h"
#include "cli/picture.h"
#include "common/json.h"

#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* xterm's alternate screen and cursor (ctlseqs, DEC private modes) */
#define SCREEN_ENTER "\033[?1049h\033[?25l\033[2J"
#define SCREEN_LEAVE "\033[?25h\033[?1049l"

typedef struct {
	const Cli *cli;
	GMainLoop *loop;
	EventStream *stream;
	ClientAnswer *status;
	gboolean changed; /* since the last switch */
	char *message;	  /* the error of a request that began no switch; until the next event */
	GList *posts;	  /* Post *, under way */
	GError *error;
} Live;

/* A request under way, while the picture is still updated. */
typedef struct {
	Live *live;
	int fd;
	guint watch;
	GString *buffer;
} Post;

static void draw(Live *live)
{
	struct winsize size = { 0 };
	g_autoptr(Canvas) canvas = NULL;
	g_autoptr(GString) out = g_string_new(NULL);

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
		size = (struct winsize){ .ws_col = 80, .ws_row = 24 };
	canvas = picture_draw(json_node_get_object(live->status->root), live->changed,
		live->message, size.ws_col, size.ws_row);
	canvas_paint(canvas, out);
	fputs(out->str, stdout);
	fflush(stdout);
}

static void stop(Live *live, GError *error)
{
	if (live->error == NULL)
		live->error = error;
	else
		g_clear_error(&error);
	g_main_loop_quit(live->loop);
}

/* FALSE: the daemon has exited. */
static gboolean refresh(Live *live)
{
	GError *error = NULL;
	ClientAnswer *status =
		client_ask(live->cli->socket, "/status", NULL, CLIENT_TIMEOUT_MS, &error);

	if (status == NULL) {
		stop(live, error);
		return FALSE;
	}
	/* during a reload there is no seat for a moment; keep the old picture */
	if (status->status == 200 || live->status == NULL) {
		client_answer_free(live->status);
		live->status = status;
	} else {
		client_answer_free(status);
	}
	return TRUE;
}

static gboolean on_events(int fd, GIOCondition condition, gpointer data)
{
	Live *live = data;
	GError *error = NULL;
	gboolean any = FALSE;
	Event *event;

	if (!events_read(live->stream, &error)) {
		stop(live, error);
		return G_SOURCE_REMOVE;
	}
	while ((event = events_next(live->stream)) != NULL) {
		any = TRUE;
		live->changed = !g_str_equal(event->name, "switch-finished");
		event_free(event);
	}
	if (!any)
		return G_SOURCE_CONTINUE;
	g_clear_pointer(&live->message, g_free);
	if (refresh(live))
		draw(live);
	return G_SOURCE_CONTINUE;
}

static void say(Live *live, const char *message)
{
	g_free(live->message);
	live->message = g_strdup(message);
	draw(live);
}

static void post_free(Post *post)
{
	post->live->posts = g_list_remove(post->live->posts, post);
	g_clear_handle_id(&post->watch, g_source_remove);
	close(post->fd);
	g_string_free(post->buffer, TRUE);
	g_free(post);
}

static void on_answer(Live *live, const GString *buffer)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ClientAnswer) answer = client_parse(buffer, &error);
	JsonObject *root = answer != NULL ? json_node_get_object(answer->root) : NULL;

	if (answer == NULL)
		say(live, error->message);
	/* typing on a simulated desk causes no event; the picture shows why a switch failed */
	else if (refresh(live))
		say(live, member_text(root, "outcome") == NULL ? member_text(root, "error") : NULL);
}

static gboolean on_post_readable(int fd, GIOCondition condition, gpointer data)
{
	Post *post = data;
	g_autoptr(GError) error = NULL;
	gssize length = client_read(post->fd, post->buffer, -1, &error);

	if (length > 0)
		return G_SOURCE_CONTINUE;
	if (length == 0)
		on_answer(post->live, post->buffer);
	else
		say(post->live, error->message);
	post_free(post);
	return G_SOURCE_REMOVE;
}

/* Posts {"a":x,"b":y}; b may be NULL. */
static void post(
	Live *live, const char *path, const char *a, const char *x, const char *b, const char *y)
{
	JsonBuilder *builder = object_begin();
	g_autofree char *body = NULL;
	g_autoptr(GError) error = NULL;
	int fd = client_connect(live->cli->socket, &error);
	Post *new_post;

	member_add_text(builder, a, x);
	if (b != NULL)
		member_add_text(builder, b, y);
	body = object_end(builder);
	if (fd < 0 || !client_send(fd, path, body, &error)) {
		if (fd >= 0)
			close(fd);
		say(live, error->message);
		return;
	}
	new_post = g_new0(Post, 1);
	new_post->live = live;
	new_post->fd = fd;
	new_post->buffer = g_string_new(NULL);
	new_post->watch = g_unix_fd_add(fd, G_IO_IN, on_post_readable, new_post);
	live->posts = g_list_prepend(live->posts, new_post);
}

static void switch_to(Live *live, const char *target)
{
	post(live, "/switch", "to", target, NULL, NULL);
}

/* number: from 1 */
static void switch_to_guest(Live *live, int number)
{
	JsonObject *status = json_node_get_object(live->status->root);
	JsonObject *guest = NULL;
	const char *name;
	guint i = 0;

	for (int n = 0; n < number; n++)
		guest = member_item(status, "guests", &i);
	name = member_text(guest, "name");
	if (name != NULL)
		switch_to(live, name);
}

/* The keys of a simulated desk, as the daemon lists them. */
static void simulate(Live *live, char key)
{
	JsonObject *status = json_node_get_object(live->status->root);
	char name[] = { key, '\0' };
	JsonObject *item;

	for (guint i = 0; (item = member_item(status, "simulated", &i)) != NULL;) {
		const char *fault = member_text(item, "fault"), *what = member_text(item, "what");

		if (g_strcmp0(member_text(item, "key"), name) == 0 && fault != NULL && what != NULL)
			post(live, "/simulate", "fault", fault, "what", what);
	}
}

static void press(Live *live, char key)
{
	if (key == 'q')
		stop(live, NULL);
	else if (key == 'h')
		switch_to(live, "host");
	else if (key == 't')
		switch_to(live, "toggle");
	else if (key == 'g')
		switch_to_guest(live, 1);
	else if (key >= '1' && key <= '9')
		switch_to_guest(live, key - '0');
	else
		simulate(live, key);
}

static gboolean on_key(int fd, GIOCondition condition, gpointer data)
{
	Live *live = data;
	char keys[64];
	gssize length = read(fd, keys, sizeof keys);

	if (length <= 0) {
		stop(live, NULL);
		return G_SOURCE_REMOVE;
	}
	/* arrow keys and similar keys are letters after an escape */
	for (gssize i = 0; i < length && keys[i] != '\033'; i++)
		press(live, keys[i]);
	return G_SOURCE_CONTINUE;
}

static gboolean on_quit_signal(gpointer data)
{
	stop(data, NULL);
	return G_SOURCE_CONTINUE;
}

static gboolean on_resize(gpointer data)
{
	/* erase what the resized terminal shows */
	fputs("\033[2J", stdout);
	draw(data);
	return G_SOURCE_CONTINUE;
}

static void live_clear(Live *live)
{
	while (live->posts != NULL)
		post_free(live->posts->data);
	g_clear_pointer(&live->stream, events_close);
	g_clear_pointer(&live->status, client_answer_free);
	g_clear_pointer(&live->message, g_free);
	g_clear_pointer(&live->loop, g_main_loop_unref);
}

/* Runs the picture on a prepared terminal. */
static void run(Live *live)
{
	static const int quitting[] = { SIGINT, SIGTERM, SIGHUP };

	for (gsize i = 0; i < G_N_ELEMENTS(quitting); i++)
		g_unix_signal_add(quitting[i], on_quit_signal, live);
	g_unix_signal_add(SIGWINCH, on_resize, live);
	g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP, on_key, live);
	g_unix_fd_add(events_fd(live->stream), G_IO_IN, on_events, live);
	draw(live);
	/* its sources end with the process */
	g_main_loop_run(live->loop);
}

static void run_on_terminal(Live *live)
{
	struct termios saved, raw;

	tcgetattr(STDIN_FILENO, &saved);
	raw = saved;
	/* keys without Enter and without echo; Ctrl-C remains a signal, but Ctrl-Z is off because
	 * it would not restore the screen */
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_cc[VSUSP] = _POSIX_VDISABLE;
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	fputs(SCREEN_ENTER, stdout);
	run(live);
	fputs(SCREEN_LEAVE, stdout);
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSANOW, &saved);
}

static gboolean can_draw(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
	       g_strcmp0(g_getenv("TERM"), "dumb") != 0;
}

CliExit cmd_desk(const Cli *cli, char **arguments)
{
	Live live = { .cli = cli, .loop = g_main_loop_new(NULL, FALSE), .changed = TRUE };
	GError *error = NULL;

	if (cli->json)
		return cmd_watch(cli, arguments);
	if (!can_draw()) {
		g_set_error_literal(&error, CLI_ERROR, CLI_USAGE,
			"desk needs a terminal; use `hotseat status` or `hotseat watch` without "
			"one");
	} else if ((live.stream = events_open(cli->socket, &error)) != NULL && refresh(&live)) {
		run_on_terminal(&live);
	}
	if (error == NULL)
		error = live.error;
	live_clear(&live);
	return error != NULL ? cli_fail(error) : CLI_OK;
}
