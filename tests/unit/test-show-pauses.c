/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long a display waits for a monitor, and what a cancelled switch leaves.
 */
#include "show-desk.h"

typedef struct {
	GCancellable *cancel;
	int after; /* messages */
} Canceller;

static void cancel_later(int bus, guint8 address, gboolean read, gpointer data)
{
	Canceller *canceller = data;

	if (--canceller->after == 0)
		g_cancellable_cancel(canceller->cancel);
}

static Outcome apply_and_cancel(ShowDesk *f, int after)
{
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	Canceller canceller = { cancel, after };
	Outcome outcome = { 0 };

	sim_i2c_intercept(f->desk->sim, cancel_later, &canceller);
	f->display->ops->apply(f->display, "guest", cancel, outcome_done, &outcome);
	outcome_wait(&outcome);
	sim_i2c_intercept(f->desk->sim, NULL, NULL);
	return outcome;
}

/* The reply is not ready after 40 ms: it is waited for longer, and from then on at once. */
static void test_slow_reply(ShowDesk *f, gconstpointer unused)
{
	static const struct {
		guint ready_ms;
		const char *first, *second;
	} cases[] = {
		{ 30, "get sleep 40 read 0f", "get sleep 40 read 0f" },
		{ 45, "get sleep 40 read null sleep 40 sleep 10 get sleep 80 read 0f",
			"get sleep 80 read 0f" },
		{ 100,
			"get sleep 40 read null sleep 40 sleep 10 get sleep 80 read null sleep 80 "
			"get sleep 140 read 0f",
			"get sleep 140 read 0f" },
		{ 200,
			"get sleep 40 read null sleep 40 sleep 10 get sleep 80 read null sleep 80 "
			"get sleep 140 read null sleep 160 get sleep 200 read 0f",
			"get sleep 200 read 0f" },
	};
	I2cSystem *system = sim_i2c_system(f->desk->sim);

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(Outcome) first = { 0 }, second = { 0 };
		SimMonitor *monitor = desk_monitor(f->desk, 10 + (int)i, "2778X", "1234");

		sim_monitor_set_faults(monitor, (SimFaults){ .ready_ms = cases[i].ready_ms });
		show_desk_configure(f, config_display(10 + (int)i));
		first = observe(f->display);
		g_assert_no_error(first.error);
		g_assert_cmpstr(first.at, ==, "host");
		assert_traffic(f->desk, cases[i].first);
		system->ops->sleep_us(system, G_TIME_SPAN_SECOND, NULL);
		desk_forget(f->desk);
		second = observe(f->display);
		assert_traffic(f->desk, cases[i].second);
	}
}

/* What comes soon after a reply is lost: nothing comes so soon. */
static void test_gap(ShowDesk *f, gconstpointer unused)
{
	static const guint gaps_ms[] = { 20, 40, 50 };

	for (gsize i = 0; i < G_N_ELEMENTS(gaps_ms); i++) {
		g_auto(Outcome) guest = { 0 }, host = { 0 };

		show_desk_configure(f, config_display(4));
		sim_monitor_set_faults(f->monitor, (SimFaults){ .gap_ms = gaps_ms[i] });
		guest = apply(f->display, "guest");
		g_assert_no_error(guest.error);
		assert_traffic(f->desk, i == 0 ? "get sleep 40 read 0f sleep 50 set 11 sleep 50 "
						 "get sleep 40 read 11"
					       : "sleep 50 get sleep 40 read 0f sleep 50 set 11 "
						 "sleep 50 get sleep 40 read 11");
		host = apply(f->display, "host");
		g_assert_no_error(host.error);
		g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x0f);
		desk_forget(f->desk);
	}
}

static void test_cancel_retries(ShowDesk *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	show_desk_look(f);
	sim_monitor_set_faults(f->monitor, (SimFaults){ .deaf = TRUE });
	outcome = apply_and_cancel(f, 2);
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED);
	g_assert_cmpstr(outcome.at, ==, "host");
	assert_traffic(f->desk, "set 11 nak sleep 20 set 11 nak sleep 50");
}

static void test_cancel_following(ShowDesk *f, gconstpointer unused)
{
	g_auto(Outcome) outcome = { 0 };

	show_desk_look(f);
	sim_monitor_set_faults(f->monitor, (SimFaults){ .ignore_sets = TRUE });
	outcome = apply_and_cancel(f, 3);
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED);
	g_assert_cmpstr(outcome.at, ==, "guest");
	g_assert_true(outcome.changed);
	assert_traffic(f->desk, "set 11 sleep 50 get sleep 40 read 0f sleep 100");
	/* it may follow yet: to stay where it is, it has to be told */
	{
		g_auto(Outcome) back = apply(f->display, "host");

		g_assert_no_error(back.error);
		g_assert_true(back.changed);
	}
	assert_traffic(f->desk, "set 0f sleep 50 get sleep 40 read 0f");
}

static void test_cancelled_before(ShowDesk *f, gconstpointer unused)
{
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	g_auto(Outcome) outcome = { 0 };

	g_cancellable_cancel(cancel);
	f->display->ops->apply(f->display, "guest", cancel, outcome_done, &outcome);
	outcome_wait(&outcome);
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_CANCELLED);
	g_assert_cmphex(sim_monitor_input(f->monitor), ==, 0x0f);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(ShowDesk *f, gconstpointer unused);
	} tests[] = {
		{ "/show-pauses/slow-reply", test_slow_reply },
		{ "/show-pauses/gap", test_gap },
		{ "/show-pauses/cancel-retries", test_cancel_retries },
		{ "/show-pauses/cancel-following", test_cancel_following },
		{ "/show-pauses/cancelled-before", test_cancelled_before },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, ShowDesk, NULL, show_desk_set_up, tests[i].test,
			show_desk_tear_down);
	return g_test_run();
}
