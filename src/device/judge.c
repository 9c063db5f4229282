/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/judge.h"

#include <string.h>

/* A device with more HID interfaces than this, besides those of keyboard and mouse, is a receiver
 * for several devices. Keyboards with lights and macros have up to three. */
enum { OTHERS_MAX = 3 };

enum { ANY = -1 };

/* -- what a device can turn out to be --------------------------------------------------------- */

typedef enum {
	SIGN_NONE,
	SIGN_SECURITY_KEY,
	SIGN_SCANNER,
	SIGN_REMOTE,
	SIGN_GAMEPAD,
	SIGN_TABLET,
	SIGN_HEADSET,
	SIGN_RECEIVER,
	SIGN_KEYPAD,
	SIGN_BOARD,
	SIGN_FIDO,
	SIGN_CARD,
	SIGN_DISK,
	SIGN_SERIAL,
	SIGN_CAMERA,
	SIGN_SOUND,
	SIGN_UPS,
	SIGN_MANY,
} Sign;

/* What a sign means. */
typedef struct {
	FoundKind kind;			  /* FOUND_OTHER: the sign does not say */
	gboolean for_keyboard, for_mouse; /* what the sign makes doubtful */
	const char *why;
} Meaning;

static const Meaning meanings[] = {
	[SIGN_NONE] = { FOUND_OTHER, FALSE, FALSE, NULL },
	[SIGN_SECURITY_KEY] = { FOUND_SECURITY_KEY, TRUE, TRUE, "it looks like a security key" },
	[SIGN_SCANNER] = { FOUND_SCANNER, TRUE, TRUE,
		"it looks like a scanner or a reader, which types what it reads" },
	[SIGN_REMOTE] = { FOUND_REMOTE, TRUE, TRUE,
		"it looks like a KVM, which types what another computer sends" },
	[SIGN_GAMEPAD] = { FOUND_GAMEPAD, TRUE, TRUE,
		"it looks like a gamepad, or a receiver of gamepads" },
	[SIGN_TABLET] = { FOUND_TABLET, TRUE, FALSE, "it looks like a tablet" },
	[SIGN_HEADSET] = { FOUND_HEADSET, TRUE, TRUE, "it looks like a headset" },
	[SIGN_RECEIVER] = { FOUND_OTHER, TRUE, FALSE,
		"it is a receiver, and what is connected to it is not known" },
	[SIGN_KEYPAD] = { FOUND_OTHER, TRUE, FALSE, "it looks like a keypad or a remote control" },
	[SIGN_BOARD] = { FOUND_OTHER, TRUE, TRUE,
		"it is a programmable board, which can be anything" },
	[SIGN_FIDO] = { FOUND_SECURITY_KEY, TRUE, TRUE, "it speaks FIDO, as security keys do" },
	[SIGN_CARD] = { FOUND_SECURITY_KEY, TRUE, TRUE,
		"it has a smart card, as security keys have" },
	[SIGN_DISK] = { FOUND_OTHER, TRUE, TRUE, "it is a disk, too, as a KVM over IP is" },
	[SIGN_SERIAL] = { FOUND_OTHER, TRUE, TRUE,
		"it has a serial port, too, as programmable boards and scanners have" },
	[SIGN_CAMERA] = { FOUND_WEBCAM, TRUE, TRUE, "it is a camera, too" },
	[SIGN_SOUND] = { FOUND_HEADSET, TRUE, TRUE,
		"it has sound, too, as headsets and docks have" },
	[SIGN_UPS] = { FOUND_UPS, TRUE, TRUE, "it looks like a UPS" },
	[SIGN_MANY] = { FOUND_OTHER, TRUE, FALSE,
		"it has many interfaces, as receivers of several things have" },
};

