/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/keys.h"

#include <linux/input.h>
#include <string.h>

typedef struct {
	const char *name;
	guint16 codes[2];
} Name;

/* clang-format off */
#define K(key) { #key, { KEY_##key, 0 } }
#define B(key) { "BTN_" #key, { BTN_##key, 0 } }
/* clang-format on */

/* The names in linux/input-event-codes.h; the first one of a code is used in messages. */
static const Name names[] = {
	/* clang-format off */
	K(ESC), K(1), K(2), K(3), K(4), K(5), K(6), K(7), K(8), K(9), K(0), K(MINUS), K(EQUAL), K(BACKSPACE),
	K(TAB), K(Q), K(W), K(E), K(R), K(T), K(Y), K(U), K(I), K(O), K(P), K(LEFTBRACE), K(RIGHTBRACE),
	K(ENTER), K(LEFTCTRL), K(A), K(S), K(D), K(F), K(G), K(H), K(J), K(K), K(L), K(SEMICOLON),
	K(APOSTROPHE), K(GRAVE), K(LEFTSHIFT), K(BACKSLASH), K(Z), K(X), K(C), K(V), K(B), K(N), K(M),
	K(COMMA), K(DOT), K(SLASH), K(RIGHTSHIFT), K(KPASTERISK), K(LEFTALT), K(SPACE), K(CAPSLOCK), K(F1),
	K(F2), K(F3), K(F4), K(F5), K(F6), K(F7), K(F8), K(F9), K(F10), K(NUMLOCK), K(SCROLLLOCK), K(KP7),
	K(KP8), K(KP9), K(KPMINUS), K(KP4), K(KP5), K(KP6), K(KPPLUS), K(KP1), K(KP2), K(KP3), K(KP0),
	K(KPDOT), K(ZENKAKUHANKAKU), K(102ND), K(F11), K(F12), K(RO), K(KATAKANA), K(HIRAGANA), K(HENKAN),
	K(KATAKANAHIRAGANA), K(MUHENKAN), K(KPJPCOMMA), K(KPENTER), K(RIGHTCTRL), K(KPSLASH), K(SYSRQ),
	K(RIGHTALT), K(HOME), K(UP), K(PAGEUP), K(LEFT), K(RIGHT), K(END), K(DOWN), K(PAGEDOWN), K(INSERT),
	K(DELETE), K(MUTE), K(VOLUMEDOWN), K(VOLUMEUP), K(POWER), K(KPEQUAL), K(PAUSE), K(SCALE),
	K(KPCOMMA), K(HANGEUL), K(HANJA), K(YEN), K(LEFTMETA), K(RIGHTMETA), K(COMPOSE), K(STOP), K(AGAIN),
	K(PROPS), K(UNDO), K(FRONT), K(COPY), K(OPEN), K(PASTE), K(FIND), K(CUT), K(HELP), K(MENU), K(CALC),
	K(SLEEP), K(WAKEUP), K(FILE), K(PROG1), K(PROG2), K(WWW), K(COFFEE), K(MAIL), K(BOOKMARKS),
	K(COMPUTER), K(BACK), K(FORWARD), K(EJECTCD), K(NEXTSONG), K(PLAYPAUSE), K(PREVIOUSSONG), K(STOPCD),
	K(RECORD), K(REWIND), K(PHONE), K(HOMEPAGE), K(REFRESH), K(EDIT), K(SCROLLUP), K(SCROLLDOWN),
	K(KPLEFTPAREN), K(KPRIGHTPAREN), K(NEW), K(REDO), K(F13), K(F14), K(F15), K(F16), K(F17), K(F18),
	K(F19), K(F20), K(F21), K(F22), K(F23), K(F24), K(PROG3), K(PROG4), K(SUSPEND), K(CLOSE), K(PLAY),
	K(FASTFORWARD), K(PRINT), K(CAMERA), K(SOUND), K(EMAIL), K(CHAT), K(SEARCH), K(CANCEL),
	K(BRIGHTNESSDOWN), K(BRIGHTNESSUP), K(MEDIA), K(SWITCHVIDEOMODE), K(KBDILLUMTOGGLE),
	K(KBDILLUMDOWN), K(KBDILLUMUP), K(SEND), K(REPLY), K(SAVE), K(DOCUMENTS), K(BATTERY), K(BLUETOOTH),
	K(WLAN), K(RFKILL), K(MICMUTE), K(FN), K(MACRO1), K(MACRO2), K(MACRO3), K(MACRO4), K(MACRO5),
	K(MACRO6), K(MACRO7), K(MACRO8), K(MACRO9), K(MACRO10),
	B(LEFT), B(RIGHT), B(MIDDLE), B(SIDE), B(EXTRA), B(FORWARD), B(BACK), B(TASK),
	/* the names on keyboards and in other programs */
	{ "CTRL", { KEY_LEFTCTRL, KEY_RIGHTCTRL } }, { "CONTROL", { KEY_LEFTCTRL, KEY_RIGHTCTRL } },
	{ "SHIFT", { KEY_LEFTSHIFT, KEY_RIGHTSHIFT } }, { "ALT", { KEY_LEFTALT, KEY_RIGHTALT } },
	{ "SUPER", { KEY_LEFTMETA, KEY_RIGHTMETA } }, { "META", { KEY_LEFTMETA, KEY_RIGHTMETA } },
	{ "WIN", { KEY_LEFTMETA, KEY_RIGHTMETA } }, { "WINDOWS", { KEY_LEFTMETA, KEY_RIGHTMETA } },
	{ "CMD", { KEY_LEFTMETA, KEY_RIGHTMETA } },
	{ "LEFTSUPER", { KEY_LEFTMETA, 0 } }, { "RIGHTSUPER", { KEY_RIGHTMETA, 0 } },
	{ "ALTGR", { KEY_RIGHTALT, 0 } }, { "ESCAPE", { KEY_ESC, 0 } }, { "RETURN", { KEY_ENTER, 0 } },
	{ "PRINTSCREEN", { KEY_SYSRQ, 0 } }, { "PRTSC", { KEY_SYSRQ, 0 } }, { "DEL", { KEY_DELETE, 0 } },
	{ "INS", { KEY_INSERT, 0 } }, { "PGUP", { KEY_PAGEUP, 0 } }, { "PGDN", { KEY_PAGEDOWN, 0 } },
	{ "BREAK", { KEY_PAUSE, 0 } }, { "BACKTICK", { KEY_GRAVE, 0 } }, { "PERIOD", { KEY_DOT, 0 } },
	{ "PLAY_PAUSE", { KEY_PLAYPAUSE, 0 } }, { "APP", { KEY_COMPOSE, 0 } },
	/* clang-format on */
};

