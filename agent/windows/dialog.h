/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The settings dialog.
 */
#pragma once

#include "core/settings.h"

#include <windows.h>

/* Shows the dialog, or brings it to the front if it is open, and waits until it is closed. Returns
 * true if settings have changed; they are then saved at path. */
bool dialog_run(HWND owner, const wchar_t *path, Settings *settings);
