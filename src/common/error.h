/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reasons for failures that callers distinguish.
 *
 * Messages are for people and follow one form: what failed and on which thing, why, and after a
 * semicolon what to do next: "no monitor on /dev/i2c-4; switch it on, and check its cable". A
 * message does not repeat the name of the resource it belongs to: the caller that shows it adds the
 * name.
 */
#pragma once

#include <glib.h>

#define HOTSEAT_ERROR (hotseat_error_quark())

typedef enum {
	HOTSEAT_ERROR_FAILED,	     /* none of those below */
	HOTSEAT_ERROR_CONFIG,	     /* the configuration does not allow it */
	HOTSEAT_ERROR_NO_PERMISSION, /* it exists, but this user has no permission to use it */
	HOTSEAT_ERROR_NO_BUS,	     /* no such I2C bus */
	HOTSEAT_ERROR_NO_MONITOR,    /* the bus exists, but no monitor is on it */
	HOTSEAT_ERROR_NO_ANSWER,     /* a monitor is connected but does not answer DDC/CI */
	HOTSEAT_ERROR_UNSUPPORTED,   /* the monitor refuses this feature or value */
	HOTSEAT_ERROR_NOT_FOLLOWED,  /* the monitor accepted the value but shows something else */
	HOTSEAT_ERROR_AMBIGUOUS,     /* several monitors or devices match the description */
	HOTSEAT_ERROR_NO_DEVICE,     /* no such USB device is plugged in */
	HOTSEAT_ERROR_NO_GUEST,	     /* no such guest or domain */
	HOTSEAT_ERROR_GUEST_STATE,   /* the guest is off, paused… */
	HOTSEAT_ERROR_LIBVIRT,	     /* libvirt cannot be reached or refuses */
	HOTSEAT_ERROR_TIMED_OUT,     /* no outcome within its deadline */
	HOTSEAT_ERROR_SUPERSEDED,    /* replaced by a newer request */
	HOTSEAT_ERROR_CANCELLED,     /* stopped on request */
	HOTSEAT_ERROR_OUTRANKED,     /* a request of a higher rank is under way */
} HotseatError;

GQuark hotseat_error_quark(void);
