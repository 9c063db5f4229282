/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "touchpad-device.h"

#include "input/touch-release.h"
#include "wire.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/uinput.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define UDEV_DATABASE "/run/udev/data"

static const guint16 keys[] = { BTN_LEFT, BTN_TOUCH, BTN_TOOL_FINGER, BTN_TOOL_DOUBLETAP,
	BTN_TOOL_TRIPLETAP };

/* ---- its life */

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
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (!g_str_has_prefix(entry->d_name, "event"))
			continue;
		snprintf(path, sizeof path, "/dev/input/%s", entry->d_name);
		for (int i = 0; i < 500 && node < 0; i++) {
			node = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
			usleep(node < 0 ? 10000 : 0);
		}
	}
	if (dir != NULL)
		closedir(dir);
	if (node < 0)
		wire_die(path);
	return node;
}

static void add_axis(int uinput, guint16 code, int maximum, int per_mm)
{
	struct uinput_abs_setup setup = { .code = code,
		.absinfo = { .maximum = maximum, .resolution = per_mm } };

	if (ioctl(uinput, UI_ABS_SETUP, &setup) < 0)
		wire_die("UI_ABS_SETUP");
}

void touchpad_device_make(TouchpadDevice *pad)
{
	struct uinput_setup setup = { .id = { .bustype = BUS_I2C, .vendor = 0x1234, .product = 2 },
		.name = "test touchpad" };

	*pad = (TouchpadDevice){ .uinput = open("/dev/uinput", O_RDWR | O_NONBLOCK | O_CLOEXEC),
		.next_id = 1 };
	if (pad->uinput < 0)
		wire_die("/dev/uinput");
	ioctl(pad->uinput, UI_SET_EVBIT, EV_KEY);
	ioctl(pad->uinput, UI_SET_EVBIT, EV_ABS);
	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
		ioctl(pad->uinput, UI_SET_KEYBIT, keys[i]);
	ioctl(pad->uinput, UI_SET_PROPBIT, INPUT_PROP_POINTER);
	ioctl(pad->uinput, UI_SET_PROPBIT, INPUT_PROP_BUTTONPAD);
	add_axis(pad->uinput, ABS_X, 4000, 40);
	add_axis(pad->uinput, ABS_Y, 2400, 40);
	add_axis(pad->uinput, ABS_MT_SLOT, TOUCHPAD_DEVICE_FINGERS - 1, 0);
	add_axis(pad->uinput, ABS_MT_TRACKING_ID, 65535, 0);
	add_axis(pad->uinput, ABS_MT_POSITION_X, 4000, 40);
	add_axis(pad->uinput, ABS_MT_POSITION_Y, 2400, 40);
	if (ioctl(pad->uinput, UI_DEV_SETUP, &setup) < 0 || ioctl(pad->uinput, UI_DEV_CREATE) < 0)
		wire_die("a touchpad");
	pad->node = open_node(pad->uinput);
}

void touchpad_device_describe(const TouchpadDevice *pad)
{
	static const char text[] = "I:1\nE:ID_INPUT=1\nE:ID_INPUT_TOUCHPAD=1\n";
	g_autofree char *path = NULL;
	struct stat status;

	if (fstat(pad->node, &status) != 0 || g_mkdir_with_parents(UDEV_DATABASE, 0755) != 0)
		wire_die(UDEV_DATABASE);
	path = g_strdup_printf(
		UDEV_DATABASE "/c%u:%u", major(status.st_rdev), minor(status.st_rdev));
	if (!g_file_set_contents(path, text, -1, NULL) || fchmod(pad->node, 0600) != 0)
		wire_die(path);
}

void touchpad_device_unmake(TouchpadDevice *pad)
{
	struct stat status;
	g_autofree char *path = NULL;

	fstat(pad->node, &status);
	path = g_strdup_printf(
		UDEV_DATABASE "/c%u:%u", major(status.st_rdev), minor(status.st_rdev));
	unlink(path);
	close(pad->node);
	close(pad->uinput);
}

/* ---- fingers */

static void emit(const TouchpadDevice *pad, guint type, guint code, int value)
{
	struct input_event event = { .type = (guint16)type, .code = (guint16)code, .value = value };

	if (write(pad->uinput, &event, sizeof event) != sizeof event)
		wire_die("uinput");
}

static void place(const TouchpadDevice *pad, guint finger)
{
	emit(pad, EV_ABS, ABS_MT_SLOT, (int)finger);
	emit(pad, EV_ABS, ABS_MT_POSITION_X, pad->fingers[finger].x);
	emit(pad, EV_ABS, ABS_MT_POSITION_Y, pad->fingers[finger].y);
}

void touchpad_device_touch(TouchpadDevice *pad, guint finger, int x, int y)
{
	pad->fingers[finger].down = TRUE;
	pad->fingers[finger].x = x;
	pad->fingers[finger].y = y;
	emit(pad, EV_ABS, ABS_MT_SLOT, (int)finger);
	emit(pad, EV_ABS, ABS_MT_TRACKING_ID, pad->next_id++);
	place(pad, finger);
}

void touchpad_device_slide(TouchpadDevice *pad, guint finger, int dx, int dy)
{
	pad->fingers[finger].x += dx;
	pad->fingers[finger].y += dy;
	place(pad, finger);
}

void touchpad_device_lift(TouchpadDevice *pad, guint finger)
{
	pad->fingers[finger].down = FALSE;
	emit(pad, EV_ABS, ABS_MT_SLOT, (int)finger);
	emit(pad, EV_ABS, ABS_MT_TRACKING_ID, -1);
}

/* As drivers do it with what one finger and old programs need. */
void touchpad_device_end_frame(TouchpadDevice *pad)
{
	guint n = 0;

	for (guint i = 0; i < TOUCHPAD_DEVICE_FINGERS; i++)
		n += pad->fingers[i].down ? 1 : 0;
	emit(pad, EV_KEY, BTN_TOUCH, n > 0);
	emit(pad, EV_KEY, BTN_TOOL_FINGER, n == 1);
	emit(pad, EV_KEY, BTN_TOOL_DOUBLETAP, n == 2);
	emit(pad, EV_KEY, BTN_TOOL_TRIPLETAP, n == 3);
	if (pad->fingers[0].down) {
		emit(pad, EV_ABS, ABS_X, pad->fingers[0].x);
		emit(pad, EV_ABS, ABS_Y, pad->fingers[0].y);
	}
	emit(pad, EV_SYN, SYN_REPORT, 0);
}

void touchpad_device_press(TouchpadDevice *pad, gboolean down)
{
	emit(pad, EV_KEY, BTN_LEFT, down);
	emit(pad, EV_SYN, SYN_REPORT, 0);
}

/* ---- the desktop */

static guint read_node(const TouchpadDevice *pad, guint *lifts)
{
	struct input_event events[64];
	guint count = 0;
	ssize_t n;

	while ((n = read(pad->node, events, sizeof events)) > 0)
		for (gsize i = 0; i < (gsize)n / sizeof *events; i++) {
			count++;
			if (events[i].type == EV_ABS && events[i].code == ABS_MT_TRACKING_ID &&
				events[i].value == -1)
				(*lifts)++;
		}
	return count;
}

guint touchpad_device_read(const TouchpadDevice *pad)
{
	guint lifts = 0;

	return read_node(pad, &lifts);
}

guint touchpad_device_read_lifts(const TouchpadDevice *pad)
{
	guint lifts = 0;

	read_node(pad, &lifts);
	return lifts;
}

gboolean touchpad_device_is_touched(const TouchpadDevice *pad)
{
	return touch_is_on(pad->node);
}