/* Makers and models of devices that are not for typing. Vendors: usb.org's list, as in usb.ids. */
static const struct {
	int vendor, product; /* product: ANY */
	Sign sign;
} ids[] = {
	{ 0x1050, ANY, SIGN_SECURITY_KEY },    /* Yubico */
	{ 0x20a0, 0x0001, SIGN_KEYPAD },       /* Flirc: receives a remote control */
	{ 0x20a0, 0x0006, SIGN_KEYPAD },       /* Flirc */
	{ 0x20a0, ANY, SIGN_SECURITY_KEY },    /* Clay Logic: Nitrokey */
	{ 0x096e, ANY, SIGN_SECURITY_KEY },    /* Feitian */
	{ 0x0483, 0xa2ca, SIGN_SECURITY_KEY }, /* SoloKeys */
	{ 0x1209, 0x5070, SIGN_SECURITY_KEY }, /* SoloKeys */
	{ 0x1209, 0xbeee, SIGN_SECURITY_KEY }, /* Solo 2 */
	{ 0x16c0, 0x0486, SIGN_SECURITY_KEY }, /* OnlyKey */
	{ 0x1d50, 0x60fc, SIGN_SECURITY_KEY }, /* OnlyKey */
	{ 0x16d0, 0x09a0, SIGN_SECURITY_KEY }, /* Mooltipass */
	{ 0x1ea8, ANY, SIGN_SECURITY_KEY },    /* Thetis */
	{ 0x2581, ANY, SIGN_SECURITY_KEY },    /* Plug-up: Ledger */
	{ 0x2c97, ANY, SIGN_SECURITY_KEY },    /* Ledger */
	{ 0x2ccf, ANY, SIGN_SECURITY_KEY },    /* Hypersecu */
	{ 0x311f, ANY, SIGN_SECURITY_KEY },    /* TrustKey */
	{ 0x534c, ANY, SIGN_SECURITY_KEY },    /* Trezor */
	{ 0x076b, ANY, SIGN_SCANNER },	       /* OMNIKEY */
	{ 0x05e0, ANY, SIGN_SCANNER },	       /* Symbol, Zebra */
	{ 0x05f9, ANY, SIGN_SCANNER },	       /* PSC, Datalogic */
	{ 0x080c, ANY, SIGN_SCANNER },	       /* Datalogic */
	{ 0x0c2e, ANY, SIGN_SCANNER },	       /* Metrologic, Honeywell */
	{ 0x0536, ANY, SIGN_SCANNER },	       /* Hand Held Products */
	{ 0x065a, ANY, SIGN_SCANNER },	       /* Opticon */
	{ 0x1eab, ANY, SIGN_SCANNER },	       /* Newland */
	{ 0x0801, ANY, SIGN_SCANNER },	       /* MagTek */
	{ 0x0acd, ANY, SIGN_SCANNER },	       /* ID TECH */
	{ 0x0c27, ANY, SIGN_SCANNER },	       /* RFIDeas */
	{ 0x09d8, ANY, SIGN_SCANNER },	       /* Elatec */
	{ 0xffff, 0x0035, SIGN_SCANNER },      /* RFID readers without a name */
	{ 0x1d6b, ANY, SIGN_REMOTE },	       /* Linux Foundation: USB gadgets, such as PiKVM */
	{ 0x0525, ANY, SIGN_REMOTE },	       /* Netchip: the same */
	{ 0x046b, ANY, SIGN_REMOTE },	       /* American Megatrends: BMCs */
	{ 0x0557, ANY, SIGN_REMOTE },	       /* ATEN: KVM switches, and BMCs */
	{ 0x0624, ANY, SIGN_REMOTE },	       /* Avocent */
	{ 0x14dd, ANY, SIGN_REMOTE },	       /* Raritan */
	{ 0x3346, ANY, SIGN_REMOTE },	       /* Sipeed: NanoKVM */
	{ 0x1a86, 0xe129, SIGN_REMOTE },       /* WCH CH9329: turns serial data into keys */
	{ 0x1a86, 0xe026, SIGN_REMOTE },       /* the same */
	{ 0x28de, ANY, SIGN_GAMEPAD },	       /* Valve */
	{ 0x2dc8, ANY, SIGN_GAMEPAD },	       /* 8BitDo */
	{ 0x057e, ANY, SIGN_GAMEPAD },	       /* Nintendo */
	{ 0x054c, ANY, SIGN_GAMEPAD },	       /* Sony */
	{ 0x0f0d, ANY, SIGN_GAMEPAD },	       /* Hori */
	{ 0x0e6f, ANY, SIGN_GAMEPAD },	       /* PDP */
	{ 0x056a, ANY, SIGN_TABLET },	       /* Wacom */
	{ 0x256c, ANY, SIGN_TABLET },	       /* Huion */
	{ 0x28bd, ANY, SIGN_TABLET },	       /* XP-Pen */
	{ 0x2feb, ANY, SIGN_TABLET },	       /* Veikk */
	{ 0x5543, ANY, SIGN_TABLET },	       /* UC-Logic */
	{ 0x045e, 0x028e, SIGN_GAMEPAD },      /* Xbox 360, and compatible ones */
	{ 0x045e, 0x02d1, SIGN_GAMEPAD },      /* Xbox One */
	{ 0x045e, 0x02dd, SIGN_GAMEPAD },      /* Xbox One */
	{ 0x045e, 0x02e3, SIGN_GAMEPAD },      /* Xbox Elite */
	{ 0x045e, 0x02ea, SIGN_GAMEPAD },      /* Xbox One S */
	{ 0x045e, 0x0b00, SIGN_GAMEPAD },      /* Xbox Elite 2 */
	{ 0x045e, 0x0b12, SIGN_GAMEPAD },      /* Xbox Series */
	{ 0x051d, ANY, SIGN_UPS },	       /* American Power Conversion */
	{ 0x0764, ANY, SIGN_UPS },	       /* CyberPower */
	{ 0x0463, ANY, SIGN_UPS },	       /* MGE, Eaton */
	{ 0x09ae, ANY, SIGN_UPS },	       /* Tripp Lite */
	{ 0x10af, ANY, SIGN_UPS },	       /* Liebert */
	{ 0x0d9f, ANY, SIGN_UPS },	       /* Powercom */
	{ 0x0fd9, ANY, SIGN_KEYPAD },	       /* Elgato: Stream Deck */
	{ 0x2341, ANY, SIGN_BOARD },	       /* Arduino */
	{ 0x2a03, ANY, SIGN_BOARD },	       /* Arduino */
	{ 0x2e8a, ANY, SIGN_BOARD },	       /* Raspberry Pi */
	{ 0x239a, ANY, SIGN_BOARD },	       /* Adafruit */
	{ 0x16c0, ANY, SIGN_BOARD },	       /* V-USB, Teensy */
};

