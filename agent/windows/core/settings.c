/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/settings.h"

#include "core/ini.h"

#include <stdlib.h>
#include <string.h>

/* users of virtkvm know Win+Shift+/ */
#define DEFAULT_HOTKEY "Win+Shift+/"

static const struct {
	const char *section, *key;
	size_t offset;
	bool asked_for;
} keys[] = {
	{ "hotseat", "url", offsetof(Settings, url), true },
	{ "hotseat", "secret", offsetof(Settings, secret), true },
	{ "hotseat", "fingerprint", offsetof(Settings, fingerprint), true },
	{ "hotseat", "hotkey", offsetof(Settings, hotkey), true },
	{ "hotseat", "start_at_login", offsetof(Settings, start_at_login), true },
	{ "hotseat", "features", offsetof(Settings, features), false },
	{ "hotseat", "log", offsetof(Settings, log), false },
	{ "test", "monitors", offsetof(Settings, monitors), false },
};
#define KEYS (sizeof keys / sizeof keys[0])

void core_settings_init(Settings *settings)
{
	memset(settings, 0, sizeof *settings);
	core_text_format(settings->hotkey, sizeof settings->hotkey, "%s", DEFAULT_HOTKEY);
}

typedef struct {
	Settings settings;
	Problem *problem;
} Reading;

static bool take_key(const char *section, const char *key, const char *value, int line, void *user)
{
	Reading *reading = user;

	for (size_t i = 0; i < KEYS; i++) {
		if (!core_text_same(keys[i].section, section) || !core_text_same(keys[i].key, key))
			continue;
		if (core_text_copy((char *)&reading->settings + keys[i].offset, SETTING_MAX, value,
			    strlen(value)))
			return true;
		return core_problem_set(
			reading->problem, "line %d: the value of \"%s\" is too long", line, key);
	}
	return core_problem_set(reading->problem,
		"line %d: there is no \"%s\" in a section [%s]; [hotseat] has url, secret, "
		"fingerprint, "
		"hotkey, start_at_login, features, log",
		line, key, section);
}

bool core_settings_parse(const char *text, Settings *settings, Problem *problem)
{
	Reading reading = { .problem = problem };

	core_settings_init(&reading.settings);
	if (!core_ini_read(text, take_key, &reading, problem))
		return false;
	*settings = reading.settings;
	return true;
}

static bool check_secret(const char *text, char *out, size_t size, Problem *problem)
{
	for (const char *c = text; *c != '\0'; c++)
		/* RFC 9110, 5.5: other characters are not safe in a header */
		if (!core_text_is_plain(*c))
			return core_problem_set(problem,
				"the secret has a character outside ASCII; choose another secret");
	if (!core_text_copy(out, size, text, strlen(text)))
		return core_problem_set(
			problem, "the secret is longer than %zu characters", size - 1);
	return true;
}

static bool check_pin(const char *text, Endpoint *endpoint, Problem *problem)
{
	endpoint->pinned = *text != '\0';
	if (!endpoint->pinned)
		return true;
	if (!endpoint->url.https)
		return core_problem_set(problem,
			"a fingerprint needs an address with https://; change the "
			"address, or leave the fingerprint empty");
	return core_pin_parse(text, endpoint->pin, problem);
}

/* "" changes nothing. */
static bool check_login(const char *text, SettingsMeaning *found, Problem *problem)
{
	found->login = core_text_same(text, "yes");
	found->login_known = found->login || core_text_same(text, "no");
	return found->login_known || *text == '\0' ||
	       core_problem_set(problem, "start_at_login is either yes or no, not \"%s\"", text);
}

bool core_settings_check(
	const Settings *settings, SettingsMeaning *meaning, SettingsField *field, Problem *problem)
{
	SettingsMeaning found = { 0 };
	Endpoint *endpoint = &found.endpoint;

	*field = SETTING_URL;
	if (!core_url_parse(settings->url, &endpoint->url, problem))
		return false;
	*field = SETTING_SECRET;
	if (!check_secret(settings->secret, endpoint->secret, sizeof endpoint->secret, problem))
		return false;
	*field = SETTING_FINGERPRINT;
	if (!check_pin(settings->fingerprint, endpoint, problem))
		return false;
	*field = SETTING_HOTKEY;
	if (!core_chord_parse(settings->hotkey, &found.chord, problem))
		return false;
	*field = SETTING_FEATURES;
	if (!core_features_parse(settings->features, &found.features, problem))
		return false;
	*field = SETTING_LOGIN;
	if (!check_login(settings->start_at_login, &found, problem))
		return false;
	*meaning = found;
	return true;
}

char *core_settings_write(const char *text, const Settings *settings)
{
	char *out = NULL, *next;

	for (size_t i = 0; i < KEYS; i++) {
		const char *value = (const char *)settings + keys[i].offset;

		/* a setting that is not set is not added to a file without it */
		if (!keys[i].asked_for ||
			(*value == '\0' && keys[i].offset == offsetof(Settings, start_at_login)))
			continue;
		next = core_ini_set(out != NULL ? out : text, keys[i].section, keys[i].key, value);
		free(out);
		out = next;
		if (out == NULL)
			return NULL;
	}
	return out;
}
