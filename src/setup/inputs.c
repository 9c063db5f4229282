/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which input of a monitor shows which target. The user selects a guest's input with the monitor's
 * own buttons, and setup reads it: trying codes has damaged monitors (ddcutil, issue 566).
 */
#include "common/input.h"
#include "common/resource.h"
#include "display/input-choices.h"
#include "display/show.h"
#include "setup/input-watch.h"
#include "setup/interview.h"

#include <string.h>

#define NONE (-2) /* no cable leads from the guest's card to the monitor */

/* The codes of one monitor in one interview. */
typedef struct {
	Interview *interview;
	const FoundMonitor *monitor;
	ConfigDisplay *display;
	char *label;		   /* the monitor's name */
	const MonitorModel *model; /* the monitor database's entry; NULL: it has none */
} Inputs;

/* Hexadecimal: one byte, or two bytes with all their digits. Three digits are more often a typing
 * mistake than a code. */
static gboolean is_code(const char *text, gboolean is_hex, guint64 number)
{
	return number <= 0xff || (is_hex ? strlen(text) == strlen("0xff09") : number <= 0xffff);
}

int input_parse(const char *text, guint8 feature)
{
	gboolean is_hex = g_ascii_strncasecmp(text, "0x", 2) == 0;
	int named = feature == CONFIG_FEATURE_INPUT ? input_code(text) : -1;
	guint64 number;

	if (named >= 0)
		return named;
	if (!g_ascii_string_to_unsigned(
		    is_hex ? text + 2 : text, is_hex ? 16 : 10, 1, 0xffff, &number, NULL) ||
		!is_code(text, is_hex, number))
		return -1;
	return (int)number;
}

/* -- asking for one of them ------------------------------------------------------------------- */

/* The inputs that can be the guest's: all but the host's. *reported: what the monitor reports,
 * which becomes the first of them; -1: nothing. It is set to -1 if the monitor reports the host's
 * input. */
static GPtrArray *choices_of(const Inputs *inputs, int *reported, GArray *codes)
{
	g_autoptr(GPtrArray) known = input_choices_new(inputs->monitor, *reported);
	const ConfigInput *host = draft_input(inputs->display, TARGET_HOST);
	GPtrArray *choices = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < known->len; i++) {
		const InputChoice *choice = known->pdata[i];
		int code = choice->code;

		if (host != NULL && host->value == code) {
			*reported = i == 0 ? -1 : *reported;
			continue;
		}
		g_ptr_array_add(choices, g_strdup(choice->label));
		g_array_append_val(codes, code);
	}
	return choices;
}

/* What an answer means: one of the choices by number or name, a name, a code with 0x, or NONE.
 * Returns -1 and the reason if it means nothing. */
static int understand(const TalkQuestion *question, const GArray *codes, const char *answer,
	gboolean may_be_none, char **why)
{
	int code = input_parse(answer, CONFIG_FEATURE_INPUT), index;
	g_autofree char *wrong = NULL;

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
	wrong = *answer != '\0' ? g_strdup_printf("\"%s\" is not an input. ", answer)
				: g_strdup("");
	*why = g_strdup_printf("%sAnswer with one of the numbers, a name such as hdmi1, or the "
			       "monitor's own code: 0x01 to 0xff, or two bytes such as 0xff09.",
		wrong);
	return -1;
}

static gboolean is_hosts(const Inputs *inputs, int code)
{
	const ConfigInput *host = draft_input(inputs->display, TARGET_HOST);

	return host != NULL && host->value == code;
}

static void show_choices(const Inputs *inputs, const GPtrArray *choices, int reported)
{
	for (guint i = 0; i < choices->len; i++)
		talk_say(inputs->interview->talk, "  %2u  %s%s", i + 1, (char *)choices->pdata[i],
			i == 0 && reported > 0 ? ", as it reports" : "");
}

/* Asks which input is the target's. reported: what the monitor reports, which is offered first; -1
 * or 0x00: nothing. Returns FALSE if the user has left. */
