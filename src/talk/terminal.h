/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "talk/talk.h"

/* A conversation on stdin and stdout. sysfs: SYSFS_ROOT except in tests. Free with
 * talk_terminal_free(). */
Talk *talk_terminal_new(const char *sysfs);
void talk_terminal_free(Talk *talk);
/* Has the user left (Ctrl-D)? */
gboolean talk_terminal_ended(const Talk *talk);
