/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a daemon keeps what it has learned.
 */
#pragma once

/* name below $STATE_DIRECTORY (systemd's StateDirectory=), else below hotseat in $XDG_STATE_HOME.
 * Free with g_free(). */
char *state_path(const char *name);
