/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/device.h"

#include "common/error.h"

#include <unistd.h>

struct InputDevice {
	ProtocolSetup *setup; /* contains only spec, and owns it */
	const ProtocolDevice *spec;
	GPtrArray *nodes;     /* Node * */
	GPtrArray *touchpads; /* Touchpad * */
	InputGuest *at;
	char *unfit; /* a node's name; NULL: none */
	const char *unfit_why;
};

static void node_free(gpointer data)
{
	Node *node = data;

	loop_unwatch(&node->watch);
	node_move(node, NULL, NULL);
	node_end(node);
	close(node->fd);
	if (node->observer >= 0)
		close(node->observer);
	g_free(node->owner);
	g_free(node->name);
	g_free(node);
}

static void touchpad_free_data(gpointer data)
{
	touchpad_free(data);
}

InputDevice *input_device_new(const ProtocolDevice *spec)
{
	InputDevice *device = g_new0(InputDevice, 1);
	ProtocolDevice *copy;

	device->setup = protocol_setup_new();
	copy = protocol_setup_add_device(device->setup, spec->name);
	copy->vendor = spec->vendor;
	copy->product = spec->product;
	copy->serial = g_strdup(spec->serial);
	copy->usb_port = g_strdup(spec->usb_port);
	copy->input = g_strdup(spec->input);
	copy->uniq = g_strdup(spec->uniq);
	copy->node = g_strdup(spec->node);
	device->spec = copy;
	device->nodes = g_ptr_array_new_with_free_func(node_free);
	device->touchpads = g_ptr_array_new_with_free_func(touchpad_free_data);
	return device;
}

void input_device_free(InputDevice *device)
{
	g_ptr_array_unref(device->nodes);
	g_ptr_array_unref(device->touchpads);
	protocol_setup_free(device->setup);
	g_free(device->unfit);
	g_free(device);
}

const char *input_device_name(const InputDevice *device)
{
	return device->spec->name;
}

gboolean input_device_is(const InputDevice *device, const ProtocolDevice *spec)
{
	const ProtocolDevice *own = device->spec;

	return g_str_equal(own->name, spec->name) && own->vendor == spec->vendor &&
	       own->product == spec->product && g_strcmp0(own->serial, spec->serial) == 0 &&
	       g_strcmp0(own->usb_port, spec->usb_port) == 0 &&
	       g_strcmp0(own->input, spec->input) == 0 && g_strcmp0(own->uniq, spec->uniq) == 0 &&
	       g_strcmp0(own->node, spec->node) == 0;
}

gboolean input_device_fits(const InputDevice *device, const NodeIdentity *identity)
{
	return node_identity_fits(identity, device->spec);
}

InputGuest *input_device_at(const InputDevice *device)
{
	return device->at;
}

/* ---- its parts: nodes, then touchpads */

static guint count_parts(const InputDevice *device)
{
	return device->nodes->len + device->touchpads->len;
}

static const char *part_name(const InputDevice *device, guint part)
{
	guint n = device->nodes->len;

	return part < n ? ((const Node *)g_ptr_array_index(device->nodes, part))->name
			: touchpad_name(g_ptr_array_index(device->touchpads, part - n));
}

static gboolean move_part(InputDevice *device, guint part, InputGuest *guest, GError **error)
{
	guint n = device->nodes->len;

	return part < n ? node_move(g_ptr_array_index(device->nodes, part), guest, error)
			: touchpad_move(
				  g_ptr_array_index(device->touchpads, part - n), guest, error);
}

ProtocolPresence input_device_presence(const InputDevice *device)
{
	if (count_parts(device) > 0)
		return PROTOCOL_PRESENT;
	return device->unfit != NULL ? PROTOCOL_UNFIT : PROTOCOL_ABSENT;
}

char *input_device_detail(const InputDevice *device)
{
	GString *names = g_string_new(NULL);

	if (count_parts(device) == 0) {
		g_string_free(names, TRUE);
		return device->unfit != NULL
			       ? g_strdup_printf("%s %s", device->unfit, device->unfit_why)
			       : NULL;
	}
	for (guint i = 0; i < count_parts(device); i++)
		g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", part_name(device, i));
	return g_string_free(names, FALSE);
}

gboolean input_device_has_node(const InputDevice *device, const char *name)
{
	for (guint i = 0; i < count_parts(device); i++)
		if (g_str_equal(part_name(device, i), name))
			return TRUE;
	return FALSE;
}

void input_device_add(InputDevice *device, Node *node)
{
	g_autoptr(GError) error = NULL;

	node_begin(node);
	g_ptr_array_add(device->nodes, node);
	if (!node_move(node, device->at, &error))
		g_warning("%s: %s", device->spec->name, error->message);
}

void input_device_remove(InputDevice *device, Node *node)
{
	g_ptr_array_remove(device->nodes, node);
}

void input_device_add_touchpad(InputDevice *device, Touchpad *touchpad)
{
	g_autoptr(GError) error = NULL;

	/* udev may have set the node's properties late */
	input_device_forget_unfit(device);
	g_ptr_array_add(device->touchpads, touchpad);
	if (!touchpad_move(touchpad, device->at, &error))
		g_warning("%s: %s", device->spec->name, error->message);
}

void input_device_remove_touchpad(InputDevice *device, Touchpad *touchpad)
{
	g_ptr_array_remove(device->touchpads, touchpad);
}

void input_device_add_unfit(InputDevice *device, const char *name, const char *why)
{
	g_free(device->unfit);
	device->unfit = g_strdup(name);
	device->unfit_why = why;
}

void input_device_forget_unfit(InputDevice *device)
{
	g_clear_pointer(&device->unfit, g_free);
}

static gboolean refuse_absent(const InputDevice *device, GError **error)
{
	g_autofree char *detail = input_device_detail(device);

	if (detail != NULL)
		g_set_error_literal(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_DEVICE, detail);
	else
		g_set_error_literal(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_DEVICE,
			"it is not plugged in, or its event nodes are not readable");
	return FALSE;
}

gboolean input_device_move(InputDevice *device, InputGuest *guest, GError **error)
{
	if (guest != NULL && count_parts(device) == 0)
		return refuse_absent(device, error);
	for (guint i = 0; i < count_parts(device); i++) {
		if (move_part(device, i, guest, error))
			continue;
		/* nodes that have already moved come back */
		while (i-- > 0)
			move_part(device, i, device->at, NULL);
		return FALSE;
	}
	device->at = guest;
	return TRUE;
}

void input_device_show_leds(InputDevice *device)
{
	for (guint i = 0; i < device->nodes->len; i++)
		node_show_leds(g_ptr_array_index(device->nodes, i));
}
