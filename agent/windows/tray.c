/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tray.h"

#include "log.h"
#include "resource.h"
#include "wide.h"

#include <shellapi.h>

#include <string.h>

#define ICON_ID 1

static NOTIFYICONDATAW icon(HWND window, UINT flags)
{
	return (NOTIFYICONDATAW){
		.cbSize = sizeof(NOTIFYICONDATAW),
		.hWnd = window,
		.uID = ICON_ID,
		.uFlags = flags,
	};
}

void tray_add(HWND window, UINT message, const char *tooltip)
{
	NOTIFYICONDATAW data = icon(window, NIF_MESSAGE | NIF_ICON | NIF_TIP | NIF_SHOWTIP);

	data.uCallbackMessage = message;
	data.hIcon = LoadImageW(GetModuleHandleW(NULL), MAKEINTRESOURCEW(IDI_HOTSEAT), IMAGE_ICON,
		GetSystemMetrics(SM_CXSMICON), GetSystemMetrics(SM_CYSMICON), LR_SHARED);
	wide_from_utf8(data.szTip, tooltip);
	/* without Explorer, which sends a message when it starts */
	if (!Shell_NotifyIconW(NIM_ADD, &data))
		return;
	data.uVersion = NOTIFYICON_VERSION_4;
	Shell_NotifyIconW(NIM_SETVERSION, &data);
}

void tray_remove(HWND window)
{
	NOTIFYICONDATAW data = icon(window, 0);

	Shell_NotifyIconW(NIM_DELETE, &data);
}

void tray_set_tooltip(HWND window, const char *tooltip)
{
	NOTIFYICONDATAW data = icon(window, NIF_TIP | NIF_SHOWTIP);

	wide_from_utf8(data.szTip, tooltip);
	Shell_NotifyIconW(NIM_MODIFY, &data);
}

void tray_notify(HWND window, const char *title, const char *text)
{
	NOTIFYICONDATAW data = icon(window, NIF_INFO);

	log_line("notification: %s: %s", title, text);
	wide_from_utf8(data.szInfoTitle, title);
	wide_from_utf8(data.szInfo, text);
	data.dwInfoFlags = NIIF_WARNING;
	Shell_NotifyIconW(NIM_MODIFY, &data);
}

bool tray_wants_menu(LPARAM lparam)
{
	UINT event = LOWORD(lparam);

	return event == WM_CONTEXTMENU || event == NIN_SELECT || event == NIN_KEYSELECT;
}

/* In menus, & underlines the next character. */
static void add_target(HMENU menu, unsigned id, const char *name)
{
	char label[2 * SEAT_NAME_MAX + 16] = "Switch to ";
	size_t used = strlen(label);
	wchar_t wide[sizeof label];

	for (; *name != '\0'; name++) {
		if (*name == '&')
			label[used++] = '&';
		label[used++] = *name;
	}
	label[used] = '\0';
	wide_from_utf8(wide, label);
	AppendMenuW(menu, MF_STRING, id, wide);
}

static HMENU new_menu(const Seat *seat)
{
	HMENU menu = CreatePopupMenu();

	AppendMenuW(menu, MF_STRING, TRAY_HOST, L"Switch to &host");
	SetMenuDefaultItem(menu, TRAY_HOST, FALSE);
	for (unsigned i = 0; i < seat->guest_count; i++)
		if (strcmp(seat->guests[i], seat->target) != 0)
			add_target(menu, TRAY_GUEST + i, seat->guests[i]);
	AppendMenuW(menu, MF_SEPARATOR, 0, NULL);
	AppendMenuW(menu, MF_STRING, TRAY_SETTINGS, L"&Settings\x2026");
	AppendMenuW(menu, MF_STRING, TRAY_QUIT, L"&Quit");
	return menu;
}

unsigned tray_menu(HWND window, const Seat *seat, int x, int y)
{
	HMENU menu = new_menu(seat);
	unsigned chosen;

	/* otherwise it stays open after a click elsewhere, and the next menu closes immediately:
	 * see the remarks on TrackPopupMenu */
	SetForegroundWindow(window);
	chosen = (unsigned)TrackPopupMenu(
		menu, TPM_RETURNCMD | TPM_NONOTIFY | TPM_RIGHTBUTTON, x, y, 0, window, NULL);
	PostMessageW(window, WM_NULL, 0, 0);
	DestroyMenu(menu);
	return chosen;
}
