/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files from which a new configuration can start: existing ones of hotseat, virtkvm or another
 * program.
 */
#pragma once

#include "import/find.h"
#include "setup/interview.h"

/* Makes the interview's draft of the file. FALSE: it cannot be used, which has been said. */
gboolean start_with(Interview *interview, const char *path);

/* Offers what import_find() finds, and existing (NULL: none), if there is a person. *path: chosen,
 * to be freed with g_free(); NULL: none. FALSE: the user has left. */
gboolean start_offer(
	Interview *interview, const ImportPlaces *places, const char *existing, char **path);
