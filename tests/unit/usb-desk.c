/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "usb-desk.h"

/* Nothing takes any time, but for what hangs. */
static const SimUsbTimes times = { .deadline = 20 };

static void on_changed(
	Resource *resource, ResourceChange change, const ResourceResult *result, gpointer data)
{
	static const char *const names[] = {
		[RESOURCE_MOVED] = "moved",
		[RESOURCE_APPEARED] = "appeared",
		[RESOURCE_GONE] = "gone",
	};

	/* not by the seat's request */
	g_assert_false(result->changed);
	g_string_append_printf(((UsbDesk *)data)->told, "%s %s%s, ", names[change],
		result->at != NULL ? result->at : "nowhere", result->error != NULL ? "!" : "");
}

static void add_guest(UsbDesk *desk, const char *name, const char *domain)
{
	ConfigGuest *guest = g_new0(ConfigGuest, 1);

	guest->name = (char *)name;
	guest->domain = (char *)domain;
	g_ptr_array_add(desk->guests, guest);
	sim_usb_start_domain(desk->sim, domain);
}

void usb_desk_adopt(UsbDesk *desk, Resource *device)
{
	desk->device = device;
	device->changed = on_changed;
	device->changed_data = desk;
}

void usb_desk_remake(UsbDesk *desk, const ConfigDevice *config)
{
	resource_free(desk->device);
	desk->config = *config;
	usb_desk_adopt(
		desk, usb_device_new(sim_usb_system(desk->sim), &desk->config, desk->guests));
}

void usb_desk_set_up(UsbDesk *desk, gconstpointer unused)
{
	const ConfigDevice config = {
		.name = (char *)"keyboard", .vendor = 0x28da, .product = 0x1101
	};

	desk->sim = sim_usb_new(&times);
	desk->guests = g_ptr_array_new_with_free_func(g_free);
	add_guest(desk, "guest", "win10");
	add_guest(desk, "linux", "arch");
	sim_usb_add(
		desk->sim, &(UsbInfo){ .port = (char *)PORT, .vendor = 0x28da, .product = 0x1101 });
	desk->cancel = g_cancellable_new();
	desk->told = g_string_new(NULL);
	usb_desk_remake(desk, &config);
}

static void forget_result(UsbDesk *desk)
{
	g_clear_pointer(&desk->at, g_free);
	g_clear_pointer(&desk->detail, g_free);
	g_clear_error(&desk->error);
}

void usb_desk_tear_down(UsbDesk *desk, gconstpointer unused)
{
	resource_free(desk->device);
	sim_usb_free(desk->sim);
	g_ptr_array_unref(desk->guests);
	g_object_unref(desk->cancel);
	g_string_free(desk->told, TRUE);
	forget_result(desk);
	g_assert_false(g_main_context_iteration(NULL, FALSE));
}

static void on_done(Resource *resource, const ResourceResult *result, gpointer data)
{
	UsbDesk *desk = data;

	forget_result(desk);
	desk->ended++;
	desk->at = g_strdup(result->at);
	desk->detail = g_strdup(result->detail);
	desk->changed = result->changed;
	desk->error = result->error != NULL ? g_error_copy(result->error) : NULL;
}

void usb_desk_begin(UsbDesk *desk, const char *target)
{
	guint ended = desk->ended;

	g_object_unref(desk->cancel);
	desk->cancel = g_cancellable_new();
	desk->device->ops->apply(desk->device, target, desk->cancel, on_done, desk);
	g_assert_cmpuint(desk->ended, ==, ended);
}

void usb_desk_wait(UsbDesk *desk)
{
	guint ended = desk->ended;

	while (desk->ended == ended)
		g_main_context_iteration(NULL, TRUE);
}

void usb_desk_apply(UsbDesk *desk, const char *target)
{
	usb_desk_begin(desk, target);
	usb_desk_wait(desk);
	usb_desk_settle(desk);
}

void usb_desk_begin_observe(UsbDesk *desk)
{
	guint ended = desk->ended;

	desk->device->ops->observe(desk->device, on_done, desk);
	g_assert_cmpuint(desk->ended, ==, ended);
}

void usb_desk_observe(UsbDesk *desk)
{
	usb_desk_begin_observe(desk);
	usb_desk_wait(desk);
	g_assert_false(desk->changed);
}

void usb_desk_settle(UsbDesk *desk)
{
	while (g_main_context_iteration(NULL, FALSE))
		;
}

void usb_desk_owner_is(UsbDesk *desk, const char *owner)
{
	g_autofree char *real = sim_usb_owner(desk->sim, PORT);

	g_assert_cmpstr(real, ==, owner);
}

void usb_desk_told_is(UsbDesk *desk, const char *expected)
{
	usb_desk_settle(desk);
	g_assert_cmpstr(desk->told->str, ==, expected);
	g_string_truncate(desk->told, 0);
}

void usb_desk_ended_at(UsbDesk *desk, const char *at, gboolean changed)
{
	g_assert_no_error(desk->error);
	g_assert_cmpstr(desk->at, ==, at);
	g_assert_cmpint(desk->changed, ==, changed);
}

void usb_desk_failed(UsbDesk *desk, HotseatError code)
{
	g_assert_error(desk->error, HOTSEAT_ERROR, (int)code);
}
