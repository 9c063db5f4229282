/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/i2c-kernel.h"

#include <gudev/gudev.h>

/* Plugging in one monitor causes several events, and its EDID can be read only shortly after the
 * first. */
#define SETTLE_MS 300

struct I2cWatch {
	GUdevClient *client;
	gulong handler;
	guint settle; /* source */
	I2cChanged changed;
	gpointer data;
};

static gboolean settled(gpointer data)
{
	I2cWatch *watch = data;

	watch->settle = 0;
	watch->changed(watch->data);
	return G_SOURCE_REMOVE;
}

static void on_uevent(GUdevClient *client, const char *action, GUdevDevice *device, gpointer data)
{
	I2cWatch *watch = data;

	g_clear_handle_id(&watch->settle, g_source_remove);
	watch->settle = g_timeout_add(SETTLE_MS, settled, watch);
}

I2cWatch *i2c_watch_new(I2cChanged changed, gpointer data)
{
	static const char *const subsystems[] = { "i2c-dev", "drm", NULL };
	I2cWatch *watch = g_new0(I2cWatch, 1);

	watch->changed = changed;
	watch->data = data;
	watch->client = g_udev_client_new(subsystems);
	watch->handler = g_signal_connect(watch->client, "uevent", G_CALLBACK(on_uevent), watch);
	return watch;
}

void i2c_watch_free(I2cWatch *watch)
{
	g_signal_handler_disconnect(watch->client, watch->handler);
	g_object_unref(watch->client);
	g_clear_handle_id(&watch->settle, g_source_remove);
	g_free(watch);
}
