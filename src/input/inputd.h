/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat-inputd itself: carries out hotseatd's messages, and brings everything back to the host
 * when necessary.
 */
#pragma once

#include "input/loop.h"

typedef struct Inputd Inputd;

/* A listening TCP socket on 127.0.0.1. */
typedef struct {
	guint port;
	int fd;
} InputdPort;

typedef struct {
	int control;	     /* a listening socket, see control.h */
	const GArray *ports; /* InputdPort; must outlive the Inputd */
	gboolean simulated;  /* event nodes are added only by PROTOCOL_PLUG */
	const char *folder;  /* the folder with event nodes: "/dev/input" */
} InputdOptions;

/* NULL and error: event nodes cannot be watched. */
Inputd *inputd_new(Loop *loop, const InputdOptions *options, GError **error);

/* Brings everything back to the host, and frees inputd. */
void inputd_free(Inputd *inputd);
