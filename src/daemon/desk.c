/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/desk.h"

#include "common/state-path.h"
#include "daemon/guest-cards.h"
#include "device/usb-kernel.h"
#include "device/usb.h"
#include "display/display.h"
#include "guest/libvirt.h"
#include "hook/hook.h"
#include "sim/desk.h"
#include "sim/guest.h"

struct Desk {
	Config *config;
	SimDesk *sim; /* NULL: all is real */
	MonitorRegistry *displays;
	MonitorMemory *memory; /* NULL: nothing is real */
	Libvirt *libvirt;      /* NULL: no guests, or simulated ones */
	GuestCards *cards;     /* with libvirt */
	UsbSystem *usb;	       /* NULL: no devices */
	HookQueue *hooks;
	Seat *seat;
};

static void add_guest(Desk *desk, const ConfigGuest *config)
{
	seat_add_guest(desk->seat,
		desk->sim != NULL ? sim_guest_new(config)
				  : libvirt_guest_new(libvirt_connection(desk->libvirt), config));
}

static void make_systems(Desk *desk, gboolean simulated)
{
	if (simulated) {
		desk->sim = sim_desk_new(desk->config);
		desk->usb = sim_desk_usb(desk->sim);
	} else if (desk->config->libvirt_uri != NULL) {
		desk->libvirt = libvirt_new(desk->config->libvirt_uri);
		desk->usb = usb_kernel_new(&usb_places_here, desk->libvirt);
	}
}

Desk *desk_new(Config *config, gboolean simulated, DisplayAgents *agents)
{
	Desk *desk = g_new0(Desk, 1);

	desk->config = config;
	desk->seat = seat_new(NULL, config->check_guest);
	make_systems(desk, simulated);
	desk->displays = monitor_registry_new(simulated ? sim_desk_i2c(desk->sim) : i2c_kernel());
	monitor_registry_set_agents(desk->displays, agents);
	if (!simulated) {
		g_autofree char *path = state_path("monitors");

		desk->memory = monitor_memory_new(path);
		monitor_registry_set_memory(desk->displays, desk->memory);
	}
	if (desk->libvirt != NULL)
		desk->cards = guest_cards_new(libvirt_connection(desk->libvirt), desk->displays);
	desk->hooks = hook_queue_new();
	for (guint i = 0; i < config->guests->len; i++)
		add_guest(desk, g_ptr_array_index(config->guests, i));
	for (guint i = 0; i < config->displays->len; i++)
		seat_add_resource(desk->seat,
			ladder_new(desk->displays, g_ptr_array_index(config->displays, i)));
	for (guint i = 0; i < config->commands->len; i++)
		seat_add_resource(
			desk->seat, hook_new(desk->hooks, g_ptr_array_index(config->commands, i)));
	for (guint i = 0; i < config->devices->len; i++)
		seat_add_resource(
			desk->seat, usb_device_new(desk->usb, g_ptr_array_index(config->devices, i),
					    config->guests));
	return desk;
}

void desk_free(Desk *desk)
{
	if (desk == NULL)
		return;
	seat_free(desk->seat);
	hook_queue_free(desk->hooks);
	guest_cards_free(desk->cards);
	monitor_registry_free(desk->displays);
	monitor_memory_free(desk->memory);
	if (desk->libvirt != NULL)
		usb_kernel_free(desk->usb);
	g_clear_pointer(&desk->libvirt, libvirt_free);
	g_clear_pointer(&desk->sim, sim_desk_free);
	config_free(desk->config);
	g_free(desk);
}

void desk_agents_changed(Desk *desk)
{
	monitor_registry_rescan(desk->displays);
}

Seat *desk_seat(Desk *desk)
{
	return desk->seat;
}

static void describe_libvirt(Desk *desk, JsonBuilder *builder)
{
	g_autofree char *error = NULL;
	gboolean connected = libvirt_connected(desk->libvirt, &error);

	json_builder_set_member_name(builder, "libvirt");
	json_builder_begin_object(builder);
	json_builder_set_member_name(builder, "uri");
	json_builder_add_string_value(builder, desk->config->libvirt_uri);
	json_builder_set_member_name(builder, "connected");
	json_builder_add_boolean_value(builder, connected);
	json_builder_set_member_name(builder, "error");
	if (error != NULL)
		json_builder_add_string_value(builder, error);
	else
		json_builder_add_null_value(builder);
	json_builder_end_object(builder);
}

void desk_describe(Desk *desk, JsonBuilder *builder)
{
	if (desk->libvirt != NULL)
		describe_libvirt(desk, builder);
	if (desk->sim == NULL)
		return;
	json_builder_set_member_name(builder, "simulated");
	sim_desk_list(desk->sim, seat_resources(desk->seat), seat_guests(desk->seat), builder);
}

/* A member that must be a string; "" when it is not there or something else. */
static const char *text_member(JsonObject *object, const char *name)
{
	JsonNode *node = json_object_get_member(object, name);

	return node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
			       json_node_get_value_type(node) == G_TYPE_STRING
		       ? json_node_get_string(node)
		       : "";
}

gboolean desk_break(Desk *desk, JsonObject *request, GError **error)
{
	return sim_desk_break(desk->sim, seat_guests(desk->seat), text_member(request, "fault"),
		text_member(request, "what"), error);
}
