/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text as a literal of another language, so that the language reads it back as the same text and
 * runs none of it. Pure. text: UTF-8. Free with g_free().
 */
#pragma once

#include <glib.h>

typedef char *(*Quote)(const char *text);

/* AutoHotkey's two languages differ in the quote:
 * https://www.autohotkey.com/docs/v2/misc/EscapeChar.htm */
char *quote_ahk_v1(const char *text);
char *quote_ahk_v2(const char *text);
/* In single quotes, in which nothing else is special (about_Quoting_Rules). */
char *quote_powershell(const char *text);
/* What has no quotes, and goes by lines: settings, text. A control character would begin another
 * line: each becomes a "?". */
char *quote_line(const char *text);
/* As it is: for whole files. */
char *quote_none(const char *text);
