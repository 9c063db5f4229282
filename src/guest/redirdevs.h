/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keeps the USB redirection for hotseat-inputd in each domain that needs one, while the domain
 * runs. Only the running domain changes, never its definition. All on the main loop.
 */
#pragma once

#include "guest/connection.h"

typedef struct RedirTable RedirTable;

typedef enum {
	REDIR_UNKNOWN, /* libvirt has not answered, or cannot be asked: error says why */
	REDIR_OFF,     /* the domain does not run */
	REDIR_ATTACHING,
	REDIR_ATTACHED,
	REDIR_FAILED, /* it cannot be attached: error says why and what to do */
} RedirState;

/* What is known of a domain. Borrowed from the table until the main loop runs. */
typedef struct {
	RedirState state;
	int uid;	     /* of its QEMU; -1: it does not run, or that is not known */
	const GError *error; /* LIBVIRT, NO_PERMISSION, TIMED_OUT; NULL: none */
} RedirInfo;

typedef struct {
	/* domain's QEMU, which runs as uid, may connect from now on; called before it is told to.
	 * uid of -1: it does not run any more. */
	void (*expect)(const char *domain, int uid, gpointer data);
	/* redir_table_info() says something else now. */
	void (*changed)(const char *domain, gpointer data);
} RedirOps;

/* connection must outlive it. Nothing is detached when it is freed. */
RedirTable *redir_table_new(LibvirtConnection *connection, const RedirOps *ops, gpointer data);
void redir_table_free(RedirTable *table);

/* domain has a redirection to port from now on; port of 0: it must have none. Once for a domain. */
void redir_table_add(RedirTable *table, const char *domain, guint port);

/* Of a domain that was added. */
RedirInfo redir_table_info(RedirTable *table, const char *domain);

/* Tries again what has failed. */
void redir_table_retry(RedirTable *table, const char *domain);