static gboolean ask_code(
	const Inputs *inputs, const char *whose, int reported, gboolean may_be_none, int *code)
{
	g_autoptr(GArray) codes = g_array_new(FALSE, FALSE, sizeof(int));
	g_autoptr(GPtrArray) choices = choices_of(inputs, &reported, codes);
	g_autofree char *text = g_strdup_printf("Which input of %s shows %s?%s", inputs->label,
		whose, may_be_none ? " (none: it is not plugged in here)" : "");
	TalkQuestion question = { .choices = choices, .fallback = -1 };
	Talk *talk = inputs->interview->talk;
	const char *fallback = codes->len == 1 || reported > 0 ? "1" : NULL;

	show_choices(inputs, choices, reported);
	for (;;) {
		g_autofree char *why = NULL;
		g_autofree char *answer = talk_ask(talk, text,
			"This is the monitor's number for the connector of this cable. The "
			"monitor's menu shows the names; most monitors use the standard numbers: "
			"dp1 is 0x0f, dp2 0x10, hdmi1 0x11, hdmi2 0x12, usbc often 0x1b.",
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

/* Does the monitor report 0x00 while it shows the host, and therefore for every input? */
static gboolean reports_zero(const Inputs *inputs)
{
	return inputs->monitor->input == 0;
}

/* What the monitor reports for the input, if that is not the low byte of its code, else -1. read:
 * what was reported; -1: nothing. */
static int reads_as_of(const Inputs *inputs, const char *target, int code, int read)
{
	if (read < 0 && reports_zero(inputs))
		read = 0;
	if (read < 0)
		read = monitor_model_reads_as(inputs->model, (guint16)code);
	/* One report for several inputs says nothing: hotseatd finds that out by itself. */
	if (read != 0 && show_reads_like(inputs->display->inputs, target, read))
		return -1;
	return read != (code & 0xff) ? read : -1;
}

static void set_input(const Inputs *inputs, const char *target, int code, int read)
{
	draft_set_input(
		inputs->display, target, (guint16)code, reads_as_of(inputs, target, code, read));
}

/* Takes what was read, or asks the user what it means. read: -1: nothing was read. */
static gboolean take_read(const Inputs *inputs, const char *target, const char *whose, int read)
{
	int code = input_choices_code_of(inputs->monitor, read);

	if (code < 0) {
		if (read > 0)
			talk_say(inputs->interview->talk,
				"It reports 0x%02x for that, which is not in its list.",
				(guint)read);
		if (!ask_code(inputs, whose, read, FALSE, &code))
			return FALSE;
	}
	set_input(inputs, target, code, read);
	return TRUE;
}

/* -- the host's ------------------------------------------------------------------------------- */

/* "DisplayPort-1 (0x0f)" for a code that was read. Free with g_free(). */
static char *label_of(const Inputs *inputs, int read)
{
	g_autoptr(GPtrArray) choices = input_choices_new(inputs->monitor, read);

	return g_strdup(((const InputChoice *)choices->pdata[0])->label);
}

static gboolean ask_host(const Inputs *inputs)
{
	int now = inputs->monitor->input;
	Talk *talk = inputs->interview->talk;

	if (input_choices_code_of(inputs->monitor, now) >= 0) {
		g_autofree char *label = label_of(inputs, now);

		talk_say(talk, "It shows %s now. I assume that this is this computer's input.",
			label);
	} else if (now < 0) {
		talk_say(talk, "It does not report its input.");
	} else if (now == 0) {
		talk_say(talk,
			"It does not report its input: it reports 0x00, which is not an input.");
	}
	return take_read(inputs, TARGET_HOST, "this computer", now);
}

/* -- a guest's -------------------------------------------------------------------------------- */

static const char *domain_of(const Inputs *inputs, const ConfigGuest *guest)
{
	return guest->domain != NULL ? guest->domain : guest->name;
}

/* What the monitor reports while it shows the host. */
static guint8 host_reads(const Inputs *inputs)
{
	return show_reads_as(draft_input(inputs->display, TARGET_HOST));
}

static gboolean settle_code(const Inputs *inputs, const ConfigGuest *guest, int code)
{
	if (code != NONE)
		set_input(inputs, guest->name, code, -1);
	return TRUE;
}

static gboolean ask_guest_code(const Inputs *inputs, const ConfigGuest *guest)
{
	int code;

	return ask_code(inputs, domain_of(inputs, guest), -1, TRUE, &code) &&
	       settle_code(inputs, guest, code);
}

static gboolean take_seen(const Inputs *inputs, const ConfigGuest *guest, guint8 seen)
{
	Talk *talk = inputs->interview->talk;

	if (seen != 0) {
		g_autofree char *label = label_of(inputs, seen);

		talk_say(talk, "It shows %s now.", label);
	} else {
		talk_say(talk, "It reports 0x00 now, which is not an input.");
	}
	if (!input_watch_back(inputs->interview, inputs->monitor, host_reads(inputs)))
		return FALSE;
	return take_read(inputs, guest->name, domain_of(inputs, guest), seen);
}

/* The input of the guest before, which has the same graphics card. */
static gboolean take_same(const Inputs *inputs, const ConfigGuest *guest, const char *before)
{
	const ConfigInput *input = draft_input(inputs->display, before);

	draft_set_input(inputs->display, guest->name, input->value, input->reads_as);
	return TRUE;
}

static void say_how(const Inputs *inputs, const ConfigGuest *guest, const char *before)
{
	talk_say(inputs->interview->talk,
		"Now switch %s to the input of %s, with the monitor's own buttons. I will only "
		"read, "
		"never set it. Press Enter if you cannot; type none if %s is not connected to this "
		"monitor,%s or the input, such as hdmi1.",
		inputs->label, domain_of(inputs, guest), domain_of(inputs, guest),
		before != NULL ? " same if it uses the same cable as the previous guest," : "");
}

/* Do the monitor's buttons show more than the monitor database says? */
static gboolean is_watch_needed(const Inputs *inputs)
{
	const MonitorModel *model = inputs->model;

	return inputs->monitor->input >= 0 &&
	       (model == NULL || (model->inputs->len < 2 && !model->deaf &&
					 model->reports == MODEL_REPORTS_INPUT));
}

/* before: the last guest that got an input; NULL: none. */
static gboolean ask_guest(const Inputs *inputs, const ConfigGuest *guest, const char *before)
{
	InputWatch seen = { .same_allowed = before != NULL,
		.host_code = draft_input(inputs->display, TARGET_HOST)->value };

	if (!is_watch_needed(inputs))
		return ask_guest_code(inputs, guest);
	say_how(inputs, guest, before);
	switch (input_watch(inputs->interview, inputs->monitor, host_reads(inputs), &seen)) {
	case WATCH_LEFT:
		return FALSE;
	case WATCH_SEEN:
		return take_seen(inputs, guest, (guint8)seen.code);
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

/* -- all of them ------------------------------------------------------------------------------ */

static void say_known(const Inputs *inputs)
{
	const MonitorModel *model =
		monitor_models_find(monitor_models_builtin(), &inputs->monitor->edid);
	g_autofree char *known = monitor_model_describe_inputs(model);
	g_autoptr(GPtrArray) remarks = monitor_model_remarks(model);
	g_autoptr(GString) text = g_string_new(NULL);

	if (model == NULL)
		return;
	if (*known != '\0' && model->feature != CONFIG_FEATURE_INPUT)
		g_string_append_printf(
			text, " Its inputs use their own feature, 0x%02x.", model->feature);
	else if (*known != '\0')
		g_string_append_printf(text, " Its inputs are %s.", known);
	for (guint i = 0; i < remarks->len; i++)
		g_string_append_printf(text, " %s", (char *)remarks->pdata[i]);
	if (text->len > 0)
		talk_say(inputs->interview->talk, "The monitor database says:%s", text->str);
}

gboolean inputs_ask(Interview *interview, const FoundMonitor *monitor, ConfigDisplay *display)
{
	g_autofree char *label = g_strdup(display->name);
	const GPtrArray *guests = interview->draft->config->guests;
	Inputs inputs = { interview, monitor, display, label, input_choices_model(monitor) };
	const char *before = NULL;

	say_known(&inputs);
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
	Inputs inputs = { interview, monitor, display, NULL, input_choices_model(monitor) };
	g_autoptr(GPtrArray) choices = input_choices_new(monitor, monitor->input);
	const GPtrArray *guests = interview->draft->config->guests;

	/* The input that the monitor shows is the first of the choices. */
	if (choices->len != 2 || guests->len != 1 ||
		input_choices_code_of(monitor, monitor->input) < 0)
		return FALSE;
	set_input(&inputs, TARGET_HOST, ((const InputChoice *)choices->pdata[0])->code, -1);
	set_input(&inputs, ((const ConfigGuest *)guests->pdata[0])->name,
		((const InputChoice *)choices->pdata[1])->code, -1);
	return TRUE;
}

gboolean inputs_take(Interview *interview, const FoundMonitor *monitor, const char *text,
	ConfigDisplay *display, char **why)
{
	Inputs inputs = { interview, monitor, display, NULL, input_choices_model(monitor) };
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
			*why = g_strdup_printf("\"%s\" is not an input: neither a name such as "
					       "hdmi1, nor a code from "
					       "0x01 to 0xff, or of two bytes such as 0xff09",
				parts[i]);
			return FALSE;
		}
		set_input(&inputs,
			i == 0 ? TARGET_HOST : ((const ConfigGuest *)guests->pdata[i - 1])->name,
			code, -1);
	}
	return TRUE;
}
