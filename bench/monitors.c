/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * monitors [N] - what a switch of several monitors costs next to one, N times each (default: 20).
 * The buses are simulated, with a real clock and the times of a 100 kHz bus; everything else is
 * hotseatd's real code. Prints a table of medians: the ratios are meaningful, the milliseconds only
 * in comparison.
 */
#include "../tests/unit/desk.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST = 8, EDID_WIRE_US = 11600, MESSAGE_WIRE_US = 1000 };

/* One desk, and the cost of its switches. */
typedef struct {
	const char *name;
	guint monitors, cards;
	Desk *desk;
	Resource *displays[MOST];
	gint64 written_us[MOST];     /* when each took its value */
	GArray *first, *last, *done; /* double: ms from the request; done: all are confirmed */
} Bench;

static void take_time(int bus, guint8 address, gboolean read, gpointer data)
{
	g_usleep(address == EDID_ADDRESS && read ? EDID_WIRE_US : MESSAGE_WIRE_US);
}

static void note_time(SimMonitor *monitor, guint8 input, gpointer data)
{
	*(gint64 *)data = g_get_monotonic_time();
}

static char *connector_of(const Bench *bench, guint nr)
{
	return g_strdup_printf("card%u-DP-%u", nr % bench->cards, nr + 1);
}

static void plug(Bench *bench, guint nr)
{
	g_autofree char *serial = g_strdup_printf("A%u7", nr);
	g_autofree char *connector = connector_of(bench, nr);
	SimMonitor *monitor = desk_monitor(bench->desk, (int)nr, "2778X", serial);

	sim_i2c_plug(bench->desk->sim, (int)nr, connector, monitor, 0x0f);
	sim_i2c_know_edid(bench->desk->sim, (int)nr);
	sim_monitor_listen(monitor, note_time, &bench->written_us[nr]);
}

static Resource *make_display(const Bench *bench, guint nr)
{
	ConfigDisplay config = config_display(-1);

	/* used until the program ends */
	config.match.connector = connector_of(bench, nr);
	return desk_display(bench->desk, &config);
}

static double ms_since(gint64 start_us, gint64 end_us)
{
	return (double)(end_us - start_us) / G_TIME_SPAN_MILLISECOND;
}

static void note(GArray *values, double value)
{
	g_array_append_val(values, value);
}

/* counted: FALSE for the first switches, which must find the monitors */
static void switch_to(Bench *bench, const char *target, gboolean counted)
{
	g_autoptr(GCancellable) cancel = g_cancellable_new();
	Outcome outcomes[MOST] = { 0 };
	gint64 start_us = g_get_monotonic_time();
	double first = G_MAXDOUBLE, last = 0, done;

	for (guint i = 0; i < bench->monitors; i++)
		bench->displays[i]->ops->apply(
			bench->displays[i], target, cancel, outcome_done, &outcomes[i]);
	for (guint i = 0; i < bench->monitors; i++)
		outcome_wait(&outcomes[i]);
	done = ms_since(start_us, g_get_monotonic_time());
	for (guint i = 0; i < bench->monitors; i++) {
		double written = ms_since(start_us, bench->written_us[i]);

		g_assert_no_error(outcomes[i].error);
		g_assert_true(outcomes[i].changed);
		outcome_clear(&outcomes[i]);
		first = MIN(first, written);
		last = MAX(last, written);
	}
	if (!counted)
		return;
	note(bench->first, first);
	note(bench->last, last);
	note(bench->done, done);
}

static void set_up(Bench *bench)
{
	bench->desk = g_new0(Desk, 1);
	bench->desk->sim = sim_i2c_new(FALSE);
	bench->desk->registry = monitor_registry_new(sim_i2c_system(bench->desk->sim));
	bench->desk->configs = g_ptr_array_new_with_free_func(config_forget);
	sim_i2c_intercept(bench->desk->sim, take_time, NULL);
	for (guint i = 0; i < bench->monitors; i++)
		plug(bench, i);
	for (guint i = 0; i < bench->monitors; i++)
		bench->displays[i] = make_display(bench, i);
	bench->first = g_array_new(FALSE, FALSE, sizeof(double));
	bench->last = g_array_new(FALSE, FALSE, sizeof(double));
	bench->done = g_array_new(FALSE, FALSE, sizeof(double));
	switch_to(bench, "guest", FALSE);
	switch_to(bench, "host", FALSE);
}

static gint ascending(gconstpointer a, gconstpointer b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double nth(GArray *values, guint n)
{
	g_array_sort(values, ascending);
	return g_array_index(values, double, n);
}

static double median(GArray *values)
{
	return nth(values, values->len / 2);
}

static void print(Bench *bench, Bench *one)
{
	const struct {
		const char *what;
		GArray *values, *base;
	} lines[] = {
		{ "request to the first write", bench->first, one->first },
		{ "request to the last write", bench->last, one->last },
		{ "request to the last confirmation", bench->done, one->done },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
		GArray *values = lines[i].values, *base = lines[i].base;
		g_autofree char *what = g_strdup_printf("%s, %s / one", lines[i].what, bench->name);

		printf("%6.2f  %-66s %.1f ms (%.1f-%.1f) / %.1f ms, n=%u\n",
			median(values) / median(base), what, median(values), nth(values, 0),
			nth(values, values->len - 1), median(base), values->len);
	}
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 20;
	Bench benches[] = {
		{ .name = "one monitor", .monitors = 1, .cards = 1 },
		{ .name = "two monitors on one card", .monitors = 2, .cards = 1 },
		{ .name = "eight monitors on two cards", .monitors = 8, .cards = 2 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(benches); i++)
		set_up(&benches[i]);
	/* alternating, so that a slow minute affects all of them */
	for (int round = 0; round < n; round++)
		for (gsize i = 0; i < G_N_ELEMENTS(benches); i++)
			switch_to(&benches[i], round % 2 == 0 ? "guest" : "host", TRUE);
	printf("ratio of medians %58s median (min-max) / the base's, n\n", "");
	for (gsize i = 0; i < G_N_ELEMENTS(benches); i++)
		print(&benches[i], &benches[0]);
	return 0;
}
