/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/ddcci.h"

#include <string.h>

/* DDC/CI 1.1, 2 and 4: 8-bit addresses with which a checksum starts, but which are not part of the
 * message */
#define DESTINATION_MONITOR 0x6e
#define DESTINATION_HOST    0x50

#define OPCODE_GET		  0x01
#define OPCODE_GET_REPLY	  0x02
#define OPCODE_SET		  0x03
#define OPCODE_SAVE		  0x0c
#define OPCODE_CAPABILITIES	  0xf3
#define OPCODE_CAPABILITIES_REPLY 0xe3

#define FRAGMENT_HEAD 3 /* opcode and offset, which the length includes */

/* set in every length byte except those of manufacturer-specific messages */
#define LENGTH_FLAG 0x80

static guint8 checksum(guint8 start, const guint8 *data, gsize length)
{
	while (length-- > 0)
		start ^= *data++;
	return start;
}

void ddcci_get(guint8 message[DDCCI_GET_LENGTH], guint8 source, guint8 feature)
{
	const guint8 bytes[] = { source, LENGTH_FLAG | 2, OPCODE_GET, feature };

	memcpy(message, bytes, sizeof bytes);
	message[sizeof bytes] = checksum(DESTINATION_MONITOR, bytes, sizeof bytes);
}

void ddcci_set(guint8 message[DDCCI_SET_LENGTH], guint8 source, guint8 feature, guint16 value)
{
	const guint8 bytes[] = { source, LENGTH_FLAG | 4, OPCODE_SET, feature, (guint8)(value >> 8),
		(guint8)value };

	memcpy(message, bytes, sizeof bytes);
	message[sizeof bytes] = checksum(DESTINATION_MONITOR, bytes, sizeof bytes);
}

void ddcci_save(guint8 message[DDCCI_SAVE_LENGTH], guint8 source)
{
	const guint8 bytes[] = { source, LENGTH_FLAG | 1, OPCODE_SAVE };

	memcpy(message, bytes, sizeof bytes);
	message[sizeof bytes] = checksum(DESTINATION_MONITOR, bytes, sizeof bytes);
}

void ddcci_capabilities(guint8 message[DDCCI_CAPABILITIES_LENGTH], guint8 source, guint16 offset)
{
	const guint8 bytes[] = { source, LENGTH_FLAG | 3, OPCODE_CAPABILITIES,
		(guint8)(offset >> 8), (guint8)offset };

	memcpy(message, bytes, sizeof bytes);
	message[sizeof bytes] = checksum(DESTINATION_MONITOR, bytes, sizeof bytes);
}

/* The frame: address, length, that many bytes, checksum. The reply must have a payload of least to
 * most bytes. */
static DdcciStatus check_frame(const guint8 *reply, gsize length, gsize least, gsize most)
{
	gsize payload;

	if (length < 3 || reply[0] != DESTINATION_MONITOR || !(reply[1] & LENGTH_FLAG))
		return DDCCI_BAD_LENGTH;
	payload = reply[1] & ~LENGTH_FLAG & 0xff;
	if (payload != 0 && (payload < least || payload > most))
		return DDCCI_BAD_LENGTH;
	if (length < payload + 3)
		return DDCCI_BAD_LENGTH;
	if (checksum(DESTINATION_HOST, reply, payload + 2) != reply[payload + 2])
		return DDCCI_BAD_CHECKSUM;
	return payload == 0 ? DDCCI_NULL : DDCCI_OK;
}

DdcciStatus ddcci_parse(const guint8 *reply, gsize length, guint8 feature, guint16 *value)
{
	const gsize payload = DDCCI_REPLY_LENGTH - 3;
	DdcciStatus status = check_frame(reply, length, payload, payload);

	if (status != DDCCI_OK)
		return status;
	if (reply[2] != OPCODE_GET_REPLY || reply[3] > 1)
		return DDCCI_WRONG_MESSAGE;
	if (reply[4] != feature)
		return DDCCI_WRONG_FEATURE;
	if (reply[3] == 1)
		return DDCCI_UNSUPPORTED;
	*value = (guint16)(reply[8] << 8 | reply[9]);
	return DDCCI_OK;
}

DdcciStatus ddcci_parse_fragment(
	const guint8 *reply, gsize length, guint16 offset, const guint8 **text, gsize *text_length)
{
	DdcciStatus status =
		check_frame(reply, length, FRAGMENT_HEAD, FRAGMENT_HEAD + DDCCI_FRAGMENT_TEXT);

	if (status != DDCCI_OK)
		return status;
	if (reply[2] != OPCODE_CAPABILITIES_REPLY)
		return DDCCI_WRONG_MESSAGE;
	if ((reply[3] << 8 | reply[4]) != offset)
		return DDCCI_WRONG_OFFSET;
	*text = reply + 2 + FRAGMENT_HEAD;
	*text_length = (gsize)(reply[1] & ~LENGTH_FLAG & 0xff) - FRAGMENT_HEAD;
	return DDCCI_OK;
}

const char *ddcci_status_text(DdcciStatus status)
{
	static const char *const texts[] = {
		[DDCCI_OK] = "a value",
		[DDCCI_UNSUPPORTED] = "an error: it does not have this feature",
		[DDCCI_NULL] = "an empty reply (the null message)",
		[DDCCI_BAD_LENGTH] = "a message with a wrong length",
		[DDCCI_BAD_CHECKSUM] = "a message with a wrong checksum",
		[DDCCI_WRONG_MESSAGE] = "a message that is not a reply",
		[DDCCI_WRONG_FEATURE] = "the value of another feature",
		[DDCCI_WRONG_OFFSET] = "another part of the string",
	};

	return texts[status];
}
