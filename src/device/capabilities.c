/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/capabilities.h"

#include <linux/input-event-codes.h>

/* Is a bit set in a bitmap from sysfs? It consists of words of a long each, the highest first. */
static gboolean has_bit(const char *bitmap, guint bit)
{
	g_auto(GStrv) words = g_strsplit(bitmap, " ", -1);
	guint count = g_strv_length(words), word = bit / (8 * sizeof(long));

	if (word >= count)
		return FALSE;
	return g_ascii_strtoull(words[count - 1 - word], NULL, 16) >> bit % (8 * sizeof(long)) & 1;
}

gboolean input_can(const char *folder, const char *kind, guint code)
{
	g_autofree char *path = g_build_filename(folder, "capabilities", kind, NULL);
	g_autofree char *bitmap = NULL;

	return g_file_get_contents(path, &bitmap, NULL, NULL) && has_bit(g_strstrip(bitmap), code);
}

/* Devices with only media keys have keys too, so this checks for A and Enter. */
gboolean input_is_keyboard(const char *folder)
{
	return input_can(folder, "key", KEY_A) && input_can(folder, "key", KEY_ENTER);
}

/* The keys between and including two codes. */
static gboolean has_all(const char *bitmap, guint first, guint last)
{
	for (guint code = first; code <= last; code++)
		if (!has_bit(bitmap, code))
			return FALSE;
	return TRUE;
}

/* The rows of letters on a keyboard, and other keys that typing needs. */
gboolean input_has_all_keys(const char *folder)
{
	static const struct {
		guint first, last;
	} rows[] = {
		{ KEY_ESC, KEY_ESC },
		{ KEY_1, KEY_0 },
		{ KEY_BACKSPACE, KEY_P },
		{ KEY_ENTER, KEY_L },
		{ KEY_LEFTSHIFT, KEY_LEFTSHIFT },
		{ KEY_Z, KEY_M },
		{ KEY_LEFTALT, KEY_SPACE },
	};
	g_autofree char *path = g_build_filename(folder, "capabilities", "key", NULL);
	g_autofree char *bitmap = NULL;

	if (!g_file_get_contents(path, &bitmap, NULL, NULL))
		return FALSE;
	g_strstrip(bitmap);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (!has_all(bitmap, rows[i].first, rows[i].last))
			return FALSE;
	return TRUE;
}

gboolean input_is_mouse(const char *folder)
{
	return input_can(folder, "rel", REL_X) && input_can(folder, "key", BTN_LEFT);
}

gboolean input_is_tablet(const char *folder)
{
	return input_can(folder, "key", BTN_TOOL_PEN);
}

gboolean input_is_gamepad(const char *folder)
{
	return input_can(folder, "key", BTN_GAMEPAD) || input_can(folder, "key", BTN_JOYSTICK);
}

gboolean input_is_absolute(const char *folder)
{
	return (input_can(folder, "abs", ABS_X) && input_can(folder, "abs", ABS_Y)) ||
	       input_can(folder, "abs", ABS_MT_POSITION_X);
}

gboolean input_is_touchpad(const char *folder)
{
	return input_can(folder, "abs", ABS_X) && input_can(folder, "key", BTN_TOOL_FINGER) &&
	       input_can(folder, "key", BTN_LEFT) && !input_is_tablet(folder);
}

/* A long item is an introduction, its length, a tag and as many bytes; a short one has the number
 * of its bytes in its two lowest bits, in which 3 means 4. */
enum { LONG_ITEM = 0xfe, LONG_HEAD = 3, LENGTH_BITS = 0x03, USAGE_PAGE = 0x04 };

/* FIDO Client to Authenticator Protocol 2.1, 11.2.8.1 */
enum { PAGE_FIDO = 0xf1d0 };

static guint32 little_endian(const guint8 *bytes, gsize length)
{
	guint32 number = 0;

	for (gsize i = length; i > 0; i--)
		number = number << 8 | bytes[i - 1];
	return number;
}

gboolean hid_uses_page(const guint8 *descriptor, gsize length, guint32 page)
{
	for (gsize at = 0, size; at < length; at += size) {
		guint8 item = descriptor[at];
		gsize data = item & LENGTH_BITS;

		data = data == 3 ? 4 : data;
		size = 1 + data;
		if (item == LONG_ITEM)
			size = at + 1 < length ? LONG_HEAD + (gsize)descriptor[at + 1] : LONG_HEAD;
		else if ((item & ~LENGTH_BITS) == USAGE_PAGE && at + size <= length &&
			 little_endian(descriptor + at + 1, data) == page)
			return TRUE;
	}
	return FALSE;
}

gboolean hid_is_fido(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "report_descriptor", NULL);
	g_autofree char *descriptor = NULL;
	gsize length;

	return g_file_get_contents(path, &descriptor, &length, NULL) &&
	       hid_uses_page((const guint8 *)descriptor, length, PAGE_FIDO);
}
