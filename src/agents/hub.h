/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connected agents in guests, and what they are asked to set. The owner of the hub handles
 * their connections: the hub knows them as clients. Main loop only.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "display/agents.h"

/* How long an agent may take to answer: a guest may be busy, and it is a person who waits. */
enum { AGENT_ORDER_MS = 5000 };

typedef struct AgentHub AgentHub;

/* What the hub asks of its owner. */
typedef struct {
	/* Sends an event to client. May end in agent_hub_remove() of it. */
	void (*send)(gpointer client, const char *event, const char *json, gpointer data);
	/* Is the guest of that name off, crashed or not defined? */
	gboolean (*guest_is_gone)(const char *guest, gpointer data);
	/* May a line be logged about one that comes? One that comes and goes all the time must not
	 * fill the log. guest: NULL for one with the administrator's rights. */
	gboolean (*may_log)(const char *guest, gpointer data);
	/* Writes a line into the log. */
	void (*log)(gpointer data, const char *format, ...) G_GNUC_PRINTF(2, 3);
	/* One has come: what waits for one can be tried again. */
	void (*arrived)(gpointer data);
} AgentHubOps;

typedef enum {
	AGENT_ANSWER_TAKEN,
	AGENT_ANSWER_MALFORMED, /* neither of the forms that an answer has */
	AGENT_ANSWER_UNASKED,	/* no pending order has this id */
} AgentAnswer;

/* ops and data are borrowed. order_ms: AGENT_ORDER_MS but for tests. */
AgentHub *agent_hub_new(const AgentHubOps *ops, gpointer data, guint order_ms);
/* Calls no one any more. NULL is fine. */
void agent_hub_free(AgentHub *hub);

/* client calls itself name, and has come in guest (NULL: it has the administrator's rights, and may
 * be anywhere) from the address peer (NULL: this machine). Strings are copied. */
void agent_hub_add(
	AgentHub *hub, gpointer client, const char *name, const char *guest, const char *peer);
/* client has gone. One that is no agent is nothing. */
void agent_hub_remove(AgentHub *hub, gpointer client);

/* An answer of one in guest: {"id": NUMBER, "error": null or a sentence}. */
AgentAnswer agent_hub_answer(AgentHub *hub, const char *guest, JsonObject *body);

/* Adds the member "agents". */
void agent_hub_describe(AgentHub *hub, JsonBuilder *builder);

/* Lives as long as hub. */
DisplayAgents *agent_hub_display_agents(AgentHub *hub);
