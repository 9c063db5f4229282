/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of other programs: as what they are, and as a script and a device's XML. */
#include "import/import.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check(Import *import)
{
	if (import == NULL)
		return;
	for (guint i = 0; i < import->displays->len; i++) {
		const ImportDisplay *display = import->displays->pdata[i];

		g_assert_cmpint(display->host, >=, 0);
		g_assert_cmpint(display->guest, >=, 0);
		g_assert_true(
			display->monitor == NULL || g_utf8_validate(display->monitor, -1, NULL));
	}
	for (guint i = 0; i < import->notes->len; i++)
		g_assert_true(
			g_utf8_validate(((ImportNote *)import->notes->pdata[i])->text, -1, NULL));
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	/* of their own, so that a sanitizer sees a read past the end */
	g_autofree char *bytes = g_memdup2(data, size);
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(Import) import = import_read("x", bytes, size);
	g_autoptr(Import) script = import_read("x.sh", bytes, size);

	check(import);
	import_xml(script, 1, "x.xml", text);
	check(script);
	return 0;
}
