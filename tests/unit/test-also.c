/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Further features that are written with a switch.
 */
#include "ladder-desk.h"

/* host 0xff00, guest 0xff01 */
static GPtrArray *usb_switch(void)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(config_also_free);
	ConfigAlso *also = g_new0(ConfigAlso, 1);

	also->feature = (VcpFeature){ .code = 0xe7, .source_address = CONFIG_SOURCE_ADDRESS };
	also->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_hash_table_insert(also->values, g_strdup("host"), GUINT_TO_POINTER(0xff00));
	g_hash_table_insert(also->values, g_strdup("guest"), GUINT_TO_POINTER(0xff01));
	g_ptr_array_add(all, also);
	return all;
}

static GPtrArray *make(LadderDesk *f)
{
	ConfigDisplay config = config_display(HOST_BUS);

	config.also = usb_switch();
	f->ladder = ladder_new_timed(f->desk->registry, desk_keep(f->desk, &config), &f->times);
	return config.also;
}

/* Where a value was written in the log, or NULL. */
static const char *written(const char *log, const char *feature_and_value)
{
	g_autofree char *message = g_strdup_printf("i2c-0 w 37 51 84 03 %s", feature_and_value);

	return strstr(log, message);
}

/* Was it written, and not refused? */
static gboolean was_taken(const char *log, const char *feature_and_value)
{
	g_auto(GStrv) lines = g_strsplit(log, "\n", -1);

	for (char **line = lines; *line != NULL; line++)
		if (written(*line, feature_and_value) != NULL && strstr(*line, "nak") == NULL)
			return TRUE;
	return FALSE;
}

static void test_with_switch(LadderDesk *f, gconstpointer unused)
{
	g_autoptr(GPtrArray) also G_GNUC_UNUSED = make(f);
	g_autofree char *there = NULL, *back = NULL, *again = NULL;
	g_auto(Outcome) already = { 0 };

	sim_monitor_set_faults(f->monitor, (SimFaults){ 0 });
	ladder_arrives(
		f, "guest", "HDMI-1 (0x11) on /dev/i2c-0; the features under \"also\" are set too");
	there = sim_i2c_log(f->desk->sim);
	g_assert_nonnull(written(there, "e7 ff 01"));
	/* while it still listens */
	g_assert_true(written(there, "e7 ff 01") < written(there, "60 00 11"));
	sim_i2c_clear_log(f->desk->sim);
	ladder_arrives(f, "host", NULL);
	back = sim_i2c_log(f->desk->sim);
	g_assert_nonnull(written(back, "e7 ff 00"));
	/* what is so already is not written */
	sim_i2c_clear_log(f->desk->sim);
	already = apply(f->ladder, "host");
	g_assert_false(already.changed);
	again = sim_i2c_log(f->desk->sim);
	g_assert_null(written(again, "e7"));
	g_clear_pointer(&f->ladder, resource_free);
}

/* The agent sets the input only: the host writes the rest when it is heard again. */
static void test_behind_agent(LadderDesk *f, gconstpointer unused)
{
	g_autoptr(GPtrArray) also G_GNUC_UNUSED = make(f);
	g_autofree char *log = NULL;

	f->agent.connected = TRUE;
	ladder_arrives(f, "guest", NULL);
	sim_i2c_clear_log(f->desk->sim);
	ladder_arrives(f, "host", NULL);
	log = sim_i2c_log(f->desk->sim);
	g_assert_cmpuint(f->agent.orders, ==, 1);
	g_assert_true(was_taken(log, "e7 ff 00"));
	g_clear_pointer(&f->ladder, resource_free);
}

/* What was not taken is reported. */
static void test_refused(LadderDesk *f, gconstpointer unused)
{
	g_autoptr(GPtrArray) also G_GNUC_UNUSED = make(f);
	g_auto(Outcome) outcome = { 0 };

	sim_monitor_set_faults(f->monitor, (SimFaults){ .deaf = TRUE });
	outcome = apply(f->ladder, "guest");
	g_assert_error(outcome.error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_ANSWER);
	g_assert_nonnull(strstr(outcome.error->message, "feature 0xe7"));
	g_clear_pointer(&f->ladder, resource_free);
}

static void add_tests(void)
{
	ADD("/also/with-switch", test_with_switch);
	ADD("/also/behind-agent", test_behind_agent);
	ADD("/also/refused", test_refused);
}

int main(int argc, char **argv)
{
	return ladder_run(argc, argv, add_tests);
}
