/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a monitor's capabilities string is asked for.
 */
#include "common/error.h"
#include "display/ddc.h"
#include "sim/monitor.h"

#include <string.h>

#define BUS 4

static const guint backoff_ms[] = { 40, 80, 0 };

/* four fragments and one that is empty */
static const char four[] = "(prot(monitor)type(LCD)model(DDC)cmds(01 02 03 0C E3 F3)"
			   "vcp(10 60(01 03 0F 11 12) DF)mccs_ver(2.1))";

typedef struct {
	SimI2c *sim;
	SimMonitor *monitor;
	DdcPort port;
	DdcTalk talk;
	guint messages;	  /* so far */
	guint at;	  /* before this one, something happens */
	SimFaults faults; /* these */
	gboolean cancels; /* or this */
} Fixture;

static void happen(int bus, guint8 address, gboolean read, gpointer data)
{
	Fixture *f = data;

	if (++f->messages != f->at)
		return;
	sim_monitor_set_faults(f->monitor, f->faults);
	if (f->cancels)
		g_cancellable_cancel(f->talk.cancel);
}

static void set_up_with(Fixture *f, const char *capabilities)
{
	SimMonitorSpec spec = { .manufacturer = "AOC", .model = "2778X", .input = 0x0f };
	const VcpFeature feature = VCP_FEATURE_INPUT;
	g_autoptr(GError) error = NULL;

	*f = (Fixture){ .sim = sim_i2c_new(TRUE) };
	spec.capabilities = capabilities;
	f->monitor = sim_monitor_new(f->sim, &spec);
	sim_i2c_plug(f->sim, BUS, NULL, f->monitor, 0x0f);
	sim_i2c_intercept(f->sim, happen, f);
	f->port = (DdcPort){ .system = sim_i2c_system(f->sim), .bus = BUS };
	ddc_open(&f->talk, &f->port, &feature, g_cancellable_new(), &error);
	g_assert_no_error(error);
}

static void set_up(Fixture *f, gconstpointer unused)
{
	set_up_with(f, four);
}

static void tear_down(Fixture *f, gconstpointer unused)
{
	ddc_close(&f->talk);
	g_object_unref(f->talk.cancel);
	sim_i2c_unref(f->sim);
}

/* before the nth message, from 1 */
static void break_at(Fixture *f, guint nth, SimFaults faults)
{
	f->at = nth;
	f->faults = faults;
}

static void assert_reads(Fixture *f, const char *expected, gboolean expected_truncated)
{
	g_autoptr(GError) error = NULL;
	gboolean truncated = !expected_truncated;
	g_autofree char *text = ddc_capabilities(&f->talk, backoff_ms, &truncated, &error);

	g_assert_no_error(error);
	g_assert_cmpstr(text, ==, expected);
	g_assert_true(truncated == expected_truncated);
}

static void assert_fails(Fixture *f, HotseatError code, const char *says)
{
	g_autoptr(GError) error = NULL;
	gboolean truncated = 47;

	g_assert_null(ddc_capabilities(&f->talk, backoff_ms, &truncated, &error));
	g_assert_error(error, HOTSEAT_ERROR, (gint)code);
	g_assert_nonnull(strstr(error->message, says));
	g_assert_cmpint(truncated, ==, 47);
}

/* messages so far, each with the first five bytes: what is asked, and where */
static char *traffic(Fixture *f)
{
	g_autofree char *log = sim_i2c_log(f->sim);
	g_autoptr(GRegex) regex = g_regex_new("i2c-4 (. )37 (.. .. .. .. ..).*", 0, 0, NULL);

	sim_i2c_clear_log(f->sim);
	return g_regex_replace(regex, log, -1, 0, "\\1\\2", 0, NULL);
}

/* One that did not take a request said nothing of how long its replies take. */
static void test_nak_is_not_slow(Fixture *f, gconstpointer unused)
{
	guint8 value = 0;

	sim_monitor_set_faults(f->monitor, (SimFaults){ .nulls = 1 });
	break_at(f, 3, (SimFaults){ .naks = 1 });
	g_assert_true(ddc_get(&f->talk, &value, backoff_ms, NULL));
	g_assert_cmphex(value, ==, 0x0f);
	g_assert_cmpuint(f->port.reply_ms, ==, 80);
}

static void test_whole(Fixture *f, gconstpointer unused)
{
	g_autofree char *log = NULL;

	assert_reads(f, four, FALSE);
	log = traffic(f);
	g_assert_cmpstr(log, ==,
		"w 51 83 f3 00 00\nsleep 50\nr 6e a3 e3 00 00\nsleep 50\n"
		"w 51 83 f3 00 20\nsleep 50\nr 6e a3 e3 00 20\nsleep 50\n"
		"w 51 83 f3 00 40\nsleep 50\nr 6e a3 e3 00 40\nsleep 50\n"
		"w 51 83 f3 00 60\nsleep 50\nr 6e 86 e3 00 60\nsleep 50\n"
		"w 51 83 f3 00 63\nsleep 50\nr 6e 83 e3 00 63\n");
}

/* the next transfer waits, too */
static void test_pause_after(Fixture *f, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *log = NULL;

	assert_reads(f, four, FALSE);
	sim_i2c_clear_log(f->sim);
	ddc_set(&f->talk, 0x11, backoff_ms, &error);
	g_assert_no_error(error);
	log = traffic(f);
	g_assert_cmpstr(log, ==, "sleep 50\nw 51 84 03 60 00\n");
}

