/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What hotseatd sends to hotseat-inputd for a config. Pure.
 */
#pragma once

#include "config/config.h"
#include "input/protocol.h"

/* Does any device move to guest via input? */
gboolean input_setup_serves(const Config *config, const ConfigGuest *guest);

/* The names of the guests that input_setup_serves(), in the order of the config: char *, borrowed
 * from config. Free with g_ptr_array_unref(). */
GPtrArray *input_setup_guests(const Config *config);

/* A port for each of these guests, kept by its domain in the file at path; see input-ports.h: a
 * guest's name (char *) to GUINT_TO_POINTER(port). Free with g_hash_table_unref(). */
GHashTable *input_setup_ports(const Config *config, const char *path);

/* The CONFIGURE message for config, without an id. ports: a guest's name to
 * GUINT_TO_POINTER(port); guests without one are left out. NULL: all guests are simulated. Free
 * with protocol_message_free(). */
ProtocolMessage *input_setup_message(const Config *config, GHashTable *ports);
