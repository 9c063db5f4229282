/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The agent's state, and its events. Use on the window's thread only.
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
	APP_SETTINGS, /* the program was started again */
};

typedef struct {
	HWND window;
	wchar_t path[FILES_PATH_MAX]; /* path of the settings file */
	Settings settings;
	SettingsMeaning meaning;
	bool usable; /* meaning was parsed from settings */
	Seat seat;
	bool up;	      /* connected to the events */
	bool told;	      /* the refusal was shown since the link was last up */
	Problem down;	      /* why it is not up */
	unsigned link_number; /* number of the newest link */
	Link *link;
	Switcher switcher;
} App;

/* Call it when the window exists: adds the icon, reads the settings, and connects. Opens the
 * settings dialog if there are no settings. */
void app_start(App *app, HWND window);
void app_quit(App *app);

/* Explorer has restarted. */
void app_show_icon(App *app);

void app_hotkey(App *app);
void app_settings(App *app);
void app_menu(App *app, int x, int y);

/* These functions take ownership of their argument. */
void app_news(App *app, LinkNews *news);
void app_switched(App *app, SwitchResult *result);
