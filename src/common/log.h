/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log: structured entries if stderr is connected to the journal, otherwise plain lines.
 */
#pragma once

#include <glib.h>

/* Sends everything that is logged from now on to the journal or to stderr. program: static; begins
 * each plain line. hotseat's debug messages are logged only if verbose is set, those of libraries
 * never. */
void log_set_up(const char *program, gboolean verbose);
