/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/auth.h"

#include <string.h>

#define KEY_LENGTH    32 /* of SHA-256's block at least half, RFC 2104 */
#define DIGEST_LENGTH 32

typedef struct {
	guint failures;
	gint64 last_us;
} Offender;

struct Auth {
	guint8 key[KEY_LENGTH];
	gboolean has_secret;
	guint8 digest[DIGEST_LENGTH]; /* of the secret */
	GHashTable *offenders;	      /* address to Offender * */
};

/* Digests under a random key are of one length and tell nothing by the place where they differ. */
static void digest(const Auth *auth, const char *secret, guint8 out[DIGEST_LENGTH])
{
	g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, auth->key, KEY_LENGTH);
	gsize length = DIGEST_LENGTH;

	g_hmac_update(hmac, (const guchar *)secret, (gssize)strlen(secret));
	g_hmac_get_digest(hmac, out, &length);
}

Auth *auth_new(const char *secret)
{
	Auth *auth = g_new0(Auth, 1);

	for (gsize i = 0; i < KEY_LENGTH; i++)
		auth->key[i] = (guint8)g_random_int_range(0, 256);
	auth->has_secret = secret != NULL;
	digest(auth, secret != NULL ? secret : "", auth->digest);
	auth->offenders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return auth;
}

void auth_free(Auth *auth)
{
	if (auth == NULL)
		return;
	g_hash_table_unref(auth->offenders);
	g_free(auth);
}

gboolean auth_has_secret(const Auth *auth)
{
	return auth->has_secret;
}

gboolean auth_check(const Auth *auth, const char *secret)
{
	guint8 given[DIGEST_LENGTH], different = 0;

	if (!auth->has_secret)
		return TRUE;
	digest(auth, secret != NULL ? secret : "", given);
	for (gsize i = 0; i < DIGEST_LENGTH; i++)
		different |= given[i] ^ auth->digest[i];
	/* an empty secret would let in who sends none */
	return different == 0 && secret != NULL;
}

static gboolean forgiven(const Offender *offender, gint64 now_us)
{
	return now_us - offender->last_us >= AUTH_FORGET_S * G_USEC_PER_SEC;
}

/* Forgets who is forgiven, and if nobody is, who failed longest ago. */
static void make_room(Auth *auth, gint64 now_us)
{
	GHashTableIter iter;
	gpointer address, value, oldest = NULL;
	gint64 oldest_us = G_MAXINT64;

	g_hash_table_iter_init(&iter, auth->offenders);
	while (g_hash_table_iter_next(&iter, &address, &value)) {
		Offender *offender = value;

		if (forgiven(offender, now_us)) {
			g_hash_table_iter_remove(&iter);
		} else if (offender->last_us < oldest_us) {
			oldest_us = offender->last_us;
			oldest = address;
		}
	}
	if (g_hash_table_size(auth->offenders) >= AUTH_ADDRESSES_MAX)
		g_hash_table_remove(auth->offenders, oldest);
}

static Offender *find(Auth *auth, const char *address, gint64 now_us)
{
	Offender *offender = g_hash_table_lookup(auth->offenders, address);

	if (offender != NULL && forgiven(offender, now_us))
		offender->failures = 0;
	if (offender == NULL) {
		if (g_hash_table_size(auth->offenders) >= AUTH_ADDRESSES_MAX)
			make_room(auth, now_us);
		offender = g_new0(Offender, 1);
		g_hash_table_insert(auth->offenders, g_strdup(address), offender);
	}
	offender->last_us = now_us;
	return offender;
}

AuthRefusal auth_failed(Auth *auth, const char *address, gint64 now_us)
{
	Offender *offender = find(auth, address, now_us);
	AuthRefusal refusal = { .status = 403 };

	if (offender->failures >= AUTH_MAX_FAILURES) {
		refusal.status = 429;
		refusal.retry_after_s = AUTH_FORGET_S;
		return refusal;
	}
	if (offender->failures >= AUTH_FREE_FAILURES)
		refusal.delay_ms = MIN((guint)AUTH_DELAY_MAX_MS,
			(guint)AUTH_DELAY_MS << (offender->failures - AUTH_FREE_FAILURES));
	offender->failures++;
	return refusal;
}
