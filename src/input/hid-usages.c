/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/hid-usages.h"

#include <linux/input.h>

/* HID Usage Tables 1.5, chapter 10. Volume and mute are not here, because Windows requires them on
 * the consumer page. */
static const guint8 keyboard[KEY_CNT] = {
	/* clang-format off */
	[KEY_A] = 0x04, [KEY_B] = 0x05, [KEY_C] = 0x06, [KEY_D] = 0x07, [KEY_E] = 0x08, [KEY_F] = 0x09,
	[KEY_G] = 0x0a, [KEY_H] = 0x0b, [KEY_I] = 0x0c, [KEY_J] = 0x0d, [KEY_K] = 0x0e, [KEY_L] = 0x0f,
	[KEY_M] = 0x10, [KEY_N] = 0x11, [KEY_O] = 0x12, [KEY_P] = 0x13, [KEY_Q] = 0x14, [KEY_R] = 0x15,
	[KEY_S] = 0x16, [KEY_T] = 0x17, [KEY_U] = 0x18, [KEY_V] = 0x19, [KEY_W] = 0x1a, [KEY_X] = 0x1b,
	[KEY_Y] = 0x1c, [KEY_Z] = 0x1d, [KEY_1] = 0x1e, [KEY_2] = 0x1f, [KEY_3] = 0x20, [KEY_4] = 0x21,
	[KEY_5] = 0x22, [KEY_6] = 0x23, [KEY_7] = 0x24, [KEY_8] = 0x25, [KEY_9] = 0x26, [KEY_0] = 0x27,
	[KEY_ENTER] = 0x28, [KEY_ESC] = 0x29, [KEY_BACKSPACE] = 0x2a, [KEY_TAB] = 0x2b, [KEY_SPACE] = 0x2c,
	[KEY_MINUS] = 0x2d, [KEY_EQUAL] = 0x2e, [KEY_LEFTBRACE] = 0x2f, [KEY_RIGHTBRACE] = 0x30,
	[KEY_BACKSLASH] = 0x31, [KEY_SEMICOLON] = 0x33, [KEY_APOSTROPHE] = 0x34, [KEY_GRAVE] = 0x35,
	[KEY_COMMA] = 0x36, [KEY_DOT] = 0x37, [KEY_SLASH] = 0x38, [KEY_CAPSLOCK] = 0x39, [KEY_F1] = 0x3a,
	[KEY_F2] = 0x3b, [KEY_F3] = 0x3c, [KEY_F4] = 0x3d, [KEY_F5] = 0x3e, [KEY_F6] = 0x3f, [KEY_F7] = 0x40,
	[KEY_F8] = 0x41, [KEY_F9] = 0x42, [KEY_F10] = 0x43, [KEY_F11] = 0x44, [KEY_F12] = 0x45,
	[KEY_SYSRQ] = 0x46, [KEY_SCROLLLOCK] = 0x47, [KEY_PAUSE] = 0x48, [KEY_INSERT] = 0x49,
	[KEY_HOME] = 0x4a, [KEY_PAGEUP] = 0x4b, [KEY_DELETE] = 0x4c, [KEY_END] = 0x4d,
	[KEY_PAGEDOWN] = 0x4e, [KEY_RIGHT] = 0x4f, [KEY_LEFT] = 0x50, [KEY_DOWN] = 0x51, [KEY_UP] = 0x52,
	[KEY_NUMLOCK] = 0x53, [KEY_KPSLASH] = 0x54, [KEY_KPASTERISK] = 0x55, [KEY_KPMINUS] = 0x56,
	[KEY_KPPLUS] = 0x57, [KEY_KPENTER] = 0x58, [KEY_KP1] = 0x59, [KEY_KP2] = 0x5a, [KEY_KP3] = 0x5b,
	[KEY_KP4] = 0x5c, [KEY_KP5] = 0x5d, [KEY_KP6] = 0x5e, [KEY_KP7] = 0x5f, [KEY_KP8] = 0x60,
	[KEY_KP9] = 0x61, [KEY_KP0] = 0x62, [KEY_KPDOT] = 0x63, [KEY_102ND] = 0x64, [KEY_COMPOSE] = 0x65,
	[KEY_KPEQUAL] = 0x67, [KEY_F13] = 0x68, [KEY_F14] = 0x69, [KEY_F15] = 0x6a, [KEY_F16] = 0x6b,
	[KEY_F17] = 0x6c, [KEY_F18] = 0x6d, [KEY_F19] = 0x6e, [KEY_F20] = 0x6f, [KEY_F21] = 0x70,
	[KEY_F22] = 0x71, [KEY_F23] = 0x72, [KEY_F24] = 0x73, [KEY_OPEN] = 0x74, [KEY_HELP] = 0x75,
	[KEY_PROPS] = 0x76, [KEY_FRONT] = 0x77, [KEY_STOP] = 0x78, [KEY_AGAIN] = 0x79, [KEY_UNDO] = 0x7a,
	[KEY_CUT] = 0x7b, [KEY_COPY] = 0x7c, [KEY_PASTE] = 0x7d, [KEY_FIND] = 0x7e, [KEY_KPCOMMA] = 0x85,
	[KEY_RO] = 0x87, [KEY_KATAKANAHIRAGANA] = 0x88, [KEY_YEN] = 0x89, [KEY_HENKAN] = 0x8a,
	[KEY_MUHENKAN] = 0x8b, [KEY_KPJPCOMMA] = 0x8c, [KEY_HANGEUL] = 0x90, [KEY_HANJA] = 0x91,
	[KEY_KATAKANA] = 0x92, [KEY_HIRAGANA] = 0x93, [KEY_ZENKAKUHANKAKU] = 0x94,
	[KEY_KPLEFTPAREN] = 0xb6, [KEY_KPRIGHTPAREN] = 0xb7, [KEY_LEFTCTRL] = 0xe0, [KEY_LEFTSHIFT] = 0xe1,
	[KEY_LEFTALT] = 0xe2, [KEY_LEFTMETA] = 0xe3, [KEY_RIGHTCTRL] = 0xe4, [KEY_RIGHTSHIFT] = 0xe5,
	[KEY_RIGHTALT] = 0xe6, [KEY_RIGHTMETA] = 0xe7,
	/* clang-format on */
};

