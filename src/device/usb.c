/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/error.h"
#include "device/plan.h"
#include "device/usb-private.h"
#include "guest/connection.h"

void place_clear(Place *place)
{
	g_free(place->detail);
	g_clear_error(&place->error);
}

gboolean usb_look_up(UsbDevice *device, GError **error)
{
	UsbInfo *info = usb_find(SYSFS_ROOT, device->config, error);

	if (info == NULL)
		return FALSE;
	usb_info_free(device->info);
	device->info = info;
	device->present = TRUE;
	device->sure = TRUE;
	return TRUE;
}

gboolean usb_make_sure(UsbDevice *device, GError **error)
{
	return (device->sure && usb_still_there(SYSFS_ROOT, device->info)) ||
	       usb_look_up(device, error);
}

gboolean usb_keep_up(UsbDevice *device, GError **error)
{
	return (device->info != NULL && usb_still_there(SYSFS_ROOT, device->info)) ||
	       usb_look_up(device, error);
}

static const char *host_detail(UsbDriving driving)
{
	static const char *const details[] = {
		[USB_DRIVEN] = "",
		[USB_CLAIMED] = ", used by a program of the host",
		[USB_DRIVERLESS] = ", without a driver at the host",
		[USB_PLAIN] = ", no driver of the host wants it",
	};

	return details[driving];
}

static void place_at_host(UsbDevice *device, Place *place)
{
	UsbDriving driving = usb_driving(SYSFS_ROOT, device->info->port);

	/* nobody has it: not the guest any more, not yet the host; apply binds it */
	place->at = driving == USB_DRIVERLESS && !device->unwanted ? NULL : TARGET_HOST;
	place->detail = g_strdup_printf("port %s%s", device->info->port, host_detail(driving));
}

static void place_in_domain(UsbDevice *device, const Hostdev *hostdev, Place *place)
{
	const ConfigGuest *guest = usb_guest_of_domain(device->guests, hostdev->domain);

	place->at = guest == NULL ? NULL : guest->name;
	place->detail = g_strdup_printf("port %s, bus %u device %u, in the domain %s",
		device->info->port, hostdev->bus, hostdev->device, hostdev->domain);
}

void usb_find_place(UsbDevice *device, Place *place)
{
	const GPtrArray *hostdevs = libvirt_hostdevs(device->libvirt);
	const Hostdev *hostdev;
	g_autofree char *why = NULL;

	if (!usb_keep_up(device, &place->error))
		return;
	hostdev = hostdevs == NULL ? NULL : usb_hostdev(device->info, hostdevs);
	if (hostdev != NULL)
		place_in_domain(device, hostdev, place);
	else if (hostdevs != NULL || usb_driving(SYSFS_ROOT, device->info->port) == USB_DRIVEN)
		place_at_host(device, place);
	else if (!libvirt_connected(device->libvirt, &why))
		g_set_error_literal(&place->error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT, why);
}

void usb_set_at(UsbDevice *device, const char *at)
{
	g_free(device->at);
	device->at = g_strdup(at);
	device->placed = TRUE;
}

const char *usb_domain_of(UsbDevice *device, const char *target)
{
	for (guint i = 0; i < device->guests->len; i++) {
		const ConfigGuest *guest = device->guests->pdata[i];

		if (g_str_equal(guest->name, target))
			return guest->domain;
	}
	return NULL;
}

/* the vtable */

static void usb_observe(Resource *resource, ResourceDone done, gpointer data)
{
	usb_move_begin((UsbDevice *)resource, NULL, NULL, done, data);
}

static void usb_apply(Resource *resource, const char *target, GCancellable *cancel,
	ResourceDone done, gpointer data)
{
	usb_move_begin((UsbDevice *)resource, target, cancel, done, data);
}

static gboolean usb_serves(Resource *resource, const char *target)
{
	UsbDevice *device = (UsbDevice *)resource;

	if (g_str_equal(target, TARGET_HOST))
		return TRUE;
	if (device->config->guests == NULL)
		return usb_domain_of(device, target) != NULL;
	return g_strv_contains((const char *const *)device->config->guests, target);
}

static gboolean usb_check(Resource *resource, const char *target, GError **error)
{
	return usb_make_sure((UsbDevice *)resource, error);
}

/* what happens by other hands */

