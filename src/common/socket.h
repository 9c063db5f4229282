/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the daemon's Unix socket is.
 */
#pragma once

#include <glib.h>

/* The system service's: its unit has RuntimeDirectory=hotseat. */
#define SOCKET_SYSTEM "/run/hotseat/hotseat.sock"

/* The path on which the daemon listens: option (--socket) if not NULL,
 * $RUNTIME_DIRECTORY/hotseat.sock (set by systemd), $XDG_RUNTIME_DIR/hotseat.sock, else
 * /run/hotseat/hotseat.sock. Free with g_free(). */
char *socket_path_daemon(const char *option);

/* The path at which the command line looks for the daemon: option if not NULL, $HOTSEAT_SOCKET,
 * else the first that exists of $XDG_RUNTIME_DIR/hotseat.sock and /run/hotseat/hotseat.sock, else
 * the last. Free with g_free(). */
char *socket_path_client(const char *option);
