/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of this directory share.
 */
#pragma once

#include "agents/hub.h"
#include "http/addresses.h"
#include "http/auth.h"
#include "http/http.h"
#include "http/listener.h"
#include "http/log-budget.h"
#include "http/rights.h"
#include "http/seat-json.h"

/* How many clients can listen to GET /events at a time: a desk has a few screens, not hundreds. The
 * first limit is for the machine itself and for clients with the administrator's secret, the second
 * for each guest. */
#define EVENTS_CLIENTS_MAX	 16
#define EVENTS_GUEST_CLIENTS_MAX 4
/* A comment line is sent this often, which shows that the connection works. */
#define EVENTS_HEARTBEAT_S 15

typedef struct {
	char *path;
	HttpPostFunc func;
	gpointer data;
} PostRoute;

struct Http {
	char *path; /* of the Unix socket */
	guint64 device, inode;
	ConnectionTimes times;
	Listener *local; /* the Unix socket's */
	Listener *tcp;	 /* NULL: none */
	char *tcp_host;
	guint16 tcp_port; /* as configured */
	Addresses *addresses;
	TlsCredentials *tls;  /* of tcp; NULL: plain */
	Auth *auth;	      /* of tcp */
	Rights *rights;	      /* of the guests that auth knows */
	LogBudget log_budget; /* of http_log_remote() */
	Seat *seat;	      /* or NULL */
	guint seat_listener;
	HttpStatusFunc status_func;
	gpointer status_data;
	GPtrArray *posts; /* PostRoute *, http_add_post() */
	GList *streams;	  /* Connection * of GET /events; owned by their listeners */
	guint heartbeat;  /* source id, while there are streams */
	guint64 event_id;

	AgentHub *agents;
	HttpAgentsFunc agents_func;
	gpointer agents_data;
};

/* The actual TCP port (tests configure port 0); 0: none. */
guint16 http_tcp_port(const Http *http);

/* Answers with {"success":false,"error":message}. */
void http_refuse(Connection *connection, guint status, const char *headers, const char *message);

/* route.c: the callbacks for requests; data is Http. */
extern const ConnectionOps http_connection_ops;

/* Logs what a client on the network has caused, unless LogBudget's limit is reached. */
void http_log_remote(Http *http, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The functions of the routes. body: the object that was posted, or NULL. */
void http_status(Http *http, Connection *connection, JsonObject *body);
void http_switch(Http *http, Connection *connection, JsonObject *body);
void http_events(Http *http, Connection *connection, JsonObject *body);
void http_set_input(Http *http, Connection *connection, JsonObject *body);

/* Is this request forbidden for the guest? See route.c. */
gboolean http_switch_forbid(Http *http, const char *guest, JsonObject *body);
/* Adds "may_switch_to": the targets that guest may request. */
void http_switch_describe(Http *http, JsonBuilder *builder, const char *guest);

/* The answer to GET /status that the connection's client may see. Free with g_free(). */
char *http_status_json(Http *http, Connection *connection);

/* switch.c: the connection no longer waits for a switch. */
void http_switch_forget(Connection *connection);

/* How many pending requests to switch one client (a guest, or an address with the administrator's
 * secret) can have. A user has one, and may press again if it takes long. */
#define SWITCH_WAITING_MAX 4

/* agent-clients.c: replaces the hub by an empty one; handles the begin of a stream, whose client
 * may be an agent. order_ms: AGENT_ORDER_MS except in tests. */
void http_agents_init(Http *http, guint order_ms);
void http_agents_add(Http *http, Connection *connection);

/* events.c: sends an event to one client. May close the connection. */
void http_events_send(Http *http, Connection *connection, const char *name, const char *json);

/* events.c: handlers for: the seat was set or replaced; the secrets have changed; an event of the
 * seat; the connection is closed. */
void http_events_seat_changed(Http *http);
void http_events_revoke(Http *http);
void http_events_listener(Seat *seat, const SeatEvent *event, gpointer data);
void http_events_forget(Http *http, Connection *connection);
