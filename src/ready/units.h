/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What systemd says of its units.
 */
#pragma once

#include <glib.h>

typedef struct Units Units;

/* Reads what `systemctl show` printed of some units; text NULL: it said nothing. */
Units *units_parse(const char *text);
void units_free(Units *units);

/* Could systemd be asked? */
gboolean units_known(const Units *units);
/* A property ("ActiveState") of a unit; "" when it is not known. Borrowed. */
const char *units_get(const Units *units, const char *unit, const char *property);
/* Is there such a unit at all? */
gboolean units_loaded(const Units *units, const char *unit);
gboolean units_active(const Units *units, const char *unit);
/* Is it started at boot? */
gboolean units_enabled(const Units *units, const char *unit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Units, units_free)
