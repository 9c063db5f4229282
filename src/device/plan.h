/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What must be done to move a USB device to a place, given what sysfs and libvirt report. Pure.
 */
#pragma once

#include "config/config.h"
#include "device/info.h"
#include "guest/hostdev.h"

typedef enum {
	USB_PLAN_NOTHING, /* it is there */
	USB_PLAN_DETACH,  /* detach hostdev from its domain, then plan again */
	USB_PLAN_ATTACH,  /* to the target's domain */
	USB_PLAN_FOREIGN, /* hostdev is in a domain that is not in the config */
} UsbPlanKind;

typedef struct {
	UsbPlanKind kind;
	const Hostdev *hostdev; /* borrowed */
} UsbPlan;

/* Where a device is. */
typedef enum {
	USB_UNKNOWN, /* libvirt cannot be asked, and no host driver is bound */
	USB_ABSENT,  /* not plugged in */
	USB_AT_HOST,
	USB_AT_HOST_UNBOUND, /* no guest has it, and the host has not bound its driver yet */
	USB_IN_DOMAIN,
} UsbState;

/* The state of a device that is plugged in. hostdevs: NULL if not known. hostdev: that of the
 * device; NULL: it has none. */
UsbState usb_state(const GPtrArray *hostdevs, const Hostdev *hostdev, UsbDriving driving);

/* The hostdev by which the device is in a domain now, or NULL: it is in none. */
const Hostdev *usb_hostdev(const UsbInfo *info, const GPtrArray *hostdevs);

/* A hostdev that is left from an earlier device and is in the way of info: it has the alias of
 * info's port, or info's address, but is not info. NULL: there is none. guests: ConfigGuest *;
 * hostdevs of other domains are left alone. */
const Hostdev *usb_leftover(const UsbInfo *info, const GPtrArray *hostdevs, GPtrArray *guests);

/* domain: where to; NULL: the host. */
UsbPlan usb_plan(
	const UsbInfo *info, const GPtrArray *hostdevs, GPtrArray *guests, const char *domain);

/* The guest of that domain, or NULL. */
const ConfigGuest *usb_guest_of_domain(GPtrArray *guests, const char *domain);

/* Does hostdev, which belongs to info, have the alias that hotseat gives it? */
gboolean usb_hostdev_is_ours(const UsbInfo *info, const Hostdev *hostdev);

/* The alias that hotseat gives to a device in that port. libvirt requires the prefix "ua-", and
 * allows only letters, digits, '-' and '_' after it. Free with g_free(). */
char *usb_alias(const char *port);
