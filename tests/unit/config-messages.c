/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config-messages.h"

char *config_messages(const char *path, const GPtrArray *problems)
{
	GString *all = g_string_new(NULL);

	for (guint i = 0; i < problems->len; i++) {
		g_autofree char *line = config_problem_format(path, problems->pdata[i]);

		g_string_append_printf(all, "%s\n", line);
	}
	return g_string_free(all, FALSE);
}
