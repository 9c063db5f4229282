/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/auth.h"

#define SECOND ((gint64)G_USEC_PER_SEC)

static void test_check(void)
{
	g_autoptr(Auth) auth = auth_new("open sesame");
	g_autoptr(Auth) empty = auth_new("");
	g_autoptr(Auth) none = auth_new(NULL);

	g_assert_true(auth_check(auth, "open sesame"));
	g_assert_false(auth_check(auth, "open sesam"));
	g_assert_false(auth_check(auth, "open sesame "));
	g_assert_false(auth_check(auth, "Open sesame"));
	g_assert_false(auth_check(auth, ""));
	g_assert_false(auth_check(auth, NULL));
	g_assert_false(auth_check(empty, NULL));
	g_assert_true(auth_check(none, NULL));
	g_assert_true(auth_check(none, "anything"));
}

static void test_slower_and_slower(void)
{
	static const guint delays[AUTH_MAX_FAILURES] = { 0, 0, 0, 250, 500, 1000, 2000, 4000, 4000,
		4000 };
	g_autoptr(Auth) auth = auth_new("x");
	AuthRefusal refusal;

	for (gsize i = 0; i < G_N_ELEMENTS(delays); i++) {
		refusal = auth_failed(auth, "a", SECOND);
		g_assert_cmpuint(refusal.status, ==, 403);
		g_assert_cmpuint(refusal.delay_ms, ==, delays[i]);
	}
	refusal = auth_failed(auth, "a", SECOND);
	g_assert_cmpuint(refusal.status, ==, 429);
	g_assert_cmpuint(refusal.retry_after_s, ==, AUTH_FORGET_S);
	g_assert_true(auth_check(auth, "x"));
	/* somebody else has nothing to do with it */
	g_assert_cmpuint(auth_failed(auth, "b", SECOND).status, ==, 403);
	/* a failure in time prolongs it, a minute of silence ends it */
	g_assert_cmpuint(auth_failed(auth, "a", 60 * SECOND).status, ==, 429);
	g_assert_cmpuint(auth_failed(auth, "a", 119 * SECOND).status, ==, 429);
	refusal = auth_failed(auth, "a", 179 * SECOND);
	g_assert_cmpuint(refusal.status, ==, 403);
	g_assert_cmpuint(refusal.delay_ms, ==, 0);
}

/* the one who failed last is remembered, however many addresses come after the first */
static void test_many_addresses(void)
{
	g_autoptr(Auth) auth = auth_new("x");

	for (int i = 0; i < 4 * AUTH_ADDRESSES_MAX; i++) {
		g_autofree char *address = g_strdup_printf("%d", i);

		auth_failed(auth, address, SECOND + i);
		auth_failed(auth, "constant", SECOND + i);
	}
	g_assert_cmpuint(auth_failed(auth, "constant", 2 * SECOND).status, ==, 429);
	/* the first of the crowd has been forgotten */
	g_assert_cmpuint(auth_failed(auth, "0", 2 * SECOND).delay_ms, ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/auth/check", test_check);
	g_test_add_func("/auth/slower-and-slower", test_slower_and_slower);
	g_test_add_func("/auth/many-addresses", test_many_addresses);
	return g_test_run();
}
