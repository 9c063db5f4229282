/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What systemd says of its units.
 */
#pragma once

#include <glib.h>

typedef struct Units Units;

/* Runs a program and returns what it printed; NULL: it failed, or did not end within the deadline.
 * process_ask() but for tests. */
typedef char *(*Ask)(const char *const *argv, guint deadline_ms);

/* Asks systemd for the units that this project and its tools have, and libvirt's. ask: NULL: it is
 * not asked. */
Units *units_look(Ask ask);

/* Reads what `systemctl show` printed of some units; text NULL: it said nothing. */
Units *units_parse(const char *text);
void units_free(Units *units);

/* Could systemd be asked? units, here and below: NULL: it was not. */
gboolean units_known(const Units *units);
/* Did systemd report anything about the unit, even that it does not exist? */
gboolean units_has(const Units *units, const char *unit);
/* A property ("ActiveState") of a unit; "" when it is not known. Borrowed. */
const char *units_get(const Units *units, const char *unit, const char *property);
/* Is there such a unit at all? */
gboolean units_loaded(const Units *units, const char *unit);
gboolean units_active(const Units *units, const char *unit);
/* Is it failing: has it failed, or is systemd starting it again and again? What systemd says of
 * that, for people ("libvirtd.service has failed (exit-code)..."); NULL: no, or it is not known.
 * Free with g_free(). */
char *units_failure(const Units *units, const char *unit);
/* Is it started at boot? */
gboolean units_enabled(const Units *units, const char *unit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Units, units_free)
