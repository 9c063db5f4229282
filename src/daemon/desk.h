/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A desk: what a config names, made of the rooms' parts and put into a seat.
 */
#pragma once

#include "config/config.h"
#include "display/agents.h"
#include "seat/seat.h"

#include <json-glib/json-glib.h>

typedef struct Desk Desk;

/* A desk for config, which it owns from here; simulated: none of it is real. agents is borrowed. */
Desk *desk_new(Config *config, gboolean simulated, DisplayAgents *agents);
void desk_free(Desk *desk);

/* The desk's; lives as long as it does. */
Seat *desk_seat(Desk *desk);

/* One has come: what waits for one is tried again. */
void desk_agents_changed(Desk *desk);

/* Adds what the desk knows beside its seat to a status: "libvirt", and "simulated", the faults that
 * a simulated desk offers. */
void desk_describe(Desk *desk, JsonBuilder *builder);

/* {"fault": F, "what": NAME}: breaks a thing of a simulated desk, or repairs it. */
gboolean desk_break(Desk *desk, JsonObject *request, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Desk, desk_free)