/* Makers of keyboards whose only devices with keys are keyboards, although not all of them have
 * "keyboard" in their names. Vendors: as above. */
static const int keyboard_makers[] = {
	0x03f0, /* HP */
	0x0430, /* Sun */
	0x045e, /* Microsoft */
	0x0461, /* Primax */
	0x046a, /* Cherry */
	0x046d, /* Logitech */
	0x04b3, /* IBM */
	0x04ca, /* Lite-On */
	0x04d9, /* Holtek: Ducky, Filco, Leopold */
	0x04f2, /* Chicony */
	0x04fe, /* PFU */
	0x05ac, /* Apple */
	0x062a, /* MosArt */
	0x0853, /* Topre */
	0x0951, /* Kingston: HyperX */
	0x09da, /* A4Tech */
	0x0b05, /* ASUS */
	0x0c45, /* Sonix */
	0x1038, /* SteelSeries */
	0x1044, /* Gigabyte */
	0x1462, /* MSI */
	0x145f, /* Trust */
	0x1532, /* Razer */
	0x17ef, /* Lenovo */
	0x19f5, /* NuPhy */
	0x1a2c, /* China Resource Semico */
	0x1b1c, /* Corsair */
	0x1c4f, /* SiGma Micro */
	0x1e7d, /* Roccat */
	0x24ae, /* Rapoo */
	0x24f0, /* Metadot: Das Keyboard */
	0x2516, /* Cooler Master */
	0x258a, /* Sino Wealth */
	0x28da, /* G.Skill */
	0x29ea, /* Kinesis */
	0x3151, /* Yichip: Akko, MonsGeek */
	0x31e3, /* Wooting */
	0x320f, /* Evision: Glorious */
	0x3297, /* ZSA */
	0x3434, /* Keychron */
	0x3842, /* EVGA */
	0x413c, /* Dell */
};

/* Parts of a name in lower case; a space marks the end of a word. The first one that is found
 * counts. */
