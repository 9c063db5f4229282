/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialog.h"

#include "core/seat.h"
#include "files.h"
#include "http.h"
#include "resource.h"
#include "wide.h"

#include <stdlib.h>
#include <string.h>

#define WM_TESTED (WM_APP + 1) /* lParam: Test * */
#define ANSWER_MS 5000

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

typedef struct {
	const wchar_t *path;
	Settings *settings;
	bool saved;
} Dialog;

/* Tests the settings in the dialog with hotseatd. */
typedef struct {
	HWND dialog;
	Endpoint endpoint;
	HttpAnswer answer;
	char text[sizeof(Problem) + 128];
} Test;

static HWND shown;

static const struct {
	int control;
	size_t offset;
} fields[] = {
	[SETTING_URL] = { IDC_URL, offsetof(Settings, url) },
	[SETTING_SECRET] = { IDC_SECRET, offsetof(Settings, secret) },
	[SETTING_FINGERPRINT] = { IDC_FINGERPRINT, offsetof(Settings, fingerprint) },
	[SETTING_HOTKEY] = { IDC_HOTKEY, offsetof(Settings, hotkey) },
};

static void set_text(HWND dialog, int control, const char *text)
{
	wchar_t wide[1024];

	wide_from_utf8(wide, text);
	SetDlgItemTextW(dialog, control, wide);
}

static void fill(HWND dialog, const Settings *settings)
{
	for (size_t i = 0; i < COUNT(fields); i++) {
		SendDlgItemMessageW(dialog, fields[i].control, EM_LIMITTEXT, SETTING_MAX / 4, 0);
		set_text(dialog, fields[i].control, (const char *)settings + fields[i].offset);
	}
	/* if nothing is set yet, it is suggested */
	CheckDlgButton(dialog, IDC_LOGIN,
		autostart_is_on() || settings->url[0] == '\0' ? BST_CHECKED : BST_UNCHECKED);
	if (settings->url[0] == '\0')
		set_text(dialog, IDC_URL, "http://192.168.122.1:5001");
}

static void read_fields(HWND dialog, Settings *settings)
{
	for (size_t i = 0; i < COUNT(fields); i++) {
		char *field = (char *)settings + fields[i].offset, text[SETTING_MAX];
		const char *start = text;
		wchar_t wide[SETTING_MAX];

		GetDlgItemTextW(dialog, fields[i].control, wide, SETTING_MAX);
		utf8_from_wide(text, wide);
		core_text_copy(field, SETTING_MAX, start, core_text_strip(&start, strlen(start)));
		/* a pasted secret often has a line end */
		field[strcspn(field, "\r\n")] = '\0';
	}
}

/* Shows a problem as a separate sentence, because it begins with a small letter. */
static void complain(HWND dialog, const Problem *problem)
{
	wchar_t wide[sizeof problem->text];

	wide_from_utf8(wide, problem->text);
	CharUpperBuffW(wide, 1);
	MessageBoxW(dialog, wide, L"hotseat: settings", MB_OK | MB_ICONWARNING);
}

/* Takes the settings from the dialog. If they are invalid, shows the problem and focuses its field.
 */
static bool check(HWND dialog, Settings *settings, SettingsMeaning *meaning)
{
	SettingsField field;
	Problem problem;

	read_fields(dialog, settings);
	if (core_settings_check(settings, meaning, &field, &problem))
		return true;
	complain(dialog, &problem);
	/* like Tab, with the whole text selected; a setting that is only in the file has no field
	 */
	if (field < sizeof fields / sizeof fields[0])
		SendMessageW(dialog, WM_NEXTDLGCTL,
			(WPARAM)GetDlgItem(dialog, fields[field].control), TRUE);
	return false;
}

static bool save(HWND dialog, Dialog *self)
{
	bool login = IsDlgButtonChecked(dialog, IDC_LOGIN) == BST_CHECKED;
	Settings settings = *self->settings;
	SettingsMeaning meaning;
	Problem problem;

	core_text_format(settings.start_at_login, sizeof settings.start_at_login, "%s",
		login ? "yes" : "no");
	if (!check(dialog, &settings, &meaning))
		return false;
	if (!settings_save(self->path, &settings, &problem)) {
		complain(dialog, &problem);
		return false;
	}
	*self->settings = settings;
	self->saved = true;
	if (autostart_set(login, &problem))
		return true;
	complain(dialog, &problem);
	return false;
}

