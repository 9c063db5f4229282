/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A list of listeners: functions that are called for each event until they are removed. Main loop
 * only.
 */
#pragma once

#include <glib-object.h>

typedef struct Listeners Listeners;

/* Calls one listener: casts func to the type it was added as. event is listeners_call()'s. */
typedef void (*ListenersCall)(GCallback func, gpointer data, gconstpointer event);

/* Free with listeners_free(), but not during listeners_call(). */
Listeners *listeners_new(void);
void listeners_free(Listeners *listeners);

/* Returns an id for listeners_remove(), never 0. A listener that is added during an event is first
 * called for the next event. */
guint listeners_add(Listeners *listeners, GCallback func, gpointer data);

/* Allowed at any time, also in a listener. The removed listener is not called any more. An unknown
 * id, such as 0, does nothing. */
void listeners_remove(Listeners *listeners, guint id);

/* Calls every listener, in the order in which they were added. A listener may cause another event.
 */
void listeners_call(Listeners *listeners, ListenersCall call, gconstpointer event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Listeners, listeners_free)
