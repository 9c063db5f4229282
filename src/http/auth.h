/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The secret, and those who do not know it. Pure: the clock is the caller's.
 */
#pragma once

#include <glib.h>

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

typedef struct Auth Auth;

typedef struct {
	guint status;	     /* 403 or 429 */
	guint delay_ms;	     /* how long to hold the answer back */
	guint retry_after_s; /* 429: the Retry-After header's value */
} AuthRefusal;

/* secret (copied): NULL lets everybody in. */
Auth *auth_new(const char *secret);
void auth_free(Auth *auth);

gboolean auth_has_secret(const Auth *auth);

/* Takes the same time whatever secret is, and however much of it is right. */
gboolean auth_check(const Auth *auth, const char *secret);

/* Notes a wrong secret from address and says how to answer it. A right secret is always served: the
 * guest's own client has the same address as whoever else is in the guest. */
AuthRefusal auth_failed(Auth *auth, const char *address, gint64 now_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Auth, auth_free)
