/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file that the setting "log" names, with a line for every event. Functions can be called on
 * any thread.
 */
#pragma once

#include "core/text.h"

/* path in UTF-8; "": no log */
void log_to(const char *path);

void log_line(const char *format, ...) TEXT_PRINTF(1, 2);
