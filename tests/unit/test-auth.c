/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/auth.h"

#define SECOND ((gint64)G_USEC_PER_SEC)

static Auth *auth_with(const char *secret)
{
	Auth *auth = auth_new();

	auth_set_admin(auth, FALSE, secret);
	return auth;
}

/* guests: "name", "secret" in turn, NULL at the end */
static void set_guests(Auth *auth, const char *const *words)
{
	g_autoptr(GPtrArray) secrets = g_ptr_array_new_with_free_func(g_free);

	for (; *words != NULL; words += 2) {
		Secret *secret = g_new(Secret, 1);

		*secret = (Secret){ (char *)words[0], (char *)words[1] };
		g_ptr_array_add(secrets, secret);
	}
	auth_set_guests(auth, secrets);
}

static gboolean is_right(const Auth *auth, const char *secret)
{
	Asker asker;

	return auth_check(auth, secret, &asker);
}

static void test_check(void)
{
	g_autoptr(Auth) auth = auth_with("open sesame");
	g_autoptr(Auth) empty = auth_with("");
	g_autoptr(Auth) nobody = auth_with(NULL);
	g_autoptr(Auth) open = auth_new();

	g_assert_true(is_right(auth, "open sesame"));
	g_assert_false(is_right(auth, "open sesam"));
	g_assert_false(is_right(auth, "open sesame "));
	g_assert_false(is_right(auth, "Open sesame"));
	g_assert_false(is_right(auth, ""));
	g_assert_false(is_right(auth, NULL));
	g_assert_false(is_right(empty, NULL));
	g_assert_false(is_right(nobody, NULL));
	g_assert_false(is_right(nobody, ""));
	g_assert_true(is_right(open, NULL));
	g_assert_true(is_right(open, "anything"));
}

static void assert_asker(const Auth *auth, const char *secret, const char *guest)
{
	Asker asker;

	g_assert_true(auth_check(auth, secret, &asker));
	g_assert_cmpstr(asker.guest, ==, guest);
	g_assert_true(auth_is_valid(auth, asker.credential_id));
}

/* wherever it stands among the others */
static void test_whose(void)
{
	static const char *const words[] = { "a", "first", "b", "second", "c", "third", NULL };
	g_autoptr(Auth) auth = auth_with("admin");

	set_guests(auth, words);
	assert_asker(auth, "first", "a");
	assert_asker(auth, "second", "b");
	assert_asker(auth, "third", "c");
	assert_asker(auth, "admin", NULL);
	g_assert_false(is_right(auth, "fourth"));
	/* another administrator: the guests stay */
	auth_set_admin(auth, FALSE, "boss");
	assert_asker(auth, "boss", NULL);
	assert_asker(auth, "second", "b");
	g_assert_false(is_right(auth, "admin"));
}

static void test_credential_id(void)
{
	static const char *const words[] = { "a", "first", "b", "second", NULL };
	static const char *const changed[] = { "b", "second", "a", "other", "c", "first", NULL };
	g_autoptr(Auth) auth = auth_with("admin");
	g_autoptr(Auth) everybody = auth_new();
	Asker a, b, admin, open;

	auth_check(everybody, NULL, &open);
	set_guests(auth, words);
	auth_check(auth, "first", &a);
	auth_check(auth, "second", &b);
	auth_check(auth, "admin", &admin);
	set_guests(auth, changed);
	/* not even when another one gets its secret */
	g_assert_false(auth_is_valid(auth, a.credential_id));
	g_assert_true(auth_is_valid(auth, b.credential_id));
	g_assert_true(auth_is_valid(auth, admin.credential_id));
	/* who came in when no secret was asked for does not stay when one is */
	g_assert_false(auth_is_valid(auth, open.credential_id));
	set_guests(auth, words);
	g_assert_false(auth_is_valid(auth, a.credential_id));
	auth_set_admin(auth, TRUE, NULL);
	g_assert_true(auth_is_valid(auth, open.credential_id));
}

