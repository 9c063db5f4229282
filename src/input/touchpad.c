/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/touchpad.h"

#include "input/node.h"
#include "input/touch-release.h"
#include "input/touch-sum.h"

#include <errno.h>
#include <fcntl.h>
#include <libinput.h>
#include <libudev.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* How often a grab is retried. A moving finger is reported about every 8 ms, so two frames between
 * these system calls are rare.
 */
#define GRAB_ATTEMPTS 5

struct Touchpad {
	char *name;
	int fd;	     /* gets only the event that the touchpad is unplugged */
	int reading; /* libinput's own; -1: not open */
	LoopWatch presence, events;
	struct libinput *libinput;
	struct libinput_device *device; /* part of libinput; NULL: gone */
	void (*gone)(gpointer data, Touchpad *touchpad);
	gpointer data;

	InputGuest *at; /* NULL: the host */
	KeySet sent;	/* buttons that are down in the guest */
	TouchSum sum;
};

/* ---- udev */

static struct udev_device *udev_device_of(struct udev *udev, const char *path)
{
	struct stat status;

	if (udev == NULL || stat(path, &status) != 0)
		return NULL;
	return udev_device_new_from_devnum(udev, 'c', status.st_rdev);
}

gboolean touchpad_is_known(const char *path)
{
	struct udev *udev = udev_new();
	struct udev_device *device = udev_device_of(udev, path);
	const char *value = NULL;
	gboolean is_known;

	/* libinput would wait two seconds if udev has not handled the node yet */
	if (device != NULL && udev_device_get_is_initialized(device))
		value = udev_device_get_property_value(device, "ID_INPUT_TOUCHPAD");
	is_known = g_strcmp0(value, "1") == 0;

	udev_device_unref(device);
	udev_unref(udev);
	return is_known;
}

/* ---- events */

static void on_motion(Touchpad *touchpad, struct libinput_event_pointer *event)
{
	double way[] = { libinput_event_pointer_get_dx(event),
		libinput_event_pointer_get_dy(event) };

	for (HidAxis axis = HID_X; axis <= HID_Y; axis++) {
		gint64 steps = touch_sum_take(&touchpad->sum, axis, way[axis]);

		if (steps != 0)
			input_guest_move(touchpad->at, axis, steps);
	}
}

static void on_scroll(Touchpad *touchpad, struct libinput_event_pointer *event, gboolean by_wheel)
{
	static const enum libinput_pointer_axis axes[] = {
		LIBINPUT_POINTER_AXIS_SCROLL_VERTICAL,
		LIBINPUT_POINTER_AXIS_SCROLL_HORIZONTAL,
	};

	for (guint i = 0; i < G_N_ELEMENTS(axes); i++) {
		HidAxis axis = i == 0 ? HID_WHEEL : HID_PAN;
		gint64 steps;

		if (!libinput_event_pointer_has_axis(event, axes[i]))
			continue;
		steps = by_wheel ? touch_sum_turn(&touchpad->sum, axis,
					   libinput_event_pointer_get_scroll_value_v120(
						   event, axes[i]))
				 : touch_sum_scroll(&touchpad->sum, axis,
					   libinput_event_pointer_get_scroll_value(event, axes[i]));
		if (steps != 0)
			input_guest_move(touchpad->at, axis, steps);
	}
}

/* The guest does not get the release of a button that was pressed at the host. */
static void on_button(Touchpad *touchpad, struct libinput_event_pointer *event)
{
	guint code = libinput_event_pointer_get_button(event);
	gboolean down =
		libinput_event_pointer_get_button_state(event) == LIBINPUT_BUTTON_STATE_PRESSED;

	if (code >= KEY_CNT || key_set_has(&touchpad->sent, code) == down)
		return;
	if (down)
		key_set_add(&touchpad->sent, code);
	else
		key_set_remove(&touchpad->sent, code);
	input_guest_key(touchpad->at, code, down);
}

