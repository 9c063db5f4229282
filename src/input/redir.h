/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The emulated device on a connection from QEMU (or any other guest side of usbredir).
 *
 * The guest controls what arrives: libusbredirparser parses it, packets longer than
 * REDIR_PACKET_MAX are rejected before that, and at most REDIR_OUT_MAX bytes wait to be sent.
 * Sending reports allocates nothing.
 *
 * Pull mode: the endpoints are declared as bulk to QEMU, while the descriptors say interrupt to the
 * guest. QEMU then requests each report when the guest does, instead of keeping up to 2000 reports
 * (and dropping half of a fast mouse's motion).
 */
#pragma once

#include "input/protocol.h"
#include "input/usb-device.h"

#define REDIR_PACKET_MAX 4096
#define REDIR_OUT_MAX	 16384
/* Most pending requests for a report on an endpoint. SeaBIOS makes 110 with EHCI. Their answers fit
 * into REDIR_OUT_MAX. */
#define REDIR_REQUESTS_MAX 256
/* PROTOCOL_PACED: the time between two reports, in microseconds. */
#define REDIR_PACE_US 1000

typedef struct Redir Redir;

/* Takes ownership of fd, which must be non-blocking, borrows queue, and sends the hello packet. */
Redir *redir_new(int fd, ProtocolMode mode, Queue *queue);
/* Closes fd. NULL is allowed. */
void redir_free(Redir *redir);

int redir_fd(const Redir *redir);

/* Reads and answers everything that has arrived. now_us: from any monotonic clock. FALSE: the
 * connection has ended (see redir_error()). */
gboolean redir_read(Redir *redir, gint64 now_us);

/* Sends requested reports that are in the queue, and what could not be sent before. FALSE as above.
 * Allocates nothing. */
gboolean redir_flush(Redir *redir, gint64 now_us);

/* Is there something unsent, because the socket has no room? Then call redir_flush() when it has.
 */
gboolean redir_is_blocked(const Redir *redir);

/* When to call redir_flush() next, even if nothing happens; G_MAXINT64: never. */
gint64 redir_deadline(const Redir *redir);

/* Why the connection has ended, for the log; NULL: the other side closed it. */
const char *redir_error(const Redir *redir);

gboolean redir_has_hello(const Redir *redir);
/* PROTOCOL_CONNECTED, _CONFIGURED or _READY. */
ProtocolState redir_state(const Redir *redir);
/* The guest's LEDs, as in UsbDevice. */
guint8 redir_leds(const Redir *redir);
/* Since when a report has been waiting that the guest does not request (or that QEMU does not
 * read), on loop_now()'s clock; G_MAXINT64: none is waiting. */
gint64 redir_stuck_since(const Redir *redir);
