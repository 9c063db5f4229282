/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The settings file, and whether the agent starts at login.
 */
#pragma once

#include "core/settings.h"

/* The path of the settings file: hotseat-agent.ini beside the program if it exists, otherwise in
 * %APPDATA%\hotseat. */
#define FILES_PATH_MAX 1024
void settings_path(wchar_t path[FILES_PATH_MAX]);

typedef enum {
	SETTINGS_READ,
	SETTINGS_MISSING, /* settings are the defaults */
	SETTINGS_WRONG,	  /* problem has the reason; settings are the defaults */
} SettingsLoaded;

SettingsLoaded settings_load(const wchar_t *path, Settings *settings, Problem *problem);

/* Writes the settings from the dialog, and keeps the rest of the file and its permissions. */
bool settings_save(const wchar_t *path, const Settings *settings, Problem *problem);

bool autostart_is_on(void);
bool autostart_set(bool on, Problem *problem);

/* The text of a file; NULL if it cannot be read. Free with free(). */
char *file_text(const wchar_t *path, bool *missing, Problem *problem);
