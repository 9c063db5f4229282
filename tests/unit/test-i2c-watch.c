/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What udev says of I2C buses and monitors, said here by the test.
 */
#include "display/i2c-kernel.h"

#include <gudev/gudev.h>

static GPtrArray *clients; /* GUdevClient *, those that live */

static void forget_client(gpointer data, GObject *client)
{
	g_ptr_array_remove(clients, client);
}

/* In place of libgudev's: the test keeps an eye on what is made. */
GUdevClient *g_udev_client_new(const gchar *const *subsystems)
{
	GUdevClient *client = g_object_new(G_UDEV_TYPE_CLIENT, "subsystems", subsystems, NULL);

	g_assert_true(g_strv_contains(subsystems, "i2c-dev"));
	g_assert_true(g_strv_contains(subsystems, "drm"));
	g_ptr_array_add(clients, client);
	g_object_weak_ref(G_OBJECT(client), forget_client, NULL);
	return client;
}

static void say(const char *action)
{
	for (guint i = 0; i < clients->len; i++)
		g_signal_emit_by_name(clients->pdata[i], "uevent", action, NULL);
}

static void on_changed(gpointer data)
{
	++*(guint *)data;
}

typedef struct {
	I2cKernel *kernel;
	I2cSystem *system;
	guint one, other; /* how often each watch was called */
} Fixture;

static void set_up(Fixture *f, gconstpointer unused)
{
	clients = g_ptr_array_new();
	f->kernel = i2c_kernel_new("/nonexistent", "/nonexistent", NULL);
	f->system = &f->kernel->base;
}

static void tear_down(Fixture *f, gconstpointer unused)
{
	i2c_kernel_free(f->kernel);
	g_assert_cmpuint(clients->len, ==, 0);
	g_clear_pointer(&clients, g_ptr_array_unref);
}

/* A dock brings many of them: they are one change. */
static void test_many(Fixture *f, gconstpointer unused)
{
	guint one = f->system->ops->watch(f->system, on_changed, &f->one);
	guint other = f->system->ops->watch(f->system, on_changed, &f->other);

	g_assert_cmpuint(one, !=, 0);
	g_assert_cmpuint(one, !=, other);
	for (int i = 0; i < 20; i++)
		say("add");
	g_assert_cmpuint(f->one, ==, 0);
	while (f->one == 0 || f->other == 0)
		g_main_context_iteration(NULL, TRUE);
	g_assert_cmpuint(f->one, ==, 1);
	g_assert_cmpuint(f->other, ==, 1);
	f->system->ops->unwatch(f->system, one);
	f->system->ops->unwatch(f->system, other);
}

/* Who does not watch any more hears nothing, not even of what came before. */
static void test_unwatch(Fixture *f, gconstpointer unused)
{
	guint one = f->system->ops->watch(f->system, on_changed, &f->one);
	guint other = f->system->ops->watch(f->system, on_changed, &f->other);

	say("change");
	f->system->ops->unwatch(f->system, one);
	g_assert_cmpuint(clients->len, ==, 1);
	while (f->other == 0)
		g_main_context_iteration(NULL, TRUE);
	g_assert_cmpuint(f->one, ==, 0);
	f->system->ops->unwatch(f->system, other);
	g_assert_cmpuint(clients->len, ==, 0);
}

/* The system goes with all who watch it. */
static void test_freed(Fixture *f, gconstpointer unused)
{
	f->system->ops->watch(f->system, on_changed, &f->one);
	say("remove");
	g_assert_cmpuint(f->one, ==, 0);
}

#define ADD(path, func) g_test_add("/i2c-watch/" path, Fixture, NULL, set_up, func, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("many", test_many);
	ADD("unwatch", test_unwatch);
	ADD("freed", test_freed);
	return g_test_run();
}
