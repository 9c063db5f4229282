/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The end of a scan: what was found on the buses and what the kernel knows become one list.
 */
#include "common/error.h"
#include "display/merge.h"

typedef struct {
	I2cSystem system;
	GPtrArray *connectors, *nameless;
	ScanResult result;
} MergeDesk;

static const char *const card_addresses[] = { "0000:01:00.0", "0000:02:00.0" };

/* Even buses belong to the first card, odd ones to the second. */
static char *card_of(I2cSystem *system, int bus)
{
	return g_strdup(card_addresses[bus % 2]);
}

static void refused_free(gpointer data)
{
	RefusedBus *refused = data;

	g_error_free(refused->error);
	g_free(refused);
}

static void set_up(MergeDesk *desk, gconstpointer unused)
{
	static const I2cOps ops = { .card = card_of };

	desk->system.ops = &ops;
	desk->connectors = g_ptr_array_new_with_free_func(connector_free);
	desk->nameless = g_ptr_array_new_with_free_func(found_monitor_free);
	desk->result.monitors = g_ptr_array_new_with_free_func(found_monitor_free);
	desk->result.refused = g_ptr_array_new_with_free_func(refused_free);
	desk->result.buses = 8;
}

static void tear_down(MergeDesk *desk, gconstpointer unused)
{
	g_ptr_array_unref(desk->connectors);
	g_ptr_array_unref(desk->nameless);
	g_ptr_array_unref(desk->result.monitors);
	g_ptr_array_unref(desk->result.refused);
}

static Edid edid_of(const char *model, const char *serial)
{
	Edid edid = { .manufacturer = "AOC" };

	g_strlcpy(edid.model, model, sizeof edid.model);
	g_strlcpy(edid.serial, serial, sizeof edid.serial);
	return edid;
}

/* card: 0 or 1; bus: -1: its driver does not report one; model: NULL: no EDID is known */
static Connector *add_connector(MergeDesk *desk, guint card, const char *name, int bus,
	const char *model, const char *serial)
{
	Connector *connector = g_new0(Connector, 1);

	connector->name = g_strdup(name);
	connector->card = g_strdup_printf("card%u", card);
	connector->address = g_strdup(card_addresses[card]);
	connector->buses = g_array_new(FALSE, FALSE, sizeof(int));
	if (bus >= 0)
		g_array_append_val(connector->buses, bus);
	connector->has_edid = model != NULL;
	if (model != NULL)
		connector->edid = edid_of(model, serial);
	g_ptr_array_add(desk->connectors, connector);
	return connector;
}

/* On this bus, or without an EDID: model NULL. */
static FoundMonitor *add_monitor(MergeDesk *desk, int bus, const char *model, const char *serial)
{
	FoundMonitor *monitor = g_new0(FoundMonitor, 1);

	monitor->bus = bus;
	monitor->answers = TRUE;
	if (model != NULL)
		monitor->edid = edid_of(model, serial);
	g_ptr_array_add(model != NULL ? desk->result.monitors : desk->nameless, monitor);
	return monitor;
}

/* "4:DP-1@card0" for each, "+" before its further cables, "!" behind a panel, "?" behind a twin */
static char *merged(MergeDesk *desk)
{
	GString *text = g_string_new(NULL);

	scan_merge(&desk->system, desk->connectors, desk->nameless, &desk->result);
	for (guint i = 0; i < desk->result.monitors->len; i++) {
		const FoundMonitor *monitor = desk->result.monitors->pdata[i], *cable;

		for (guint j = 0; (cable = found_monitor_cable(monitor, j)) != NULL; j++)
			g_string_append_printf(text, "%s%d:%s@%s%s%s",
				j > 0 ? "+" : (i > 0 ? " " : ""), cable->bus,
				cable->connector != NULL ? cable->connector : "-",
				cable->card != NULL ? cable->card : "-", cable->panel ? "!" : "",
				cable->twin ? "?" : "");
	}
	return g_string_free(text, FALSE);
}

#define assert_merged(desk, expected)                                                              \
	G_STMT_START                                                                               \
	{                                                                                          \
		g_autofree char *text = merged(desk);                                              \
		g_assert_cmpstr(text, ==, expected);                                               \
	}                                                                                          \
	G_STMT_END