static void on_event(Touchpad *touchpad, struct libinput_event *event)
{
	switch (libinput_event_get_type(event)) {
	case LIBINPUT_EVENT_POINTER_MOTION:
		on_motion(touchpad, libinput_event_get_pointer_event(event));
		break;
	case LIBINPUT_EVENT_POINTER_BUTTON:
		on_button(touchpad, libinput_event_get_pointer_event(event));
		break;
	case LIBINPUT_EVENT_POINTER_SCROLL_FINGER:
	case LIBINPUT_EVENT_POINTER_SCROLL_CONTINUOUS:
		on_scroll(touchpad, libinput_event_get_pointer_event(event), FALSE);
		break;
	case LIBINPUT_EVENT_POINTER_SCROLL_WHEEL:
		on_scroll(touchpad, libinput_event_get_pointer_event(event), TRUE);
		break;
	default:
		/* gestures, which a mouse does not have; POINTER_AXIS, which repeats SCROLL_* */
		break;
	}
}

/* Without a guest they are dropped. */
static void read_events(Touchpad *touchpad)
{
	struct libinput_event *event;

	libinput_dispatch(touchpad->libinput);
	while ((event = libinput_get_event(touchpad->libinput)) != NULL) {
		/* libinput may notice it first, and frees the device after this event */
		if (libinput_event_get_type(event) == LIBINPUT_EVENT_DEVICE_REMOVED)
			touchpad->device = NULL;
		else if (touchpad->at != NULL)
			on_event(touchpad, event);
		libinput_event_destroy(event);
	}
	if (touchpad->at != NULL)
		input_guest_flush(touchpad->at);
}

static void on_events(gpointer data, guint32 events)
{
	read_events(data);
}

static void on_presence(gpointer data, guint32 events)
{
	Touchpad *touchpad = data;
	struct input_event unread[64];
	ssize_t n;

	/* kernels before 4.4, which cannot mask events */
	while ((n = read(touchpad->fd, unread, sizeof unread)) > 0)
		;
	if (n == 0 || (errno != EAGAIN && errno != EINTR))
		touchpad->gone(touchpad->data, touchpad);
}

/* ---- moving */

static void release_in_guest(Touchpad *touchpad)
{
	for (guint code = key_set_next(&touchpad->sent, 0); code < KEY_CNT;
		code = key_set_next(&touchpad->sent, code + 1))
		input_guest_key(touchpad->at, code, FALSE);
	input_guest_flush(touchpad->at);
	touchpad->sent = (KeySet){ 0 };
	touchpad->sum = (TouchSum){ 0 };
}

static void open_for_reading(Touchpad *touchpad, gboolean on)
{
	if (touchpad->device == NULL)
		return;
	libinput_device_config_send_events_set_mode(touchpad->device,
		on ? LIBINPUT_CONFIG_SEND_EVENTS_ENABLED : LIBINPUT_CONFIG_SEND_EVENTS_DISABLED);
	read_events(touchpad);
}

/* Grabs the touchpad, with no finger on it and no button down at the host. FALSE and errno: it
 * cannot be grabbed. A finger that is still on it starts a new touch with the next frame. */
static gboolean grab_released(Touchpad *touchpad)
{
	for (guint attempt = 0;; attempt++) {
		touch_release(touchpad->fd);
		if (ioctl(touchpad->reading, EVIOCGRAB, 1UL) != 0)
			return FALSE;
		/* the touch began before the grab, and the host would wait for its end */
		if (!touch_is_on(touchpad->fd) || attempt + 1 == GRAB_ATTEMPTS)
			return TRUE;
		ioctl(touchpad->reading, EVIOCGRAB, 0UL);
	}
}

static gboolean take(Touchpad *touchpad, InputGuest *guest, GError **error)
{
	open_for_reading(touchpad, TRUE);
	if (touchpad->reading < 0)
		errno = ENODEV;
	if (touchpad->reading < 0 || !grab_released(touchpad)) {
		node_refuse(touchpad->name, errno, error);
		open_for_reading(touchpad, FALSE);
		return FALSE;
	}
	/* events before the grab belong to the host */
	read_events(touchpad);
	touchpad->at = guest;
	return TRUE;
}

