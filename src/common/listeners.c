/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/listeners.h"

typedef struct {
	guint id; /* 0: removed during an event, and freed after it */
	GCallback func;
	gpointer data;
} Entry;

struct Listeners {
	GArray *entries; /* Entry */
	guint last_id;
	guint depth; /* of listeners_call() */
};

Listeners *listeners_new(void)
{
	Listeners *listeners = g_new0(Listeners, 1);

	listeners->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
	return listeners;
}

void listeners_free(Listeners *listeners)
{
	if (listeners == NULL)
		return;
	g_array_unref(listeners->entries);
	g_free(listeners);
}

guint listeners_add(Listeners *listeners, GCallback func, gpointer data)
{
	Entry entry = { .id = ++listeners->last_id, .func = func, .data = data };

	g_array_append_val(listeners->entries, entry);
	return entry.id;
}

static void sweep(Listeners *listeners)
{
	if (listeners->depth > 0)
		return;
	for (guint i = listeners->entries->len; i-- > 0;)
		if (g_array_index(listeners->entries, Entry, i).id == 0)
			g_array_remove_index(listeners->entries, i);
}

void listeners_remove(Listeners *listeners, guint id)
{
	for (guint i = 0; i < listeners->entries->len; i++) {
		Entry *entry = &g_array_index(listeners->entries, Entry, i);

		if (entry->id == id)
			entry->id = 0;
	}
	sweep(listeners);
}

void listeners_call(Listeners *listeners, ListenersCall call, gconstpointer event)
{
	guint n = listeners->entries->len;

	listeners->depth++;
	for (guint i = 0; i < n; i++) {
		/* a copy, because a listener that adds another one moves the array */
		Entry entry = g_array_index(listeners->entries, Entry, i);

		if (entry.id != 0)
			call(entry.func, entry.data, event);
	}
	listeners->depth--;
	sweep(listeners);
}
