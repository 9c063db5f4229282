/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app.h"

#include "dialog.h"
#include "hotkey.h"
#include "log.h"
#include "tray.h"
#include "wide.h"

#include <stdlib.h>
#include <string.h>

#define TOOLTIP_MAX 128 /* NOTIFYICONDATA's */

/* Who has the seat, and whether that is known for sure. */
static void describe(const App *app, char *out, size_t size)
{
	char seat[SEAT_NAME_MAX + 64], where[160];

	if (!app->usable) {
		core_text_format(out, size, "hotseat: the settings are incomplete");
		return;
	}
	if (app->up) {
		core_seat_describe(&app->seat, seat, sizeof seat);
		core_text_format(out, size, "hotseat: connected. %s", seat);
		return;
	}
	core_url_format(&app->meaning.endpoint.url, where, sizeof where);
	core_text_format(out, size, "hotseat: not connected. %s",
		app->down.text[0] != '\0' ? app->down.text : where);
}

static void refresh(App *app)
{
	char tooltip[TOOLTIP_MAX];

	describe(app, tooltip, sizeof tooltip);
	tray_set_tooltip(app->window, tooltip);
}

void app_show_icon(App *app)
{
	char tooltip[TOOLTIP_MAX];

	describe(app, tooltip, sizeof tooltip);
	tray_add(app->window, APP_TRAY, tooltip);
}

static void stop_link(App *app)
{
	if (app->link != NULL)
		link_stop(app->link);
	app->link = NULL;
	app->up = false;
	app->told = false;
	app->down.text[0] = '\0';
}

static void start_link(App *app)
{
	app->link = link_start(
		app->window, APP_LINK, ++app->link_number, &app->meaning, app->settings.monitors);
	if (app->link == NULL)
		core_problem_set(&app->down, "not enough memory");
}

/* Applies the file's setting, which is yes in a guest kit. */
static void apply_login(App *app)
{
	Problem problem;

	if (!app->meaning.login_known || app->meaning.login == autostart_is_on())
		return;
	if (!autostart_set(app->meaning.login, &problem))
		tray_notify(app->window, "hotseat does not start at login", problem.text);
	else if (app->meaning.login)
		tray_notify(app->window, "hotseat starts at login from now on",
			"Settings, in the menu of this icon, has a box to change that.");
}

/* Restarts with the current settings. */
static void apply(App *app)
{
	SettingsField field;
	Problem problem;

	stop_link(app);
	log_to(app->settings.log);
	app->usable = core_settings_check(&app->settings, &app->meaning, &field, &problem);
	if (!app->usable) {
		tray_notify(app->window, "hotseat: wrong settings", problem.text);
	} else {
		if (!hotkey_set(app->window, &app->meaning.chord, &problem))
			tray_notify(app->window, "The hotkey does not work", problem.text);
		apply_login(app);
		start_link(app);
	}
	refresh(app);
}

/* The file cannot be used, so the log's path is not known: show a notification. */
static void complain(const App *app, const Problem *problem)
{
	char path[FILES_PATH_MAX], text[sizeof problem->text + FILES_PATH_MAX];
	wchar_t wide[sizeof text];

	utf8_from_wide(path, app->path);
	core_text_format(text, sizeof text, "%s:\n%s", path, problem->text);
	wide_from_utf8(wide, text);
	MessageBoxW(app->window, wide, L"hotseat: cannot use the settings file",
		MB_OK | MB_ICONWARNING | MB_SETFOREGROUND);
}

static void load(App *app)
{
	Problem problem;

	settings_path(app->path);
	switch (settings_load(app->path, &app->settings, &problem)) {
	case SETTINGS_READ:
		apply(app);
		break;
	case SETTINGS_MISSING:
		app_settings(app);
		break;
	case SETTINGS_WRONG:
		complain(app, &problem);
		break;
	}
}

void app_start(App *app, HWND window)
{
	app->window = window;
	app->switcher.window = window;
	app->switcher.message = APP_SWITCHED;
	app_show_icon(app);
	load(app);
}

void app_quit(App *app)
{
	stop_link(app);
	tray_remove(app->window);
}

static void ask(App *app, const char *to)
{
	char title[SEAT_NAME_MAX + 32];
	Problem problem;

	if (!app->usable) {
		app_settings(app);
		return;
	}
	if (switcher_ask(&app->switcher, &app->meaning.endpoint, to, &problem))
		return;
	core_text_format(title, sizeof title, "Switch to %s failed", to);
	tray_notify(app->window, title, problem.text);
}

void app_hotkey(App *app)
{
	ask(app, "host");
}

void app_settings(App *app)
{
	if (dialog_run(app->window, app->path, &app->settings))
		apply(app);
}

void app_menu(App *app, int x, int y)
{
	/* the seat may change while the menu is open */
	Seat seat = app->seat;
	unsigned chosen = tray_menu(app->window, &seat, x, y);

	if (chosen == TRAY_HOST)
		ask(app, "host");
	else if (chosen == TRAY_SETTINGS)
		app_settings(app);
	else if (chosen == TRAY_QUIT)
		DestroyWindow(app->window);
	else if (chosen >= TRAY_GUEST)
		ask(app, seat.guests[chosen - TRAY_GUEST]);
}

static void came_down(App *app, const LinkNews *news)
{
	log_line("not connected: %s", news->text);
	app->up = false;
	core_problem_set(&app->down, "%s", news->text);
	/* the user can fix it, so it is shown, but only once */
	if (news->kind == LINK_REFUSED && !app->told) {
		app->told = true;
		tray_notify(app->window, "hotseat cannot connect", news->text);
	}
}

static void came_up(App *app)
{
	log_line("connected");
	app->up = true;
	app->told = false;
}

void app_news(App *app, LinkNews *news)
{
	if (news->number == app->link_number) {
		if (news->kind == LINK_EVENT)
			core_seat_update(&app->seat, news->name, news->text);
		else if (news->kind == LINK_UP)
			came_up(app);
		else
			came_down(app, news);
		refresh(app);
	}
	free(news);
}

void app_switched(App *app, SwitchResult *result)
{
	char title[SEAT_NAME_MAX + 32];

	if (result->done) {
		log_line("switch to %s: done", result->to);
		hotkey_release_modifiers();
	}
	if (switcher_take(&app->switcher, result) && !result->done) {
		core_text_format(title, sizeof title, "Switch to %s failed", result->to);
		tray_notify(app->window, title, result->problem.text);
	}
	free(result);
}