static const FoundMonitor *nth(MergeDesk *desk, guint n)
{
	return desk->result.monitors->pdata[n];
}

/* -- connectors ------------------------------------------------------------------------------- */

static void test_by_bus(MergeDesk *desk, gconstpointer unused)
{
	add_monitor(desk, 4, "LEFT", "17");
	add_monitor(desk, 0, "RIGHT", "18");
	add_connector(desk, 0, "DP-1", 4, "LEFT", "17");
	add_connector(desk, 0, "DP-2", 0, NULL, NULL);
	assert_merged(desk, "0:DP-2@card0 4:DP-1@card0");
	g_assert_cmpstr(nth(desk, 0)->address, ==, card_addresses[0]);
}

/* A driver that does not report a connector's bus: the EDID tells. */
static void test_by_edid(MergeDesk *desk, gconstpointer unused)
{
	add_monitor(desk, 4, "LEFT", "17");
	add_connector(desk, 0, "DP-1", -1, "LEFT", "17");
	add_connector(desk, 0, "DP-2", -1, "RIGHT", "18");
	assert_merged(desk, "4:DP-1@card0 -1:DP-2@card0");
}

/* Two cards have a connector of the same name. */
static void test_same_name(MergeDesk *desk, gconstpointer unused)
{
	add_monitor(desk, 4, "LEFT", "17");
	add_connector(desk, 0, "DP-1", 4, "LEFT", "17");
	add_connector(desk, 1, "DP-1", -1, "LEFT", "17");
	assert_merged(desk, "4:DP-1@card0+-1:DP-1@card1");
}

/* A monitor's connector is known: the same EDID at another one is another cable. */
static void test_same_edid(MergeDesk *desk, gconstpointer unused)
{
	add_monitor(desk, 4, "LEFT", "17");
	add_connector(desk, 0, "DP-1", 4, "LEFT", "17");
	add_connector(desk, 0, "DP-2", -1, "LEFT", "17");
	assert_merged(desk, "4:DP-1@card0+-1:DP-2@card0");
}

/* -- monitors that no bus leads to ------------------------------------------------------------ */

static void refuse(MergeDesk *desk, const char *why)
{
	RefusedBus *refused = g_new0(RefusedBus, 1);

	refused->error = g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_NO_PERMISSION, "%s", why);
	g_ptr_array_add(desk->result.refused, refused);
}

/* Each of them says why it was not asked. */
static void test_unasked(MergeDesk *desk, gconstpointer unused)
{
	add_connector(desk, 0, "DP-1", -1, "LEFT", "17");
	add_connector(desk, 0, "eDP-1", -1, "PANEL", "18")->panel = TRUE;
	add_connector(desk, 0, "HDMI-A-1", -1, NULL, NULL);
	assert_merged(desk, "-1:DP-1@card0 -1:eDP-1@card0!");
	g_assert_cmpstr(nth(desk, 0)->trouble, ==, "none of the I2C buses leads to it");
	g_assert_cmpint(nth(desk, 0)->input, ==, -1);
	g_assert_cmpstr(nth(desk, 0)->edid.model, ==, "LEFT");
	g_assert_cmpstr(nth(desk, 0)->address, ==, card_addresses[0]);
	g_assert_cmpstr(nth(desk, 1)->trouble, ==, "a laptop's built-in panel");
}

static void test_unasked_no_buses(MergeDesk *desk, gconstpointer unused)
{
	desk->result.buses = 0;
	add_connector(desk, 0, "DP-1", -1, "LEFT", "17");
	assert_merged(desk, "-1:DP-1@card0");
	g_assert_cmpstr(nth(desk, 0)->trouble, ==,
		"there is no I2C bus for it; load the driver: sudo modprobe i2c-dev");
}

static void test_unasked_refused(MergeDesk *desk, gconstpointer unused)
{
	refuse(desk, "first");
	refuse(desk, "second");
	add_connector(desk, 0, "DP-1", -1, "LEFT", "17");
	assert_merged(desk, "-1:DP-1@card0");
	g_assert_cmpstr(nth(desk, 0)->trouble, ==, "first");
}

/* -- monitors without an EDID ----------------------------------------------------------------- */

