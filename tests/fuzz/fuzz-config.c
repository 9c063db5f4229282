/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The config's parser against any bytes. */
#include "config/config.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autoptr(Config) config = NULL;

	/* a directory that is not there: no secret_file is found */
	config = config_parse("/nonexistent/config.yaml", (const char *)data, size, problems);
	for (guint i = 0; i < problems->len; i++) {
		g_autofree char *line = config_problem_format("config.yaml", problems->pdata[i]);

		g_assert_true(g_utf8_validate(line, -1, NULL));
	}
	g_assert_true(config != NULL || problems->len > 0);
	return 0;
}
