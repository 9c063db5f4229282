/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What has to be done to bring a USB device somewhere, given what sysfs and libvirt say. Pure.
 */
#pragma once

#include "config/config.h"
#include "device/info.h"
#include "guest/hostdev.h"

typedef enum {
	USB_PLAN_NOTHING, /* it is there */
	USB_PLAN_DETACH,  /* hostdev has to leave its domain; then plan again */
	USB_PLAN_ATTACH,  /* to the target's domain */
	USB_PLAN_FOREIGN, /* hostdev is in a domain that is not in the config */
} UsbPlanKind;

typedef struct {
	UsbPlanKind kind;
	const Hostdev *hostdev; /* borrowed */
} UsbPlan;

/* Where a device is. */
typedef enum {
	USB_UNKNOWN, /* libvirt does not say, and no driver of the host has it */
	USB_ABSENT,  /* not plugged in */
	USB_AT_HOST,
	USB_AT_HOST_UNBOUND, /* no guest has it, and the host has not bound its driver yet */
	USB_IN_DOMAIN,
} UsbState;

/* The state of a device that is plugged in. hostdevs: NULL when they are not known; hostdev: the
 * device's, or NULL: none. */
UsbState usb_state(const GPtrArray *hostdevs, const Hostdev *hostdev, UsbDriving driving);

/* The hostdev by which the device is in a domain now, or NULL: it is in none. */
const Hostdev *usb_hostdev(const UsbInfo *info, const GPtrArray *hostdevs);

/* A hostdev that is left over from a plugging in that has ended, and is in the way of info: its
 * alias is that of info's port, or its address info's, without being it. NULL: there is none.
 * guests: ConfigGuest *; those of other domains are not ours to tidy. */
const Hostdev *usb_leftover(const UsbInfo *info, const GPtrArray *hostdevs, GPtrArray *guests);

/* domain: where to; NULL: the host. */
UsbPlan usb_plan(
	const UsbInfo *info, const GPtrArray *hostdevs, GPtrArray *guests, const char *domain);

/* The guest of that domain, or NULL. */
const ConfigGuest *usb_guest_of_domain(GPtrArray *guests, const char *domain);

/* Is hostdev, which is the one of info, named as we name it? */
gboolean usb_hostdev_is_ours(const UsbInfo *info, const Hostdev *hostdev);

/* What we call a device in that port in a domain: libvirt wants "ua-" and of the rest only letters,
 * digits, '-' and '_'. Free with g_free(). */
char *usb_alias(const char *port);
