/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checks the lengths of usbredir's packets as they arrive, before the parser allocates memory for
 * them.
 */
#pragma once

#include <glib.h>

typedef struct {
	guint8 header[16];
	gsize have; /* bytes of the header so far */
	gsize body; /* bytes of the packet that are still to come */
} RedirFrame;

/* Adds n bytes. long_ids: both sides support headers of 16 bytes instead of 12. FALSE: a packet has
 * more than max bytes after its header. */
gboolean redir_frame_pass(
	RedirFrame *frame, const guint8 *bytes, gsize n, gboolean long_ids, gsize max);