static const guint16 modifiers[] = { KEY_LEFTCTRL, KEY_RIGHTCTRL, KEY_LEFTSHIFT, KEY_RIGHTSHIFT,
	KEY_LEFTALT, KEY_RIGHTALT, KEY_LEFTMETA, KEY_RIGHTMETA };

gboolean key_from_name(const char *name, KeyChoice *key)
{
	if (g_ascii_strncasecmp(name, "KEY_", 4) == 0)
		name += 4;
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_ascii_strcasecmp(names[i].name, name) == 0) {
			key->codes[0] = names[i].codes[0];
			key->codes[1] = names[i].codes[1];
			return TRUE;
		}
	return FALSE;
}

/* The lower-case form of a name above; it stays valid. */
static const char *lower(const char *name)
{
	g_autofree char *text = g_ascii_strdown(name, -1);

	return g_intern_string(text);
}

/* How many letters differ, if the names have the same length, or one has one letter more. */
static guint letters_apart(const char *a, const char *b)
{
	gsize start = 0, end_a = strlen(a), end_b = strlen(b);

	while (a[start] != '\0' && g_ascii_tolower(a[start]) == g_ascii_tolower(b[start]))
		start++;
	while (end_a > start && end_b > start &&
		g_ascii_tolower(a[end_a - 1]) == g_ascii_tolower(b[end_b - 1])) {
		end_a--;
		end_b--;
	}
	return (guint)MAX(end_a - start, end_b - start);
}

const char *key_name_near(const char *name)
{
	gsize best = G_N_ELEMENTS(names);
	guint best_apart = 3;

	for (gsize i = 0; i < G_N_ELEMENTS(names) && strlen(name) > 3; i++) {
		guint apart = letters_apart(name, names[i].name);

		if (apart < best_apart) {
			best_apart = apart;
			best = i;
		}
	}
	return best < G_N_ELEMENTS(names) ? lower(names[best].name) : NULL;
}

const char *key_name(guint code)
{
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (names[i].codes[0] == code && names[i].codes[1] == 0)
			return lower(names[i].name);
	return NULL;
}

gboolean key_is_modifier(guint code)
{
	for (gsize i = 0; i < G_N_ELEMENTS(modifiers); i++)
		if (modifiers[i] == code)
			return TRUE;
	return FALSE;
}

gboolean key_is_typing(guint code)
{
	if (key_is_modifier(code) || code == KEY_ESC)
		return FALSE;
	return (code >= KEY_1 && code <= KEY_SPACE) || code == KEY_102ND ||
	       (code >= KEY_HOME && code <= KEY_DELETE) || code == KEY_KPENTER ||
	       (code >= KEY_KP7 && code <= KEY_KPDOT) || code == BTN_LEFT || code == BTN_RIGHT;
}

gboolean key_choices_meet(const KeyChoice *a, const KeyChoice *b)
{
	return a->codes[0] == b->codes[0] || a->codes[0] == b->codes[1] ||
	       (a->codes[1] != 0 && (a->codes[1] == b->codes[0] || a->codes[1] == b->codes[1]));
}
