/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The secrets, who has which, and those who know none. Pure: the clock is the caller's.
 */
#pragma once

#include "config/secrets.h"

/* Wrong secrets from one address: so many are answered at once… */
#define AUTH_FREE_FAILURES 3
/* …the next ones after a pause that doubles from AUTH_DELAY_MS to AUTH_DELAY_MAX_MS… */
#define AUTH_DELAY_MS	  250
#define AUTH_DELAY_MAX_MS 4000
/* …and from here on with 429. */
#define AUTH_MAX_FAILURES 10
/* An address is forgiven after so long without a failure. */
#define AUTH_FORGET_S 60
/* Addresses remembered; the one that failed longest ago makes room. */
#define AUTH_ADDRESSES_MAX 256

/* How often the log mentions a guest that keeps requesting what it may not. */
#define AUTH_COMPLAIN_S 60

typedef struct Auth Auth;

/* Who asks. */
typedef struct {
	const char *guest;     /* NULL: the administrator, who may ask for everything */
	guint64 credential_id; /* stands for one secret of one guest while it is in force, and never
				  again */
} Asker;

typedef struct {
	guint status;	     /* 403 or 429 */
	guint delay_ms;	     /* how long to hold the answer back */
	guint retry_after_s; /* 429: the Retry-After header's value */
	gboolean first;	     /* the address has no earlier one that is remembered: log it */
} AuthRefusal;

/* Admits every client, as the administrator. */
Auth *auth_new(void);
void auth_free(Auth *auth);

/* Admits every client if open; otherwise, as the administrator, clients with secret (copied; NULL:
 * none).
 */
void auth_set_admin(Auth *auth, gboolean open, const char *secret);

/* The guests to let in from now on, each with its own: Secret *, copied. */
void auth_set_guests(Auth *auth, const GPtrArray *secrets);

gboolean auth_is_open(const Auth *auth);

/* Whose secret is it? Takes the same time for every secret, however much of it is right. FALSE:
 * unknown secret. What asker points to is the auth's until its guests change. */
gboolean auth_check(const Auth *auth, const char *secret, Asker *asker);

/* Is what was let in with pass still to be? */
gboolean auth_holds(const Auth *auth, guint64 credential_id);

/* Notes a wrong secret from address and says how to answer it. A right secret is always served: the
 * guest's own client has the same address as other programs in the guest. */
AuthRefusal auth_failed(Auth *auth, const char *address, gint64 now_us);

/* Whether to log that guest asks for what it may not. */
gboolean auth_complain(Auth *auth, const char *guest, gint64 now_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Auth, auth_free)
