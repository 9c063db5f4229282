/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The agent in a guest: listens to hotseatd's events, and sets a monitor when an event requests it.
 */
#pragma once

#include "agent/link.h"
#include "core/vcp.h"
#include "display/i2c.h"

typedef struct Agent Agent;

/* Starts immediately, on the main loop. system: its monitors are set. features: what may be set,
 * copied. endpoint is borrowed. Prints a line on stderr for everything that happens; a failed
 * connection only if the reason has changed. */
Agent *agent_new(
	Endpoint *endpoint, I2cSystem *system, const Features *features, const LinkTimes *times);
void agent_free(Agent *agent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Agent, agent_free)
