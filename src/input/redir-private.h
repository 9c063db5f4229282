/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What redir.c (the connection and the reports) and redir-answers.c (what QEMU asks) share.
 */
#pragma once

#include "input/redir-frame.h"
#include "input/redir.h"

#include <usbredirparser.h>

#define REDIR_ENDPOINTS 2

/* What QEMU wants at an endpoint. */
typedef struct {
	guint64 ids[REDIR_REQUESTS_MAX]; /* PROTOCOL_PULL: its requests, in order */
	guint n;
	gboolean started; /* PROTOCOL_PACED: it takes whatever comes */
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
	gboolean fetched; /* a report was asked for since the device was configured */
	RedirEndpoint endpoints[REDIR_ENDPOINTS];
	gint64 now_us;
	gint64 stuck_since_us; /* see redir_stuck_since() */
	gint64 next_us;	       /* PROTOCOL_PACED: no report before */
	gint64 repeat_us;      /* of the boot keyboard's report; G_MAXINT64: never */
	guint8 in[REDIR_PACKET_MAX];
	gsize in_at, in_length;
	guint8 out[REDIR_OUT_MAX];
	gsize out_length;
};

/* In the order of Redir.endpoints. */
extern const guint8 redir_endpoint_numbers[REDIR_ENDPOINTS];

/* The first reason counts. why is static; NULL: the other side closed the connection. */
void redir_fail(Redir *redir, const char *why);

/* The guest takes reports. */
void redir_note_fetch(Redir *redir);

/* Answers the request id at an endpoint. */
void redir_put_bulk(Redir *redir, guint64 id, guint8 endpoint, guint8 status, const guint8 *report,
	gsize length);

/* The parser calls redir-answers.c from then on. */
void redir_set_callbacks(Redir *redir);
