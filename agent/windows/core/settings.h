/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The settings in hotseat-agent.ini.
 */
#pragma once

#include "core/chord.h"
#include "core/endpoint.h"
#include "core/vcp.h"

#define SETTING_MAX 512 /* longest value, with its NUL */

/* The settings as written, valid or not, for the dialog. "" means not set. */
typedef struct {
	char url[SETTING_MAX];
	char secret[SETTING_MAX];
	char fingerprint[SETTING_MAX];
	char hotkey[SETTING_MAX];
	char start_at_login[SETTING_MAX]; /* "yes", "no", or "": keep what Windows has now */
	char features[SETTING_MAX]; /* VCP features to set beside inputs: core_features_parse() */
	char log[SETTING_MAX];	    /* path of the log file */
	char monitors[SETTING_MAX]; /* path of a file of monitors to use instead of the real ones */
} Settings;

/* The settings in the dialog. */
typedef enum {
	SETTING_URL,
	SETTING_SECRET,
	SETTING_FINGERPRINT,
	SETTING_HOTKEY,
	SETTING_FEATURES, /* only in the file */
	SETTING_LOGIN,	  /* start_at_login: a check box, which is always valid */
} SettingsField;

/* The parsed settings. */
typedef struct {
	Endpoint endpoint;
	KeyChord chord;
	Features features;
	bool login_known, login; /* should the agent start at login? */
} SettingsMeaning;

/* Empty settings with the default hotkey. */
void core_settings_init(Settings *settings);

/* Reads the text of an ini file into settings, over the defaults. settings is untouched on failure.
 */
bool core_settings_parse(const char *text, Settings *settings, Problem *problem);

/* Parses the settings. On failure meaning is untouched, and field is the invalid one. */
bool core_settings_check(
	const Settings *settings, SettingsMeaning *meaning, SettingsField *field, Problem *problem);

/* A copy of text (of an ini file, or "") with the settings of the dialog. Free with free(). NULL if
 * there is not enough memory. */
char *core_settings_write(const char *text, const Settings *settings);
