/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the agent in a Linux guest is told to do. */
#include "agent/set-input.h"
#include "common/json.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check(const SetInput *request)
{
	const MonitorMatch *monitor = &request->monitor;
	g_autofree char *label = set_input_label(request);

	g_assert_true(g_utf8_validate(label, -1, NULL));
	g_assert_cmpint(monitor->bus, ==, -1);
	g_assert_cmpint(request->feature.code, >, 0);
	g_assert_cmpint(request->feature.source_address, >=, 0x50);
	g_assert_cmpint(request->feature.source_address, <=, 0x5f);
	g_assert_true(monitor->model == NULL || *monitor->model != '\0');
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(GError) error = NULL;
	gboolean has_id;
	gint64 id = 0;
	g_autoptr(SetInput) request = set_input_parse(text, &id, &has_id, &error);
	g_autofree char *answer = set_input_answer(id, error != NULL ? error->message : text);
	g_autoptr(JsonNode) root = object_parse(answer);

	g_assert_true((request == NULL) == (error != NULL));
	g_assert_true(request == NULL || has_id);
	if (request != NULL)
		check(request);
	/* whatever there is to say can be read */
	g_assert_nonnull(root);
	return 0;
}
