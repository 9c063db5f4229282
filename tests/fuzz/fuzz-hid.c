/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A HID report descriptor: any bytes, alone and behind a usage page. */
#include "device/capabilities.h"

#include <string.h>

#define PAGE 0xf1d0

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	static const guint8 item[] = { 0x06, 0xd0, 0xf1 };
	g_autofree guint8 *exact = g_memdup2(data, size);
	g_autofree guint8 *longer = g_malloc(sizeof item + size);

	memcpy(longer, item, sizeof item);
	if (size > 0)
		memcpy(longer + sizeof item, data, size);
	g_assert_true(hid_uses_page(longer, sizeof item + size, PAGE));
	/* no descriptor can name this page in fewer bytes */
	if (hid_uses_page(exact, size, PAGE))
		g_assert_cmpuint(size, >=, sizeof item);
	return 0;
}
