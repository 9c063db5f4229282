/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sockets on which hotseat-inputd listens: those from systemd (sd_listen_fds(3)), or its own.
 */
#pragma once

#include "input/inputd.h"

typedef struct {
	int control;
	char *path; /* of the control socket that was made here, and is removed at the end; or NULL
		     */
	GArray *ports; /* InputdPort */
} Sockets;

/* Takes the sockets from systemd; if there are none, creates a control socket at path, and one for
 * each of ports (guint). FALSE and error (HOTSEAT_ERROR_FAILED): there is no control socket, or one
 * of them cannot be created. */
gboolean sockets_open(Sockets *sockets, const char *path, const GArray *ports, GError **error);
void sockets_close(Sockets *sockets);
