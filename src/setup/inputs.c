/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which input of a monitor shows whom. A guest's is found by the person, with the monitor's own
 * buttons, and read: to try codes has damaged monitors (ddcutil, issue 566).
 */
#include "common/input.h"
#include "common/resource.h"
#include "display/show.h"
#include "setup/input-watch.h"
#include "setup/interview.h"

#include <string.h>

#define NONE (-2) /* the guest is not plugged into the monitor */

/* The codes of one monitor in one interview. */
typedef struct {
	Interview *interview;
	const FoundMonitor *monitor;
	ConfigDisplay *display;
	char *label; /* of the monitor */
} Inputs;

int input_parse(const char *text, guint8 feature)
{
	gboolean hex = g_ascii_strncasecmp(text, "0x", 2) == 0;
	int named = feature == CONFIG_FEATURE_INPUT ? input_code(text) : -1;
	guint64 number;

	if (named >= 0)
		return named;
	if (!g_ascii_string_to_unsigned(
		    hex ? text + 2 : text, hex ? 16 : 10, 1, 0xff, &number, NULL))
		return -1;
	return (int)number;
}

static gboolean is_listed(const FoundMonitor *monitor, int code)
{
	const CapabilitiesValues *listed = &monitor->capabilities.inputs;

	for (guint i = 0; i < listed->length; i++)
		if (listed->codes[i] == code)
			return TRUE;
	return FALSE;
}

/* Something that it says can be what has to be set, for all that is known. */
static gboolean is_sensible(const FoundMonitor *monitor, int code)
{
	return code > 0 && (monitor->capabilities.inputs.length == 0 || is_listed(monitor, code));
}

/* -- asking for one of them ------------------------------------------------------------------- */

/* The inputs that the monitor lists, without the host's. */
static GPtrArray *choices_of(const Inputs *inputs, GArray *codes)
{
	const CapabilitiesValues *listed = &inputs->monitor->capabilities.inputs;
	const ConfigInput *host = draft_input(inputs->display, TARGET_HOST);
	GPtrArray *choices = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < listed->length; i++) {
		int code = listed->codes[i];

		if (host != NULL && host->value == code)
			continue;
		g_ptr_array_add(choices, show_label(CONFIG_FEATURE_INPUT, code));
		g_array_append_val(codes, code);
	}
	return choices;
}

/* What an answer means: one of the choices by number or name, a name, a byte with 0x, or NONE. -1:
 * why not. */
static int understand(const TalkQuestion *question, const GArray *codes, const char *answer,
	gboolean may_be_none, char **why)
{
	int code = input_parse(answer, CONFIG_FEATURE_INPUT), index;

	if (may_be_none && g_ascii_strcasecmp(answer, "none") == 0)
		return NONE;
	if (code >= 0 && !g_ascii_isdigit(*answer))
		return code;
	if (code >= 0 && g_ascii_strncasecmp(answer, "0x", 2) == 0)
		return code;
	index = talk_match(question, answer, why);
	if (index >= 0)
		return g_array_index(codes, int, index);
	g_free(*why);
	*why = g_strdup_printf("\"%s\" is no input: answer with one of the numbers, a name such as "
			       "hdmi1, or the monitor's own number from 0x01 to 0xff.",
		answer);
	return -1;
}

static gboolean is_hosts(const Inputs *inputs, int code)
{
	const ConfigInput *host = draft_input(inputs->display, TARGET_HOST);

	return host != NULL && host->value == code;
}

