/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What hotseat-agent.ini says.
 */
#pragma once

#include "core/chord.h"
#include "core/endpoint.h"
#include "core/vcp.h"

#define SETTING_MAX 512 /* longest value, with its NUL */

/* As they are written, whether right or not: the dialog shows them. "" is not set. */
typedef struct {
	char url[SETTING_MAX];
	char secret[SETTING_MAX];
	char fingerprint[SETTING_MAX];
	char hotkey[SETTING_MAX];
	char start_at_login[SETTING_MAX]; /* "yes", "no", or "": as Windows has it now */
	char features[SETTING_MAX]; /* VCP features to set beside inputs: core_features_parse() */
	char log[SETTING_MAX];	    /* path of a file to tell what happens in */
	char monitors[SETTING_MAX]; /* path of a file of monitors to use instead of the real ones */
} Settings;

/* The ones that the dialog asks for. start_at_login is its box. */
typedef enum {
	SETTING_URL,
	SETTING_SECRET,
	SETTING_FINGERPRINT,
	SETTING_HOTKEY,
	SETTING_FEATURES, /* is in the file only */
	SETTING_LOGIN,	  /* a box to tick, which is never wrong */
} SettingsField;

/* What they mean. */
typedef struct {
	Endpoint endpoint;
	KeyChord chord;
	Features features;
	bool login_known, login; /* shall the agent start at login? */
} SettingsMeaning;

/* Nothing but the default hotkey. */
void core_settings_init(Settings *settings);

/* Reads an ini's text over the defaults; settings is untouched on failure. */
bool core_settings_parse(const char *text, Settings *settings, Problem *problem);

/* Parses them. On failure meaning is untouched, and field is the wrong one. */
bool core_settings_check(
	const Settings *settings, SettingsMeaning *meaning, SettingsField *field, Problem *problem);

/* text (an ini's, or "") with what the dialog asks for, all else as it was. Free with free(); NULL
 * without memory. */
char *core_settings_write(const char *text, const Settings *settings);
