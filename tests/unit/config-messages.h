/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the config's reader has to say.
 */
#pragma once

#include "config/config.h"

/* A line for each problem, as hotseatd prints it for the file path. Free with g_free(). */
char *config_messages(const char *path, const GPtrArray *problems);
