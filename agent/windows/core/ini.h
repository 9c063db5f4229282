/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files of "[section]" and "key = value". A value is the rest of its line, without spaces at either
 * end; lines that begin with ; or # are comments. Sections and keys are the same in any case.
 */
#pragma once

#include "core/text.h"

/* Called for each key, in order; section is "" before the first. False ends the reading. */
typedef bool (*IniFunc)(
	const char *section, const char *key, const char *value, int line, void *user);

/* False, and problem says where, if a line is neither; or if func said so. */
bool core_ini_read(const char *text, IniFunc func, void *user, Problem *problem);

/* text with the key set to value (of one line) in that section, all else as it was: the key's first
 * line is replaced, or one is added at the section's end. Free with free(). NULL without memory. */
char *core_ini_set(const char *text, const char *section, const char *key, const char *value);