static void test_nameless(MergeDesk *desk, gconstpointer unused)
{
	add_monitor(desk, 4, "LEFT", "17");
	add_monitor(desk, 6, NULL, NULL);
	add_connector(desk, 0, "DP-1", 4, "LEFT", "17");
	add_connector(desk, 0, "DP-2", -1, "RIGHT", "18");
	add_connector(desk, 0, "DP-3", -1, NULL, NULL);
	add_connector(desk, 0, "eDP-1", -1, "PANEL", "19")->panel = TRUE;
	add_connector(desk, 1, "DP-1", -1, "OTHER", "20");
	assert_merged(desk, "4:DP-1@card0 6:DP-2@card0 -1:DP-1@card1 -1:eDP-1@card0!");
	g_assert_cmpstr(nth(desk, 1)->edid.model, ==, "RIGHT");
	g_assert_cmpuint(desk->nameless->len, ==, 0);
}

/* Two connectors, or two monitors, which cannot be told apart. */
static void test_nameless_connectors(MergeDesk *desk, gconstpointer unused)
{
	add_monitor(desk, 6, NULL, NULL);
	add_connector(desk, 0, "DP-2", -1, "RIGHT", "18");
	add_connector(desk, 0, "DP-3", -1, "LEFT", "17");
	assert_merged(desk, "-1:DP-2@card0 -1:DP-3@card0");
	g_assert_cmpuint(desk->nameless->len, ==, 1);
}

static void test_nameless_two(MergeDesk *desk, gconstpointer unused)
{
	add_monitor(desk, 4, NULL, NULL);
	add_monitor(desk, 6, NULL, NULL);
	add_connector(desk, 0, "DP-2", -1, "RIGHT", "18");
	assert_merged(desk, "-1:DP-2@card0");
	g_assert_cmpuint(desk->nameless->len, ==, 2);
}

/* -- one monitor, several cables -------------------------------------------------------------- */

/* The cable that can be asked comes first, and of those the one that answers. */
static void test_cables(MergeDesk *desk, gconstpointer unused)
{
	add_monitor(desk, 2, "LEFT", "17")->answers = FALSE;
	add_monitor(desk, 3, "LEFT", "17")->answers = FALSE;
	add_monitor(desk, 4, "LEFT", "17");
	add_monitor(desk, 5, "LEFT", "17");
	add_connector(desk, 1, "DP-9", -1, "LEFT", "17");
	add_connector(desk, 0, "DP-4", 4, "LEFT", "17");
	assert_merged(desk, "4:DP-4@card0+3:DP-9@card1+2:-@-+5:-@-");
}

static void test_cables_without_bus(MergeDesk *desk, gconstpointer unused)
{
	add_connector(desk, 0, "DP-2", -1, "LEFT", "17");
	add_connector(desk, 1, "DP-1", -1, "LEFT", "17");
	assert_merged(desk, "-1:DP-1@card1+-1:DP-2@card0");
}

static void test_twins(MergeDesk *desk, gconstpointer unused)
{
	add_monitor(desk, 2, "LEFT", "");
	add_monitor(desk, 4, "RIGHT", "");
	add_monitor(desk, 6, "LEFT", "");
	assert_merged(desk, "2:-@-? 4:-@- 6:-@-?");
}

int main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*test)(MergeDesk *desk, gconstpointer unused);
	} tests[] = {
		{ "/merge/connector/bus", test_by_bus },
		{ "/merge/connector/edid", test_by_edid },
		{ "/merge/connector/same-name", test_same_name },
		{ "/merge/connector/same-edid", test_same_edid },
		{ "/merge/unasked", test_unasked },
		{ "/merge/unasked/no-buses", test_unasked_no_buses },
		{ "/merge/unasked/refused", test_unasked_refused },
		{ "/merge/nameless", test_nameless },
		{ "/merge/nameless/connectors", test_nameless_connectors },
		{ "/merge/nameless/two", test_nameless_two },
		{ "/merge/cables", test_cables },
		{ "/merge/cables/without-bus", test_cables_without_bus },
		{ "/merge/twins", test_twins },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, MergeDesk, NULL, set_up, tests[i].test, tear_down);
	return g_test_run();
}