static void test_lost(void)
{
	static const struct {
		guint at; /* messages 3 and 4 are the second fragment */
		SimFaults faults;
	} cases[] = {
		{ 1, { .naks = 2 } },
		{ 3, { .naks = 1 } },
		{ 4, { .naks = 2 } },
		{ 3, { .garbled = 2 } },
		{ 3, { .nulls = 2 } },
		{ 3, { .nulls = 1, .garbled = 1 } },
		{ 9, { .nulls = 2 } },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		Fixture f;

		set_up_with(&f, four);
		break_at(&f, cases[i].at, cases[i].faults);
		assert_reads(&f, four, FALSE);
		g_assert_cmpuint(f.messages, >, 10);
		tear_down(&f, NULL);
	}
}

/* what was read is worth having */
static void test_rest_lost(Fixture *f, gconstpointer unused)
{
	break_at(f, 5, (SimFaults){ .deaf = TRUE });
	assert_reads(f, "(prot(monitor)type(LCD)model(DDC)cmds(01 02 03 0C E3 F3)vcp(10 6", TRUE);
}

static void test_end_lost(Fixture *f, gconstpointer unused)
{
	break_at(f, 9, (SimFaults){ .garbled = 3 });
	assert_reads(f, four, TRUE);
}

static void test_deaf(Fixture *f, gconstpointer unused)
{
	sim_monitor_set_faults(f->monitor, (SimFaults){ .deaf = TRUE });
	assert_fails(f, HOTSEAT_ERROR_NO_ANSWER, "not acknowledged");
	g_assert_cmpuint(f->messages, ==, 3);
}

static const I2cOps *real_ops;
static guint reads_left;

static gboolean read_and_vanish(
	I2cBus *bus, guint8 address, guint8 *data, gsize length, GError **error)
{
	if (reads_left-- > 0)
		return real_ops->read(bus, address, data, length, error);
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_BUS, "it vanished");
	return FALSE;
}

/* that is no loss on the wire: not tried again, and nothing to be content with */
static void test_vanished(Fixture *f, gconstpointer unused)
{
	I2cOps ops = *f->port.system->ops;

	ops.read = read_and_vanish;
	real_ops = f->port.system->ops;
	reads_left = 2;
	f->port.system->ops = &ops;
	assert_fails(f, HOTSEAT_ERROR_NO_BUS, "it vanished");
	g_assert_cmpuint(f->messages, ==, 5);
	f->port.system->ops = real_ops;
}

static void test_nothing_to_say(Fixture *f, gconstpointer unused)
{
	sim_monitor_set_faults(f->monitor, (SimFaults){ .nulls = 3 });
	assert_fails(f, HOTSEAT_ERROR_NO_ANSWER, "/dev/i2c-4 answers with an empty reply");
}

static void test_empty(void)
{
	Fixture f;

	set_up_with(&f, "");
	assert_reads(&f, "", FALSE);
	tear_down(&f, NULL);
}

/* as long as it may be, and without an end */
static void test_endless(void)
{
	g_autofree char *most = g_strnfill(DDC_CAPABILITIES_MAX, '(');
	g_autofree char *endless = g_strnfill(0x10000, '(');
	Fixture f;

	set_up_with(&f, endless);
	assert_reads(&f, most, TRUE);
	g_assert_cmpuint(f.messages, ==, 2 * DDC_CAPABILITIES_MAX / 32);
	tear_down(&f, NULL);
}

static void test_unprintable(void)
{
	Fixture f;

	set_up_with(&f, "(model(\x01\xff\x7f)\nvcp(10)) \n ");
	assert_reads(&f, "(model(   ) vcp(10))", FALSE);
	tear_down(&f, NULL);
}

static void test_cancelled(Fixture *f, gconstpointer unused)
{
	f->cancels = TRUE;
	break_at(f, 3, (SimFaults){ 0 });
	assert_fails(f, HOTSEAT_ERROR_CANCELLED, "/dev/i2c-4");
	g_assert_cmpuint(f->messages, ==, 4);
}

static void test_cancelled_trying(Fixture *f, gconstpointer unused)
{
	f->cancels = TRUE;
	break_at(f, 3, (SimFaults){ .deaf = TRUE });
	assert_fails(f, HOTSEAT_ERROR_CANCELLED, "not acknowledged");
	g_assert_cmpuint(f->messages, ==, 3);
}

/* a simulated monitor has an answer if the test sets none */
static void test_default(void)
{
	Fixture f;

	set_up_with(&f, NULL);
	assert_reads(&f,
		"(prot(monitor)type(LCD)model(2778X)cmds(01 02 03 0C E3 F3)"
		"vcp(10 60(01 03 0F 11 12) DF)mccs_ver(2.1))",
		FALSE);
	tear_down(&f, NULL);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(Fixture *f, gconstpointer unused);
	} tests[] = {
		{ "/ddc/nak-is-not-slow", test_nak_is_not_slow },
		{ "/ddc/capabilities/whole", test_whole },
		{ "/ddc/capabilities/pause-after", test_pause_after },
		{ "/ddc/capabilities/rest-lost", test_rest_lost },
		{ "/ddc/capabilities/end-lost", test_end_lost },
		{ "/ddc/capabilities/deaf", test_deaf },
		{ "/ddc/capabilities/vanished", test_vanished },
		{ "/ddc/capabilities/nothing-to-say", test_nothing_to_say },
		{ "/ddc/capabilities/cancelled", test_cancelled },
		{ "/ddc/capabilities/cancelled-trying", test_cancelled_trying },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
	g_test_add_func("/ddc/capabilities/lost", test_lost);
	g_test_add_func("/ddc/capabilities/empty", test_empty);
	g_test_add_func("/ddc/capabilities/endless", test_endless);
	g_test_add_func("/ddc/capabilities/unprintable", test_unprintable);
	g_test_add_func("/ddc/capabilities/default", test_default);
	return g_test_run();
}
