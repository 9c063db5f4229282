/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connection to hotseatd's events: a thread that is in a blocking read nearly all the time. It
 * connects again for ever, and does what hotseatd asks of the monitors.
 */
#pragma once

#include "core/settings.h"

#include <windows.h>

typedef enum {
	LINK_UP,
	LINK_DOWN,    /* text says why; the link goes on trying */
	LINK_REFUSED, /* likewise: the secret or the certificate is wrong */
	LINK_EVENT,   /* name, and text is its JSON */
} LinkNewsKind;

/* A message's lParam, to be taken and freed with free(). */
typedef struct {
	unsigned number; /* of the link that it comes from */
	LinkNewsKind kind;
	char name[64];
	char text[];
} LinkNews;

typedef struct Link Link;

/* Starts it. window is sent message with each LinkNews; number tells a link from the one before.
 * monitors: as in Settings. NULL if Windows gives no thread. */
Link *link_start(HWND window, UINT message, unsigned number, const SettingsMeaning *settings,
	const char *monitors);

/* Lets it end by itself: as late as hotseatd's next sign of life, for a read cannot be broken off.
 * link is gone. */
void link_stop(Link *link);
