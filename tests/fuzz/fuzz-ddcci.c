/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A monitor's reply: any bytes, unchanged and with the checksum corrected. */
#include "display/ddcci.h"

#define FEATURE 0x60

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void parse(const guint8 *reply, gsize length)
{
	guint16 value = 0xabcd;
	DdcciStatus status = ddcci_parse(reply, length, FEATURE, &value);

	g_assert_nonnull(ddcci_status_text(status));
	if (status == DDCCI_OK)
		g_assert_cmphex(value, ==, (guint16)(reply[8] << 8 | reply[9]));
	else
		g_assert_cmphex(value, ==, 0xabcd);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	/* of their own, so that a sanitizer sees a read past the end */
	g_autofree guint8 *reply = g_memdup2(data, size);
	gsize end = size > 1 ? (gsize)(reply[1] & 0x7f) + 2 : size;
	guint8 sum = 0x50;

	parse(reply, size);
	if (end >= size)
		return 0;
	for (gsize i = 0; i < end; i++)
		sum ^= reply[i];
	reply[end] = sum;
	parse(reply, size);
	return 0;
}
