/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The emulated USB keyboard and mouse: descriptors, and reports as bytes. Pure.
 *
 * Interface 0 is a boot keyboard (HID 1.11, appendix B.1), only for firmware and boot loaders: they
 * set the boot protocol on it, and then get all keys there. Interface 1 has everything else on one
 * endpoint, with report IDs, so that the order of keys and mouse events is kept. Sources: HID 1.11;
 * HID Usage Tables 1.5; Microsoft, "Enhanced Wheel Support in Windows" (the wheels and their
 * Resolution Multiplier).
 */
#pragma once

#include "input/key-set.h"

#define HID_INTERFACES	  2
#define HID_ENDPOINT_BOOT 0x81
#define HID_ENDPOINT_MAIN 0x82
/* wMaxPacketSize, enough for the longest report */
#define HID_PACKET_BOOT 8
#define HID_PACKET_MAIN 32

/* Report IDs of interface 1. */
#define HID_ID_KEYBOARD 1 /* input: modifiers and a bit for each key; output: LEDs */
#define HID_ID_CONSUMER 2 /* input: media keys, up to HID_CONSUMER_KEYS at once */
#define HID_ID_SYSTEM	3 /* input: power, sleep, wake up */
#define HID_ID_MOUSE	4 /* input: buttons, motion, wheels; feature: their multipliers */

/* The bitmap's first usage on page 7 (those before it are errors), and its length in bytes. */
#define HID_KEYS_FIRST 0x04
#define HID_KEYS_BYTES 23

#define HID_CONSUMER_KEYS 4
#define HID_BUTTONS	  16

/* Units of a wheel's motion in one notch, as for REL_WHEEL_HI_RES. */
#define HID_NOTCH 120

/* The vendor ID of pid.codes with a product ID for tests, which must not be used for products that
 * are sold. */
#define HID_VENDOR  0x1209
#define HID_PRODUCT 0x0001

typedef enum { HID_KEYBOARD, HID_CONSUMER, HID_SYSTEM, HID_MOUSE, HID_KINDS } HidKind;

/* What is pressed. The reports of each kind are made from it. */
typedef struct {
	guint8 modifiers;
	guint8 keys[HID_KEYS_BYTES];
	guint16 consumer[HID_CONSUMER_KEYS]; /* usages on page 12; 0: free */
	guint8 system;
	guint16 buttons;
} HidState;

/* How far the mouse has moved; wheels in 1/HID_NOTCH notch, up and right are positive. */
typedef enum { HID_X, HID_Y, HID_WHEEL, HID_PAN, HID_AXES } HidAxis;

/* Presses or releases the key or button code. kind: the report that changes. FALSE: none does (the
 * device has no such key, it already has that state, or too many media keys are down). */
gboolean hid_state_set(HidState *state, guint code, gboolean down, HidKind *kind);

/* Does the device have the key code? */
gboolean hid_has_key(guint code);

/* Writes the report of that kind, with its ID, and returns its length. motion and multiplier are
 * only used for the mouse; motion is in the device's units, see hid_take(). bytes has room for
 * HID_PACKET_MAIN. */
gsize hid_report(const HidState *state, HidKind kind, const gint16 motion[HID_AXES], guint8 *bytes);

/* Writes the 8 bytes of a boot keyboard's report. More than six keys are reported as "rollover", as
 * specified. */
gsize hid_boot_report(const HidState *state, guint8 *bytes);

/* Takes from left as much motion of axis as one report can contain, in the device's units; the rest
 * stays in left. multipliers: those that the guest has set, see hid_set_feature(). */
gint16 hid_take(gint64 *left, HidAxis axis, guint8 multipliers);

/* Is left enough motion for a report? */
gboolean hid_can_take(const gint64 left[HID_AXES], guint8 multipliers);

/* ---- descriptors: static, with their lengths */

const guint8 *hid_device_descriptor(gsize *length);
const guint8 *hid_configuration_descriptor(gsize *length);
const guint8 *hid_qualifier_descriptor(gsize *length);
/* The report descriptor of an interface; NULL: there is no such interface. */
const guint8 *hid_hid_descriptor(guint interface, gsize *length);
const guint8 *hid_report_descriptor(guint interface, gsize *length);
/* String 0 is the list of languages. FALSE: there is no such string. bytes has room for 255. */
gboolean hid_string_descriptor(guint index, guint8 *bytes, gsize *length);
