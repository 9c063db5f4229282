/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The agent's state, and what happens to it. All on the window's thread.
 */
#pragma once

#include "files.h"
#include "link.h"
#include "switcher.h"

/* messages to the agent's window */
enum {
	APP_TRAY = WM_APP,
	APP_LINK,     /* lParam: LinkNews * */
	APP_SWITCHED, /* lParam: SwitchResult * */
	APP_SETTINGS, /* the program was started once more */
};

typedef struct {
	HWND window;
	wchar_t path[FILES_PATH_MAX]; /* of the settings */
	Settings settings;
	SettingsMeaning meaning;
	bool usable; /* meaning is what settings say */
	Seat seat;
	bool up;	      /* connected to the events */
	bool told;	      /* of the link's refusal, since it was last up */
	Problem down;	      /* why it is not up */
	unsigned link_number; /* of the newest */
	Link *link;
	Switcher switcher;
} App;

/* The window is there: adds the icon, reads the settings, begins. Asks for settings if there are
 * none. */
void app_start(App *app, HWND window);
void app_quit(App *app);

/* Explorer has restarted. */
void app_show_icon(App *app);

void app_hotkey(App *app);
void app_settings(App *app);
void app_menu(App *app, int x, int y);

/* These take what they are given. */
void app_news(App *app, LinkNews *news);
void app_switched(App *app, SwitchResult *result);
