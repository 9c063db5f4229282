/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The settings' file, and whether the agent starts at login.
 */
#pragma once

#include "core/settings.h"

/* Where the settings are: hotseat-agent.ini beside the program if it is there, else in
 * %APPDATA%\hotseat. */
#define FILES_PATH_MAX 1024
void settings_path(wchar_t path[FILES_PATH_MAX]);

typedef enum {
	SETTINGS_READ,
	SETTINGS_MISSING, /* settings are the defaults */
	SETTINGS_WRONG,	  /* problem says why; settings are the defaults */
} SettingsLoaded;

SettingsLoaded settings_load(const wchar_t *path, Settings *settings, Problem *problem);

/* Writes what the dialog asks for and keeps all else of the file, and who may read it. */
bool settings_save(const wchar_t *path, const Settings *settings, Problem *problem);

bool autostart_is_on(void);
bool autostart_set(bool on, Problem *problem);

/* The text of a file; NULL without one that can be read. Free with free(). */
char *file_text(const wchar_t *path, bool *missing, Problem *problem);
