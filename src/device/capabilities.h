/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a kernel's input device can do, by its folder in sysfs (".../inputN").
 */
#pragma once

#include <glib.h>

/* Has it this code (linux/input-event-codes.h) of kind "key", "rel", "abs", "led"? */
gboolean input_can(const char *folder, const char *kind, guint code);
gboolean input_is_keyboard(const char *folder);
/* Has it all letters and digits, Esc, Tab, Enter, Space, Shift, Ctrl and Alt? So have some things
 * that are no keyboard. */
gboolean input_has_all_keys(const char *folder);
gboolean input_is_mouse(const char *folder);
gboolean input_is_touchpad(const char *folder);
gboolean input_is_tablet(const char *folder);
gboolean input_is_gamepad(const char *folder);
/* Does it report positions? So do touchpads, tablets, touchscreens and gamepads. */
gboolean input_is_absolute(const char *folder);

/* Does a HID report descriptor (HID 1.11, 6.2.2) use this usage page? Any bytes will do. */
gboolean hid_uses_page(const guint8 *descriptor, gsize length, guint32 page);
/* Does the HID device with this folder in sysfs (".../0003:1050:0407.0001") speak FIDO, as only
 * security keys do? */
gboolean hid_is_fido(const char *folder);
