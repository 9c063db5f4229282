/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/inputd-private.h"
#include "input/node-kernel.h"
#include "input/node-simulated.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define NODE_FLAGS (O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)

/* The device of a node. */
typedef struct {
	Inputd *inputd;
	InputDevice *device;
} Owner;

static void unplug(Node *node)
{
	Owner *owner = node->owner;
	Inputd *inputd = owner->inputd;
	InputDevice *device = owner->device;

	input_device_remove(device, node);
	inputd_report_device(inputd, device);
}

static void on_node(gpointer data, guint32 events)
{
	Node *node = data;
	Inputd *inputd = ((Owner *)node->owner)->inputd;

	if (!node_read(node))
		unplug(node);
	if (inputd->n_pressed > 0)
		inputd_after_nodes(inputd);
}

static Node *new_node(Inputd *inputd, int fd, const char *name)
{
	Node *node = g_new0(Node, 1);

	node->fd = fd;
	node->observer = -1;
	node->name = g_strdup(name);
	node->routes = &inputd->routes;
	node->loop = inputd->loop;
	return node;
}

static void drop_node(Node *node)
{
	if (node->fd >= 0)
		close(node->fd);
	if (node->observer >= 0)
		close(node->observer);
	g_free(node->name);
	g_free(node);
}

static void attach(Inputd *inputd, InputDevice *device, Node *node)
{
	Owner *owner = g_new0(Owner, 1);

	owner->inputd = inputd;
	owner->device = device;
	node->owner = owner;
	node->watch = (LoopWatch){ .fd = node->fd, .ready = on_node, .data = node };
	input_device_add(device, node);
	loop_watch(inputd->loop, &node->watch, EPOLLIN);
	inputd_report_device(inputd, device);
}

/* ---- touchpads */

static InputDevice *device_of_node(Inputd *inputd, const char *name)
{
	for (guint i = 0; i < inputd->devices->len; i++)
		if (input_device_has_node(g_ptr_array_index(inputd->devices, i), name))
			return g_ptr_array_index(inputd->devices, i);
	return NULL;
}

static void on_touchpad_gone(gpointer data, Touchpad *touchpad)
{
	InputDevice *device = device_of_node(data, touchpad_name(touchpad));

	input_device_remove_touchpad(device, touchpad);
	inputd_report_device(data, device);
}

/* Adds a touchpad. Returns why it cannot be moved (static); NULL: the device now owns it and fd. */
static const char *try_touchpad(Inputd *inputd, InputDevice *device, const char *path, int fd)
{
	Touchpad *touchpad;

	if (!touchpad_is_known(path))
		return "is a touchpad that udev does not recognise (ID_INPUT_TOUCHPAD); check it "
		       "with `udevadm info`, then reload hotseat's config";
	touchpad = touchpad_new(inputd->loop, path, fd, on_touchpad_gone, inputd);
	if (touchpad == NULL)
		return "is a touchpad that libinput does not accept; leave it to the host, and use "
		       "a mouse in the guest";
	input_device_add_touchpad(device, touchpad);
	inputd_report_device(inputd, device);
	return NULL;
}

/* ---- nodes as they come */

static void add_unfit(Inputd *inputd, InputDevice *device, const char *name, const char *why)
{
	input_device_add_unfit(device, name, why);
	inputd_report_device(inputd, device);
}

static void try_unusable(
	Inputd *inputd, InputDevice *device, const char *path, int fd, NodeFitness fitness)
{
	g_autofree char *name = g_path_get_basename(path);
	const char *why = NULL;

	if (fitness == NODE_TOUCHPAD || touchpad_is_known(path)) {
		why = try_touchpad(inputd, device, path, fd);
		if (why == NULL)
			return;
	} else if (fitness == NODE_ABSOLUTE) {
		why = "reports absolute positions (tablet, touchscreen, gamepad), which \"via: "
		      "input\" cannot forward; use \"via: usb\"";
	}
	close(fd);
	if (why != NULL)
		add_unfit(inputd, device, name, why);
}

static void try_node(Inputd *inputd, InputDevice *device, const NodeIdentity *identity, int fd)
{
	g_autofree char *name = g_path_get_basename(identity->path);
	Node *node = new_node(inputd, fd, name);
	NodeFitness fitness;

	node->observer = open(identity->path, NODE_FLAGS);
	fitness = node_kernel(node);
	if (fitness == NODE_USABLE) {
		attach(inputd, device, node);
		return;
	}
	node->fd = -1;
	drop_node(node);
	try_unusable(inputd, device, identity->path, fd, fitness);
}

static gboolean is_open(Inputd *inputd, const char *path)
{
	g_autofree char *name = g_path_get_basename(path);

	return device_of_node(inputd, name) != NULL;
}

static InputDevice *device_of(Inputd *inputd, const NodeIdentity *identity)
{
	for (guint i = 0; i < inputd->devices->len; i++)
		if (input_device_fits(g_ptr_array_index(inputd->devices, i), identity))
			return g_ptr_array_index(inputd->devices, i);
	return NULL;
}

void inputd_found(gpointer data, const char *path)
{
	Inputd *inputd = data;
	NodeIdentity identity = { 0 };
	InputDevice *device = NULL;
	int fd;

	if (inputd->devices->len == 0 || is_open(inputd, path))
		return;
	fd = open(path, NODE_FLAGS);
	if (fd < 0)
		return;
	if (node_identity_read(&identity, fd, path, "/sys"))
		device = device_of(inputd, &identity);
	if (device != NULL)
		try_node(inputd, device, &identity, fd);
	else
		close(fd);
	node_identity_clear(&identity);
}

void inputd_plug(Inputd *inputd, InputDevice *device, int fd)
{
	Node *node = new_node(inputd, fd, "simulated");

	if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0) {
		drop_node(node);
		return;
	}
	node_simulate(node);
	attach(inputd, device, node);
}
