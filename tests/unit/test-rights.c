/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a guest may ask for, and how often; how much strangers may have logged; and which Host is
 * this machine's.
 */
#include "http/host.h"
#include "http/log-budget.h"
#include "http/rights.h"

#define MS ((gint64)1000)

static void test_turns(void)
{
	g_autoptr(Rights) rights = rights_new();
	gint64 now = 1000 * MS;
	guint wait_s = 0;

	for (guint i = 0; i < RIGHTS_BURST; i++)
		g_assert_true(rights_take_turn(rights, "guest", now, &wait_s));
	g_assert_cmpuint(wait_s, ==, 0);
	g_assert_false(rights_take_turn(rights, "guest", now, &wait_s));
	g_assert_cmpuint(wait_s, ==, 2);
	/* nothing is counted that was refused, and others have turns of their own */
	for (guint i = 0; i < 100; i++)
		g_assert_false(rights_take_turn(rights, "guest", now + 1999 * MS, &wait_s));
	g_assert_cmpuint(wait_s, ==, 1);
	g_assert_true(rights_take_turn(rights, "linux", now, &wait_s));
	g_assert_true(rights_take_turn(rights, "guest", now + 2000 * MS, &wait_s));
	g_assert_false(rights_take_turn(rights, "guest", now + 2000 * MS, &wait_s));
	/* all of them are there again, and no more than all */
	now += 3600 * 1000 * MS;
	for (guint i = 0; i < RIGHTS_BURST; i++)
		g_assert_true(rights_take_turn(rights, "guest", now, &wait_s));
	g_assert_false(rights_take_turn(rights, "guest", now, &wait_s));
}

static void set(Rights *rights, const char *first, const char *second)
{
	char *may[] = { (char *)first, (char *)second, NULL };
	ConfigGuest guest = { .name = (char *)"guest", .may_switch_to = may };
	g_autoptr(GPtrArray) guests = g_ptr_array_new();

	g_ptr_array_add(guests, &guest);
	rights_set(rights, guests);
}

/* What guest may ask for, of host, itself and another: "h" with the seat or without, "H" with it
 * only. */
static void assert_allowed(const Rights *rights, const char *expected)
{
	static const struct {
		const char *target, *with, *always;
	} targets[] = { { "host", "H", "h" }, { "guest", "S", "s" }, { "linux", "L", "l" } };
	g_autoptr(GString) text = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(targets); i++) {
		gboolean with = rights_allow(rights, "guest", targets[i].target, TRUE);
		gboolean without = rights_allow(rights, "guest", targets[i].target, FALSE);

		g_assert_true(with || !without);
		g_string_append(text, without ? targets[i].always : with ? targets[i].with : "-");
	}
	g_assert_cmpstr(text->str, ==, expected);
}

static void test_targets(void)
{
	g_autoptr(Rights) rights = rights_new();

	assert_allowed(rights, "h--");
	set(rights, "self", NULL);
	assert_allowed(rights, "-s-");
	set(rights, "host", "linux");
	assert_allowed(rights, "h-L");
	set(rights, "linux", "guest");
	assert_allowed(rights, "-sl");
	set(rights, NULL, NULL);
	assert_allowed(rights, "---");
	/* another guest's are its own */
	g_assert_true(rights_allow(rights, "linux", "host", FALSE));
	/* a config that says nothing, after one that did */
	rights_set(rights, NULL);
	assert_allowed(rights, "h--");
	rights_free(NULL);
}

/* in the long run one request for each interval, however fast a guest asks */
static void test_flood(void)
{
	g_autoptr(Rights) rights = rights_new();
	guint taken = 0, wait_s;

	for (gint64 ms = 1; ms <= 60 * 1000; ms += 5)
		taken += rights_take_turn(rights, "guest", ms * MS, &wait_s) ? 1 : 0;
	g_assert_cmpuint(taken, ==, RIGHTS_BURST + 60 * 1000 / RIGHTS_INTERVAL_MS - 1);
}

static void test_log_budget(void)
{
	LogBudget budget = { 0 };
	gint64 now = 5 * G_USEC_PER_SEC;
	guint dropped = 0, lines = 0;

	for (guint i = 0; i < 1000; i++)
		lines += log_budget_take(&budget, now + i, &dropped) ? 1 : 0;
	g_assert_cmpuint(lines, ==, LOG_BUDGET_LINES);
	g_assert_cmpuint(dropped, ==, 0);
	now += LOG_BUDGET_S * G_USEC_PER_SEC;
	g_assert_true(log_budget_take(&budget, now, &dropped));
	g_assert_cmpuint(dropped, ==, 1000 - LOG_BUDGET_LINES);
	g_assert_true(log_budget_take(&budget, now, &dropped));
	g_assert_cmpuint(dropped, ==, 0);
}

static const struct {
	const char *value, *configured;
	gboolean ours;
} hosts[] = {
	{ NULL, "127.0.0.1", TRUE },
	{ "127.0.0.1:5001", "127.0.0.1", TRUE },
	{ "127.0.0.1", "127.0.0.1", TRUE },
	{ "192.168.122.1:5001", "0.0.0.0", TRUE },
	{ "[::1]:5001", "::1", TRUE },
	{ "[fe80::1]", "::", TRUE },
	{ "localhost:5001", "127.0.0.1", TRUE },
	{ "LOCALHOST", "127.0.0.1", TRUE },
	{ "desk.example:5001", "desk.example", TRUE },
	{ "Desk.Example.:5001", "desk.example", TRUE },
	{ "tower:5001", "0.0.0.0", TRUE },
	{ "tower.local:5001", "0.0.0.0", TRUE },
	{ "", "127.0.0.1", FALSE },
	{ "evil.example", "127.0.0.1", FALSE },
	{ "evil.example:5001", "0.0.0.0", FALSE },
	{ "localhost.evil.example", "localhost", FALSE },
	{ "127.0.0.1.evil.example:5001", "127.0.0.1", FALSE },
	{ "tower.evil.example", "0.0.0.0", FALSE },
	{ "tower.localevil", "0.0.0.0", FALSE },
	{ "127.0.0.1, evil.example", "127.0.0.1", FALSE },
	{ "evil.example, 127.0.0.1", "127.0.0.1", FALSE },
	{ "127.0.0.1:5001@evil.example", "127.0.0.1", FALSE },
	{ "127.0.0.1:x", "127.0.0.1", FALSE },
	{ "[::1", "::1", FALSE },
	{ "[::1]evil", "::1", FALSE },
	{ "[evil.example]", "::1", FALSE },
	{ ":5001", "127.0.0.1", FALSE },
};

static void test_hosts(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(hosts); i++) {
		gboolean ours = host_is_ours(hosts[i].value, hosts[i].configured, "tower");

		if (ours != hosts[i].ours)
			g_error("Host \"%s\" at %s", hosts[i].value, hosts[i].configured);
	}
	/* a machine without a name has not every name */
	g_assert_false(host_is_ours(".local", "127.0.0.1", ""));
	g_assert_false(host_is_ours("evil.example", "127.0.0.1", NULL));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/rights/turns", test_turns);
	g_test_add_func("/rights/targets", test_targets);
	g_test_add_func("/rights/flood", test_flood);
	g_test_add_func("/rights/log-budget", test_log_budget);
	g_test_add_func("/rights/hosts", test_hosts);
	return g_test_run();
}
