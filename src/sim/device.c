/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/device.h"

#include "common/error.h"

/* What libvirt and QEMU take on an ordinary machine, from the call to the guest's or the host's
 * driver. */
#define ATTACH_MS  60
#define DETACH_MS  150
#define REFRESH_MS 2

typedef struct {
	Resource base;
	GStrv guests; /* NULL: all */
	char *at;
	gboolean plugged;
	/* under way */
	char *to; /* NULL: a look */
	ResourceDone done;
	gpointer data;
	guint timer;
} SimDevice;

static gboolean device_serves(Resource *resource, const char *target)
{
	SimDevice *d = (SimDevice *)resource;

	return d->guests == NULL || g_str_equal(target, TARGET_HOST) ||
	       g_strv_contains((const char *const *)d->guests, target);
}

static void set_unplugged(GError **error)
{
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_DEVICE, "not plugged in; plug it in");
}

static gboolean device_check(Resource *resource, const char *target, GError **error)
{
	SimDevice *d = (SimDevice *)resource;

	if (!d->plugged)
		set_unplugged(error);
	return d->plugged;
}

static GError *device_obstacle(const SimDevice *d)
{
	GError *error = NULL;

	if (!d->plugged)
		set_unplugged(&error);
	return error;
}

static gboolean device_over(gpointer data)
{
	SimDevice *d = data;
	g_autoptr(GError) error = device_obstacle(d);
	ResourceResult result = { .error = error };

	d->timer = 0;
	if (error == NULL && d->to != NULL && !g_str_equal(d->at, d->to)) {
		g_free(d->at);
		d->at = g_strdup(d->to);
		result.changed = TRUE;
	}
	result.at = d->plugged ? d->at : NULL;
	g_clear_pointer(&d->to, g_free);
	d->done(&d->base, &result, d->data);
	return G_SOURCE_REMOVE;
}

static void device_begin(SimDevice *d, guint ms, ResourceDone done, gpointer data)
{
	d->done = done;
	d->data = data;
	d->timer = g_timeout_add(ms, device_over, d);
}

static void device_observe(Resource *resource, ResourceDone done, gpointer data)
{
	device_begin((SimDevice *)resource, REFRESH_MS, done, data);
}

static void device_apply(Resource *resource, const char *target, GCancellable *cancel,
	ResourceDone done, gpointer data)
{
	SimDevice *d = (SimDevice *)resource;
	gboolean there = !d->plugged || g_str_equal(d->at, target);

	d->to = g_strdup(target);
	device_begin(d,
		there				   ? REFRESH_MS
		: g_str_equal(target, TARGET_HOST) ? DETACH_MS
						   : ATTACH_MS,
		done, data);
}

static void device_free(Resource *resource)
{
	SimDevice *d = (SimDevice *)resource;

	if (d->timer != 0)
		g_source_remove(d->timer);
	g_strfreev(d->guests);
	g_free(d->at);
	g_free(d->to);
	g_free(d);
}

Resource *sim_device_new(const ConfigDevice *config)
{
	static const ResourceOps ops = {
		.serves = device_serves,
		.check = device_check,
		.observe = device_observe,
		.apply = device_apply,
		.free = device_free,
	};
	SimDevice *d = g_new0(SimDevice, 1);

	d->base.ops = &ops;
	d->base.kind = RESOURCE_DEVICE;
	d->base.name = g_strdup(config->name);
	d->base.optional = config->optional;
	d->guests = g_strdupv(config->guests);
	d->at = g_strdup(TARGET_HOST);
	d->plugged = TRUE;
	return &d->base;
}

void sim_device_plug(Resource *device, gboolean in)
{
	SimDevice *d = (SimDevice *)device;
	g_autoptr(GError) error = NULL;
	ResourceResult result = { 0 };

	if (d->plugged == in)
		return;
	d->plugged = in;
	g_free(d->at);
	d->at = g_strdup(TARGET_HOST);
	if (in)
		result.at = d->at;
	else
		set_unplugged(&error);
	result.error = error;
	resource_changed(device, in ? RESOURCE_APPEARED : RESOURCE_GONE, &result);
}

gboolean sim_device_plugged(const Resource *device)
{
	return ((const SimDevice *)device)->plugged;
}

/* -- guests ----------------------------------------------------------------------------------- */

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
	g->base.state = GUEST_RUNNING;
	g->waiting = g_ptr_array_new_with_free_func(g_free);
	return &g->base;
}
