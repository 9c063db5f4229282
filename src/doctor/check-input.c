/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checks what devices that move via input need: that they are plugged in, and that hotseat-inputd
 * runs.
 */
#include "doctor/doctor.h"

#include "common/command.h"
#include "common/error.h"
#include "device/events.h"
#include "device/found.h"
#include "device/input-setup.h"
#include "ready/process.h"

#include <string.h>

/* -- devices ---------------------------------------------------------------------------------- */

/* For a link to a node, the link's target says which device it is. */
static gboolean node_is_there(const Doctor *doctor, const ConfigDevice *config)
{
	g_autofree char *path = config->node != NULL ? doctor_path(doctor, config->node) : NULL;

	return path != NULL && g_file_test(path, G_FILE_TEST_EXISTS);
}

/* EventDevice *: devices whose events can be forwarded, and tablets and the like. */
typedef struct {
	GPtrArray *usable, *unfit;
} Events;

typedef enum { ABSENT, UNFIT, USABLE } Fitness;

static gboolean has_event(const GPtrArray *events, const ConfigDevice *config)
{
	for (guint i = 0; i < events->len; i++)
		if (event_device_fits(events->pdata[i], config))
			return TRUE;
	return FALSE;
}

/* Does one of these events belong to one of these USB devices? */
static gboolean has_port(const GPtrArray *events, const GPtrArray *usb)
{
	for (guint i = 0; i < events->len; i++)
		for (guint j = 0; j < usb->len; j++)
			if (g_strcmp0(((const EventDevice *)events->pdata[i])->port,
				    ((const UsbInfo *)usb->pdata[j])->port) == 0)
				return TRUE;
	return FALSE;
}

/* A USB device without event nodes has no driver now: a guest may have it. */
static Fitness usb_fitness(const Doctor *doctor, const ConfigDevice *config, const Events *events)
{
	g_autoptr(GPtrArray) usb = usb_list(doctor->places.machine.sysfs, config);

	if (usb->len == 0)
		return ABSENT;
	return has_port(events->unfit, usb) && !has_port(events->usable, usb) ? UNFIT : USABLE;
}

static Fitness fitness(const Doctor *doctor, const ConfigDevice *config, const Events *events)
{
	if (!event_device_is_meant(config))
		return usb_fitness(doctor, config, events);
	if (has_event(events->usable, config))
		return USABLE;
	if (has_event(events->unfit, config))
		return UNFIT;
	return node_is_there(doctor, config) ? USABLE : ABSENT;
}

static void say_unfit(Doctor *doctor, const ConfigDevice *config)
{
	Finding *finding = finding_problem(doctor->findings, config->name,
		"it reports absolute positions (tablet, touchscreen, gamepad), which via: input "
		"cannot forward");

	finding_advise(finding, "write \"via: usb\" for it if it is a USB device; else remove it "
				"from the config");
}

static void check_device(Doctor *doctor, const ConfigDevice *config, const Events *events)
{
	Finding *finding;

	switch (fitness(doctor, config, events)) {
	case USABLE:
		finding_ok(doctor->findings, config->name, "its events can be forwarded");
		return;
	case UNFIT:
		say_unfit(doctor, config);
		return;
	default:
		break;
	}
	finding = finding_at(doctor->findings, finding_level_of(config->optional), config->name,
		"no input device matches its description");
	finding_advise(finding, "plug it in, or correct its description; `hotseat detect` shows "
				"the names");
}

/* -- hotseat-inputd --------------------------------------------------------------------------- */

static void check_daemon(Doctor *doctor)
{
	g_autofree char *path = doctor_path(doctor, PROTOCOL_SOCKET);
	const char *folder = g_getenv("XDG_RUNTIME_DIR");
	g_autofree char *own =
		folder != NULL ? g_build_filename(folder, "hotseat-input", "control", NULL) : NULL;

	if (process_is_listening(doctor->places.proc, path) ||
		(own != NULL && process_is_listening(doctor->places.proc, own)))
		finding_ok(doctor->findings, INPUT_SOCKET, "it listens");
	else if (doctor_find_failure(doctor, INPUT_SOCKET) == NULL)
		doctor_say(doctor, READY_INPUT_SOCKET);
}

void check_forwarding(Doctor *doctor)
{
	const Config *config = doctor->config;
	Events events;

	if (!config_has_via(config, VIA_INPUT))
		return;
	events.usable = events_look(doctor->places.machine.sysfs);
	events.unfit = events_look_unfit(doctor->places.machine.sysfs);
	for (guint i = 0; i < config->devices->len; i++)
		if (((const ConfigDevice *)config->devices->pdata[i])->via == VIA_INPUT) {
			check_device(doctor, config->devices->pdata[i], &events);
			doctor_say_conflicts(doctor, config->devices->pdata[i], NULL);
		}
	g_ptr_array_unref(events.usable);
	g_ptr_array_unref(events.unfit);
	check_daemon(doctor);
}