/* A finger that is still on it starts a new touch at the host. */
static void give_back(Touchpad *touchpad)
{
	read_events(touchpad);
	release_in_guest(touchpad);
	touchpad->at = NULL;
	touch_release(touchpad->fd);
	/* libinput keeps those open that have buttons for a trackpoint */
	ioctl(touchpad->reading, EVIOCGRAB, 0UL);
	open_for_reading(touchpad, FALSE);
}

gboolean touchpad_move(Touchpad *touchpad, InputGuest *guest, GError **error)
{
	if (guest == touchpad->at)
		return TRUE;
	if (touchpad->at == NULL)
		return take(touchpad, guest, error);
	if (guest == NULL) {
		give_back(touchpad);
		return TRUE;
	}
	read_events(touchpad);
	release_in_guest(touchpad);
	touchpad->at = guest;
	return TRUE;
}

/* ---- life */

static int open_restricted(const char *path, int flags, void *data)
{
	Touchpad *touchpad = data;

	touchpad->reading = open(path, flags | O_CLOEXEC | O_NOCTTY);
	return touchpad->reading < 0 ? -errno : touchpad->reading;
}

static void close_restricted(int fd, void *data)
{
	Touchpad *touchpad = data;

	close(fd);
	touchpad->reading = -1;
}

static const struct libinput_interface files = { open_restricted, close_restricted };

G_GNUC_PRINTF(3, 0)
static void log_libinput(struct libinput *libinput, enum libinput_log_priority priority,
	const char *format, va_list arguments)
{
	g_autofree char *text = g_strdup_vprintf(format, arguments);

	g_debug("libinput: %s", g_strchomp(text));
}

/* Taps are off by default in libinput, because desktops have a setting for them; a guest has none.
 */
static gboolean set_up(Touchpad *touchpad)
{
	struct libinput_device *device = touchpad->device;

	if ((libinput_device_config_send_events_get_modes(device) &
		    LIBINPUT_CONFIG_SEND_EVENTS_DISABLED) == 0)
		return FALSE;
	libinput_device_config_tap_set_enabled(device, LIBINPUT_CONFIG_TAP_ENABLED);
	open_for_reading(touchpad, FALSE);
	return TRUE;
}

static void watch(Touchpad *touchpad, Loop *loop)
{
	touchpad->presence =
		(LoopWatch){ .fd = touchpad->fd, .ready = on_presence, .data = touchpad };
	touchpad->events = (LoopWatch){
		.fd = libinput_get_fd(touchpad->libinput), .ready = on_events, .data = touchpad
	};
	loop_watch(loop, &touchpad->presence, EPOLLIN);
	loop_watch(loop, &touchpad->events, EPOLLIN);
}

static void destroy(Touchpad *touchpad)
{
	libinput_unref(touchpad->libinput);
	g_free(touchpad->name);
	g_free(touchpad);
}

Touchpad *touchpad_new(Loop *loop, const char *path, int fd,
	void (*gone)(gpointer data, Touchpad *touchpad), gpointer data)
{
	Touchpad *touchpad = g_new0(Touchpad, 1);

	touchpad->reading = -1;
	touchpad->name = g_path_get_basename(path);
	touchpad->gone = gone;
	touchpad->data = data;
	touchpad->fd = fd;
	touchpad->libinput = libinput_path_create_context(&files, touchpad);
	if (touchpad->libinput != NULL) {
		libinput_log_set_handler(touchpad->libinput, log_libinput);
		touchpad->device = libinput_path_add_device(touchpad->libinput, path);
	}
	if (touchpad->device == NULL || !set_up(touchpad)) {
		destroy(touchpad);
		return NULL;
	}
	touch_listen_to_nothing(fd);
	watch(touchpad, loop);
	return touchpad;
}

void touchpad_free(Touchpad *touchpad)
{
	loop_unwatch(&touchpad->presence);
	loop_unwatch(&touchpad->events);
	touchpad_move(touchpad, NULL, NULL);
	close(touchpad->fd);
	destroy(touchpad);
}

const char *touchpad_name(const Touchpad *touchpad)
{
	return touchpad->name;
}
