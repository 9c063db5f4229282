/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Conversions between UTF-8, which the agent uses, and UTF-16, which Windows uses.
 */
#pragma once

#include <wchar.h>

/* Converts into out, which is an array; text that does not fit is cut. */
#define wide_from_utf8(out, text) wide_from(out, sizeof(out) / sizeof(out)[0], text)
#define utf8_from_wide(out, text) utf8_from(out, sizeof(out), text)

void wide_from(wchar_t *out, size_t count, const char *text);
void utf8_from(char *out, size_t size, const wchar_t *text);
