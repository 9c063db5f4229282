/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/protocol.h"

ProtocolMessage *protocol_message_new(ProtocolVerb verb)
{
	ProtocolMessage *message = g_new0(ProtocolMessage, 1);

	message->verb = verb;
	message->version = PROTOCOL_VERSION;
	message->uid = -1;
	message->ports = g_array_new(FALSE, FALSE, sizeof(guint));
	if (verb == PROTOCOL_CONFIGURE)
		message->setup = protocol_setup_new();
	return message;
}

void protocol_message_free(ProtocolMessage *message)
{
	if (message == NULL)
		return;
	g_free(message->device);
	g_free(message->guest);
	g_free(message->to);
	g_free(message->at);
	g_free(message->error);
	g_free(message->detail);
	g_array_unref(message->ports);
	protocol_setup_free(message->setup);
	g_free(message);
}

static void guest_free(gpointer data)
{
	ProtocolGuest *guest = data;

	g_free(guest->name);
	g_free(guest);
}

static void device_free(gpointer data)
{
	ProtocolDevice *device = data;

	g_free(device->name);
	g_free(device->serial);
	g_free(device->usb_port);
	g_free(device->input);
	g_free(device->uniq);
	g_free(device->node);
	g_free(device);
}

static void hotkey_free(gpointer data)
{
	ProtocolHotkey *hotkey = data;

	g_free(hotkey->keys);
	g_free(hotkey->to);
	g_free(hotkey);
}

ProtocolSetup *protocol_setup_new(void)
{
	ProtocolSetup *setup = g_new0(ProtocolSetup, 1);

	setup->guests = g_ptr_array_new_with_free_func(guest_free);
	setup->devices = g_ptr_array_new_with_free_func(device_free);
	setup->hotkeys = g_ptr_array_new_with_free_func(hotkey_free);
	setup->keep = g_ptr_array_new_with_free_func(g_free);
	return setup;
}

void protocol_setup_free(ProtocolSetup *setup)
{
	if (setup == NULL)
		return;
	g_ptr_array_unref(setup->guests);
	g_ptr_array_unref(setup->devices);
	g_ptr_array_unref(setup->hotkeys);
	g_ptr_array_unref(setup->keep);
	g_free(setup);
}

ProtocolGuest *protocol_setup_add_guest(ProtocolSetup *setup, const char *name)
{
	ProtocolGuest *guest = g_new0(ProtocolGuest, 1);

	guest->name = g_strdup(name);
	g_ptr_array_add(setup->guests, guest);
	return guest;
}

ProtocolDevice *protocol_setup_add_device(ProtocolSetup *setup, const char *name)
{
	ProtocolDevice *device = g_new0(ProtocolDevice, 1);

	device->name = g_strdup(name);
	device->vendor = device->product = -1;
	g_ptr_array_add(setup->devices, device);
	return device;
}

ProtocolHotkey *protocol_setup_add_hotkey(ProtocolSetup *setup, const char *keys)
{
	ProtocolHotkey *hotkey = g_new0(ProtocolHotkey, 1);

	hotkey->keys = g_strdup(keys);
	g_ptr_array_add(setup->hotkeys, hotkey);
	return hotkey;
}
