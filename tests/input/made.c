/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "made.h"

#include "wire.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/uinput.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int open_node(int uinput)
{
	char name[64] = "", path[300];
	struct dirent *entry;
	int node = -1;
	DIR *dir;

	if (ioctl(uinput, UI_GET_SYSNAME(sizeof name), name) < 0)
		wire_die("UI_GET_SYSNAME");
	snprintf(path, sizeof path, "/sys/devices/virtual/input/%s", name);
	dir = opendir(path);
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (g_str_has_prefix(entry->d_name, "event")) {
			snprintf(path, sizeof path, "/dev/input/%s", entry->d_name);
			for (int i = 0;
				i < 500 && (node = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)) < 0;
				i++)
				usleep(10000);
		}
	if (dir != NULL)
		closedir(dir);
	if (node < 0)
		wire_die(path);
	return node;
}

static void make(Made *made, const char *name, const guint16 *types, guint keys_from, guint keys_to)
{
	struct uinput_setup setup = {
		.id = { .bustype = BUS_USB, .vendor = 0x1234, .product = 1 }
	};

	made->uinput = open("/dev/uinput", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (made->uinput < 0)
		wire_die("/dev/uinput");
	g_strlcpy(setup.name, name, sizeof setup.name);
	for (; *types != 0; types++)
		ioctl(made->uinput, UI_SET_EVBIT, *types);
	for (guint code = keys_from; code <= keys_to; code++)
		ioctl(made->uinput, UI_SET_KEYBIT, code);
	for (guint led = 0; led < 5; led++)
		ioctl(made->uinput, UI_SET_LEDBIT, led);
	for (guint axis = 0; axis <= REL_HWHEEL_HI_RES; axis++)
		if (axis == REL_X || axis == REL_Y || axis == REL_WHEEL || axis == REL_WHEEL_HI_RES)
			ioctl(made->uinput, UI_SET_RELBIT, axis);
	for (guint axis = ABS_X; axis <= ABS_Y; axis++)
		ioctl(made->uinput, UI_SET_ABSBIT, axis);
	if (ioctl(made->uinput, UI_DEV_SETUP, &setup) < 0 || ioctl(made->uinput, UI_DEV_CREATE) < 0)
		wire_die(name);
	made->node = open_node(made->uinput);
}

void made_keyboard(Made *made)
{
	static const guint16 types[] = { EV_KEY, EV_LED, EV_REP, 0 };

	make(made, "test keyboard", types, 1, 248);
}

void made_mouse(Made *made)
{
	static const guint16 types[] = { EV_KEY, EV_REL, 0 };

	make(made, "test mouse", types, BTN_LEFT, BTN_TASK);
}

void made_tablet(Made *made)
{
	static const guint16 types[] = { EV_KEY, EV_ABS, 0 };

	make(made, "test tablet", types, BTN_LEFT, BTN_LEFT);
}

void made_unplug(Made *made)
{
	close(made->node);
	close(made->uinput);
	made->node = -1;
}

void made_emit(const Made *made, guint type, guint code, int value)
{
	struct input_event events[] = {
		{ .type = (guint16)type, .code = (guint16)code, .value = value }, { .type = EV_SYN }
	};

	if (write(made->uinput, events, sizeof events) != sizeof events)
		wire_die("uinput");
}

int made_open(const char *name)
{
	int node = -1;

	for (int i = 0; i < 32 && node < 0; i++) {
		g_autofree char *path = g_strdup_printf("/dev/input/event%d", i);
		char found[100] = "";

		node = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
		if (node >= 0)
			ioctl(node, EVIOCGNAME(sizeof found - 1), found);
		if (node >= 0 && strcmp(found, name) != 0) {
			close(node);
			node = -1;
		}
	}
	return node;
}
