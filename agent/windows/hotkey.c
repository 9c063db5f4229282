/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hotkey.h"

#include "log.h"

#define HOTKEY_ID 1

/* The key that types chord's character on this keyboard, and the modifiers that it needs. */
static bool find_key(const KeyChord *chord, UINT *modifiers, UINT *key)
{
	/* high byte of VkKeyScanEx: 1 Shift, 2 Ctrl, 4 Alt */
	static const UINT shifts[] = { MOD_SHIFT, MOD_CONTROL, MOD_ALT };
	SHORT scan;

	*modifiers = chord->modifiers | MOD_NOREPEAT;
	*key = chord->key;
	if (chord->key != 0)
		return true;
	scan = VkKeyScanExW((WCHAR)chord->character, GetKeyboardLayout(0));
	if (scan == -1)
		return false;
	*key = (UINT)(scan & 0xff);
	for (int i = 0; i < 3; i++)
		if ((scan >> 8 & 1 << i) != 0)
			*modifiers |= shifts[i];
	return true;
}

bool hotkey_set(HWND window, const KeyChord *chord, Problem *problem)
{
	char name[CHORD_TEXT_MAX];
	UINT modifiers, key;

	UnregisterHotKey(window, HOTKEY_ID);
	core_chord_format(chord, name);
	if (!find_key(chord, &modifiers, &key))
		return core_problem_set(problem,
			"Your keyboard layout has no %c for the hotkey %s; choose another one in "
			"Settings.",
			chord->character, name);
	if (RegisterHotKey(window, HOTKEY_ID, modifiers, key))
		return true;
	if (GetLastError() == ERROR_HOTKEY_ALREADY_REGISTERED)
		return core_problem_set(problem,
			"Another program already uses the hotkey %s; choose another one in "
			"Settings.",
			name);
	return core_problem_set(problem,
		"Windows rejected the hotkey %s: error %lu; choose another one in Settings.", name,
		GetLastError());
}

void hotkey_release_modifiers(void)
{
	static const WORD keys[] = { VK_LSHIFT, VK_RSHIFT, VK_LCONTROL, VK_RCONTROL, VK_LMENU,
		VK_RMENU, VK_LWIN, VK_RWIN };
	INPUT input = { .type = INPUT_KEYBOARD };

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		if (GetAsyncKeyState(keys[i]) >= 0)
			continue;
		input.ki.wVk = keys[i];
		/* the right ones, except Shift, have extended scan codes */
		input.ki.dwFlags = KEYEVENTF_KEYUP;
		if (keys[i] == VK_RCONTROL || keys[i] == VK_RMENU || keys[i] == VK_LWIN ||
			keys[i] == VK_RWIN)
			input.ki.dwFlags |= KEYEVENTF_EXTENDEDKEY;
		SendInput(1, &input, sizeof input);
		log_line("key 0x%02x released", keys[i]);
	}
}
