/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/inputd-private.h"
#include "input/node-kernel.h"
#include "input/node-simulated.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define NODE_FLAGS (O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)

/* Where a node belongs. */
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

static const char *why_unfit(NodeFitness fitness)
{
	return fitness == NODE_TOUCHPAD ? "is a touchpad, which this version cannot forward; leave "
					  "it to the host, and use "
					  "a mouse in the guest"
					: "reports absolute positions (tablet, touchscreen, "
					  "gamepad), which this way "
					  "cannot carry; write \"via: usb\" for it";
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
	drop_node(node);
	if (fitness == NODE_NOTHING)
		return;
	input_device_add_unfit(device, name, why_unfit(fitness));
	inputd_report_device(inputd, device);
}

static gboolean is_open(Inputd *inputd, const char *path)
{
	g_autofree char *name = g_path_get_basename(path);

	for (guint i = 0; i < inputd->devices->len; i++)
		if (input_device_has_node(g_ptr_array_index(inputd->devices, i), name))
			return TRUE;
	return FALSE;
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
