/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes that are posted: an object in any encoding, or none. */
#include "common/json.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* What we print is JSON, and says the same. */
static void print_and_parse(JsonNode *root)
{
	g_autofree char *text = json_to_string(root, FALSE);
	g_autoptr(JsonNode) again = NULL;
	g_autofree char *printed = NULL;

	/* json-glib prints NaN and infinity in words of its own */
	again = object_parse(text);
	if (again == NULL)
		return;
	printed = json_to_string(again, FALSE);
	g_assert_cmpstr(printed, ==, text);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	/* of their own, so that a sanitizer sees a read past the end */
	g_autofree guint8 *bytes = g_memdup2(data, size);
	g_autoptr(JsonNode) root = object_parse_bytes(bytes, size);
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(JsonNode) plain = object_parse(text);

	if (root != NULL)
		print_and_parse(root);
	if (plain != NULL && strlen(text) == size)
		g_assert_nonnull(root);
	return 0;
}
