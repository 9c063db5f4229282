/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rank: a guest's request never replaces a request by the host, whatever the order.
 */
#include "seat-desk.h"

/* Asks as a guest would. FALSE: it is outranked. */
static gboolean ask_as_guest(SeatDesk *desk, const char *to)
{
	g_autoptr(GError) error = NULL;

	if (seat_request(desk->seat, SEAT_RANK_GUEST, SEAT_EXTENT_ALL, to, "guest", desk_on_done,
		    desk, &error)) {
		g_assert_no_error(error);
		return TRUE;
	}
	g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_OUTRANKED);
	g_assert_cmpstr(error->message, ==,
		"the host or the administrator is switching; try again in a moment");
	return FALSE;
}

/* a request for every target, at every moment of a switch by the host to every target */
static void test_guest_never_supersedes_host(SeatDesk *desk, gconstpointer unused)
{
	static const char *const targets[] = { "host", "guest", "linux" };

	desk->mouse->ms = 30;
	for (gsize of_host = 0; of_host < G_N_ELEMENTS(targets); of_host++)
		for (gsize of_guest = 0; of_guest < G_N_ELEMENTS(targets); of_guest++)
			for (guint after = 0; after < 50; after += 7) {
				gboolean same = of_host == of_guest;
				gboolean taken;

				g_string_truncate(desk->answers, 0);
				desk_ask(desk, targets[of_host]);
				fake_run(&desk->time, after);
				if (seat_current(desk->seat) == NULL)
					continue;
				taken = ask_as_guest(desk, targets[of_guest]);
				g_assert_true(taken == same);
				fake_run(&desk->time, 1000);
				desk_is(desk, targets[of_host]);
				g_assert_null(strstr(desk->answers->str, "superseded"));
			}
}

static void ask_for_linux(Seat *seat, const Switch *sw, gpointer data)
{
	SeatDesk *desk = data;

	desk_ask(desk, "linux");
	/* it has not begun, and is not to be superseded either */
	g_assert_false(ask_as_guest(desk, "host"));
	g_assert_true(ask_as_guest(desk, "linux"));
}

/* The same when the host's request waits until another outcome has been reported. */
static void test_host_asks_in_a_callback(SeatDesk *desk, gconstpointer unused)
{
	seat_switch(desk->seat, "guest", "request", ask_for_linux, desk, NULL);
	while (seat_current(desk->seat) == NULL ||
		!g_str_equal(seat_current(desk->seat)->to, "linux"))
		fake_run(&desk->time, 1);
	g_assert_false(ask_as_guest(desk, "guest"));
	fake_run(&desk->time, 1000);
	desk_is(desk, "linux");
	g_assert_cmpstr(desk->answers->str, ==, "2:done 2:done ");
}

static void test_host_supersedes_guest(SeatDesk *desk, gconstpointer unused)
{
	g_assert_true(ask_as_guest(desk, "guest"));
	fake_run(&desk->time, 5);
	desk_ask(desk, "host");
	fake_run(&desk->time, 1000);
	g_assert_cmpstr(desk->answers->str, ==, "1:superseded 2:done ");
	desk_is(desk, "host");
}

static void test_guest_supersedes_guest(SeatDesk *desk, gconstpointer unused)
{
	g_assert_true(ask_as_guest(desk, "guest"));
	fake_run(&desk->time, 5);
	g_assert_true(ask_as_guest(desk, "host"));
	fake_run(&desk->time, 1000);
	g_assert_cmpstr(desk->answers->str, ==, "1:superseded 2:done ");
	desk_is(desk, "host");
}

/* the host waits for what a guest began: then it is the host's as well */
static void test_host_joins_guest(SeatDesk *desk, gconstpointer unused)
{
	desk->keyboard->ms = 100;
	g_assert_true(ask_as_guest(desk, "guest"));
	fake_run(&desk->time, 5);
	desk_ask(desk, "guest");
	g_assert_false(ask_as_guest(desk, "host"));
	fake_run(&desk->time, 1000);
	g_assert_cmpstr(desk->answers->str, ==, "1:done 1:done ");
	desk_is(desk, "guest");
}

/* a guest that joins takes nothing away from the host's rank */
static void test_guest_joins_host(SeatDesk *desk, gconstpointer unused)
{
	desk->keyboard->ms = 100;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 5);
	g_assert_true(ask_as_guest(desk, "guest"));
	g_assert_false(ask_as_guest(desk, "host"));
	fake_run(&desk->time, 1000);
	g_assert_cmpstr(desk->answers->str, ==, "1:done 1:done ");
}

/* what is rolled back is still the host's switch, and so is not joined */
static void test_undoing(SeatDesk *desk, gconstpointer unused)
{
	desk->keyboard->stuck_away = TRUE;
	desk->mouse->ms = 200;
	desk_ask(desk, "guest");
	fake_run(&desk->time, 50);
	g_assert_nonnull(seat_current(desk->seat));
	g_assert_false(ask_as_guest(desk, "linux"));
	g_assert_false(ask_as_guest(desk, "guest"));
	g_assert_false(ask_as_guest(desk, "host"));
	fake_run(&desk->time, 5000);
	g_assert_cmpstr(desk->answers->str, ==, "1:rolled-back ");
	desk_is(desk, "host");
}

/* a guest that has died is left whatever another guest wants */
static void test_rescue(SeatDesk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 1000);
	fake_guest_becomes(desk->guest, GUEST_CRASHED);
	g_assert_nonnull(seat_current(desk->seat));
	g_assert_false(ask_as_guest(desk, "linux"));
	fake_run(&desk->time, 1000);
	desk_is(desk, "host");
}

/* after the host's switch the seat is free again */
static void test_afterwards(SeatDesk *desk, gconstpointer unused)
{
	desk_ask(desk, "guest");
	fake_run(&desk->time, 1000);
	g_assert_true(ask_as_guest(desk, "host"));
	fake_run(&desk->time, 1000);
	desk_is(desk, "host");
	g_assert_cmpstr(desk->answers->str, ==, "1:done 2:done ");
}

/* a guest that asks all the time: 30 requests by the host, and each one is completed */
static void test_hostage(SeatDesk *desk, gconstpointer unused)
{
	for (guint i = 0; i < 30; i++) {
		g_string_truncate(desk->answers, 0);
		ask_as_guest(desk, "guest");
		fake_run(&desk->time, i % 12);
		desk_ask(desk, "host");
		for (guint n = 0; n < 20; n++) {
			ask_as_guest(desk, "guest");
			fake_run(&desk->time, 1);
			if (seat_current(desk->seat) == NULL ||
				g_str_equal(seat_current(desk->seat)->to, "guest"))
				break;
		}
		g_assert_nonnull(strstr(desk->answers->str, ":done "));
		fake_run(&desk->time, 100);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/seat-rank/guest-never-supersedes-host", test_guest_never_supersedes_host);
	ADD("/seat-rank/host-supersedes-guest", test_host_supersedes_guest);
	ADD("/seat-rank/host-asks-in-a-callback", test_host_asks_in_a_callback);
	ADD("/seat-rank/guest-supersedes-guest", test_guest_supersedes_guest);
	ADD("/seat-rank/host-joins-guest", test_host_joins_guest);
	ADD("/seat-rank/guest-joins-host", test_guest_joins_host);
	ADD("/seat-rank/undoing", test_undoing);
	ADD("/seat-rank/rescue", test_rescue);
	ADD("/seat-rank/afterwards", test_afterwards);
	ADD("/seat-rank/hostage", test_hostage);
	return g_test_run();
}