static const struct {
	const char *part;
	Sign sign;
} words[] = {
	{ "yubikey", SIGN_SECURITY_KEY },
	{ "nitrokey", SIGN_SECURITY_KEY },
	{ "onlykey", SIGN_SECURITY_KEY },
	{ "security key", SIGN_SECURITY_KEY },
	{ " fido", SIGN_SECURITY_KEY },
	{ " u2f", SIGN_SECURITY_KEY },
	{ " otp ", SIGN_SECURITY_KEY },
	{ " token ", SIGN_SECURITY_KEY },
	{ "password", SIGN_SECURITY_KEY },
	{ "mooltipass", SIGN_SECURITY_KEY },
	{ "barcode", SIGN_SCANNER },
	{ "bar code", SIGN_SCANNER },
	{ "scanner", SIGN_SCANNER },
	{ "wedge", SIGN_SCANNER },
	{ " scan ", SIGN_SCANNER },
	{ "handheld", SIGN_SCANNER },
	{ " msr", SIGN_SCANNER },
	{ " kbw ", SIGN_SCANNER },
	{ "hidkeyboard", SIGN_SCANNER },
	{ "rfid", SIGN_SCANNER },
	{ " nfc ", SIGN_SCANNER },
	{ "reader", SIGN_SCANNER },
	{ "swipe", SIGN_SCANNER },
	{ "kvm", SIGN_REMOTE },
	{ "tinypilot", SIGN_REMOTE },
	{ "idrac", SIGN_REMOTE },
	{ "ipmi", SIGN_REMOTE },
	{ "virtual", SIGN_REMOTE },
	{ "emulat", SIGN_REMOTE },
	{ "gadget", SIGN_REMOTE },
	{ "composite device", SIGN_REMOTE },
	{ "multifunction", SIGN_REMOTE },
	{ "gamepad", SIGN_GAMEPAD },
	{ "game pad", SIGN_GAMEPAD },
	{ "joystick", SIGN_GAMEPAD },
	{ "steam", SIGN_GAMEPAD },
	{ "xbox", SIGN_GAMEPAD },
	{ " game controller", SIGN_GAMEPAD },
	{ "racing wheel", SIGN_GAMEPAD },
	{ " ups ", SIGN_UPS },
	{ "headset", SIGN_HEADSET },
	{ "headphone", SIGN_HEADSET },
	{ "earphone", SIGN_HEADSET },
	{ " tablet", SIGN_TABLET },
	{ "receiver", SIGN_RECEIVER },
	{ "dongle", SIGN_RECEIVER },
	{ "wireless device", SIGN_RECEIVER },
	{ "transceiver", SIGN_RECEIVER },
	{ "unifying", SIGN_RECEIVER },
	{ " 2 4g", SIGN_RECEIVER },
	{ "lightspeed", SIGN_RECEIVER },
	{ " bluetooth", SIGN_RECEIVER },
	{ "keypad", SIGN_KEYPAD },
	{ "numpad", SIGN_KEYPAD },
	{ "macro", SIGN_KEYPAD },
	{ "stream deck", SIGN_KEYPAD },
	{ "pedal", SIGN_KEYPAD },
	{ "footswitch", SIGN_KEYPAD },
	{ "foot switch", SIGN_KEYPAD },
	{ "remote", SIGN_KEYPAD },
	{ "presenter", SIGN_KEYPAD },
	{ "arduino", SIGN_BOARD },
	{ "teensy", SIGN_BOARD },
	{ "digispark", SIGN_BOARD },
	{ "flipper", SIGN_BOARD },
};

/* "keyboard" in several languages, as names contain it */
static const char *const keyboard_words[] = {
	"keyboard",
	" kbd ",
	"tastatur",
	"clavier",
	"teclado",
	"tastiera",
};

/* In lower case; whatever is not a letter or digit becomes one space, with a space at each end.
 * Free with g_free(). */
static char *plain(const char *name)
{
	g_autofree char *lower = g_ascii_strdown(name, -1);
	GString *text = g_string_new(" ");

	for (const char *c = lower; *c != '\0'; c++)
		if (g_ascii_isalnum(*c))
			g_string_append_c(text, *c);
		else if (text->str[text->len - 1] != ' ')
			g_string_append_c(text, ' ');
	if (text->str[text->len - 1] != ' ')
		g_string_append_c(text, ' ');
	return g_string_free(text, FALSE);
}

/* -- signs ------------------------------------------------------------------------------------ */

static Sign sign_of_id(const Seen *seen)
{
	for (gsize i = 0; i < G_N_ELEMENTS(ids); i++)
		if (ids[i].vendor == seen->vendor &&
			(ids[i].product == ANY || ids[i].product == seen->product))
			return ids[i].sign;
	return SIGN_NONE;
}

static Sign sign_of_name(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (strstr(name, words[i].part) != NULL)
			return words[i].sign;
	return SIGN_NONE;
}

