/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An EDID as the Windows agent reads it: any bytes, as they are and with header and checksum
 * corrected. */
#include "core/edid.h"

#include <glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void parse(const guint8 *data, gsize length)
{
	EdidWanted wanted = { "", "", "" };
	Problem problem = { "" };
	Edid edid;

	core_edid_parse(data, length, &edid);
	if (!edid.known)
		return;
	/* what it says of itself finds it, also behind another monitor */
	core_text_format(wanted.manufacturer, sizeof wanted.manufacturer, "%s", edid.manufacturer);
	core_text_format(wanted.model, sizeof wanted.model, "%s", edid.model);
	core_text_format(wanted.serial, sizeof wanted.serial, "%s", edid.serial);
	g_assert_cmpint(
		core_edid_choose((Edid[]){ { .known = false }, edid }, 2, &wanted, &problem), ==,
		1);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	guint8 block[EDID_LENGTH] = { 0 };
	guint8 sum = 0;

	parse(data, size);
	memcpy(block, data, MIN(size, sizeof block));
	memcpy(block, "\x00\xff\xff\xff\xff\xff\xff", 8);
	block[EDID_LENGTH - 1] = 0;
	for (gsize i = 0; i < sizeof block; i++)
		sum = (guint8)(sum + block[i]);
	block[EDID_LENGTH - 1] = (guint8)-sum;
	parse(block, sizeof block);
	return 0;
}
