/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseatd's request to set a monitor from inside the guest: the data of the event set-input, and
 * the answer to it.
 */
#pragma once

#include "config/config.h"

/* bytes; a request has some 150 */
#define SET_INPUT_MAX 4096

typedef struct {
	gint64 id;	      /* is returned with the answer */
	MonitorMatch monitor; /* manufacturer, model and serial that the EDID must contain */
	VcpFeature feature;
	guint16 value;
} SetInput;

/*
 * Reads data. If it has an id, sets it even if the rest is invalid, so that it can be answered;
 * otherwise *has_id is FALSE. NULL and an error of HOTSEAT_ERROR on failure.
 */
SetInput *set_input_parse(const char *data, gint64 *id, gboolean *has_id, GError **error);
void set_input_free(SetInput *request);

/* Does the request describe a monitor? */
gboolean set_input_describes(const SetInput *request);
/* "AOC 2778X 1234", or "any monitor". Free with g_free(). */
char *set_input_label(const SetInput *request);

/* The answer, {"id":…,"error":…}; error NULL: success. Free with g_free(). */
char *set_input_answer(gint64 id, const char *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SetInput, set_input_free)
