/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wide.h"

#include <windows.h>

#include <stdlib.h>
#include <string.h>

void wide_from(wchar_t *out, size_t count, const char *text)
{
	int needed = MultiByteToWideChar(CP_UTF8, 0, text, -1, NULL, 0);
	wchar_t *all = needed > 0 ? malloc((size_t)needed * sizeof *all) : NULL;

	out[0] = L'\0';
	if (all == NULL)
		return;
	MultiByteToWideChar(CP_UTF8, 0, text, -1, all, needed);
	wcsncpy(out, all, count - 1);
	out[count - 1] = L'\0';
	free(all);
}

void utf8_from(char *out, size_t size, const wchar_t *text)
{
	int length = (int)wcslen(text);

	/* a unit becomes at most three bytes, so shorten text until it fits */
	while (length > 0 &&
		(size_t)WideCharToMultiByte(CP_UTF8, 0, text, length, NULL, 0, NULL, NULL) >= size)
		length--;
	length = length > 0
			 ? WideCharToMultiByte(CP_UTF8, 0, text, length, out, (int)size, NULL, NULL)
			 : 0;
	out[length] = '\0';
}
