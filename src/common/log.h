/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log: structured to the journal when stderr is the journal's, else one plain line each.
 */
#pragma once

#include <glib.h>

/* program: static; what a line begins with. From here on everything logged goes where it should;
 * hotseat's own debug messages only when verbose, those of libraries never. */
void log_set_up(const char *program, gboolean verbose);