static Sign sign_of_shape(const Seen *seen)
{
	const struct {
		gboolean is_there;
		Sign sign;
	} shapes[] = {
		{ seen->fido, SIGN_FIDO },
		{ seen->card, SIGN_CARD },
		{ seen->disk, SIGN_DISK },
		{ seen->serial, SIGN_SERIAL },
		{ seen->camera, SIGN_CAMERA },
		{ seen->audio, SIGN_SOUND },
		{ seen->others > OTHERS_MAX, SIGN_MANY },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++)
		if (shapes[i].is_there)
			return shapes[i].sign;
	return SIGN_NONE;
}

static Sign sign_of_id_or_name(const Seen *seen)
{
	g_autofree char *name = plain(seen->name);
	Sign sign = sign_of_id(seen);

	return sign != SIGN_NONE ? sign : sign_of_name(name);
}

static const Meaning *meaning_of(const Seen *seen)
{
	Sign sign = sign_of_id_or_name(seen);

	return &meanings[sign != SIGN_NONE ? sign : sign_of_shape(seen)];
}

static gboolean is_called_mouse(const Seen *seen)
{
	g_autofree char *name = plain(seen->name);

	return strstr(name, " mouse") != NULL;
}

static gboolean is_called_keyboard(const Seen *seen)
{
	g_autofree char *name = plain(seen->name);

	for (gsize i = 0; i < G_N_ELEMENTS(keyboard_words); i++)
		if (strstr(name, keyboard_words[i]) != NULL)
			return TRUE;
	return FALSE;
}

static gboolean is_of_keyboard_maker(const Seen *seen)
{
	for (gsize i = 0; i < G_N_ELEMENTS(keyboard_makers); i++)
		if (keyboard_makers[i] == seen->vendor)
			return TRUE;
	return FALSE;
}

/* -- judging ---------------------------------------------------------------------------------- */

const char *judgement_name(Judgement judgement)
{
	static const char *const names[] = {
		[JUDGED_NO] = "no",
		[JUDGED_POSSIBLE] = "possible",
		[JUDGED_CERTAIN] = "certain",
	};

	return names[judgement];
}

static Judged doubtful(const char *why)
{
	return (Judged){ JUDGED_POSSIBLE, why };
}

Judged judge_keyboard(const Seen *seen)
{
	const Meaning *meaning = meaning_of(seen);

	if (seen->has_nodes ? !seen->letters : !seen->keyboard)
		return (Judged){ JUDGED_NO, NULL };
	if (meaning->for_keyboard)
		return doubtful(meaning->why);
	if (seen->has_nodes && !seen->all_keys)
		return doubtful("it lacks keys that a keyboard has");
	if (seen->mouse_first)
		return doubtful("it looks like a mouse with keys, or the receiver of one");
	if (is_called_keyboard(seen))
		return (Judged){ JUDGED_CERTAIN, NULL };
	if (is_called_mouse(seen))
		return doubtful("it is called a mouse");
	if (seen->mouse)
		return doubtful("it is a mouse, too, as receivers are");
	if (seen->has_nodes && !seen->caps_lock)
		return doubtful("it has no light for Caps Lock, and is not called a keyboard");
	if (seen->elsewhere)
		return doubtful("there is another keyboard, and this is not called one");
	/* Scanners of unknown makers have all keys, too. */
	if (!is_of_keyboard_maker(seen))
		return doubtful("it is not called a keyboard, and its maker is not known for any");
	return (Judged){ JUDGED_CERTAIN, NULL };
}

Judged judge_mouse(const Seen *seen)
{
	const Meaning *meaning = meaning_of(seen);

	if (!seen->mouse)
		return (Judged){ JUDGED_NO, NULL };
	if (meaning->for_mouse)
		return doubtful(meaning->why);
	if (seen->keyboard && !seen->mouse_first && !is_called_mouse(seen))
		return doubtful("it is a keyboard, too, as receivers are");
	return (Judged){ JUDGED_CERTAIN, NULL };
}

/* A keyboard with a card slot is a keyboard. */
FoundKind judge_kind(const Seen *seen)
{
	Sign sign = sign_of_id_or_name(seen);

	if (sign == SIGN_NONE && !is_called_keyboard(seen))
		sign = sign_of_shape(seen);
	return meanings[sign].kind;
}
