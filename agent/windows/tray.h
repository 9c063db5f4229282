/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The icon beside the clock: tooltip, menu, notifications.
 */
#pragma once

#include "core/seat.h"

#include <windows.h>

/* what is chosen in the menu */
enum {
	TRAY_NOTHING,
	TRAY_SETTINGS,
	TRAY_QUIT,
	TRAY_HOST,
	TRAY_GUEST, /* and those that follow: the guest with that place in Seat */
};

/* window is sent message for what happens to the icon (Shell_NotifyIcon's version 4). Call it again
 * when Explorer has restarted. */
void tray_add(HWND window, UINT message, const char *tooltip);
void tray_remove(HWND window);

void tray_set_tooltip(HWND window, const char *tooltip);

/* Tells the person, and the log. */
void tray_notify(HWND window, const char *title, const char *text);

/* Does this message (its lParam) ask for the menu? */
bool tray_wants_menu(LPARAM lparam);

/* Shows the menu at x, y and waits for a choice: TRAY_…. */
unsigned tray_menu(HWND window, const Seat *seat, int x, int y);
