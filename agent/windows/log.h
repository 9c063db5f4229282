/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file that the setting "log" names: a line for everything that happens. Any thread.
 */
#pragma once

#include "core/text.h"

/* path, UTF-8; "": nowhere */
void log_to(const char *path);

void log_line(const char *format, ...) TEXT_PRINTF(1, 2);
