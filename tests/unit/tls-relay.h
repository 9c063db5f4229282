/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A TLS client that a test sees as a plain socket.
 */
#pragma once

/* Takes over fd, connected to a server of TLS that may show any certificate. What is written to the
 * socket returned goes there, and back; a thread of its own does it, until both sides have closed.
 */
int tls_relay(int fd);
/* Waits until the threads of all have ended, which have closed their sockets then. */
void tls_relay_join(void);
