/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A display of one monitor on a simulated bus, which shows "host".
 */
#pragma once

#include "desk.h"

typedef struct {
	Desk *desk;
	SimMonitor *monitor;
	Resource *display;
} ShowDesk;

/* For g_test_add(). */
void show_desk_set_up(ShowDesk *f, gconstpointer unused);
void show_desk_tear_down(ShowDesk *f, gconstpointer unused);

/* Another config, in place of the display of show_desk_set_up(). */
void show_desk_configure(ShowDesk *f, ConfigDisplay config);

/* Lets the display know what shows, some time ago, and forgets the traffic of it. */
void show_desk_look(ShowDesk *f);
