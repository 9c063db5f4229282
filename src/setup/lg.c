/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Offers LG's own way to select an input.
 */
#include "display/lg.h"
#include "draft/describe.h"
#include "setup/interview.h"

/* Asks for the code of an input that the table does not have. */
static gboolean ask_own_code(Interview *interview, const char *target, int standard, int *code)
{
	for (;;) {
		g_autofree char *question = g_strdup_printf(
			"LG's number for the input 0x%02x (%s)?", (guint)standard, target);
		g_autofree char *answer = talk_ask(interview->talk, question,
			"0x90 is HDMI 1, 0x91 HDMI 2, 0xd0 DisplayPort 1, 0xd1 DisplayPort 2 or "
			"USB-C.",
			NULL);

		if (answer == NULL)
			return FALSE;
		*code = input_parse(answer, LG_FEATURE);
		if (*code > 0)
			return TRUE;
		talk_say(interview->talk, "A code from 0x01 to 0xff; ? explains.");
	}
}

static gboolean translate(Interview *interview, const MonitorModel *model, ConfigDisplay *display)
{
	GHashTableIter iter;
	gpointer target, value;

	g_hash_table_iter_init(&iter, display->inputs);
	while (g_hash_table_iter_next(&iter, &target, &value)) {
		ConfigInput *input = value;
		int code = lg_code(model, input->value);

		if (code < 0 && !ask_own_code(interview, target, input->value, &code))
			return FALSE;
		input->value = (guint16)code;
		input->reads_as = -1;
	}
	display->feature.code = LG_FEATURE;
	display->feature.source_address = LG_SOURCE_ADDRESS;
	return TRUE;
}

gboolean lg_offer(Interview *interview, const FoundMonitor *monitor, ConfigDisplay *display)
{
	const MonitorModel *model = monitor_models_find(monitor_models_builtin(), &monitor->edid);
	gboolean is_known = model != NULL && model->feature == LG_FEATURE;
	gboolean is_standard = model != NULL && !is_known && model->inputs->len > 0;
	g_autoptr(GPtrArray) choices = g_ptr_array_new();
	TalkQuestion question = {
		.question = "How should hotseat switch it?",
		.help = "Many LG monitors accept the standard command and do nothing. LG's own "
			"command (feature 0xf4 from the source address 0x50) works on them. If the "
			"one that you choose does not work, run `hotseat setup` again.",
		.choices = choices,
		.fallback =
			is_known || capabilities_has(&monitor->capabilities, LG_FEATURE) ? 1 : 0,
	};
	int answer;

	/* The database knows models that obey the standard's command. */
	if (!g_str_equal(monitor->edid.manufacturer, LG_MANUFACTURER) || is_standard)
		return TRUE;
	talk_say(interview->talk, "It is an LG monitor. Many LG monitors need LG's own command.%s",
		is_known ? " The monitor database says that models with this name need it." : "");
	g_ptr_array_add(choices, (gpointer) "the standard command");
	g_ptr_array_add(choices, (gpointer) "LG's own command");
	answer = talk_choose(interview->talk, &question);
	if (answer == 1 && !translate(interview, model, display))
		return FALSE;
	draft_note_display(interview->draft, display, monitor);
	return answer != TALK_LEFT;
}
