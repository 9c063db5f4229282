/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A desk: creates everything that a config names, and adds it to a seat.
 */
#pragma once

#include "config/config.h"
#include "display/agents.h"
#include "seat/seat.h"

#include <json-glib/json-glib.h>

typedef struct Desk Desk;

/* A desk for config; takes ownership of config. simulated: uses no real hardware. agents is
 * borrowed. */
Desk *desk_new(Config *config, gboolean simulated, DisplayAgents *agents);
void desk_free(Desk *desk);

/* The desk's seat. Valid as long as the desk. */
Seat *desk_seat(Desk *desk);

/* An agent has connected: retries what needs one. */
void desk_agents_changed(Desk *desk);

/* Adds to a status what is not part of the seat: "libvirt", and "simulated" with the faults that a
 * simulated desk offers. */
void desk_describe(Desk *desk, JsonBuilder *builder);

/* {"fault": F, "what": NAME}: breaks or repairs a part of a simulated desk. */
gboolean desk_break(Desk *desk, JsonObject *request, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Desk, desk_free)