/* Asks for whose input it is. FALSE: the person has left. */
static gboolean ask_code(const Inputs *inputs, const char *whose, gboolean may_be_none, int *code)
{
	g_autoptr(GArray) codes = g_array_new(FALSE, FALSE, sizeof(int));
	g_autoptr(GPtrArray) choices = choices_of(inputs, codes);
	g_autofree char *text = g_strdup_printf("Which input of %s shows %s?%s", inputs->label,
		whose, may_be_none ? " (none: it is not plugged in here)" : "");
	TalkQuestion question = { .choices = choices, .fallback = -1 };
	Talk *talk = inputs->interview->talk;
	g_autofree char *fallback = codes->len == 1 ? g_strdup("1") : NULL;

	for (guint i = 0; i < choices->len; i++)
		talk_say(talk, "  %2u  %s", i + 1, (char *)choices->pdata[i]);
	for (;;) {
		g_autofree char *why = NULL;
		g_autofree char *answer = talk_ask(talk, text,
			"The number that the monitor has for the socket which the cable is plugged "
			"into. Its own menu shows the names; most number them as the standard "
			"does: dp1 is 0x0f, dp2 0x10, hdmi1 0x11, hdmi2 0x12, usbc often 0x1b.",
			fallback);

		if (answer == NULL)
			return FALSE;
		*code = understand(&question, codes, answer, may_be_none, &why);
		if (*code >= 0 && is_hosts(inputs, *code))
			talk_say(talk, "That is the host's own input.");
		else if (*code != -1)
			return TRUE;
		else
			talk_say(talk, "%s", why);
	}
}

/* Takes what was read, or has it explained by the person. read: -1: nothing. */
static gboolean take_read(const Inputs *inputs, const char *target, const char *whose, int read)
{
	int code = read, reads_as = -1;

	if (!is_sensible(inputs->monitor, read)) {
		if (read >= 0)
			talk_say(inputs->interview->talk,
				"It says 0x%02x for that, which is none of those that it lists.",
				(guint)read);
		if (!ask_code(inputs, whose, FALSE, &code))
			return FALSE;
		reads_as = read > 0 && read != code ? read : -1;
	}
	draft_set_input(inputs->display, target, (guint16)code, reads_as);
	return TRUE;
}

/* -- the host's ------------------------------------------------------------------------------- */

static gboolean ask_host(const Inputs *inputs)
{
	int now = inputs->monitor->input;

	if (is_sensible(inputs->monitor, now)) {
		g_autofree char *label = show_label(CONFIG_FEATURE_INPUT, now);

		talk_say(inputs->interview->talk,
			"It shows %s now, which I take for this computer's input.", label);
	} else if (now < 0) {
		talk_say(inputs->interview->talk, "It does not say which input it shows.");
	}
	return take_read(inputs, TARGET_HOST, "this computer", now);
}

/* -- a guest's -------------------------------------------------------------------------------- */

static const char *domain_of(const Inputs *inputs, const ConfigGuest *guest)
{
	return guest->domain != NULL ? guest->domain : guest->name;
}

/* What the monitor says when it shows the host. */
static guint8 host_reads(const Inputs *inputs)
{
	return show_reads_as(draft_input(inputs->display, TARGET_HOST));
}

static gboolean settle_code(const Inputs *inputs, const ConfigGuest *guest, int code)
{
	if (code != NONE)
		draft_set_input(inputs->display, guest->name, (guint16)code, -1);
	return TRUE;
}

static gboolean ask_guest_code(const Inputs *inputs, const ConfigGuest *guest)
{
	int code;

	return ask_code(inputs, domain_of(inputs, guest), TRUE, &code) &&
	       settle_code(inputs, guest, code);
}

static gboolean take_seen(const Inputs *inputs, const ConfigGuest *guest, guint8 seen)
{
	g_autofree char *label = show_label(CONFIG_FEATURE_INPUT, seen);
	Talk *talk = inputs->interview->talk;

	talk_say(talk, "It shows %s now.", label);
	if (!input_watch_back(inputs->interview, inputs->monitor, host_reads(inputs)))
		return FALSE;
	return take_read(inputs, guest->name, domain_of(inputs, guest), seen);
}

/* What the guest before has, which is in the same graphics card. */
static gboolean take_same(const Inputs *inputs, const ConfigGuest *guest, const char *before)
{
	const ConfigInput *input = draft_input(inputs->display, before);

	draft_set_input(inputs->display, guest->name, input->value, input->reads_as);
	return TRUE;
}

