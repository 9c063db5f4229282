/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a configuration can begin with: one that is there already, hotseat's, virtkvm's or another
 * program's.
 */
#pragma once

#include "setup/interview.h"

typedef struct {
	const char *root; /* "" but for tests */
	const char *home;
} StartPlaces;

/* Configs of virtkvm (char *, freed with the array): those that a unit or a process names, and what
 * lies where one would put it. */
GPtrArray *start_find(const StartPlaces *places);

/* Makes the interview's draft of the file. FALSE: it cannot be used, which has been said. */
gboolean start_with(Interview *interview, const char *path);

/* Offers what start_find() finds, and existing (NULL: none), if there is a person. *path: chosen,
 * to be freed with g_free(); NULL: none. FALSE: the person has left. */
gboolean start_offer(
	Interview *interview, const StartPlaces *places, const char *existing, char **path);
