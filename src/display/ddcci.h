/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The messages of DDC/CI (VESA Display Data Channel Command Interface 1.1), as bytes: what is
 * written to and read from a monitor's I2C address 0x37, without that address.
 */
#pragma once

#include <glib.h>

/* 1.1, 3: the 8-bit addresses 0x6E (write) and 0x6F (read) */
#define DDCCI_ADDRESS 0x37

#define DDCCI_GET_LENGTH   5  /* 4.3: source, length, opcode, feature, checksum */
#define DDCCI_SET_LENGTH   7  /* 4.4: the same and a value of two bytes */
#define DDCCI_REPLY_LENGTH 11 /* 4.3: Get VCP Feature Reply, with address and checksum */

#define DDCCI_CAPABILITIES_LENGTH 6  /* 4.6: source, length, opcode, offset of two, checksum */
#define DDCCI_SAVE_LENGTH	  4  /* 4.4: source, length, opcode, checksum */
#define DDCCI_FRAGMENT_TEXT	  32 /* 4.6: most bytes of the string in one reply */
/* 4.6: Capabilities Reply: address, length, opcode, offset of two, text, checksum */
#define DDCCI_FRAGMENT_LENGTH (5 + DDCCI_FRAGMENT_TEXT + 1)

/* From a reply to the next message: 1.1 does not ask for it, and some monitors lose a message that
 * comes within 40 to 50 ms. */
#define DDCCI_REPLY_PAUSE_US (50 * G_TIME_SPAN_MILLISECOND)
/* 4.4: no message may be sent to the monitor for this long after a set */
#define DDCCI_SET_PAUSE_US (50 * G_TIME_SPAN_MILLISECOND)
/* 4.4: the same after "save current settings" */
#define DDCCI_SAVE_PAUSE_US (200 * G_TIME_SPAN_MILLISECOND)
/* 4.6: from the request for a fragment to its reply */
#define DDCCI_CAPABILITIES_PAUSE_MS 50

typedef enum {
	DDCCI_OK,
	DDCCI_UNSUPPORTED,   /* the monitor does not have this feature (result code 1) */
	DDCCI_NULL,	     /* the null message: busy, or it has no answer */
	DDCCI_BAD_LENGTH,    /* not the length of the reply, or not a DDC/CI message */
	DDCCI_BAD_CHECKSUM,  /* bits were lost on the wire */
	DDCCI_WRONG_MESSAGE, /* valid, but not a reply to this request */
	DDCCI_WRONG_FEATURE, /* the reply to another request */
	DDCCI_WRONG_OFFSET,  /* another fragment of the string than requested */
} DdcciStatus;

/* Writes the message that asks for, or sets, a VCP feature. source: the source address in the
 * message, CONFIG_SOURCE_ADDRESS unless the monitor requires another. */
void ddcci_get(guint8 message[DDCCI_GET_LENGTH], guint8 source, guint8 feature);
void ddcci_set(guint8 message[DDCCI_SET_LENGTH], guint8 source, guint8 feature, guint16 value);

/* Writes the message that makes the monitor save its current settings. */
void ddcci_save(guint8 message[DDCCI_SAVE_LENGTH], guint8 source);

/* Reads the reply to ddcci_get() of feature. Bytes after the message are ignored, because the
 * reader does not know its length in advance. value is untouched unless the status is DDCCI_OK. */
DdcciStatus ddcci_parse(const guint8 *reply, gsize length, guint8 feature, guint16 *value);

/* Writes the message that asks for the capabilities string from offset on. */
void ddcci_capabilities(guint8 message[DDCCI_CAPABILITIES_LENGTH], guint8 source, guint16 offset);

/* Reads the reply to ddcci_capabilities() of offset: text_length bytes, at most
 * DDCCI_FRAGMENT_TEXT, at text, which points into reply. A text_length of 0 means that the string
 * has ended. Bytes after the message are ignored; text and text_length are untouched unless the
 * status is DDCCI_OK. */
DdcciStatus ddcci_parse_fragment(
	const guint8 *reply, gsize length, guint16 offset, const guint8 **text, gsize *text_length);

/* What was wrong with the reply, for people: "a message with a wrong checksum". Static. */
const char *ddcci_status_text(DdcciStatus status);
