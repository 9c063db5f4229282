/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseatd's request that a monitor be set from inside the guest: the data of the event set-input,
 * and the answer to it.
 */
#pragma once

#include "config/config.h"

/* bytes; a request has some 150 */
#define SET_INPUT_MAX 4096

typedef struct {
	gint64 id;	      /* to be given back with the answer */
	MonitorMatch monitor; /* manufacturer, model and serial: what the EDID must say */
	VcpFeature feature;
	guint16 value;
} SetInput;

/*
 * Reads data. id is set if there is one, which can be answered even if the rest cannot be used;
 * otherwise *has_id is FALSE. NULL and an error of HOTSEAT_ERROR.
 */
SetInput *set_input_parse(const char *data, gint64 *id, gboolean *has_id, GError **error);
void set_input_free(SetInput *request);

/* Does it say anything of who the monitor is? */
gboolean set_input_describes(const SetInput *request);
/* "AOC 2778X 1234", or "any monitor". Free with g_free(). */
char *set_input_label(const SetInput *request);

/* The answer, {"id":…,"error":…}; error NULL: it is done. Free with g_free(). */
char *set_input_answer(gint64 id, const char *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SetInput, set_input_free)
