/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/rights.h"

#include "common/resource.h"

#define INTERVAL_US ((gint64)RIGHTS_INTERVAL_MS * 1000)

struct Rights {
	GHashTable *targets; /* guest's name to GStrv */
	GHashTable *turns;   /* guest's name to gint64 *: when it may send a full burst again */
};

Rights *rights_new(void)
{
	Rights *rights = g_new0(Rights, 1);

	rights->targets =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_strfreev);
	rights->turns = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return rights;
}

void rights_free(Rights *rights)
{
	if (rights == NULL)
		return;
	g_hash_table_unref(rights->targets);
	g_hash_table_unref(rights->turns);
	g_free(rights);
}

void rights_set(Rights *rights, const GPtrArray *guests)
{
	g_hash_table_remove_all(rights->targets);
	for (guint i = 0; guests != NULL && i < guests->len; i++) {
		const ConfigGuest *guest = guests->pdata[i];

		if (guest->may_switch_to != NULL)
			g_hash_table_insert(rights->targets, g_strdup(guest->name),
				g_strdupv(guest->may_switch_to));
	}
}

static const char *const *targets_of(const Rights *rights, const char *guest)
{
	static const char *const usual[] = { TARGET_HOST, NULL };
	const char *const *targets = g_hash_table_lookup(rights->targets, guest);

	return targets != NULL ? targets : usual;
}

gboolean rights_allow(
	const Rights *rights, const char *guest, const char *target, gboolean has_seat)
{
	const char *const *targets = targets_of(rights, guest);
	gboolean self = g_strv_contains(targets, TARGET_SELF) || g_strv_contains(targets, guest);

	if (g_str_equal(target, guest))
		return self;
	return g_strv_contains(targets, target) &&
	       (has_seat || self || g_str_equal(target, TARGET_HOST));
}

gboolean rights_take_turn(Rights *rights, const char *guest, gint64 now_us, guint *wait_s)
{
	gint64 *full_us = g_hash_table_lookup(rights->turns, guest);
	gint64 next_us;

	if (full_us == NULL) {
		full_us = g_new0(gint64, 1);
		*full_us = now_us;
		g_hash_table_insert(rights->turns, g_strdup(guest), full_us);
	}
	next_us = MAX(*full_us, now_us) + INTERVAL_US;
	if (next_us > now_us + RIGHTS_BURST * INTERVAL_US) {
		gint64 wait_us = next_us - now_us - RIGHTS_BURST * INTERVAL_US;

		*wait_s = (guint)((wait_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
		return FALSE;
	}
	*full_us = next_us;
	return TRUE;
}
