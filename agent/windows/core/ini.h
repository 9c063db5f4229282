/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files of "[section]" and "key = value". A value is the rest of its line, without spaces at either
 * end; lines that begin with ; or # are comments. Case is ignored in names of sections and keys.
 */
#pragma once

#include "core/text.h"

/* Called for each key, in order; section is "" before the first. False ends the reading. */
typedef bool (*IniFunc)(
	const char *section, const char *key, const char *value, int line, void *user);

/* Returns false if a line is invalid, with the line in problem, or if func returned false. */
bool core_ini_read(const char *text, IniFunc func, void *user, Problem *problem);

/* A copy of text in which the key in that section is set to value (of one line): the key's first
 * line is replaced, or a line is added at the section's end. Free with free(). NULL if there is not
 * enough memory. */
char *core_ini_set(const char *text, const char *section, const char *key, const char *value);
