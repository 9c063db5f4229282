/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connected agents in guests, and the orders to them. The owner of the hub handles their
 * connections; the hub knows them as clients. Use on the main loop only.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "display/agents.h"

/* How long an agent may take to answer: a guest may be busy, but a user is waiting. */
enum { AGENT_ORDER_MS = 5000 };

typedef struct AgentHub AgentHub;

/* What the hub needs from its owner. */
typedef struct {
	/* Sends an event to client. May call agent_hub_remove() for it. */
	void (*send)(gpointer client, const char *event, const char *json, gpointer data);
	/* Is the guest of that name off, crashed or not defined? */
	gboolean (*guest_is_gone)(const char *guest, gpointer data);
	/* May a line be logged about one that comes? An agent that keeps reconnecting must not fill
	 * the log. guest: NULL for one with the administrator's rights. */
	gboolean (*may_log)(const char *guest, gpointer data);
	/* Writes a line to the log. */
	void (*log)(gpointer data, const char *format, ...) G_GNUC_PRINTF(2, 3);
	/* An agent has connected: what needs one can be retried. */
	void (*arrived)(gpointer data);
} AgentHubOps;

typedef enum {
	AGENT_ANSWER_TAKEN,
	AGENT_ANSWER_MALFORMED, /* not in one of the two valid forms */
	AGENT_ANSWER_UNASKED,	/* no pending order has this id */
} AgentAnswer;

/* ops and data are borrowed. order_ms: AGENT_ORDER_MS except in tests. */
AgentHub *agent_hub_new(const AgentHubOps *ops, gpointer data, guint order_ms);
/* Frees the hub without any further call. NULL is allowed. */
void agent_hub_free(AgentHub *hub);

/* Adds an agent that has connected as client. name: what it calls itself. guest: the guest whose
 * secret it has (NULL: the administrator's, so it may be anywhere). peer: its address (NULL: this
 * machine). Strings are copied. */
void agent_hub_add(
	AgentHub *hub, gpointer client, const char *name, const char *guest, const char *peer);
/* client has disconnected. A client that is not an agent is ignored. */
void agent_hub_remove(AgentHub *hub, gpointer client);

/* Takes the answer of an agent in guest: {"id": NUMBER, "error": null or a sentence}. */
AgentAnswer agent_hub_answer(AgentHub *hub, const char *guest, JsonObject *body);

/* Adds the member "agents". */
void agent_hub_describe(AgentHub *hub, JsonBuilder *builder);

/* Valid as long as hub. */
DisplayAgents *agent_hub_display_agents(AgentHub *hub);
