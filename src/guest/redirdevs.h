/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps the USB redirection for hotseat-inputd attached to each running domain that needs it.
 * Changes only the running domain, never its definition. Use on the main loop only.
 */
#pragma once

#include "guest/connection.h"

typedef struct RedirTable RedirTable;

typedef enum {
	REDIR_UNKNOWN, /* libvirt has not answered or cannot be reached; error is the reason */
	REDIR_OFF,     /* the domain does not run */
	REDIR_ATTACHING,
	REDIR_ATTACHED,
	REDIR_FAILED, /* it cannot be attached; error has the reason and what to do */
} RedirState;

/* What is known about a domain. Borrowed from the table until the main loop runs. */
typedef struct {
	RedirState state;
	int uid; /* the user that runs its QEMU; -1: it does not run, or the user is not known */
	const GError *error; /* LIBVIRT, NO_PERMISSION, TIMED_OUT; NULL: none */
} RedirInfo;

typedef struct {
	/* domain's QEMU runs as uid and may connect from now on; called before the redirection is
	 * attached. uid of -1: it no longer runs. */
	void (*expect)(const char *domain, int uid, gpointer data);
	/* The result of redir_table_info() has changed. */
	void (*changed)(const char *domain, gpointer data);
} RedirOps;

/* connection must outlive it. Freeing the table detaches nothing. */
RedirTable *redir_table_new(LibvirtConnection *connection, const RedirOps *ops, gpointer data);
void redir_table_free(RedirTable *table);

/* From now on domain gets a redirection to port; port of 0: it must have none. Call it once for
 * each domain. */
void redir_table_add(RedirTable *table, const char *domain, guint port);

/* The state of a domain that was added. */
RedirInfo redir_table_info(RedirTable *table, const char *domain);

/* Retries what has failed for domain. */
void redir_table_retry(RedirTable *table, const char *domain);