static void test_complain(void)
{
	g_autoptr(Auth) auth = auth_new();

	g_assert_true(auth_complain(auth, "a", SECOND));
	g_assert_false(auth_complain(auth, "a", 60 * SECOND));
	g_assert_true(auth_complain(auth, "b", 60 * SECOND));
	g_assert_true(auth_complain(auth, "a", 61 * SECOND));
}

static void test_slower_and_slower(void)
{
	static const guint delays[AUTH_MAX_FAILURES] = { 0, 0, 0, 250, 500, 1000, 2000, 4000, 4000,
		4000 };
	g_autoptr(Auth) auth = auth_with("x");
	AuthRefusal refusal;

	for (gsize i = 0; i < G_N_ELEMENTS(delays); i++) {
		refusal = auth_failed(auth, "a", SECOND);
		g_assert_cmpuint(refusal.status, ==, 403);
		g_assert_cmpuint(refusal.delay_ms, ==, delays[i]);
		g_assert_cmpint(refusal.first, ==, i == 0);
	}
	refusal = auth_failed(auth, "a", SECOND);
	g_assert_cmpuint(refusal.status, ==, 429);
	g_assert_cmpuint(refusal.retry_after_s, ==, AUTH_FORGET_S);
	g_assert_true(is_right(auth, "x"));
	/* somebody else has nothing to do with it */
	g_assert_cmpuint(auth_failed(auth, "b", SECOND).status, ==, 403);
	/* a failure in time prolongs it, a minute of silence ends it */
	g_assert_cmpuint(auth_failed(auth, "a", 60 * SECOND).status, ==, 429);
	g_assert_cmpuint(auth_failed(auth, "a", 119 * SECOND).status, ==, 429);
	refusal = auth_failed(auth, "a", 179 * SECOND);
	g_assert_cmpuint(refusal.status, ==, 403);
	g_assert_cmpuint(refusal.delay_ms, ==, 0);
	g_assert_true(refusal.first);
}

/* the one who failed last is remembered, however many addresses come after the first */
static void test_many_addresses(void)
{
	g_autoptr(Auth) auth = auth_with("x");

	for (int i = 0; i < 4 * AUTH_ADDRESSES_MAX; i++) {
		g_autofree char *address = g_strdup_printf("%d", i);

		auth_failed(auth, address, SECOND + i);
		auth_failed(auth, "constant", SECOND + i);
	}
	g_assert_cmpuint(auth_failed(auth, "constant", 2 * SECOND).status, ==, 429);
	/* the first of the crowd has been forgotten */
	g_assert_cmpuint(auth_failed(auth, "0", 2 * SECOND).delay_ms, ==, 0);
}

/* When there is no more room, the one that has been quiet for longest makes it, and only that. */
static void test_full(void)
{
	g_autoptr(Auth) auth = auth_with("x");

	for (int i = 0; i < AUTH_ADDRESSES_MAX; i++) {
		g_autofree char *address = g_strdup_printf("%d", i);

		auth_failed(auth, address, SECOND + i);
	}
	/* all are known; the first is not the oldest any more */
	g_assert_false(auth_failed(auth, "0", 2 * SECOND).first);
	g_assert_true(auth_failed(auth, "new", 2 * SECOND).first);
	g_assert_false(auth_failed(auth, "0", 2 * SECOND).first);
	g_assert_false(auth_failed(auth, "2", 2 * SECOND).first);
	g_assert_true(auth_failed(auth, "1", 2 * SECOND).first);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/auth/check", test_check);
	g_test_add_func("/auth/whose", test_whose);
	g_test_add_func("/auth/pass", test_credential_id);
	g_test_add_func("/auth/complain", test_complain);
	g_test_add_func("/auth/slower-and-slower", test_slower_and_slower);
	g_test_add_func("/auth/many-addresses", test_many_addresses);
	g_test_add_func("/auth/full", test_full);
	return g_test_run();
}
