/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/input-setup.h"

#include "device/input-ports.h"

static gboolean travels_to(const ConfigDevice *device, const ConfigGuest *guest)
{
	return device->guests == NULL ||
	       g_strv_contains((const char *const *)device->guests, guest->name);
}

gboolean input_setup_serves(const Config *config, const ConfigGuest *guest)
{
	for (guint i = 0; i < config->devices->len; i++) {
		const ConfigDevice *device = config->devices->pdata[i];

		if (device->via == VIA_INPUT && travels_to(device, guest))
			return TRUE;
	}
	return FALSE;
}

GPtrArray *input_setup_guests(const Config *config)
{
	GPtrArray *names = g_ptr_array_new();

	for (guint i = 0; i < config->guests->len; i++) {
		const ConfigGuest *guest = config->guests->pdata[i];

		if (input_setup_serves(config, guest))
			g_ptr_array_add(names, guest->name);
	}
	return names;
}

/* The ports that the config assigns. */
static GArray *given_ports(const Config *config)
{
	GArray *given = g_array_new(FALSE, FALSE, sizeof(guint));

	for (guint i = 0; i < config->guests->len; i++) {
		guint port = ((const ConfigGuest *)config->guests->pdata[i])->port;

		if (port != 0)
			g_array_append_val(given, port);
	}
	return given;
}

GHashTable *input_setup_ports(const Config *config, const char *path)
{
	GHashTable *ports = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) names = input_setup_guests(config);
	g_autoptr(GPtrArray) domains = g_ptr_array_new();
	g_autoptr(GArray) given = given_ports(config);
	g_autoptr(GHashTable) assigned = NULL;

	for (guint i = 0; i < names->len; i++) {
		const ConfigGuest *guest = config_guest(config, names->pdata[i]);

		if (guest->port == 0 && guest->domain != NULL)
			g_ptr_array_add(domains, guest->domain);
	}
	assigned = input_ports_assign(path, domains, given);
	for (guint i = 0; i < names->len; i++) {
		const ConfigGuest *guest = config_guest(config, names->pdata[i]);
		gpointer port = GUINT_TO_POINTER((guint)guest->port);

		if (guest->port != 0 ||
			(guest->domain != NULL &&
				g_hash_table_lookup_extended(assigned, guest->domain, NULL, &port)))
			g_hash_table_insert(ports, g_strdup(guest->name), port);
	}
	return ports;
}

static void add_guest(
	ProtocolSetup *setup, const Config *config, const ConfigGuest *guest, GHashTable *ports)
{
	gpointer port = NULL;
	ProtocolGuest *added;

	if (!input_setup_serves(config, guest) ||
		(ports != NULL && !g_hash_table_lookup_extended(ports, guest->name, NULL, &port)))
		return;
	added = protocol_setup_add_guest(setup, guest->name);
	added->port = GPOINTER_TO_UINT(port);
	added->mode = config->reports == REPORTS_PULL ? PROTOCOL_PULL : PROTOCOL_PACED;
}

static void add_device(ProtocolSetup *setup, const ConfigDevice *device)
{
	ProtocolDevice *added;

	if (device->via != VIA_INPUT)
		return;
	added = protocol_setup_add_device(setup, device->name);
	added->vendor = device->vendor;
	added->product = device->product;
	added->serial = g_strdup(device->serial);
	added->usb_port = g_strdup(device->port);
	added->input = g_strdup(device->input);
	added->uniq = g_strdup(device->uniq);
	added->node = g_strdup(device->node);
}

static void add_hotkey(ProtocolSetup *setup, const ConfigHotkey *hotkey)
{
	static const ProtocolAction actions[] = {
		[HOTKEY_TOGGLE] = PROTOCOL_TOGGLE,
		[HOTKEY_GO] = PROTOCOL_GO,
		[HOTKEY_NEXT] = PROTOCOL_NEXT,
		[HOTKEY_PANIC] = PROTOCOL_PANIC,
	};
	ProtocolHotkey *added = protocol_setup_add_hotkey(setup, hotkey->keys);

	added->action = actions[hotkey->action];
	added->to = g_strdup(hotkey->to);
}

ProtocolMessage *input_setup_message(const Config *config, GHashTable *ports)
{
	ProtocolMessage *message = protocol_message_new(PROTOCOL_CONFIGURE);
	ProtocolSetup *setup = message->setup;

	message->version = PROTOCOL_VERSION;
	for (guint i = 0; i < config->guests->len; i++)
		add_guest(setup, config, config->guests->pdata[i], ports);
	for (guint i = 0; i < config->devices->len; i++)
		add_device(setup, config->devices->pdata[i]);
	for (guint i = 0; i < config->hotkeys->len; i++)
		add_hotkey(setup, config->hotkeys->pdata[i]);
	for (guint i = 0; i < config->keep->len; i++)
		g_ptr_array_add(setup->keep, g_strdup(config->keep->pdata[i]));
	return message;
}
