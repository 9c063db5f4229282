/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/guest.h"

/* How long libvirt takes to answer on an ordinary machine. */
#define REFRESH_MS 2

typedef struct {
	Guest base;
	guint timer;
	GPtrArray *waiting; /* GuestWait * */
} SimGuest;

typedef struct {
	GuestDone done;
	gpointer data;
} GuestWait;

static gboolean guest_answers(gpointer data)
{
	SimGuest *g = data;
	g_autoptr(GPtrArray) waiting = g->waiting;

	g->waiting = g_ptr_array_new_with_free_func(g_free);
	g->timer = 0;
	for (guint i = 0; i < waiting->len; i++) {
		GuestWait *wait = g_ptr_array_index(waiting, i);

		wait->done(&g->base, wait->data);
	}
	return G_SOURCE_REMOVE;
}

static void sim_guest_refresh(Guest *guest, GuestDone done, gpointer data)
{
	SimGuest *g = (SimGuest *)guest;
	GuestWait *wait = g_new0(GuestWait, 1);

	wait->done = done;
	wait->data = data;
	g_ptr_array_add(g->waiting, wait);
	if (g->timer == 0)
		g->timer = g_timeout_add(REFRESH_MS, guest_answers, g);
}

static void sim_guest_free(Guest *guest)
{
	SimGuest *g = (SimGuest *)guest;

	if (g->timer != 0)
		g_source_remove(g->timer);
	g_ptr_array_unref(g->waiting);
	g_free(g);
}

Guest *sim_guest_new(const ConfigGuest *config)
{
	static const GuestOps ops = { sim_guest_refresh, sim_guest_free };
	SimGuest *g = g_new0(SimGuest, 1);

	g->base.ops = &ops;
	g->base.name = g_strdup(config->name);
	g->base.domain = g_strdup(config->domain);
	g->base.follow = config->follow;
	g->base.state = GUEST_RUNNING;
	g->waiting = g_ptr_array_new_with_free_func(g_free);
	return &g->base;
}
