/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup/interview.h"

#include <unistd.h>

void interview_init(Interview *interview, Talk *talk, const Machine *machine,
	const InterviewOptions *options, gboolean asks)
{
	*interview = (Interview){
		.talk = talk,
		.machine = machine,
		.options = options,
		.asks = asks,
		.missing = g_ptr_array_new_with_free_func(g_free),
		.draft = draft_new(),
	};
}

void interview_look(Interview *interview, ScanProgress progress)
{
	/* The user's own service has no more rights than this user. */
	const char *sudo =
		geteuid() != 0 && !interview->options->user ? "sudo hotseat setup" : NULL;
	const GPtrArray *remarks;

	interview->found = machine_look(interview->machine, LOOK_SESSIONS, sudo, progress);
	remarks = interview->found.remarks;
	for (guint i = 0; i < remarks->len; i++)
		talk_say(interview->talk, "Could not see: %s", (char *)remarks->pdata[i]);
}

void interview_clear(Interview *interview)
{
	found_clear(&interview->found);
	g_clear_pointer(&interview->missing, g_ptr_array_unref);
	g_clear_pointer(&interview->draft, draft_free);
}

/* The daemon's defaults: in the file, users can find and change them. */
static gboolean add_hotkeys(Interview *interview)
{
	const Config *config = interview->draft->config;

	if (config->hotkeys->len > 0 || !config_has_via(config, VIA_INPUT))
		return TRUE;
	draft_add_hotkey(interview->draft, HOTKEY_TOGGLE, CONFIG_TOGGLE_KEYS);
	draft_add_hotkey(interview->draft, HOTKEY_PANIC, CONFIG_PANIC_KEYS);
	talk_say(interview->talk,
		"Both Ctrl keys together move the seat, there and back. "
		"Ctrl+Alt+Shift+Esc brings everything back, whatever has failed.");
	return TRUE;
}

gboolean interview_run(Interview *interview)
{
	static gboolean (*const steps[])(Interview *) = {
		interview_libvirt,
		interview_guests,
		interview_wake,
		interview_displays,
		interview_devices,
		interview_conflicts,
		add_hotkeys,
		interview_http,
	};

	for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
		if (!steps[i](interview))
			return FALSE;
	if (interview->missing->len == 0 && interview->draft->config->displays->len == 0 &&
		interview->draft->config->devices->len == 0)
		interview_missing(interview,
			"what moves: no monitor answers, and there is no USB device; `hotseat "
			"detect` shows what is there, and `hotseatd --simulate` needs no hardware");
	return TRUE;
}

void interview_missing(Interview *interview, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_ptr_array_add(interview->missing, g_strdup_vprintf(format, args));
	va_end(args);
}
