/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The USB keyboard and mouse that a guest sees: descriptors, and reports as bytes. Pure.
 *
 * Interface 0 is a boot keyboard (HID 1.11, appendix B.1), for firmware and boot loaders only: they
 * set the boot protocol on it, and get all keys there from then on. Interface 1 carries everything
 * else on one endpoint, told apart by report IDs, so that the order between keys and mouse holds.
 * Sources: HID 1.11; HID Usage Tables 1.5; Microsoft, "Enhanced Wheel Support in Windows" (the
 * wheels and their Resolution Multiplier).
 */
#pragma once

#include "input/key-set.h"

#define HID_INTERFACES	  2
#define HID_ENDPOINT_BOOT 0x81
#define HID_ENDPOINT_MAIN 0x82
/* wMaxPacketSize; the longest report fits */
#define HID_PACKET_BOOT 8
#define HID_PACKET_MAIN 32

/* Report IDs of interface 1. */
#define HID_ID_KEYBOARD 1 /* input: modifiers and a bit for each key; output: LEDs */
#define HID_ID_CONSUMER 2 /* input: media keys, up to HID_CONSUMER_KEYS at once */
#define HID_ID_SYSTEM	3 /* input: power, sleep, wake up */
#define HID_ID_MOUSE	4 /* input: buttons, motion, wheels; feature: their multipliers */

/* The bitmap's first usage on page 7 (those before it are errors), and its bytes. */
#define HID_KEYS_FIRST 0x04
#define HID_KEYS_BYTES 23

#define HID_CONSUMER_KEYS 4
#define HID_BUTTONS	  16

/* Units of a wheel's motion in one notch, as REL_WHEEL_HI_RES counts. */
#define HID_NOTCH 120

/* pid.codes's vendor, and a product for tests there: not for a product that is sold. */
#define HID_VENDOR  0x1209
#define HID_PRODUCT 0x0001

typedef enum { HID_KEYBOARD, HID_CONSUMER, HID_SYSTEM, HID_MOUSE, HID_KINDS } HidKind;

/* What is pressed. A report of each kind is made of it. */
typedef struct {
	guint8 modifiers;
	guint8 keys[HID_KEYS_BYTES];
	guint16 consumer[HID_CONSUMER_KEYS]; /* usages on page 12; 0: free */
	guint8 system;
	guint16 buttons;
} HidState;

/* How far the mouse has moved; wheels in 1/HID_NOTCH notch, up and right are positive. */
typedef enum { HID_X, HID_Y, HID_WHEEL, HID_PAN, HID_AXES } HidAxis;

/* Presses or releases the key or button code. FALSE: no report changes (the device has no such key,
 * it is so already, or too many media keys are down). kind: the report that does. */
gboolean hid_state_set(HidState *state, guint code, gboolean down, HidKind *kind);

/* Can the device press code? */
gboolean hid_has_key(guint code);

/* The report of that kind, with its ID; its length. motion and multiplier only matter for the
 * mouse: motion as the device counts, see hid_take(). bytes has room for HID_PACKET_MAIN. */
gsize hid_report(const HidState *state, HidKind kind, const gint16 motion[HID_AXES], guint8 *bytes);

/* The 8 bytes of a boot keyboard's report. More than six keys are "rollover", as the specification
 * says. */
gsize hid_boot_report(const HidState *state, guint8 *bytes);

/* Takes from left what one report can say of axis, in the device's units; what is left over stays.
 * multipliers: what the guest has set, see hid_set_feature(). */
gint16 hid_take(gint64 *left, HidAxis axis, guint8 multipliers);

/* Is there anything in left that a report would say? */
gboolean hid_can_take(const gint64 left[HID_AXES], guint8 multipliers);

/* ---- descriptors: static, with their lengths */

const guint8 *hid_device_descriptor(gsize *length);
const guint8 *hid_configuration_descriptor(gsize *length);
const guint8 *hid_qualifier_descriptor(gsize *length);
/* Of an interface; NULL: there is no such interface. */
const guint8 *hid_hid_descriptor(guint interface, gsize *length);
const guint8 *hid_report_descriptor(guint interface, gsize *length);
/* String 0 is the list of languages. FALSE: there is no such string. bytes has room for 255. */
gboolean hid_string_descriptor(guint index, guint8 *bytes, gsize *length);
