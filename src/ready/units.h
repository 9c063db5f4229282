/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The states of systemd's units.
 */
#pragma once

#include <glib.h>

typedef struct Units Units;

/* Runs a program and returns what it printed; NULL: it failed, or did not end within the deadline.
 * It is process_ask() except in tests. */
typedef char *(*Ask)(const char *const *argv, guint deadline_ms);

/* Asks systemd for the units of this project and of libvirt. ask of NULL: does not ask. */
Units *units_look(Ask ask);

/* Reads the output of `systemctl show` for some units; text of NULL: there was no output. */
Units *units_parse(const char *text);
void units_free(Units *units);

/* Did systemd answer? units may be NULL, here and below: then systemd was not asked. */
gboolean units_known(const Units *units);
/* Did systemd report anything about the unit, even that it does not exist? */
gboolean units_has(const Units *units, const char *unit);
/* A property ("ActiveState") of a unit; "" if it is not known. Borrowed. */
const char *units_get(const Units *units, const char *unit, const char *property);
/* Does the unit exist? */
gboolean units_loaded(const Units *units, const char *unit);
gboolean units_active(const Units *units, const char *unit);
/* If the unit has failed, or systemd keeps restarting it: a text for people ("libvirtd.service has
 * failed (exit-code)..."). NULL: neither, or it is not known. Free with g_free(). */
char *units_failure(const Units *units, const char *unit);
/* Does it start at boot? */
gboolean units_enabled(const Units *units, const char *unit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Units, units_free)
