/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Authentication: which secret belongs to whom, and limits for clients with wrong secrets. Pure:
 * the caller passes the time.
 */
#pragma once

#include "config/secrets.h"

/* How many wrong secrets from one address are answered immediately… */
#define AUTH_FREE_FAILURES 3
/* …the next ones after a pause that doubles from AUTH_DELAY_MS to AUTH_DELAY_MAX_MS… */
#define AUTH_DELAY_MS	  250
#define AUTH_DELAY_MAX_MS 4000
/* …and from this number on with 429. */
#define AUTH_MAX_FAILURES 10
/* An address is forgotten after this time without a wrong secret. */
#define AUTH_FORGET_S 60
/* How many addresses are remembered; the one whose last failure is oldest is replaced. */
#define AUTH_ADDRESSES_MAX 256

/* How often the log mentions a guest that keeps making forbidden requests. */
#define AUTH_COMPLAIN_S 60

typedef struct Auth Auth;

/* The sender of a request. */
typedef struct {
	const char *guest;     /* NULL: the administrator, who may request everything */
	guint64 credential_id; /* stands for one secret of one guest while it is in force, and never
				  again */
} Asker;

typedef struct {
	guint status;	     /* 403 or 429 */
	guint delay_ms;	     /* how long to delay the answer */
	guint retry_after_s; /* 429: the Retry-After header's value */
	gboolean first;	     /* no earlier failure of the address is remembered: log it */
} AuthRefusal;

/* Admits every client, as the administrator. */
Auth *auth_new(void);
void auth_free(Auth *auth);

/* Admits every client if open; otherwise, as the administrator, clients with secret (copied; NULL:
 * none).
 */
void auth_set_admin(Auth *auth, gboolean open, const char *secret);

/* Sets the guests' secrets that are accepted from now on: Secret *, copied. */
void auth_set_guests(Auth *auth, const GPtrArray *secrets);

gboolean auth_is_open(const Auth *auth);

/* Finds the owner of a secret. Takes the same time for every secret, however much of it is correct.
 * FALSE: unknown secret. The strings in asker belong to auth and are valid until its guests change.
 */
gboolean auth_check(const Auth *auth, const char *secret, Asker *asker);

/* Is this credential id still valid? */
gboolean auth_is_valid(const Auth *auth, guint64 credential_id);

/* Records a wrong secret from address, and returns how to answer it. A correct secret is always
 * accepted, because the guest's own client has the same address as other programs in the guest. */
AuthRefusal auth_failed(Auth *auth, const char *address, gint64 now_us);

/* Should it be logged that guest made a forbidden request? */
gboolean auth_complain(Auth *auth, const char *guest, gint64 now_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Auth, auth_free)
