/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What inputd.c (hotkeys, coming back), inputd-orders.c (hotseatd's messages) and inputd-nodes.c
 * (event nodes) share.
 */
#pragma once

#include "input/control.h"
#include "input/device.h"
#include "input/discover.h"
#include "input/host-keys.h"
#include "input/inputd.h"

/* Hotkeys that were pressed and not yet reported; more at once are no hotkeys. */
#define INPUTD_PRESSED_MAX 8

struct Inputd {
	Loop *loop;
	const GArray *ports;
	gboolean simulated;
	Control *control;
	Discover *discover;  /* NULL when simulated */
	HostKeys *host_keys; /* NULL: no key stays with the host, or they cannot be sent to it */
	GPtrArray *guests;   /* InputGuest * */
	GPtrArray *devices;  /* InputDevice * */
	ProtocolSetup
		*setup; /* the last one that was accepted; its hotkeys are the matcher's chords */
	NodeRoutes routes;
	guint pressed[INPUTD_PRESSED_MAX];
	guint n_pressed;
	LoopTimer alone;     /* hotseatd has disconnected */
	gboolean is_watched; /* systemd started it */
	LoopTimer watchdog;  /* systemd waits for a sign of life */
	LoopTimer
		waiting; /* a hotkey for the host was pressed, and hotseatd has done nothing yet */
};

InputGuest *inputd_guest(Inputd *inputd, const char *name);
InputDevice *inputd_device(Inputd *inputd, const char *name);

/* Sends DEVICE, and GUEST. */
void inputd_report_device(Inputd *inputd, InputDevice *device);
void inputd_report_guest(Inputd *inputd, InputGuest *guest);

/* Takes everything away from all guests. why: for people. */
void inputd_bring_back(Inputd *inputd, const char *why);

/* After a device has moved. While a guest has one, systemd ends this process if it hangs, and the
 * kernel then gives everything back to the host. */
void inputd_watch_over(Inputd *inputd);

/* After nodes were read: what hotkeys were pressed. */
void inputd_after_nodes(Inputd *inputd);

/* ---- inputd-orders.c */

extern const ControlEvents inputd_control_events;

/* ---- inputd-nodes.c */

/* An event node is at path, and may be one of a device's. */
void inputd_found(gpointer data, const char *path);
/* Takes fd, which stands for a node of the device. */
void inputd_plug(Inputd *inputd, InputDevice *device, int fd);