/* HID Usage Tables 1.5, chapter 15. */
static const guint16 consumer[KEY_CNT] = {
	/* clang-format off */
	[KEY_RESTART] = 0x031, [KEY_MENU] = 0x040, [KEY_SELECT] = 0x041, [KEY_INFO] = 0x060,
	[KEY_SUBTITLE] = 0x061, [KEY_CAMERA] = 0x065, [KEY_RED] = 0x069, [KEY_GREEN] = 0x06a,
	[KEY_BLUE] = 0x06b, [KEY_YELLOW] = 0x06c, [KEY_BRIGHTNESSUP] = 0x06f, [KEY_BRIGHTNESSDOWN] = 0x070,
	[KEY_BRIGHTNESS_TOGGLE] = 0x072, [KEY_BRIGHTNESS_MIN] = 0x073, [KEY_BRIGHTNESS_MAX] = 0x074,
	[KEY_BRIGHTNESS_AUTO] = 0x075, [KEY_KBDILLUMUP] = 0x079, [KEY_KBDILLUMDOWN] = 0x07a,
	[KEY_KBDILLUMTOGGLE] = 0x07c, [KEY_VIDEO_NEXT] = 0x082, [KEY_LAST] = 0x083, [KEY_PC] = 0x088,
	[KEY_TV] = 0x089, [KEY_WWW] = 0x196, [KEY_DVD] = 0x08b, [KEY_PHONE] = 0x08c, [KEY_PROGRAM] = 0x08d,
	[KEY_VIDEOPHONE] = 0x08e, [KEY_GAMES] = 0x08f, [KEY_MEMO] = 0x090, [KEY_CD] = 0x091,
	[KEY_VCR] = 0x092, [KEY_TUNER] = 0x093, [KEY_EXIT] = 0x094, [KEY_TAPE] = 0x096, [KEY_TV2] = 0x097,
	[KEY_SAT] = 0x098, [KEY_PVR] = 0x09a, [KEY_CHANNELUP] = 0x09c, [KEY_CHANNELDOWN] = 0x09d,
	[KEY_VCR2] = 0x0a0, [KEY_PLAY] = 0x0b0, [KEY_RECORD] = 0x0b2, [KEY_FASTFORWARD] = 0x0b3,
	[KEY_REWIND] = 0x0b4, [KEY_NEXTSONG] = 0x0b5, [KEY_PREVIOUSSONG] = 0x0b6, [KEY_STOPCD] = 0x0b7,
	[KEY_EJECTCD] = 0x0b8, [KEY_SHUFFLE] = 0x0b9, [KEY_MEDIA_REPEAT] = 0x0bc, [KEY_SLOW] = 0x0bf,
	[KEY_PLAYPAUSE] = 0x0cd, [KEY_VOICECOMMAND] = 0x0cf, [KEY_MUTE] = 0x0e2, [KEY_BASSBOOST] = 0x0e5,
	[KEY_VOLUMEUP] = 0x0e9, [KEY_VOLUMEDOWN] = 0x0ea, [KEY_BUTTONCONFIG] = 0x181,
	[KEY_BOOKMARKS] = 0x22a, [KEY_CONFIG] = 0x183, [KEY_WORDPROCESSOR] = 0x184, [KEY_EDITOR] = 0x185,
	[KEY_SPREADSHEET] = 0x186, [KEY_GRAPHICSEDITOR] = 0x187, [KEY_PRESENTATION] = 0x188,
	[KEY_DATABASE] = 0x189, [KEY_MAIL] = 0x18a, [KEY_NEWS] = 0x18b, [KEY_VOICEMAIL] = 0x18c,
	[KEY_ADDRESSBOOK] = 0x18d, [KEY_CALENDAR] = 0x18e, [KEY_TASKMANAGER] = 0x18f, [KEY_JOURNAL] = 0x190,
	[KEY_FINANCE] = 0x191, [KEY_CALC] = 0x192, [KEY_PLAYER] = 0x193, [KEY_FILE] = 0x194,
	[KEY_CHAT] = 0x199, [KEY_LOGOFF] = 0x19c, [KEY_COFFEE] = 0x19e, [KEY_CONTROLPANEL] = 0x19f,
	[KEY_APPSELECT] = 0x1a2, [KEY_NEXT] = 0x1a3, [KEY_PREVIOUS] = 0x1a4, [KEY_DOCUMENTS] = 0x1a7,
	[KEY_SPELLCHECK] = 0x1ab, [KEY_KEYBOARD] = 0x1ae, [KEY_SCREENSAVER] = 0x1b1, [KEY_IMAGES] = 0x1b6,
	[KEY_AUDIO] = 0x1b7, [KEY_VIDEO] = 0x1b8, [KEY_MESSENGER] = 0x1bc, [KEY_ASSISTANT] = 0x1cb,
	[KEY_NEW] = 0x201, [KEY_CLOSE] = 0x203, [KEY_SAVE] = 0x207, [KEY_PRINT] = 0x208,
	[KEY_SEARCH] = 0x221, [KEY_GOTO] = 0x222, [KEY_HOMEPAGE] = 0x223, [KEY_BACK] = 0x224,
	[KEY_FORWARD] = 0x225, [KEY_REFRESH] = 0x227, [KEY_ZOOMIN] = 0x22d, [KEY_ZOOMOUT] = 0x22e,
	[KEY_ZOOMRESET] = 0x22f, [KEY_SCROLLUP] = 0x233, [KEY_SCROLLDOWN] = 0x234, [KEY_EDIT] = 0x23d,
	[KEY_CANCEL] = 0x25f, [KEY_REDO] = 0x279, [KEY_REPLY] = 0x289, [KEY_FORWARDMAIL] = 0x28b,
	[KEY_SEND] = 0x28c,
	/* clang-format on */
};

guint8 hid_keyboard_usage(guint code)
{
	return code < KEY_CNT ? keyboard[code] : 0;
}

guint16 hid_consumer_usage(guint code)
{
	return code < KEY_CNT ? consumer[code] : 0;
}

guint8 hid_system_bit(guint code)
{
	switch (code) {
	case KEY_POWER:
		return 1; /* System Power Down, 0x81 */
	case KEY_SLEEP:
		return 2; /* System Sleep, 0x82 */
	case KEY_WAKEUP:
		return 4; /* System Wake Up, 0x83 */
	default:
		return 0;
	}
}
