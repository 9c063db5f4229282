/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "display/monitor-models.h"

MonitorModel *monitor_model_new(const char *file, const char *name);
void monitor_model_free(gpointer model);

/* Reads the entries (MonitorModel *) of a file. NULL: errors as monitor_models_add(). */
GPtrArray *monitor_models_read(const char *file, const char *text, gsize length, GError **error);
