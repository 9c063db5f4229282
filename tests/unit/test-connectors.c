/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is read of the connectors in sysfs.
 */
#include "display/connectors.h"

#include "edid-samples.h"
#include "tree.h"

static const TreeFile files[] = {
	{ "version", "drm 1.1.0" },
	{ "card0/dev", "226:0" },
	{ "renderD128/dev", "226:128" },
	{ "writeback-DP-9/status", "connected" },
	{ "card1-DP-1/status", "connected" },
	{ "card0-eDP-1/status", "disconnected" },
	{ "card0-DP-1/status", "unknown" },
	{ "card0-DP-1/i2c-6/name", "AUX" },
	{ "card0-DP-1/i2c-dev/name", "no number" },
	{ "card0-DP-1/drm_dp_aux0/i2c-7/name", "AUX" },
	{ "card0-DP-1/drm_dp_aux0/drm_dp_aux1/i2c-8/name", "too deep" },
	{ "card0-DP-1/power/i2c-9/name", "elsewhere" },
	{ "card0-HDMI-A-1/enabled", "enabled" },
	{ 0 },
};

typedef struct {
	char *root;
	GPtrArray *connectors;
} Read;

static void read_tree(Read *read)
{
	g_autofree char *edid = NULL;
	g_autofree guint8 *bytes = NULL;
	gsize length;

	read->root = tree_new("class/drm", files);
	bytes = edid_sample_load(&edid_samples[1], &length);
	edid = g_build_filename(read->root, "class/drm/card1-DP-1/edid", NULL);
	g_assert_true(g_file_set_contents(edid, (const char *)bytes, (gssize)length, NULL));
	read->connectors = connectors_read(read->root);
}

static void clear(Read *read)
{
	g_ptr_array_unref(read->connectors);
	tree_remove(read->root);
	g_free(read->root);
}

/* By name, and by card where two have the same; what is no connector is left out. */
static void test_order(void)
{
	static const struct {
		const char *name, *card;
		gboolean panel, has_edid;
		ConnectorStatus status;
	} expected[] = {
		{ "DP-1", "card0", FALSE, FALSE, CONNECTOR_UNKNOWN },
		{ "DP-1", "card1", FALSE, TRUE, CONNECTOR_CONNECTED },
		{ "HDMI-A-1", "card0", FALSE, FALSE, CONNECTOR_UNKNOWN },
		{ "eDP-1", "card0", TRUE, FALSE, CONNECTOR_DISCONNECTED },
	};
	Read read;

	read_tree(&read);
	g_assert_cmpuint(read.connectors->len, ==, G_N_ELEMENTS(expected));
	for (guint i = 0; i < read.connectors->len; i++) {
		const Connector *connector = read.connectors->pdata[i];

		g_assert_cmpstr(connector->name, ==, expected[i].name);
		g_assert_cmpstr(connector->card, ==, expected[i].card);
		g_assert_cmpint(connector->panel, ==, expected[i].panel);
		g_assert_cmpint(connector->has_edid, ==, expected[i].has_edid);
		g_assert_cmpint((int)connector->status, ==, (int)expected[i].status);
		g_assert_cmpstr(connector->address, ==, NULL);
	}
	g_assert_cmpstr(((Connector *)read.connectors->pdata[1])->edid.model, ==, "2778X");
	clear(&read);
}

/* Below the connector, or below its channel; nothing deeper. */
static void test_buses(void)
{
	Read read;

	read_tree(&read);
	for (int bus = 0; bus < 10; bus++) {
		const Connector *connector = connectors_of_bus(read.connectors, bus);

		g_assert_cmpstr(connector != NULL ? connector->name : NULL, ==,
			bus == 6 || bus == 7 ? "DP-1" : NULL);
	}
	clear(&read);
}

static void test_none(void)
{
	g_autoptr(GPtrArray) connectors = connectors_read("/nonexistent");

	g_assert_cmpuint(connectors->len, ==, 0);
}

static void test_panels(void)
{
	static const char *const panels[] = { "eDP-1", "LVDS-1", "DSI-1", "DPI-1" };

	for (gsize i = 0; i < G_N_ELEMENTS(panels); i++)
		g_assert_true(connector_is_panel(panels[i]));
	g_assert_false(connector_is_panel("DP-1"));
	g_assert_false(connector_is_panel(NULL));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/connectors/order", test_order);
	g_test_add_func("/connectors/buses", test_buses);
	g_test_add_func("/connectors/none", test_none);
	g_test_add_func("/connectors/panels", test_panels);
	return g_test_run();
}
