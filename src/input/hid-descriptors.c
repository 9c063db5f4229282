/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/hid-usages.h"
#include "input/hid.h"

#include <string.h>

#define LOW(number)  ((number) % 0x100)
#define HIGH(number) ((number) / 0x100)
/* Items of a report descriptor (HID 1.11, 6.2.2) with one byte and with two bytes of data. */
#define USAGE_PAGE(page)     0x05, page
#define USAGE(usage)	     0x09, usage
#define USAGE2(usage)	     0x0a, LOW(usage), HIGH(usage)
#define USAGES(first, last)  0x19, first, 0x29, last
#define USAGE_LAST2(last)    0x2a, LOW(last), HIGH(last)
#define LOGICAL(min, max)    0x15, min, 0x25, max
#define LOGICAL_MAX2(max)    0x26, LOW(max), HIGH(max)
#define LOGICAL_16BIT	     0x16, 0x01, 0x80, 0x26, 0xff, 0x7f /* -32767 to 32767 */
#define PHYSICAL(min, max)   0x35, min, 0x45, max
#define FIELDS(bits, number) 0x75, bits, 0x95, number
#define REPORT_ID(id)	     0x85, id
#define COLLECTION(kind)     0xa1, kind
#define END		     0xc0
#define PHYSICAL_GROUP	     0x00
#define APPLICATION	     0x01
#define LOGICAL_GROUP	     0x02
#define INPUT(flags)	     0x81, flags
#define OUTPUT(flags)	     0x91, flags
#define FEATURE(flags)	     0xb1, flags
#define ARRAY		     0x00
#define CONSTANT	     0x01
#define VARIABLE	     0x02
#define RELATIVE	     0x06 /* and variable */

#define PAGE_DESKTOP  0x01
#define PAGE_KEYBOARD 0x07
#define PAGE_LED      0x08
#define PAGE_BUTTON   0x09
#define PAGE_CONSUMER 0x0c

#define LEDS                                                                                       \
	USAGE_PAGE(PAGE_LED), USAGES(1, 5), FIELDS(1, 5), OUTPUT(VARIABLE), FIELDS(3, 1),          \
		OUTPUT(CONSTANT)

/* HID 1.11, B.1 */
static const guint8 boot_report[] = {
	/* clang-format off */
	USAGE_PAGE(PAGE_DESKTOP), USAGE(0x06), COLLECTION(APPLICATION),
		USAGE_PAGE(PAGE_KEYBOARD), USAGES(0xe0, 0xe7), LOGICAL(0, 1), FIELDS(1, 8), INPUT(VARIABLE),
		FIELDS(8, 1), INPUT(CONSTANT),
		LEDS,
		USAGE_PAGE(PAGE_KEYBOARD), 0x19, 0x00, USAGE_LAST2(0xff), 0x15, 0x00, LOGICAL_MAX2(0xff),
		FIELDS(8, 6), INPUT(ARRAY),
	END,
	/* clang-format on */
};

/* A wheel and its multiplier: with 0 one count is a notch, with 1 it is 1/120 of a notch. The guest
 * sets it if it supports it. 35 00 45 00 ends the physical range, which only the multiplier has. */
#define MULTIPLIER                                                                                 \
	USAGE_PAGE(PAGE_DESKTOP), USAGE(0x48), LOGICAL(0, 1), PHYSICAL(1, HID_NOTCH),              \
		FIELDS(2, 1), FEATURE(VARIABLE)
#define MOTION(number) PHYSICAL(0, 0), LOGICAL_16BIT, FIELDS(16, number), INPUT(RELATIVE)

