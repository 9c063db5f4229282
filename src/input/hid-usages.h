/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Converts the kernel's key codes to HID usages. This is the inverse of Linux's conversion
 * (drivers/hid/hid-input.c), so that a Linux guest gets the code that the host read.
 */
#pragma once

#include <glib.h>

/* On page 7 (Keyboard): 0x04 to 0xbb, 0xe0 to 0xe7; 0: none. */
guint8 hid_keyboard_usage(guint code);

/* On page 12 (Consumer): 1 to HID_CONSUMER_LAST; 0: none. */
guint16 hid_consumer_usage(guint code);
#define HID_CONSUMER_LAST 0x2ff

/* The key's bit in the report of page 1's System Control; 0: none. */
guint8 hid_system_bit(guint code);