static void tell(UsbDevice *device, ResourceChange change)
{
	g_auto(Place) place = { 0 };
	ResourceResult result = { .detail = "unplugged" };

	if (change != RESOURCE_GONE) {
		usb_find_place(device, &place);
		result = (ResourceResult){ place.at, place.detail, FALSE, place.error };
	}
	if (change == RESOURCE_MOVED &&
		(!device->placed || place.error != NULL || g_strcmp0(place.at, device->at) == 0))
		return;
	/* our own late doing, not somebody's wish: the seat is to put it right */
	if (change == RESOURCE_MOVED && device->overdue)
		change = RESOURCE_APPEARED;
	device->overdue = FALSE;
	usb_set_at(device, place.at);
	resource_changed(&device->resource, change, &result);
}

/* What happens during an apply or observe waits for its end. */
static gboolean look(gpointer data)
{
	UsbDevice *device = data;
	gboolean plugged_in = device->present && device->told_plugs != device->plugs;
	gboolean gone = !device->present && device->told_present;

	device->look_id = 0;
	if (device->move.done != NULL)
		return G_SOURCE_REMOVE;
	device->told_present = device->present;
	device->told_plugs = device->plugs;
	if (plugged_in || gone)
		tell(device, plugged_in ? RESOURCE_APPEARED : RESOURCE_GONE);
	else if (device->present)
		tell(device, RESOURCE_MOVED);
	return G_SOURCE_REMOVE;
}

/* In a moment: when a domain stops, its guest is to be heard of first. */
void usb_look_later(UsbDevice *device)
{
	if (device->look_id == 0)
		device->look_id = g_idle_add(look, device);
}

static void on_libvirt(const LibvirtEvent *event, gpointer data)
{
	if (event->kind == LIBVIRT_HOSTDEVS)
		usb_look_later(data);
}

static void tidied(const GError *error, gpointer data)
{
	UsbDevice *device = data;

	/* the next apply meets it, and says so if it fails again */
	device->tidy = NULL;
}

/* A device that is pulled out of a guest stays in its domain's description. */
static void tidy(UsbDevice *device)
{
	const GPtrArray *hostdevs = libvirt_hostdevs(device->libvirt);
	const Hostdev *hostdev = hostdevs == NULL ? NULL : usb_hostdev(device->info, hostdevs);

	if (device->tidy != NULL || hostdev == NULL || hostdev->alias == NULL ||
		usb_guest_of_domain(device->guests, hostdev->domain) == NULL)
		return;
	device->tidy = libvirt_hostdev_detach(
		device->libvirt, hostdev->domain, hostdev->alias, tidied, device);
}

static void plugged(UsbDevice *device)
{
	guint before = device->present ? device->info->device : 0;

	if (!usb_look_up(device, NULL) || device->info->device == before)
		return;
	device->unwanted = FALSE;
	device->plugs++;
	usb_look_later(device);
}

static void on_usb(UsbNews news, const char *port, gpointer data)
{
	UsbDevice *device = data;

	device->sure = device->sure && news != USB_PLUGGED;
	if (news == USB_PLUGGED) {
		plugged(device);
	} else if (device->present && g_str_equal(device->info->port, port)) {
		device->present = FALSE;
		tidy(device);
		usb_look_later(device);
	}
}

static void usb_free(Resource *resource)
{
	UsbDevice *device = (UsbDevice *)resource;

	usb_move_clear(device);
	hostdev_op_drop(device->tidy);
	libvirt_unlisten(device->libvirt, device->listener);
	usb_watch_free(device->watch);
	g_clear_handle_id(&device->look_id, g_source_remove);
	usb_info_free(device->info);
	g_free(device->at);
	g_free(device);
}

Resource *usb_device_new(Libvirt *libvirt, const ConfigDevice *config, GPtrArray *guests)
{
	static const ResourceOps ops = {
		.serves = usb_serves,
		.check = usb_check,
		.observe = usb_observe,
		.apply = usb_apply,
		.free = usb_free,
	};
	UsbDevice *device = g_new0(UsbDevice, 1);

	device->resource.ops = &ops;
	device->resource.kind = RESOURCE_DEVICE;
	device->resource.name = g_strdup(config->name);
	device->resource.optional = config->optional;
	device->libvirt = libvirt;
	device->config = config;
	device->guests = guests;
	device->told_present = usb_look_up(device, NULL);
	device->listener = libvirt_listen(libvirt, on_libvirt, device);
	device->watch = usb_watch_new(on_usb, device);
	return &device->resource;
}