static const guint8 main_report[] = {
	/* clang-format off */
	USAGE_PAGE(PAGE_DESKTOP), USAGE(0x06), COLLECTION(APPLICATION), REPORT_ID(HID_ID_KEYBOARD),
		USAGE_PAGE(PAGE_KEYBOARD), USAGES(0xe0, 0xe7), LOGICAL(0, 1), FIELDS(1, 8), INPUT(VARIABLE),
		USAGES(HID_KEYS_FIRST, HID_KEYS_FIRST + 8 * HID_KEYS_BYTES - 1),
		FIELDS(1, 8 * HID_KEYS_BYTES), INPUT(VARIABLE),
		LEDS,
	END,
	USAGE_PAGE(PAGE_CONSUMER), USAGE(0x01), COLLECTION(APPLICATION), REPORT_ID(HID_ID_CONSUMER),
		0x19, 0x00, USAGE_LAST2(HID_CONSUMER_LAST), 0x15, 0x00, LOGICAL_MAX2(HID_CONSUMER_LAST),
		FIELDS(16, HID_CONSUMER_KEYS), INPUT(ARRAY),
	END,
	USAGE_PAGE(PAGE_DESKTOP), USAGE(0x80), COLLECTION(APPLICATION), REPORT_ID(HID_ID_SYSTEM),
		USAGES(0x81, 0x83), LOGICAL(0, 1), FIELDS(1, 3), INPUT(VARIABLE),
		FIELDS(5, 1), INPUT(CONSTANT),
	END,
	USAGE_PAGE(PAGE_DESKTOP), USAGE(0x02), COLLECTION(APPLICATION), REPORT_ID(HID_ID_MOUSE),
		USAGE(0x01), COLLECTION(PHYSICAL_GROUP),
			USAGE_PAGE(PAGE_BUTTON), USAGES(1, HID_BUTTONS), LOGICAL(0, 1),
			FIELDS(1, HID_BUTTONS), INPUT(VARIABLE),
			USAGE_PAGE(PAGE_DESKTOP), USAGE(0x30), USAGE(0x31), MOTION(2),
			COLLECTION(LOGICAL_GROUP),
				MULTIPLIER, USAGE(0x38), MOTION(1),
			END,
			COLLECTION(LOGICAL_GROUP),
				MULTIPLIER, FIELDS(4, 1), FEATURE(CONSTANT),
				USAGE_PAGE(PAGE_CONSUMER), USAGE2(0x238), MOTION(1),
			END,
		END,
	END,
	/* clang-format on */
};

/* USB 2.0, 9.6. Self-powered and without remote wakeup, so that no guest suspends it. */
#define INTERFACE(number, subclass, protocol, report, endpoint, packet)                            \
	9, 4, number, 0, 1, 3, subclass, protocol, 0, /* interface: HID, one endpoint */           \
		9, 0x21, 0x11, 0x01, 0, 1, 0x22, sizeof report & 0xff, sizeof report >> 8, 7, 5,   \
		endpoint, 3, packet, 0, 1 /* interrupt, every 125 us at high speed */
#define INTERFACE_LENGTH     (9 + 9 + 7)
#define CONFIGURATION_LENGTH (9 + HID_INTERFACES * INTERFACE_LENGTH)

static const guint8 configuration[] = {
	/* clang-format off */
	9, 2, CONFIGURATION_LENGTH, 0, HID_INTERFACES, 1, 0, 0xc0, 0,
	INTERFACE(0, 1, 1, boot_report, HID_ENDPOINT_BOOT, HID_PACKET_BOOT),
	INTERFACE(1, 0, 0, main_report, HID_ENDPOINT_MAIN, HID_PACKET_MAIN),
	/* clang-format on */
};
G_STATIC_ASSERT(sizeof configuration == CONFIGURATION_LENGTH);

static const guint8 device[] = { 18, 1, 0x00, 0x02, 0, 0, 0, 64, HID_VENDOR & 0xff, HID_VENDOR >> 8,
	HID_PRODUCT & 0xff, HID_PRODUCT >> 8, 0x00, 0x01, 1, 2, 3, 1 };
static const guint8 qualifier[] = { 10, 6, 0x00, 0x02, 0, 0, 0, 64, 1, 0 };

const guint8 *hid_device_descriptor(gsize *length)
{
	*length = sizeof device;
	return device;
}

const guint8 *hid_configuration_descriptor(gsize *length)
{
	*length = sizeof configuration;
	return configuration;
}

const guint8 *hid_qualifier_descriptor(gsize *length)
{
	*length = sizeof qualifier;
	return qualifier;
}

const guint8 *hid_hid_descriptor(guint interface, gsize *length)
{
	if (interface >= HID_INTERFACES)
		return NULL;
	*length = 9;
	return configuration + 9 + interface * INTERFACE_LENGTH + 9;
}

const guint8 *hid_report_descriptor(guint interface, gsize *length)
{
	*length = interface == 0 ? sizeof boot_report : sizeof main_report;
	return interface == 0 ? boot_report : interface == 1 ? main_report : NULL;
}

gboolean hid_string_descriptor(guint index, guint8 *bytes, gsize *length)
{
	static const char *const texts[] = { NULL, "hotseat", "hotseat keyboard and mouse", "1" };
	static const guint8 languages[] = { 4, 3, 0x09, 0x04 }; /* English, United States */
	gsize n;

	if (index >= G_N_ELEMENTS(texts))
		return FALSE;
	if (index == 0) {
		memcpy(bytes, languages, sizeof languages);
		*length = sizeof languages;
		return TRUE;
	}
	n = strlen(texts[index]);
	*length = 2 + 2 * n;
	bytes[0] = (guint8)*length;
	bytes[1] = 3;
	for (gsize i = 0; i < n; i++) {
		bytes[2 + 2 * i] = (guint8)texts[index][i];
		bytes[3 + 2 * i] = 0;
	}
	return TRUE;
}
