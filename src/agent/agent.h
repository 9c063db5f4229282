/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The agent in a guest: listens to hotseatd's events, and sets monitors when one asks for it.
 */
#pragma once

#include "agent/link.h"
#include "core/vcp.h"
#include "display/i2c.h"

typedef struct Agent Agent;

/* Begins at once, on the main loop. system: whose monitors; features: what may be set, copied.
 * endpoint is borrowed. What happens is
 * told on stderr, a line each; that there is no connection only when the reason is a new one. */
Agent *agent_new(
	Endpoint *endpoint, I2cSystem *system, const Features *features, const LinkTimes *times);
void agent_free(Agent *agent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Agent, agent_free)
