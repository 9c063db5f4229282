/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Windows agent reads EDIDs as hotseatd does, and finds the monitor that hotseatd names.
 */
#include "core/edid.h"

#include "edid-samples.h"

#include <string.h>

static void test_samples(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(edid_samples); i++) {
		const EdidSample *sample = &edid_samples[i];
		gsize length;
		g_autofree guint8 *bytes = edid_sample_load(sample, &length);
		Edid edid;

		g_test_message("%s", sample->file);
		core_edid_parse(bytes, length, &edid);
		g_assert_true(edid.known);
		g_assert_cmpstr(edid.manufacturer, ==, sample->manufacturer);
		g_assert_cmpstr(edid.model, ==, sample->model);
		g_assert_cmpstr(edid.serial, ==, sample->serial);
		g_assert_cmpuint(edid.number, ==, sample->number);
	}
}

/* each sample is chosen among all of them by what hotseatd sends: its maker, model and serial */
static void test_choose(void)
{
	Edid edids[G_N_ELEMENTS(edid_samples)];

	for (gsize i = 0; i < G_N_ELEMENTS(edid_samples); i++) {
		gsize length;
		g_autofree guint8 *bytes = edid_sample_load(&edid_samples[i], &length);

		core_edid_parse(bytes, length, &edids[i]);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(edid_samples); i++) {
		EdidWanted wanted;
		Problem problem = { "" };
		int which;

		g_strlcpy(wanted.manufacturer, edid_samples[i].manufacturer,
			sizeof wanted.manufacturer);
		g_strlcpy(wanted.model, edid_samples[i].model, sizeof wanted.model);
		g_strlcpy(wanted.serial, edid_samples[i].serial, sizeof wanted.serial);
		which = core_edid_choose(edids, G_N_ELEMENTS(edids), &wanted, &problem);
		g_assert_cmpint(which, ==, (int)i);
		g_assert_cmpstr(problem.text, ==, "");
	}
}

static void test_refused(void)
{
	gsize length;
	g_autofree guint8 *bytes = edid_sample_load(&edid_samples[0], &length);
	Edid edid;

	core_edid_parse(bytes, length - 1, &edid);
	g_assert_false(edid.known);
	bytes[EDID_LENGTH - 1]++;
	core_edid_parse(bytes, length, &edid);
	g_assert_false(edid.known);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/agent-edid/samples", test_samples);
	g_test_add_func("/agent-edid/choose", test_choose);
	g_test_add_func("/agent-edid/refused", test_refused);
	return g_test_run();
}
