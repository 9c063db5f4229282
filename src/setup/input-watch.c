/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup/input-watch.h"

/* No answer. */
enum { SILENT = -1 };

typedef struct {
	Interview *interview;
	const FoundMonitor *monitor;
	guint8 host;
	int last;	     /* what the monitor reported last; SILENT: nothing */
	guint silent;	     /* how many times in a row */
	gboolean was_silent; /* setup has said so */
} Watching;

/* Reads the monitor over the first of its cables on which it answers. */
static int look(Watching *watching)
{
	const FoundMonitor *cable;
	guint8 now;

	for (guint i = 0; (cable = found_monitor_cable(watching->monitor, i)) != NULL; i++)
		if (cable->bus >= 0 &&
			scan_read_input(watching->interview->machine->i2c, cable->bus, &now, NULL))
			return now;
	return SILENT;
}

/* A single report may be chance. */
static void see_silence(Watching *watching)
{
	if (++watching->silent != 2)
		return;
	watching->was_silent = TRUE;
	talk_say(watching->interview->talk,
		"It has stopped answering: many monitors listen only on the input that they show. "
		"hotseat can bring this monitor back with its agent in the guest or with your "
		"command; see docs/deaf-monitors.md. Note which input this is, and switch it back "
		"to this computer.");
}

static gboolean is_back(const Watching *watching, int now)
{
	return watching->was_silent && now == watching->host;
}

/* Looks once. Returns TRUE when the watch is over. */
static gboolean watch_once(Watching *watching, InputWatch *watch, WatchEnd *end)
{
	int now = look(watching);
	gboolean twice = now == watching->last;

	watching->last = now;
	if (now == SILENT) {
		see_silence(watching);
		return FALSE;
	}
	watching->silent = 0;
	if (is_back(watching, now)) {
		*end = WATCH_NOTHING;
		return TRUE;
	}
	if (now == watching->host || !twice)
		return FALSE;
	watch->code = (guint16)now;
	*end = WATCH_SEEN;
	return TRUE;
}

/* Returns TRUE if the answer ends the watch. */
static gboolean take_answer(
	Watching *watching, const char *answer, InputWatch *watch, WatchEnd *end)
{
	/* There are no numbered choices here, so a bare number is not an input. */
	gboolean bare = g_ascii_isdigit(*answer) && g_ascii_strncasecmp(answer, "0x", 2) != 0;
	int code = bare ? -1 : input_parse(answer, CONFIG_FEATURE_INPUT);
	Talk *talk = watching->interview->talk;

	if (*answer == '\0') {
		*end = WATCH_NOTHING;
		return TRUE;
	}
	if (g_ascii_strcasecmp(answer, "none") == 0) {
		*end = WATCH_NONE;
		return TRUE;
	}
	if (watch->same_allowed && g_ascii_strcasecmp(answer, "same") == 0) {
		*end = WATCH_SAME;
		return TRUE;
	}
	if (code > 0 && code != watch->host_code) {
		watch->code = (guint16)code;
		*end = WATCH_SAID;
		return TRUE;
	}
	if (g_str_equal(answer, "?"))
		talk_say(talk, "The monitor has a button or a menu that selects its input. When it "
			       "shows the other computer, I can read which input that is. A "
			       "monitor without a picture there may switch back by itself: start "
			       "the guest, or press Enter and type the input.");
	else if (code > 0)
		talk_say(talk, "That is this computer's own input.");
	else
		talk_say(talk,
			"\"%s\" is not an input. Use the monitor's buttons, or answer with a "
			"name such as hdmi1, a code such as 0x11 or 0xff09, none, or Enter; ? "
			"explains.",
			answer);
	return FALSE;
}

WatchEnd input_watch(
	Interview *interview, const FoundMonitor *monitor, guint8 host, InputWatch *watch)
{
	Watching watching = {
		.interview = interview, .monitor = monitor, .host = host, .last = host
	};
	Talk *talk = interview->talk;

	for (guint times = 0; times < WATCH_TIMES; times++) {
		g_autofree char *line = NULL;
		TalkRead got = talk->ops->read(talk, WATCH_PAUSE_MS, &line);
		WatchEnd end;

		if (got == TALK_END)
			return WATCH_LEFT;
		if (got == TALK_LINE && take_answer(&watching, g_strstrip(line), watch, &end))
			return end;
		if (got == TALK_TIMEOUT && watch_once(&watching, watch, &end))
			return end;
	}
	talk_say(talk, "Nothing has changed for three minutes.");
	return WATCH_NOTHING;
}

gboolean input_watch_back(Interview *interview, const FoundMonitor *monitor, guint8 host)
{
	Watching watching = { .interview = interview, .monitor = monitor };
	Talk *talk = interview->talk;

	talk_say(talk, "Switch it back to this computer. (Enter: continue without waiting.)");
	for (guint times = 0; times < WATCH_TIMES; times++) {
		g_autofree char *line = NULL;
		TalkRead got = talk->ops->read(talk, WATCH_PAUSE_MS, &line);

		if (got == TALK_END)
			return FALSE;
		if (got == TALK_LINE || look(&watching) == host)
			break;
	}
	return TRUE;
}
