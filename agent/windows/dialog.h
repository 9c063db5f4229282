/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The settings' dialog.
 */
#pragma once

#include "core/settings.h"

#include <windows.h>

/* Shows it, or brings it to the front if it is there, and waits for its end. True if
 * settings have changed: they are then saved at path. */
bool dialog_run(HWND owner, const wchar_t *path, Settings *settings);
