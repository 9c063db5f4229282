/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The emulated device's answers on its control endpoint (USB 2.0, 9.4; HID 1.11, 7). Pure. The
 * guest controls the input, which may be any bytes.
 */
#pragma once

#include "input/queue.h"

/* Longest answer in bytes, enough for the longest descriptor. */
#define USB_REPLY_MAX 512

/* The eight bytes at the beginning of a control transfer. */
typedef struct {
	guint8 type, request;
	guint16 value, index, length;
} UsbSetup;

typedef struct {
	Queue *queue;			 /* the source of its reports; borrowed */
	guint8 configuration;		 /* 0: the guest has not configured it */
	guint8 protocol[HID_INTERFACES]; /* 0: boot; 1: report */
	guint8 idle[HID_INTERFACES];	 /* in units of 4 ms; 0: reports only changes */
	guint8 leds; /* bits: 0 num lock, 1 caps lock, 2 scroll lock, 3 compose, 4 kana */
} UsbDevice;

void usb_device_init(UsbDevice *device, Queue *queue);

/* The guest has reset the port. */
void usb_device_reset(UsbDevice *device);

/* SET_CONFIGURATION, for which usbredir has a separate message. FALSE: there is no such
 * configuration. */
gboolean usb_device_configure(UsbDevice *device, guint8 configuration);

/* Answers a transfer. data: the data from the guest. reply has room for USB_REPLY_MAX, and gets at
 * most setup->length bytes. FALSE: the device stalls. */
gboolean usb_device_control(UsbDevice *device, const UsbSetup *setup, const guint8 *data,
	gsize data_length, guint8 *reply, gsize *reply_length);
