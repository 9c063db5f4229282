/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What redir.c (the connection and the reports) and redir-answers.c (QEMU's requests) share.
 */
#pragma once

#include "input/redir-frame.h"
#include "input/redir.h"

#include <usbredirparser.h>

#define REDIR_ENDPOINTS 2

/* QEMU's requests for an endpoint. */
typedef struct {
	guint64 ids[REDIR_REQUESTS_MAX]; /* PROTOCOL_PULL: ids of its requests, in order */
	guint n;
	gboolean started; /* PROTOCOL_PACED: it accepts reports */
} RedirEndpoint;

struct Redir {
	int fd;
	ProtocolMode mode;
	Queue *queue;
	UsbDevice device;
	struct usbredirparser *parser;
	RedirFrame frame;
	const char *error;
	gboolean over;
	gboolean hello;
	gboolean fetched; /* a report was requested since the device was configured */
	RedirEndpoint endpoints[REDIR_ENDPOINTS];
	gint64 now_us;
	gint64 stuck_since_us; /* see redir_stuck_since() */
	gint64 next_us;	       /* PROTOCOL_PACED: the earliest time for the next report */
	gint64 repeat_us;      /* when to repeat the boot keyboard's report; G_MAXINT64: never */
	guint8 in[REDIR_PACKET_MAX];
	gsize in_at, in_length;
	guint8 out[REDIR_OUT_MAX];
	gsize out_length;
};

/* In the order of Redir.endpoints. */
extern const guint8 redir_endpoint_numbers[REDIR_ENDPOINTS];

/* Ends the connection. Only the first reason is kept. why is static; NULL: the other side closed
 * it. */
void redir_fail(Redir *redir, const char *why);

/* Records that the guest takes reports. */
void redir_note_fetch(Redir *redir);

/* Answers the request id at an endpoint. */
void redir_put_bulk(Redir *redir, guint64 id, guint8 endpoint, guint8 status, const guint8 *report,
	gsize length);

/* Makes the parser call redir-answers.c. */
void redir_set_callbacks(Redir *redir);
