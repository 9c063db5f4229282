/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/state-path.h"

#include <glib.h>

char *state_path(const char *name)
{
	const char *given = g_getenv("STATE_DIRECTORY");
	g_auto(GStrv) folders = g_strsplit(given != NULL ? given : "", ":", 2);

	if (folders[0] != NULL && *folders[0] != '\0')
		return g_build_filename(folders[0], name, NULL);
	return g_build_filename(g_get_user_state_dir(), "hotseat", name, NULL);
}
