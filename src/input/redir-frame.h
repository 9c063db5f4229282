/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Follows usbredir's packets as they pass, before the parser allocates what their headers say.
 */
#pragma once

#include <glib.h>

typedef struct {
	guint8 header[16];
	gsize have; /* bytes of the header so far */
	gsize body; /* bytes of the packet that are still to come */
} RedirFrame;

/* n more bytes. long_ids: headers are 16 bytes long, not 12, because both sides said so. FALSE: a
 * packet is longer than max behind its header. */
gboolean redir_frame_pass(
	RedirFrame *frame, const guint8 *bytes, gsize n, gboolean long_ids, gsize max);
