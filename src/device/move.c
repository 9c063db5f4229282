/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "common/error.h"
#include "device/driver.h"
#include "device/plan.h"
#include "device/usb-private.h"

/* libvirt's refusals that asking again and planning anew can turn into success: once */
enum { ATTACH_TRIES = 2 };

void usb_move_clear(UsbDevice *device)
{
	Move *move = &device->move;

	g_clear_handle_id(&move->start_id, g_source_remove);
	hostdev_op_drop(move->op);
	lane_free(move->lane);
	g_clear_object(&move->cancel);
	g_free(move->target);
	memset(move, 0, sizeof *move);
}

static void finish(UsbDevice *device, const GError *error)
{
	g_autoptr(GError) kept = error == NULL ? NULL : g_error_copy(error);
	ResourceDone done = device->move.done;
	gpointer data = device->move.data;
	g_auto(Place) place = { 0 };
	ResourceResult result;

	usb_find_place(device, &place);
	result = (ResourceResult){ place.at, place.detail, device->move.changed,
		kept != NULL ? kept : place.error };
	usb_set_at(device, place.at);
	usb_look_later(device);
	usb_move_clear(device);
	done(&device->resource, &result, data);
}

static void step(UsbDevice *device);
static void arrived(UsbDevice *device);

static void refreshed(const GError *error, gpointer data)
{
	UsbDevice *device = data;

	device->move.op = NULL;
	/* whoever observes gets what can be known without libvirt */
	if (device->move.target == NULL)
		finish(device, NULL);
	else if (error != NULL)
		finish(device, error);
	else
		step(device);
}

static void note_overdue(UsbDevice *device, const GError *error)
{
	device->overdue = g_error_matches(error, HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT);
}

static void detached(const GError *error, gpointer data)
{
	UsbDevice *device = data;

	device->move.op = NULL;
	note_overdue(device, error);
	if (error != NULL) {
		finish(device, error);
		return;
	}
	device->move.changed = TRUE;
	step(device);
}

static void attached(const GError *error, gpointer data)
{
	UsbDevice *device = data;

	device->move.op = NULL;
	note_overdue(device, error);
	if (error == NULL) {
		device->move.changed = TRUE;
		arrived(device);
	} else if (device->move.attaches < ATTACH_TRIES) {
		/* somebody may have been there before us: see what is true now */
		device->move.op = libvirt_hostdevs_refresh(device->libvirt, refreshed, device);
	} else {
		finish(device, error);
	}
}

typedef struct {
	UsbDevice *device;
	UsbInfo *info;
	GError *error;
} BindJob;

static void bind_job_free(gpointer data)
{
	BindJob *job = data;

	usb_info_free(job->info);
	g_clear_error(&job->error);
	g_free(job);
}

static void bind_work(gpointer data)
{
	BindJob *job = data;

	usb_bind_host(job->info, &job->error);
}

static void bind_done(gpointer data)
{
	BindJob *job = data;

	job->device->move.changed = TRUE;
	job->device->unwanted = job->error == NULL;
	finish(job->device, job->error);
}

static void bind_host(UsbDevice *device)
{
	BindJob *job = g_new0(BindJob, 1);

	job->device = device;
	job->info = usb_info_copy(device->info);
	device->move.lane = lane_new("usb-bind");
	lane_push(device->move.lane, bind_work, bind_done, job, bind_job_free);
}

static void arrived(UsbDevice *device)
{
	gboolean host = g_str_equal(device->move.target, TARGET_HOST);

	if (host && !device->unwanted &&
		usb_driving(SYSFS_ROOT, device->info->port) == USB_DRIVERLESS)
		bind_host(device);
	else
		finish(device, NULL);
}

static void attach(UsbDevice *device, const char *domain)
{
	g_autofree char *alias = usb_alias(device->info->port);

	device->move.attaches++;
	device->move.op = libvirt_hostdev_attach(device->libvirt, domain, device->info->bus,
		device->info->device, alias, attached, device);
}

static void refuse_foreign(UsbDevice *device, const Hostdev *hostdev)
{
	g_autoptr(GError) error = g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT,
		"it is in the domain %s, which is no guest of the configuration; take it out with "
		"virsh detach-device, or add the guest",
		hostdev->domain);

	finish(device, error);
}

static void follow_plan(UsbDevice *device, const GPtrArray *hostdevs)
{
	const char *domain = usb_domain_of(device, device->move.target);
	UsbPlan plan = usb_plan(device->info, hostdevs, device->guests, domain);
	g_autoptr(GError) superseded = NULL;

	if (plan.kind != USB_PLAN_NOTHING && g_cancellable_is_cancelled(device->move.cancel)) {
		superseded = g_error_new_literal(HOTSEAT_ERROR, HOTSEAT_ERROR_SUPERSEDED,
			"stopped, as a newer request wants something else");
		finish(device, superseded);
		return;
	}
	switch (plan.kind) {
	case USB_PLAN_NOTHING:
		arrived(device);
		break;
	case USB_PLAN_DETACH:
		device->move.op = libvirt_hostdev_detach(device->libvirt, plan.hostdev->domain,
			plan.hostdev->alias, detached, device);
		break;
	case USB_PLAN_ATTACH:
		attach(device, domain);
		break;
	case USB_PLAN_FOREIGN:
		refuse_foreign(device, plan.hostdev);
		break;
	}
}

/* Looks where it is now and does the next thing on its way. */
static void step(UsbDevice *device)
{
	const GPtrArray *hostdevs = libvirt_hostdevs(device->libvirt);
	g_autoptr(GError) error = NULL;

	if (!usb_keep_up(device, &error))
		finish(device, error);
	else if (hostdevs != NULL)
		follow_plan(device, hostdevs);
	else if (g_str_equal(device->move.target, TARGET_HOST) &&
		 usb_driving(SYSFS_ROOT, device->info->port) == USB_DRIVEN)
		finish(device, NULL);
	else
		device->move.op = libvirt_hostdevs_refresh(device->libvirt, refreshed, device);
}

static gboolean start(gpointer data)
{
	UsbDevice *device = data;
	gboolean home = g_strcmp0(device->move.target, TARGET_HOST) == 0;
	g_autoptr(GError) error = NULL;

	device->move.start_id = 0;
	if (home ? !usb_keep_up(device, &error) : !usb_make_sure(device, &error))
		finish(device, error);
	else if (device->move.target == NULL)
		device->move.op = libvirt_hostdevs_refresh(device->libvirt, refreshed, device);
	else
		step(device);
	return G_SOURCE_REMOVE;
}

void usb_move_begin(UsbDevice *device, const char *target, GCancellable *cancel, ResourceDone done,
	gpointer data)
{
	device->move.done = done;
	device->move.data = data;
	device->move.target = g_strdup(target);
	device->move.cancel = cancel == NULL ? NULL : g_object_ref(cancel);
	device->move.start_id = g_idle_add_full(G_PRIORITY_DEFAULT, start, device, NULL);
}
