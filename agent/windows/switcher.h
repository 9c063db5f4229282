/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests switches from hotseatd, on a separate thread.
 */
#pragma once

#include "core/endpoint.h"
#include "core/seat.h"

#include <windows.h>

/* How long and how often a host that does not answer is asked again. */
#define SWITCH_RETRY_MS 10000
#define SWITCH_PAUSE_MS 250

/* The result of a request. */
typedef struct {
	unsigned number;
	char to[SEAT_NAME_MAX];
	bool done;
	Problem problem; /* why it failed */
} SwitchResult;

typedef struct {
	HWND window; /* gets message, whose lParam is a SwitchResult * that the receiver frees */
	UINT message;
	unsigned number; /* number of the newest request */
	bool under_way;
	char to[SEAT_NAME_MAX];
} Switcher;

/* Sends a request, unless the same one is pending. False if no thread can be created. */
bool switcher_ask(Switcher *switcher, const Endpoint *endpoint, const char *to, Problem *problem);

/* Handles a message. Returns true if it is about the newest request, so that the user should see
 * it. Free result with free() in either case. */
bool switcher_take(Switcher *switcher, const SwitchResult *result);
