/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat-agent: the guest's side of hotseat on Windows.
 */
#include "app.h"
#include "resource.h"
#include "tray.h"

#define CLASS_NAME L"hotseat-agent"

static App app;
static UINT taskbar_created; /* Explorer broadcasts it when it has started */

static LRESULT CALLBACK on_message(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
	switch (message) {
	case WM_HOTKEY:
		app_hotkey(&app);
		return 0;
	case APP_TRAY:
		if (tray_wants_menu(lparam))
			app_menu(&app, (short)LOWORD(wparam), (short)HIWORD(wparam));
		return 0;
	case APP_LINK:
		app_news(&app, (LinkNews *)lparam);
		return 0;
	case APP_SWITCHED:
		app_switched(&app, (SwitchResult *)lparam);
		return 0;
	case APP_SETTINGS:
		app_settings(&app);
		return 0;
	case WM_DESTROY:
		app_quit(&app);
		PostQuitMessage(0);
		return 0;
	default:
		if (message == taskbar_created && taskbar_created != 0)
			app_show_icon(&app);
		return DefWindowProcW(window, message, wparam, lparam);
	}
}

/* Not a message-only window, because those do not get Explorer's broadcast. */
static HWND new_window(HINSTANCE instance)
{
	WNDCLASSEXW class = {
		.cbSize = sizeof class,
		.lpfnWndProc = on_message,
		.hInstance = instance,
		.hIcon = LoadIconW(instance, MAKEINTRESOURCEW(IDI_HOTSEAT)),
		.lpszClassName = CLASS_NAME,
	};

	if (RegisterClassExW(&class) == 0)
		return NULL;
	return CreateWindowExW(
		0, CLASS_NAME, CLASS_NAME, WS_POPUP, 0, 0, 0, 0, NULL, NULL, instance, NULL);
}

/* Is the agent already running in this session? Then makes it show its settings. */
static bool is_running(void)
{
	HWND other;

	CreateMutexW(NULL, FALSE, L"Local\\hotseat-agent");
	if (GetLastError() != ERROR_ALREADY_EXISTS)
		return false;
	other = FindWindowW(CLASS_NAME, NULL);
	if (other != NULL) {
		AllowSetForegroundWindow(ASFW_ANY);
		PostMessageW(other, APP_SETTINGS, 0, 0);
	}
	return true;
}

int WINAPI wWinMain(HINSTANCE instance, HINSTANCE unused, wchar_t *command_line, int show)
{
	HWND window;
	MSG message;

	(void)unused;
	(void)command_line;
	(void)show;
	if (is_running())
		return 0;
	taskbar_created = RegisterWindowMessageW(L"TaskbarCreated");
	window = new_window(instance);
	if (window == NULL)
		return 1;
	app_start(&app, window);
	while (GetMessageW(&message, NULL, 0, 0) > 0)
		DispatchMessageW(&message);
	return (int)message.wParam;
}
