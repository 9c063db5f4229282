/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draft/handover.h"
#include "draft/yaml-text.h"

/* The key that the file uses for an action. A guest with the same name cannot have hotkeys of its
 * own. */
static const char *action_word(const ConfigHotkey *hotkey)
{
	static const char *const words[] = {
		[HOTKEY_TOGGLE] = "toggle",
		[HOTKEY_GO] = NULL,
		[HOTKEY_NEXT] = "next",
		[HOTKEY_PANIC] = "panic",
	};

	return hotkey->action == HOTKEY_GO ? hotkey->to : words[hotkey->action];
}

static gboolean is_first(const GPtrArray *hotkeys, guint index)
{
	const char *word = action_word(hotkeys->pdata[index]);

	for (guint i = 0; i < index; i++)
		if (g_str_equal(action_word(hotkeys->pdata[i]), word))
			return FALSE;
	return TRUE;
}

/* "    toggle: [\"a+b\", \"c c\"]": all hotkeys with the same action as the one at index. */
static void append_hotkey(GString *out, const GPtrArray *hotkeys, guint index)
{
	const char *word = action_word(hotkeys->pdata[index]);
	const char *separator = "";

	g_string_append(out, "    ");
	yaml_append_scalar(out, word);
	g_string_append(out, ": [");
	for (guint i = index; i < hotkeys->len; i++) {
		const ConfigHotkey *hotkey = hotkeys->pdata[i];

		if (!g_str_equal(action_word(hotkey), word))
			continue;
		g_string_append(out, separator);
		yaml_append_quoted(out, hotkey->keys);
		separator = ", ";
	}
	g_string_append(out, "]\n");
}

static void append_hotkeys(GString *out, const GPtrArray *hotkeys)
{
	g_string_append(out,
		"\n# Keys that move the seat, wherever the keyboard is. panic brings "
		"everything back to this\n# computer, whatever has failed.\nhotkeys:\n");
	for (guint i = 0; i < hotkeys->len; i++)
		if (is_first(hotkeys, i))
			append_hotkey(out, hotkeys, i);
}

static void append_keep(GString *out, const GPtrArray *keep)
{
	if (keep->len == 0)
		return;
	g_string_append(out, "\n# Keys that always stay with this computer.\nkeep: [");
	for (guint i = 0; i < keep->len; i++) {
		if (i > 0)
			g_string_append(out, ", ");
		yaml_append_quoted(out, keep->pdata[i]);
	}
	g_string_append(out, "]\n");
}

void append_handover(GString *out, const Config *config)
{
	if (config->hotkeys->len > 0)
		append_hotkeys(out, config->hotkeys);
	append_keep(out, config->keep);
	if (config->unresponsive == UNRESPONSIVE_STAY)
		g_string_append(out, "\n# A guest that takes no input keeps the seat.\n"
				     "unresponsive: stay\n");
	if (config->reports == REPORTS_PACED)
		g_string_append(out, "\nreports: paced\n");
}
