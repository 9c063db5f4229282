/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The other end of a Redir: what QEMU's usb-redir would do, with libusbredirparser, as tests say.
 */
#pragma once

#include "input/redir.h"

#include <usbredirparser.h>

typedef struct {
	Redir *redir;
	Queue *queue;
	gint64 now_us;
	int fd; /* QEMU's end */
	struct usbredirparser *parser;
	gboolean is_over; /* hotseat's end is closed, or must be */
	/* what came */
	gboolean has_hello;
	struct usb_redir_device_connect_header device;
	struct usb_redir_ep_info_header endpoints;
	struct usb_redir_interface_info_header interfaces;
	int configuration_status, alternate_status, interrupt_status; /* -1: none */
	int control_status;
	GByteArray *control; /* the last answer's data */
	GString *reports; /* "id:hex of the report" each, "id!status" for others; apart by " | " */
	guint n_reports;
} FakeQemu;

/* QEMU's capabilities, of the current one. */
#define FAKE_QEMU_NEW 0
/* and of one from before 2012, without 64 bit ids and long bulk packets */
#define FAKE_QEMU_OLD 1

/* hotseat's end has been made, and hellos have been exchanged. */
FakeQemu *fake_qemu_new(ProtocolMode mode, int kind);
void fake_qemu_free(FakeQemu *qemu);

/* Both ends send and read until nothing is left. */
void fake_qemu_run(FakeQemu *qemu);

/* SET_CONFIGURATION 1, and its answer. */
void fake_qemu_configure(FakeQemu *qemu);

/* Asks for a report (PROTOCOL_PULL); no answer is waited for. */
void fake_qemu_ask(FakeQemu *qemu, guint64 id, guint8 endpoint);

/* A control transfer, and its answer. data: hex with spaces, sent with it. */
void fake_qemu_control(FakeQemu *qemu, const UsbSetup *setup, const char *data);

/* The reports that came since it was called last. Free with g_free(). */
char *fake_qemu_take_reports(FakeQemu *qemu);
