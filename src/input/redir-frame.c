/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/redir-frame.h"

#include <string.h>

/* usbredirproto.h: type, length (little-endian, 4 bytes each) and id of a packet */
#define LENGTH_AT    4
#define HEADER_LONG  16
#define HEADER_SHORT 12

static gsize pass_body(RedirFrame *frame, gsize n)
{
	gsize passed = MIN(n, frame->body);

	frame->body -= passed;
	return passed;
}

static gsize pass_header(RedirFrame *frame, const guint8 *bytes, gsize n, gsize length)
{
	gsize passed = MIN(n, length - frame->have);
	guint32 body;

	memcpy(frame->header + frame->have, bytes, passed);
	frame->have += passed;
	if (frame->have == length) {
		memcpy(&body, frame->header + LENGTH_AT, sizeof body);
		frame->body = GUINT32_FROM_LE(body);
		frame->have = 0;
	}
	return passed;
}

gboolean redir_frame_pass(
	RedirFrame *frame, const guint8 *bytes, gsize n, gboolean long_ids, gsize max)
{
	gsize header = long_ids ? HEADER_LONG : HEADER_SHORT;

	for (gsize at = 0; at < n;) {
		if (frame->body > 0)
			at += pass_body(frame, n - at);
		else
			at += pass_header(frame, bytes + at, n - at, header);
		if (frame->body > max)
			return FALSE;
	}
	return TRUE;
}
