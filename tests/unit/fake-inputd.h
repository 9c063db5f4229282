/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat-inputd, played by a test at the other end of a real socket.
 */
#pragma once

#include <glib.h>

typedef struct {
	char *folder, *path; /* of the control socket */
	int listener, peer;  /* -1: none */
} FakeInputd;

/* Listens in a folder of its own. */
void fake_inputd_init(FakeInputd *inputd);
void fake_inputd_clear(FakeInputd *inputd);

/* Listens again at the same path. */
void fake_inputd_listen(FakeInputd *inputd);
/* Waits for hotseatd to connect. */
void fake_inputd_accept(FakeInputd *inputd);
void fake_inputd_hang_up(FakeInputd *inputd);
void fake_inputd_is_hung_up_on(FakeInputd *inputd);

/* Sends a packet, and lets hotseatd act on it. */
void fake_inputd_say(FakeInputd *inputd, const char *packet);
/* Waits for a packet, which becomes text. */
void fake_inputd_read(FakeInputd *inputd, char *packet, gsize size);
/* Waits for this packet. */
void fake_inputd_hears(FakeInputd *inputd, const char *expected);

/* All that was going to happen has happened. */
void fake_inputd_settle(void);
