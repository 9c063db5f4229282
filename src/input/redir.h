/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The emulated device over a connection from QEMU (or anything else that speaks usbredir as a
 * guest).
 *
 * What comes in is the guest's: libusbredirparser parses it, nothing longer than REDIR_PACKET_MAX
 * gets that far, and no more than REDIR_OUT_MAX waits to be sent. Reports are sent without
 * allocating.
 *
 * Pull mode: the endpoints are declared as bulk to QEMU, while the descriptors say interrupt to the
 * guest. QEMU then asks for each report when the guest does, instead of keeping up to 2000 that
 * were pushed (and dropping half of a fast mouse's motion).
 */
#pragma once

#include "input/protocol.h"
#include "input/usb-device.h"

#define REDIR_PACKET_MAX 4096
#define REDIR_OUT_MAX	 16384
/* Requests for a report that may be open on an endpoint. SeaBIOS opens 110 with EHCI. Their answers
 * fit into REDIR_OUT_MAX. */
#define REDIR_REQUESTS_MAX 256
/* PROTOCOL_PACED: microseconds between two reports. */
#define REDIR_PACE_US 1000

typedef struct Redir Redir;

/* Takes fd, which must be non-blocking, and borrows queue; says hello. */
Redir *redir_new(int fd, ProtocolMode mode, Queue *queue);
/* Closes fd. NULL is fine. */
void redir_free(Redir *redir);

int redir_fd(const Redir *redir);

/* Reads and answers all that has come. now_us: of any clock that does not jump. FALSE: the
 * connection is over (see redir_error()). */
gboolean redir_read(Redir *redir, gint64 now_us);

/* Sends what the guest asks for and the queue has, and what could not be sent before. FALSE as
 * above. Allocates nothing. */
gboolean redir_flush(Redir *redir, gint64 now_us);

/* Waits the socket for room? Then call redir_flush() when it has. */
gboolean redir_is_blocked(const Redir *redir);

/* When to call redir_flush() next, even if nothing happens; G_MAXINT64: never. */
gint64 redir_deadline(const Redir *redir);

/* Why the connection is over, for the log; NULL: the other side closed it. */
const char *redir_error(const Redir *redir);

gboolean redir_has_hello(const Redir *redir);
/* PROTOCOL_CONNECTED, _CONFIGURED or _READY. */
ProtocolState redir_state(const Redir *redir);
/* The guest's LEDs, as UsbDevice has them. */
guint8 redir_leds(const Redir *redir);
/* Since when a report waits that the guest does not ask for (or that QEMU does not read), on
 * loop_now()'s clock; G_MAXINT64: it takes reports. */
gint64 redir_stuck_since(const Redir *redir);
