/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A guest, as hotseat detect shows it.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "cli/text.h"
#include "guest/found.h"

/* Adds a row of five columns. */
void guest_show(const FoundGuest *guest, TextTable *table);

/* Adds to lines (char *) what the guest takes for itself, each with the guest's name. */
void guest_add_takes(const FoundGuest *guest, GPtrArray *lines);

/* Adds the guest as a JSON object. */
void guest_add_json(JsonBuilder *builder, const FoundGuest *guest);
