/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An EDID: any bytes, unchanged and with header and checksum corrected. */
#include "display/edid.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static gboolean is_text(const char *s)
{
	while (g_ascii_isprint(*s))
		s++;
	return *s == '\0';
}

static void parse(const guint8 *data, gsize length)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *all = NULL;
	MonitorMatch self = { 0 };
	Edid edid;

	if (!edid_parse(data, length, &edid, &error)) {
		g_assert_nonnull(error);
		return;
	}
	g_assert_no_error(error);
	all = edid_describe(&edid);
	g_assert_true(is_text(all));
	/* whatever it says of itself finds it */
	self.monitor = all;
	self.manufacturer = edid.manufacturer;
	self.model = edid.model;
	self.serial = edid.serial;
	g_assert_true(edid_matches(&edid, &self));
	g_assert_true(edid_equal(&edid, &edid));
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
