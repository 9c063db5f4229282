/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/desk.h"

#include "common/json.h"
#include "common/state-path.h"
#include "daemon/desk-input.h"
#include "daemon/guest-cards.h"
#include "device/input-daemon.h"
#include "device/input-guests.h"
#include "device/input-setup.h"
#include "device/input.h"
#include "device/usb-hub.h"
#include "device/usb-kernel.h"
#include "device/usb.h"
#include "display/display.h"
#include "guest/libvirt.h"
#include "guest/qmp.h"
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
	InputSystem *input;    /* NULL: no device moves via input */
	DeskInput *hotkeys;    /* with input */
	GHashTable *ports;     /* of guests; NULL: nothing is real */
	char *input_socket;
	InputGuests *leftovers; /* removes what an earlier config has left in guests; may be NULL */
	HookQueue *hooks;
	Seat *seat;
};

static void on_process(const char *guest, int uid, gpointer data)
{
	InputSystem *input = ((Desk *)data)->input;

	if (input != NULL)
		input->ops->expect(input, guest, uid);
}

static Guest *guest_new(Desk *desk, const ConfigGuest *config)
{
	if (desk->sim != NULL)
		return sim_guest_new(config);
	if (config->qmp != NULL)
		return qmp_guest_new(config, &qmp_times, on_process, desk);
	return libvirt_guest_new(libvirt_connection(desk->libvirt), config);
}

static guint ignore_expect(const char *guest, int uid, gpointer data)
{
	return 0;
}

static void ignore_change(const char *guest, gpointer data)
{
}

/* Creates the system for hotseat-inputd; if no device needs it any more, removes what it has left
 * in the guests. */
static void make_input(Desk *desk)
{
	static const InputGuestsOps ignore = { ignore_expect, ignore_change };
	LibvirtConnection *connection =
		desk->libvirt != NULL ? libvirt_connection(desk->libvirt) : NULL;
	g_autofree char *path = state_path("ports");

	if (config_has_via(desk->config, VIA_INPUT)) {
		desk->ports = input_setup_ports(desk->config, path);
		desk->input_socket = input_link_path();
		desk->input = input_daemon_new(&(InputDaemonSpec){ desk->config, connection,
			desk->ports, desk->input_socket, &input_link_times });
	} else if (connection != NULL && g_file_test(path, G_FILE_TEST_EXISTS)) {
		desk->ports = g_hash_table_new(g_str_hash, g_str_equal);
		desk->leftovers =
			input_guests_new(desk->config, connection, desk->ports, &ignore, NULL);
	}
}

static void make_systems(Desk *desk, gboolean simulated)
{
	if (simulated) {
		desk->sim = sim_desk_new(desk->config);
		desk->usb = sim_desk_usb(desk->sim);
		desk->input = sim_desk_input(desk->sim);
		return;
	}
	if (desk->config->libvirt_uri != NULL) {
		desk->libvirt = libvirt_new(desk->config->libvirt_uri);
		desk->usb = usb_kernel_new(&usb_places_here, desk->libvirt);
	}
	make_input(desk);
}

static Resource *device_new(Desk *desk, const ConfigDevice *config)
{
	GPtrArray *guests = desk->config->guests;

	if (config->via == VIA_INPUT)
		return device_via_input_new(desk->input, config, guests, INPUT_READY_MS);
	if (config->hub != NULL)
		return usb_hub_new(desk->usb, config, guests, desk->config->devices);
	return usb_device_new(desk->usb, config, guests);
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
		seat_add_guest(desk->seat, guest_new(desk, g_ptr_array_index(config->guests, i)));
	for (guint i = 0; i < config->displays->len; i++)
		seat_add_resource(desk->seat,
			ladder_new(desk->displays, g_ptr_array_index(config->displays, i)));
	for (guint i = 0; i < config->commands->len; i++)
		seat_add_resource(
			desk->seat, hook_new(desk->hooks, g_ptr_array_index(config->commands, i)));
	for (guint i = 0; i < config->devices->len; i++)
		seat_add_resource(
			desk->seat, device_new(desk, g_ptr_array_index(config->devices, i)));
	if (desk->input != NULL)
		desk->hotkeys = desk_input_new(desk->input, desk->seat, config);
	return desk;
}

void desk_free(Desk *desk)
{
	if (desk == NULL)
		return;
	desk_input_free(desk->hotkeys);
	seat_free(desk->seat);
	hook_queue_free(desk->hooks);
	guest_cards_free(desk->cards);
	monitor_registry_free(desk->displays);
	monitor_memory_free(desk->memory);
	if (desk->sim == NULL)
		input_daemon_free(desk->input);
	input_guests_free(desk->leftovers);
	g_clear_pointer(&desk->ports, g_hash_table_unref);
	g_free(desk->input_socket);
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

	member_begin_object(builder, "libvirt");
	member_add_text(builder, "uri", desk->config->libvirt_uri);
	member_add_bool(builder, "connected", connected);
	member_add_text(builder, "error", error);
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
	json_builder_set_member_name(builder, "arrived");
	sim_desk_arrived(desk->sim, builder);
}

static const char *or_empty(const char *text)
{
	return text != NULL ? text : "";
}

gboolean desk_break(Desk *desk, JsonObject *request, GError **error)
{
	return sim_desk_break(desk->sim, seat_guests(desk->seat),
		or_empty(member_text(request, "fault")), or_empty(member_text(request, "what")),
		error);
}
