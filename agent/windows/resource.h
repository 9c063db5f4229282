/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers of the resources.
 */
#pragma once

#define IDI_HOTSEAT	1
#define IDD_SETTINGS	2
#define IDC_URL		101
#define IDC_SECRET	102
#define IDC_FINGERPRINT 103
#define IDC_HOTKEY	104
#define IDC_LOGIN	105
#define IDC_TEST	106
#define IDC_RESULT	107
