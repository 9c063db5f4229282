/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat-inputd as hotseatd and as QEMU use it, as short as possible: for the bench, and for the
 * test that runs inside a guest. A failure ends the program.
 */
#pragma once

#include "input/hid.h"
#include "input/protocol.h"

#include <sys/socket.h>
#include <sys/types.h>
#include <usbredirproto.h>

#define WIRE_HEADER	 sizeof(struct usb_redir_header)
#define WIRE_BULK_HEADER sizeof(struct usb_redir_bulk_packet_header)

typedef struct {
	pid_t pid;     /* of hotseat-inputd, or what stands for it */
	int node;      /* bench: the end that stands for the device */
	int socket;    /* QEMU's end; -1: none */
	int control;   /* -1: none */
	gboolean asks; /* reports come when they are asked for */
	guint64 id;
	guint8 buffer[1 << 16];
	gsize length;
} Wire;

G_NORETURN void wire_die(const char *what);
gint64 wire_now_ns(void);
void wire_send(int fd, const void *bytes, gsize length);
guint wire_free_port(void);
/* Tries for five seconds. */
int wire_connect(const struct sockaddr *address, socklen_t length, int type);
int wire_connect_to_port(guint port);
/* The socket PATH/control. */
int wire_connect_to_control(const char *folder);

/* ---- QEMU's side */

/* Connects, says hello, and configures the device. */
void wire_be_qemu(Wire *wire, guint port);
/* Asks for a report, if that is how reports come. */
void wire_ask(Wire *wire);
/* The next report into report (HID_PACKET_MAIN bytes or more); its length. Other packets are
 * skipped. */
gsize wire_next_report(Wire *wire, guint8 *report);
/* The same without waiting; 0: none has come. */
gsize wire_try_report(Wire *wire, guint8 *report);
void wire_set_leds(Wire *wire, guint8 leds);

/* ---- hotseatd's side */

/* fd goes with it; -1: none. */
void wire_order(int control, const char *text, int fd);
/* Reads messages until one begins so and has part in it. An error in one before ends the program.
 * The message, until the next call. */
const char *wire_wait_for(int control, const char *begin, const char *part);
