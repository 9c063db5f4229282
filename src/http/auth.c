/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/auth.h"

#include <string.h>

#define KEY_LENGTH    32 /* at least half of SHA-256's block, RFC 2104 */
#define DIGEST_LENGTH 32

typedef struct {
	guint failures;
	gint64 last_us;
} Offender;

/* A valid secret. */
typedef struct {
	char *guest; /* NULL: the administrator's */
	guint64 credential_id;
	guint8 digest[DIGEST_LENGTH];
} Entry;

struct Auth {
	guint8 key[KEY_LENGTH];
	gboolean open;
	GArray *entries; /* Entry */
	guint64 last_credential_id;
	GHashTable *offenders; /* address to Offender * */
	GHashTable
		*complaints; /* guest to gint64 *: when its forbidden requests were last logged */
};

/* Digests with a random key have the same length, and the place where they differ reveals nothing.
 */
static void digest(const Auth *auth, const char *secret, guint8 out[DIGEST_LENGTH])
{
	g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, auth->key, KEY_LENGTH);
	gsize length = DIGEST_LENGTH;

	g_hmac_update(hmac, (const guchar *)secret, (gssize)strlen(secret));
	g_hmac_get_digest(hmac, out, &length);
}

static void entry_clear(gpointer data)
{
	g_free(((Entry *)data)->guest);
}

static GArray *entries_new(void)
{
	GArray *entries = g_array_new(FALSE, FALSE, sizeof(Entry));

	g_array_set_clear_func(entries, entry_clear);
	return entries;
}

Auth *auth_new(void)
{
	Auth *auth = g_new0(Auth, 1);

	for (gsize i = 0; i < KEY_LENGTH; i++)
		auth->key[i] = (guint8)g_random_int_range(0, 256);
	auth->open = TRUE;
	auth->entries = entries_new();
	auth->offenders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	auth->complaints = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return auth;
}

void auth_free(Auth *auth)
{
	if (auth == NULL)
		return;
	g_array_unref(auth->entries);
	g_hash_table_unref(auth->offenders);
	g_hash_table_unref(auth->complaints);
	g_free(auth);
}

/* The credential id that the same secret of the same guest has already, or a new one. */
static guint64 find_credential_id(Auth *auth, const Entry *entry)
{
	for (guint i = 0; i < auth->entries->len; i++) {
		const Entry *old = &g_array_index(auth->entries, Entry, i);

		if (g_strcmp0(old->guest, entry->guest) == 0 &&
			memcmp(old->digest, entry->digest, DIGEST_LENGTH) == 0)
			return old->credential_id;
	}
	return ++auth->last_credential_id;
}

static void add(Auth *auth, GArray *entries, const char *guest, const char *secret)
{
	Entry entry = { .guest = g_strdup(guest) };

	digest(auth, secret, entry.digest);
	entry.credential_id = find_credential_id(auth, &entry);
	g_array_append_val(entries, entry);
}

/* Keeps only the entries of guests, or only the administrator's. */
static void keep(Auth *auth, GArray *entries, gboolean guests)
{
	for (guint i = 0; i < auth->entries->len; i++) {
		Entry entry = g_array_index(auth->entries, Entry, i);

		if ((entry.guest != NULL) != guests)
			continue;
		entry.guest = g_strdup(entry.guest);
		g_array_append_val(entries, entry);
	}
	g_array_unref(auth->entries);
	auth->entries = entries;
}

void auth_set_admin(Auth *auth, gboolean open, const char *secret)
{
	GArray *entries = entries_new();

	auth->open = open;
	if (secret != NULL)
		add(auth, entries, NULL, secret);
	keep(auth, entries, TRUE);
}

void auth_set_guests(Auth *auth, const GPtrArray *secrets)
{
	GArray *entries = entries_new();

	for (guint i = 0; i < secrets->len; i++) {
		const Secret *secret = secrets->pdata[i];

		add(auth, entries, secret->guest, secret->text);
	}
	keep(auth, entries, FALSE);
}

gboolean auth_is_open(const Auth *auth)
{
	return auth->open;
}

/* All bits are set if the digests are equal, otherwise none; computed without a branch. */
static guint same(const guint8 a[DIGEST_LENGTH], const guint8 b[DIGEST_LENGTH])
{
	guint different = 0;

	for (gsize i = 0; i < DIGEST_LENGTH; i++)
		different |= (guint)(a[i] ^ b[i]);
	return 0u - ((different - 1u) >> 31);
}

gboolean auth_check(const Auth *auth, const char *secret, Asker *asker)
{
	guint8 given[DIGEST_LENGTH];
	guint found = 0; /* from 1 */

	*asker = (Asker){ .guest = NULL };
	if (auth->open)
		return TRUE;
	digest(auth, secret != NULL ? secret : "", given);
	for (guint i = 0; i < auth->entries->len; i++) {
		guint mask = same(given, g_array_index(auth->entries, Entry, i).digest);

		found = (found & ~mask) | ((i + 1) & mask);
	}
	/* an empty secret would admit clients that send none */
	if (found == 0 || secret == NULL)
		return FALSE;
	asker->guest = g_array_index(auth->entries, Entry, found - 1).guest;
	asker->credential_id = g_array_index(auth->entries, Entry, found - 1).credential_id;
	return TRUE;
}

gboolean auth_is_valid(const Auth *auth, guint64 credential_id)
{
	gboolean holds = auth->open;

	for (guint i = 0; i < auth->entries->len; i++)
		holds |= g_array_index(auth->entries, Entry, i).credential_id == credential_id;
	return holds;
}

static gboolean forgiven(const Offender *offender, gint64 now_us)
{
	return now_us - offender->last_us >= AUTH_FORGET_S * G_USEC_PER_SEC;
}

/* Removes expired entries or, if there are none, the one whose last failure is oldest. */
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
	AuthRefusal refusal = { .status = 403, .first = offender->failures == 0 };

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

gboolean auth_complain(Auth *auth, const char *guest, gint64 now_us)
{
	gint64 *last = g_hash_table_lookup(auth->complaints, guest);

	if (last != NULL && now_us - *last < AUTH_COMPLAIN_S * G_USEC_PER_SEC)
		return FALSE;
	last = g_new(gint64, 1);
	*last = now_us;
	g_hash_table_replace(auth->complaints, g_strdup(guest), last);
	return TRUE;
}
