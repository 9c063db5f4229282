/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/wipe.h"

#include <string.h>

void wipe_free(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	g_free(text);
}

void wipe_string(GString *string)
{
	explicit_bzero(string->str, string->len);
	g_string_free(string, TRUE);
}

void wipe_bytes(GByteArray *bytes)
{
	if (bytes->len > 0)
		explicit_bzero(bytes->data, bytes->len);
	g_byte_array_unref(bytes);
}

void wipe_cleanup(char **text)
{
	wipe_free(*text);
}
