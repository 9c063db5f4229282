/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Quotes text as a literal of another language, which then reads the same text and executes no part
 * of it. Pure. text: UTF-8. Free with g_free().
 */
#pragma once

#include <glib.h>

typedef char *(*Quote)(const char *text);

/* AutoHotkey's two versions differ in how they quote:
 * https://www.autohotkey.com/docs/v2/misc/EscapeChar.htm */
char *quote_ahk_v1(const char *text);
char *quote_ahk_v2(const char *text);
/* In single quotes, in which nothing else is special (about_Quoting_Rules). */
char *quote_powershell(const char *text);
/* For formats without quotes in which a value ends with its line (settings, plain text). Control
 * characters, which could begin another line, become "?". */
char *quote_line(const char *text);
/* Unchanged, for complete files. */
char *quote_none(const char *text);
