/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup/start.h"

#include "config/config.h"
#include "import/find.h"
#include "import/import.h"

static void start_with_import(Interview *interview, const char *path, const Import *import)
{
	talk_say(interview->talk, "Starting from %s (%s). Line by line:", path, import->program);
	for (guint i = 0; i < import->notes->len; i++) {
		const ImportNote *note = import->notes->pdata[i];

		talk_say(interview->talk, "  %u: %s: %s", note->line,
			note->taken ? "taken" : "left out", note->text);
	}
	if (import->notes->len == 0)
		talk_say(interview->talk, "  it contains nothing that hotseat understands");
	draft_free(interview->draft);
	interview->draft = draft_from_import(import);
}

gboolean start_with(Interview *interview, const char *path)
{
	g_autoptr(Import) import = import_file(path);
	g_autoptr(GPtrArray) problems = config_problems_new();
	Config *config;

	if (import != NULL) {
		start_with_import(interview, path, import);
		return TRUE;
	}
	config = config_load(path, problems);
	for (guint i = 0; i < problems->len; i++) {
		g_autofree char *line = config_problem_format(path, problems->pdata[i]);

		talk_say(interview->talk, "%s", line);
	}
	if (config == NULL) {
		talk_say(interview->talk,
			"setup cannot start from %s as it is. Nothing has been changed.", path);
		return FALSE;
	}
	talk_say(interview->talk,
		"Starting from %s. Its settings are kept unless they contradict the hardware.",
		path);
	draft_free(interview->draft);
	interview->draft = draft_take(config);
	return TRUE;
}

gboolean start_offer(
	Interview *interview, const ImportPlaces *places, const char *existing, char **path)
{
	g_autoptr(GPtrArray) choices = import_find(places);
	TalkQuestion question = {
		.question = "Start from one of them?",
		.help = "What a file says is kept: guests, monitors' inputs, devices, commands, "
			"the "
			"address and the secret. Bus numbers become the monitors' names. The file "
			"itself is not changed, and what is replaced is kept beside it.",
		.choices = choices,
		.fallback = 0,
	};
	int answer;

	if (existing != NULL && g_file_test(existing, G_FILE_TEST_EXISTS))
		g_ptr_array_insert(choices, 0, g_strdup(existing));
	if (choices->len == 0)
		return TRUE;
	talk_say(interview->talk, "There are configurations already:");
	if (!interview->asks) {
		for (guint i = 0; i < choices->len; i++)
			talk_say(interview->talk, "  %s (--from starts from it)",
				(char *)choices->pdata[i]);
		return TRUE;
	}
	g_ptr_array_add(choices, g_strdup("none: start from nothing"));
	answer = talk_choose(interview->talk, &question);
	if (answer >= 0 && answer < (int)choices->len - 1)
		*path = g_strdup(choices->pdata[answer]);
	return answer != TALK_LEFT;
}
