/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks hotseatd to move the seat, off the window's thread.
 */
#pragma once

#include "core/endpoint.h"
#include "core/seat.h"

#include <windows.h>

/* How long a host that does not answer is asked again, and how often. */
#define SWITCH_RETRY_MS 10000
#define SWITCH_PAUSE_MS 250

/* What came of it. */
typedef struct {
	unsigned number;
	char to[SEAT_NAME_MAX];
	bool done;
	Problem problem; /* why not */
} SwitchResult;

typedef struct {
	HWND window; /* is sent message, its lParam a SwitchResult * to be taken */
	UINT message;
	unsigned number; /* of the newest */
	bool under_way;
	char to[SEAT_NAME_MAX];
} Switcher;

/* Asks, unless the same is being asked already. False if Windows gives no thread for it. */
bool switcher_ask(Switcher *switcher, const Endpoint *endpoint, const char *to, Problem *problem);

/* Takes a message. Is it about the newest request, so that the user should see it? Free result with
 * free() in either case. */
bool switcher_take(Switcher *switcher, const SwitchResult *result);
