/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What inputd.c (hotkeys, bringing everything back), inputd-orders.c (hotseatd's messages) and
 * inputd-nodes.c (event nodes) share.
 */
#pragma once

#include "input/control.h"
#include "input/device.h"
#include "input/discover.h"
#include "input/host-keys.h"
#include "input/inputd.h"

/* The most hotkeys that can be pressed before they are reported; further ones are ignored. */
#define INPUTD_PRESSED_MAX 8

struct Inputd {
	Loop *loop;
	const GArray *ports;
	gboolean simulated;
	Control *control;
	Discover *discover;   /* NULL if simulated */
	HostKeys *host_keys;  /* NULL: no key stays with the host, or they cannot be sent to it */
	GPtrArray *guests;    /* InputGuest * */
	GPtrArray *devices;   /* InputDevice * */
	ProtocolSetup *setup; /* the last configuration that was accepted; its hotkeys are the
				 matcher's chords */
	NodeRoutes routes;
	guint pressed[INPUTD_PRESSED_MAX];
	guint n_pressed;
	LoopTimer alone;     /* runs since hotseatd has disconnected */
	gboolean is_watched; /* systemd started it */
	LoopTimer watchdog;  /* the time for the next notification to systemd's watchdog */
	LoopTimer waiting; /* runs since a hotkey for the host was pressed, until hotseatd reacts */
};

InputGuest *inputd_guest(Inputd *inputd, const char *name);
InputDevice *inputd_device(Inputd *inputd, const char *name);

/* Send DEVICE and GUEST. */
void inputd_report_device(Inputd *inputd, InputDevice *device);
void inputd_report_guest(Inputd *inputd, InputGuest *guest);

/* Brings everything back from all guests. why: for people. */
void inputd_bring_back(Inputd *inputd, const char *why);

/* Call it after a device has moved. While a guest has a device, systemd kills this process if it
 * hangs, and the kernel then returns everything to the host. */
void inputd_watch_over(Inputd *inputd);

/* Call it after nodes were read: reports the hotkeys that were pressed. */
void inputd_after_nodes(Inputd *inputd);

/* ---- inputd-orders.c */

extern const ControlEvents inputd_control_events;

/* ---- inputd-nodes.c */

/* Checks whether the event node at path belongs to a device. */
void inputd_found(gpointer data, const char *path);
/* Adds fd, a simulated event node, to the device. Takes ownership of fd. */
void inputd_plug(Inputd *inputd, InputDevice *device, int fd);
