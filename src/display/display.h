/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Displays: a monitor, and the input code that shows each target.
 */
#pragma once

#include "common/resource.h"
#include "config/config.h"
#include "display/agents.h"
#include "display/i2c.h"

/* What the displays of one desk share: the buses, a lane for each, and who is where. */
typedef struct DisplayRoom DisplayRoom;

/* system: whose buses. The room watches it: displays that vanish or come back tell their seat. */
DisplayRoom *display_room_new(I2cSystem *system);
void display_room_free(DisplayRoom *room);

/* Who is asked to set monitors from inside the guests; borrowed, NULL: nobody. */
void display_room_set_agents(DisplayRoom *room, DisplayAgents *agents);

/* Looks anew which monitor is on which bus, as when the system says that buses have changed. */
void display_room_rescan(DisplayRoom *room);

/* A resource for config, which must outlive it, as the room must. display_new() commands the
 * monitor from the host and no more; ladder_new() has the other ways, too, to make it leave a
 * guest's input. */
Resource *display_new(DisplayRoom *room, const ConfigDisplay *config);
Resource *ladder_new(DisplayRoom *room, const ConfigDisplay *config);

/* The kernel's buses. There is one; never freed. */
I2cSystem *i2c_kernel(void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DisplayRoom, display_room_free)
