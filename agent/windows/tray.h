/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The icon in the notification area: tooltip, menu, notifications.
 */
#pragma once

#include "core/seat.h"

#include <windows.h>

/* the choices in the menu */
enum {
	TRAY_NOTHING,
	TRAY_SETTINGS,
	TRAY_QUIT,
	TRAY_HOST,
	TRAY_GUEST, /* this and the following: the guest with that index in Seat */
};

/* Adds the icon. window gets message for its events (Shell_NotifyIcon, version 4). Call it again
 * when Explorer has restarted. */
void tray_add(HWND window, UINT message, const char *tooltip);
void tray_remove(HWND window);

void tray_set_tooltip(HWND window, const char *tooltip);

/* Shows a notification, and logs it. */
void tray_notify(HWND window, const char *title, const char *text);

/* Does this message (its lParam) request the menu? */
bool tray_wants_menu(LPARAM lparam);

/* Shows the menu at x, y and waits for a choice: TRAY_…. */
unsigned tray_menu(HWND window, const Seat *seat, int x, int y);
