/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/hid.h"

#include "input/hid-usages.h"

#include <string.h>

#define FIRST_MODIFIER 0xe0
#define LAST_MODIFIER  0xe7
#define ROLLOVER       0x01
#define BOOT_KEYS      6

static gboolean set_bits8(guint8 *bits, guint8 mask, gboolean down)
{
	guint8 before = *bits;

	*bits = (guint8)(down ? before | mask : before & ~mask);
	return *bits != before;
}

static gboolean set_key(HidState *state, guint8 usage, gboolean down)
{
	guint bit = (guint)usage - HID_KEYS_FIRST;

	if (usage >= FIRST_MODIFIER)
		return set_bits8(&state->modifiers, (guint8)(1u << (usage - FIRST_MODIFIER)), down);
	return set_bits8(&state->keys[bit / 8], (guint8)(1u << bit % 8), down);
}

static gboolean set_consumer(HidState *state, guint16 usage, gboolean down)
{
	int free_slot = -1;

	for (int i = 0; i < HID_CONSUMER_KEYS; i++) {
		if (state->consumer[i] == usage) {
			if (!down)
				state->consumer[i] = 0;
			return !down;
		}
		if (state->consumer[i] == 0 && free_slot < 0)
			free_slot = i;
	}
	if (!down || free_slot < 0)
		return FALSE;
	state->consumer[free_slot] = usage;
	return TRUE;
}

static gboolean set_button(HidState *state, guint button, gboolean down)
{
	guint16 before = state->buttons;
	guint16 mask = (guint16)(1u << button);

	state->buttons = (guint16)(down ? before | mask : before & ~mask);
	return state->buttons != before;
}

gboolean hid_state_set(HidState *state, guint code, gboolean down, HidKind *kind)
{
	guint16 usage;

	if (code >= BTN_MOUSE && code < BTN_MOUSE + HID_BUTTONS) {
		*kind = HID_MOUSE;
		return set_button(state, code - BTN_MOUSE, down);
	}
	if ((usage = hid_system_bit(code)) != 0) {
		*kind = HID_SYSTEM;
		return set_bits8(&state->system, (guint8)usage, down);
	}
	if ((usage = hid_consumer_usage(code)) != 0) {
		*kind = HID_CONSUMER;
		return set_consumer(state, usage, down);
	}
	*kind = HID_KEYBOARD;
	usage = hid_keyboard_usage(code);
	return usage != 0 && set_key(state, (guint8)usage, down);
}

gboolean hid_has_key(guint code)
{
	return (code >= BTN_MOUSE && code < BTN_MOUSE + HID_BUTTONS) || hid_system_bit(code) != 0 ||
	       hid_consumer_usage(code) != 0 || hid_keyboard_usage(code) != 0;
}

static guint8 *put16(guint8 *at, guint16 value)
{
	*at++ = (guint8)value;
	*at++ = (guint8)(value >> 8);
	return at;
}

gsize hid_report(const HidState *state, HidKind kind, const gint16 motion[HID_AXES], guint8 *bytes)
{
	static const guint8 ids[HID_KINDS] = {
		[HID_KEYBOARD] = HID_ID_KEYBOARD,
		[HID_CONSUMER] = HID_ID_CONSUMER,
		[HID_SYSTEM] = HID_ID_SYSTEM,
		[HID_MOUSE] = HID_ID_MOUSE,
	};
	guint8 *at = bytes;

	*at++ = ids[kind];
	switch (kind) {
	case HID_KEYBOARD:
		*at++ = state->modifiers;
		memcpy(at, state->keys, sizeof state->keys);
		at += sizeof state->keys;
		break;
	case HID_CONSUMER:
		for (int i = 0; i < HID_CONSUMER_KEYS; i++)
			at = put16(at, state->consumer[i]);
		break;
	case HID_SYSTEM:
		*at++ = state->system;
		break;
	default:
		at = put16(at, state->buttons);
		for (int i = 0; i < HID_AXES; i++)
			at = put16(at, (guint16)motion[i]);
	}
	return (gsize)(at - bytes);
}

gsize hid_boot_report(const HidState *state, guint8 *bytes)
{
	guint n = 0;

	memset(bytes, 0, HID_PACKET_BOOT);
	bytes[0] = state->modifiers;
	for (guint bit = 0; bit < 8 * HID_KEYS_BYTES; bit++) {
		if ((state->keys[bit / 8] >> bit % 8 & 1) == 0)
			continue;
		if (n == BOOT_KEYS) {
			memset(bytes + 2, ROLLOVER, BOOT_KEYS);
			break;
		}
		bytes[2 + n++] = (guint8)(HID_KEYS_FIRST + bit);
	}
	return HID_PACKET_BOOT;
}

/* How many units of motion are one count of the device: for a wheel without the multiplier, a
 * notch. */
static gint64 unit(HidAxis axis, guint8 multipliers)
{
	guint shift = axis == HID_PAN ? 2 : 0;

	if (axis != HID_WHEEL && axis != HID_PAN)
		return 1;
	return (multipliers >> shift & 3) != 0 ? 1 : HID_NOTCH;
}

gint16 hid_take(gint64 *left, HidAxis axis, guint8 multipliers)
{
	gint64 size = unit(axis, multipliers);
	gint64 counts = CLAMP(*left / size, -G_MAXINT16, G_MAXINT16);

	*left -= counts * size;
	return (gint16)counts;
}

gboolean hid_can_take(const gint64 left[HID_AXES], guint8 multipliers)
{
	for (HidAxis axis = HID_X; axis < HID_AXES; axis++)
		if (left[axis] / unit(axis, multipliers) != 0)
			return TRUE;
	return FALSE;
}
