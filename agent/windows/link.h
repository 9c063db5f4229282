/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connection to hotseatd's events: a thread that nearly always waits in a blocking read. It
 * keeps connecting again, and sets monitors when hotseatd requests it.
 */
#pragma once

#include "core/settings.h"

#include <windows.h>

typedef enum {
	LINK_UP,
	LINK_DOWN,    /* text has the reason; the link keeps trying */
	LINK_REFUSED, /* the same, because the secret or the certificate is wrong */
	LINK_EVENT,   /* name is the event's name, and text its JSON */
} LinkNewsKind;

/* The lParam of a message. The receiver frees it with free(). */
typedef struct {
	unsigned number; /* the number of its link */
	LinkNewsKind kind;
	char name[64];
	char text[];
} LinkNews;

typedef struct Link Link;

/* Starts a link. window gets message with each LinkNews; number identifies the link. monitors: as
 * in Settings. NULL if no thread can be created. */
Link *link_start(HWND window, UINT message, unsigned number, const SettingsMeaning *settings,
	const char *monitors);

/* Frees link. Its thread ends later, at hotseatd's next message at the latest, because a read
 * cannot be interrupted. */
void link_stop(Link *link);
