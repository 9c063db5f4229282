/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Between UTF-8, in which the agent thinks, and UTF-16, in which Windows does.
 */
#pragma once

#include <wchar.h>

/* Into out, which is an array; what does not fit is cut off. */
#define wide_from_utf8(out, text) wide_from(out, sizeof(out) / sizeof(out)[0], text)
#define utf8_from_wide(out, text) utf8_from(out, sizeof(out), text)

void wide_from(wchar_t *out, size_t count, const char *text);
void utf8_from(char *out, size_t size, const wchar_t *text);