static DWORD WINAPI run_test(void *data)
{
	char where[128] = "";
	Test *test = data;
	Problem problem;
	Seat seat = { 0 };

	if (http_request(&test->endpoint, L"GET", L"/status", NULL, ANSWER_MS, &test->answer,
		    &problem) != HTTP_ANSWERED ||
		!core_answer_check(
			test->answer.status, test->answer.body, test->answer.length, &problem)) {
		core_text_format(test->text, sizeof test->text, "Failed: %s", problem.text);
	} else {
		if (test->answer.length < HTTP_ANSWER_MAX) {
			test->answer.body[test->answer.length] = '\0';
			core_seat_update(&seat, "status", test->answer.body);
		}
		core_seat_describe(&seat, where, sizeof where);
		core_text_format(
			test->text, sizeof test->text, "Success: hotseatd answers. %s", where);
	}
	if (!PostMessageW(test->dialog, WM_TESTED, 0, (LPARAM)test))
		free(test);
	return 0;
}

static void start_test(HWND dialog, const Dialog *self)
{
	Settings settings = *self->settings;
	SettingsMeaning meaning;
	HANDLE thread;
	Test *test;

	if (!check(dialog, &settings, &meaning))
		return;
	test = calloc(1, sizeof *test);
	if (test == NULL)
		return;
	test->dialog = dialog;
	test->endpoint = meaning.endpoint;
	set_text(dialog, IDC_RESULT, "Contacting hotseatd\xe2\x80\xa6");
	EnableWindow(GetDlgItem(dialog, IDC_TEST), FALSE);
	thread = CreateThread(NULL, 0, run_test, test, 0, NULL);
	if (thread != NULL)
		CloseHandle(thread);
	else
		free(test);
}

static void end_test(HWND dialog, Test *test)
{
	bool focus = GetFocus() == NULL || GetFocus() == GetDlgItem(dialog, IDC_TEST);

	set_text(dialog, IDC_RESULT, test->text);
	EnableWindow(GetDlgItem(dialog, IDC_TEST), TRUE);
	if (focus)
		SetFocus(GetDlgItem(dialog, IDC_TEST));
	free(test);
}

static void on_command(HWND dialog, int control)
{
	Dialog *self = (Dialog *)GetWindowLongPtrW(dialog, DWLP_USER);

	if (control == IDC_TEST)
		start_test(dialog, self);
	else if (control == IDCANCEL || (control == IDOK && save(dialog, self)))
		EndDialog(dialog, control);
}

static INT_PTR CALLBACK on_message(HWND dialog, UINT message, WPARAM wparam, LPARAM lparam)
{
	switch (message) {
	case WM_INITDIALOG:
		shown = dialog;
		SetWindowLongPtrW(dialog, DWLP_USER, lparam);
		SendMessageW(dialog, WM_SETICON, ICON_BIG,
			(LPARAM)LoadIconW(GetModuleHandleW(NULL), MAKEINTRESOURCEW(IDI_HOTSEAT)));
		fill(dialog, ((const Dialog *)lparam)->settings);
		return TRUE;
	case WM_COMMAND:
		if (HIWORD(wparam) == BN_CLICKED)
			on_command(dialog, LOWORD(wparam));
		return TRUE;
	case WM_TESTED:
		end_test(dialog, (Test *)lparam);
		return TRUE;
	default:
		return FALSE;
	}
}

bool dialog_run(HWND owner, const wchar_t *path, Settings *settings)
{
	Dialog self = { path, settings, false };

	if (shown != NULL) {
		SetForegroundWindow(shown);
		return false;
	}
	DialogBoxParamW(GetModuleHandleW(NULL), MAKEINTRESOURCEW(IDD_SETTINGS), owner, on_message,
		(LPARAM)&self);
	shown = NULL;
	return self.saved;
}
