/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * This machine's input devices: hotseat-inputd forwards their events, and libvirt attaches the
 * emulated keyboard and mouse to the guests.
 */
#pragma once

#include "config/config.h"
#include "device/input-link.h"
#include "device/input-system.h"
#include "guest/connection.h"

/* Everything is borrowed, and must outlive the system. */
typedef struct {
	const Config *config;
	LibvirtConnection *connection; /* for the guests that have a domain; NULL: there are none */
	GHashTable *ports;	       /* a guest's name to GUINT_TO_POINTER(port) */
	const char *socket;	       /* input_link_path() except in tests */
	const InputLinkTimes *times;   /* &input_link_times except in tests */
} InputDaemonSpec;

/* Free with input_daemon_free(), once no operation is under way and there are no listeners. Devices
 * that a guest has stay there: hotseat-inputd waits for the next hotseatd. */
InputSystem *input_daemon_new(const InputDaemonSpec *spec);
void input_daemon_free(InputSystem *system);
