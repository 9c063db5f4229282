/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The capabilities of a kernel input device, read from its folder in sysfs (".../inputN").
 */
#pragma once

#include <glib.h>

/* Does it have this code (linux/input-event-codes.h) of the kind "key", "rel", "abs" or "led"? */
gboolean input_can(const char *folder, const char *kind, guint code);
gboolean input_is_keyboard(const char *folder);
/* Does it have all letters and digits, Esc, Tab, Enter, Space, Shift, Ctrl and Alt? Some devices
 * that are not keyboards have them too. */
gboolean input_has_all_keys(const char *folder);
gboolean input_is_mouse(const char *folder);
gboolean input_is_touchpad(const char *folder);
gboolean input_is_tablet(const char *folder);
gboolean input_is_gamepad(const char *folder);
/* Does it report absolute positions, as touchpads, tablets, touchscreens and gamepads do? */
gboolean input_is_absolute(const char *folder);

/* Does a HID report descriptor (HID 1.11, 6.2.2) use this usage page? Any bytes will do. */
gboolean hid_uses_page(const guint8 *descriptor, gsize length, guint32 page);
/* Does the HID device with this folder in sysfs (".../0003:1050:0407.0001") speak FIDO, as only
 * security keys do? */
gboolean hid_is_fido(const char *folder);