static void say_how(const Inputs *inputs, const ConfigGuest *guest, const char *before)
{
	talk_say(inputs->interview->talk,
		"Now switch %s to the input of %s, with the monitor's own buttons. I only watch "
		"what it says. Enter: I cannot, or nothing happens. none: %s is not plugged into "
		"it.%s Or say the input: hdmi1.",
		inputs->label, domain_of(inputs, guest), domain_of(inputs, guest),
		before != NULL ? " same: on the same cable as the guest before." : "");
}

/* before: the last guest that got an input; NULL: none */
static gboolean ask_guest(const Inputs *inputs, const ConfigGuest *guest, const char *before)
{
	InputWatch seen = { .same_allowed = before != NULL };

	if (inputs->monitor->input < 0)
		return ask_guest_code(inputs, guest);
	say_how(inputs, guest, before);
	switch (input_watch(inputs->interview, inputs->monitor, host_reads(inputs), &seen)) {
	case WATCH_LEFT:
		return FALSE;
	case WATCH_SEEN:
		return take_seen(inputs, guest, seen.code);
	case WATCH_SAID:
		return settle_code(inputs, guest, seen.code);
	case WATCH_NONE:
		return TRUE;
	case WATCH_SAME:
		return take_same(inputs, guest, before);
	case WATCH_NOTHING:
		break;
	}
	return ask_guest_code(inputs, guest);
}

gboolean inputs_ask(Interview *interview, const FoundMonitor *monitor, ConfigDisplay *display)
{
	g_autofree char *label = g_strdup(display->name);
	const GPtrArray *guests = interview->draft->config->guests;
	Inputs inputs = { interview, monitor, display, label };
	const char *before = NULL;

	if (!ask_host(&inputs))
		return FALSE;
	for (guint i = 0; i < guests->len; i++) {
		const ConfigGuest *guest = guests->pdata[i];

		if (!ask_guest(&inputs, guest, before))
			return FALSE;
		if (draft_input(display, guest->name) != NULL)
			before = guest->name;
	}
	return TRUE;
}

/* -- without asking --------------------------------------------------------------------------- */

gboolean inputs_obvious(Interview *interview, const FoundMonitor *monitor, ConfigDisplay *display)
{
	const CapabilitiesValues *listed = &monitor->capabilities.inputs;
	const GPtrArray *guests = interview->draft->config->guests;
	guint8 other;

	if (listed->length != 2 || guests->len != 1 || !is_listed(monitor, monitor->input))
		return FALSE;
	other = listed->codes[listed->codes[0] == monitor->input ? 1 : 0];
	draft_set_input(display, TARGET_HOST, (guint16)monitor->input, -1);
	draft_set_input(display, ((const ConfigGuest *)guests->pdata[0])->name, other, -1);
	return TRUE;
}

gboolean inputs_take(Interview *interview, const char *text, ConfigDisplay *display, char **why)
{
	const GPtrArray *guests = interview->draft->config->guests;
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);
	guint count = g_strv_length(parts);

	if (count < 2 || count > guests->len + 1) {
		*why = g_strdup_printf(
			"it needs HOST,GUEST: an input for the host and one for each "
			"guest (%u)",
			guests->len);
		return FALSE;
	}
	for (guint i = 0; i < count; i++) {
		int code = input_parse(g_strstrip(parts[i]), CONFIG_FEATURE_INPUT);

		if (code < 0) {
			*why = g_strdup_printf("\"%s\" is no input: neither a name such as hdmi1, "
					       "nor a number from 1 to 0xff",
				parts[i]);
			return FALSE;
		}
		draft_set_input(display,
			i == 0 ? TARGET_HOST : ((const ConfigGuest *)guests->pdata[i - 1])->name,
			(guint16)code, -1);
	}
	return TRUE;
}
