/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/usb-private.h"

#include "common/error.h"

/* How long libvirt, QEMU and the kernel take on an ordinary machine; the deadline is
 * LIBVIRT_CALL_MS.
 */
static const SimUsbTimes ordinary = {
	.attach = 60, .detach = 150, .bind = 20, .refresh = 2, .deadline = 15000
};

/* -- the devices ------------------------------------------------------------------------------ */

static void device_free(gpointer data)
{
	SimDevice *device = data;

	usb_info_free(device->info);
	g_free(device->input);
	g_free(device);
}

SimDevice *sim_usb_find(const SimUsb *sim, const char *port)
{
	for (guint i = 0; i < sim->devices->len; i++) {
		SimDevice *device = sim->devices->pdata[i];

		if (g_str_equal(device->info->port, port))
			return device;
	}
	return NULL;
}

SimDevice *sim_usb_find_address(const SimUsb *sim, guint bus, guint address)
{
	for (guint i = 0; i < sim->devices->len; i++) {
		SimDevice *device = sim->devices->pdata[i];

		if (device->plugged && device->info->bus == bus && device->info->device == address)
			return device;
	}
	return NULL;
}

const Hostdev *sim_usb_find_hostdev(const SimUsb *sim, const SimDevice *device)
{
	for (guint i = 0; i < sim->hostdevs->len; i++) {
		const Hostdev *hostdev = sim->hostdevs->pdata[i];

		if (hostdev->bus == device->info->bus && hostdev->device == device->info->device)
			return hostdev;
	}
	return NULL;
}

gboolean sim_usb_runs(const SimUsb *sim, const char *domain)
{
	return g_ptr_array_find_with_equal_func(sim->running, domain, g_str_equal, NULL);
}

void sim_usb_give_to_host(SimDevice *device, gboolean with_driver)
{
	device->driving = with_driver && !device->faults.no_driver ? USB_DRIVEN : USB_DRIVERLESS;
}

/* -- news ------------------------------------------------------------------------------------- */

void sim_usb_announce(SimUsb *sim, UsbNews news, const char *port)
{
	usb_news_tell(sim->listeners, news, port);
}

static guint sim_watch(UsbSystem *system, UsbListener heard, gpointer data)
{
	return listeners_add(((SimUsb *)system)->listeners, G_CALLBACK(heard), data);
}

static void sim_unwatch(UsbSystem *system, guint id)
{
	listeners_remove(((SimUsb *)system)->listeners, id);
}

/* -- what is there ---------------------------------------------------------------------------- */

static GPtrArray *sim_list(UsbSystem *system, const ConfigDevice *wanted)
{
	SimUsb *sim = (SimUsb *)system;
	GPtrArray *infos = g_ptr_array_new_with_free_func((GDestroyNotify)usb_info_free);

	for (guint i = 0; i < sim->devices->len; i++) {
		const SimDevice *device = sim->devices->pdata[i];

		if (device->plugged && usb_info_fits(device->info, wanted))
			g_ptr_array_add(infos, usb_info_copy(device->info));
	}
	usb_infos_sort(infos);
	return infos;
}

static gboolean sim_is_there(UsbSystem *system, const UsbInfo *info)
{
	return sim_usb_find_address((SimUsb *)system, info->bus, info->device) != NULL;
}

static UsbDriving sim_driving(UsbSystem *system, const char *port)
{
	const SimDevice *device = sim_usb_find((SimUsb *)system, port);

	return device != NULL && device->plugged ? device->driving : USB_PLAIN;
}

static void harm_free(gpointer data)
{
	UsbHarm *harm = data;

	g_free(harm->why);
	g_free(harm);
}

static GHashTable *sim_harms(UsbSystem *system)
{
	const SimUsb *sim = (SimUsb *)system;
	GHashTable *harms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, harm_free);

	for (guint i = 0; i < sim->devices->len; i++) {
		const SimDevice *device = sim->devices->pdata[i];
		UsbHarm *harm;

		if (!device->plugged || device->faults.harm == NULL)
			continue;
		harm = g_new0(UsbHarm, 1);
		harm->kind = USB_HARM_DISK;
		harm->why = g_strdup(device->faults.harm);
		g_hash_table_insert(harms, g_strdup(device->info->port), harm);
	}
	return harms;
}

static char *sim_disk_use(UsbSystem *system, const char *port)
{
	const SimDevice *device = sim_usb_find((SimUsb *)system, port);

	return device != NULL && device->plugged ? g_strdup(device->faults.harm) : NULL;
}

static gboolean sim_is_input(UsbSystem *system, const UsbInfo *info, const ConfigDevice *config)
{
	const SimDevice *device = sim_usb_find((SimUsb *)system, info->port);

	return device != NULL && device->input != NULL &&
	       g_strcmp0(device->input, config->input) == 0;
}

static const GPtrArray *sim_hostdevs(UsbSystem *system, GError **error)
{
	SimUsb *sim = (SimUsb *)system;

	if (!sim->disconnected)
		return sim->hostdevs;
	g_set_error_literal(error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT,
		"libvirt cannot be reached; start it again");
	return NULL;
}

/* -- operations ------------------------------------------------------------------------------- */

static void op_free(gpointer data)
{
	SimOp *op = data;

	g_clear_handle_id(&op->timer, g_source_remove);
	g_free(op->domain);
	g_free(op->alias);
	usb_info_free(op->info);
	g_free(op);
}

void sim_usb_run(SimUsb *sim, SimOp *op)
{
	g_autoptr(GError) error = op->work(sim, op);
	UsbOpDone done = op->done;
	gpointer data = op->data;

	g_ptr_array_remove(sim->ops, op);
	if (done != NULL)
		done(error, data);
}

static gboolean op_over(gpointer data)
{
	SimOp *op = data;

	op->timer = 0;
	sim_usb_run((SimUsb *)op->base.system, op);
	return G_SOURCE_REMOVE;
}

static gboolean op_late(gpointer data)
{
	SimOp *op = data;
	g_autoptr(GError) error = g_error_new_literal(HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT,
		"libvirt did not answer in time; continue it, and try again");
	UsbOpDone done = op->done;

	op->timer = 0;
	op->done = NULL;
	if (done != NULL)
		done(error, op->data);
	return G_SOURCE_REMOVE;
}

static SimOp *op_new(SimUsb *sim, SimWork work, UsbOpDone done, gpointer data)
{
	SimOp *op = g_new0(SimOp, 1);

	op->base.system = &sim->base;
	op->work = work;
	op->done = done;
	op->data = data;
	g_ptr_array_add(sim->ops, op);
	return op;
}

/* Starts an operation of libvirt, which may hang. */
static UsbOp *op_start(SimUsb *sim, SimOp *op, guint ms)
{
	op->hangs = sim->hangs;
	op->timer = op->hangs ? g_timeout_add(sim->times.deadline, op_late, op)
			      : g_timeout_add(ms, op_over, op);
	return &op->base;
}

static void sim_drop(UsbOp *base)
{
	((SimOp *)base)->done = NULL;
}

/* The errors that every call of libvirt can have. */
static GError *unreachable(const SimUsb *sim)
{
	GError *error = NULL;

	sim_hostdevs((UsbSystem *)&sim->base, &error);
	return error;
}

static GError *refresh_work(SimUsb *sim, SimOp *op)
{
	return unreachable(sim);
}

static UsbOp *sim_refresh(UsbSystem *system, UsbOpDone done, gpointer data)
{
	SimUsb *sim = (SimUsb *)system;

	return op_start(sim, op_new(sim, refresh_work, done, data), sim->times.refresh);
}

void sim_usb_hostdev_add(SimUsb *sim, const char *domain, SimDevice *device, const char *alias)
{
	g_ptr_array_add(
		sim->hostdevs, hostdev_new(domain, alias, device->info->bus, device->info->device));
	device->driving = USB_CLAIMED;
	sim_usb_announce(sim, USB_HOSTDEVS, NULL);
}

static GError *attach_error(const SimUsb *sim, const SimOp *op, const SimDevice *device)
{
	const Hostdev *other;

	if (sim->disconnected)
		return unreachable(sim);
	if (!sim_usb_runs(sim, op->domain))
		return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT,
			"attaching to %s failed: domain is not running", op->domain);
	if (device == NULL)
		return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT,
			"attaching to %s failed: failed to find host usb device", op->domain);
	other = sim_usb_find_hostdev(sim, device);
	if (other != NULL)
		return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT,
			"attaching to %s failed: the device is in use by domain %s", op->domain,
			other->domain);
	if (hostdevs_find(sim->hostdevs, op->domain, op->alias) != NULL)
		return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT,
			"attaching to %s failed: duplicate alias %s", op->domain, op->alias);
	if (device->faults.refuses_attach)
		return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT,
			"attaching to %s failed: libvirt refuses it", op->domain);
	return NULL;
}

static GError *attach_work(SimUsb *sim, SimOp *op)
{
	SimDevice *device = sim_usb_find_address(sim, op->info->bus, op->info->device);
	GError *error = attach_error(sim, op, device);

	if (error == NULL)
		sim_usb_hostdev_add(sim, op->domain, device, op->alias);
	return error;
}

static UsbOp *sim_attach(UsbSystem *system, const char *domain, const UsbInfo *info,
	const char *alias, UsbOpDone done, gpointer data)
{
	SimUsb *sim = (SimUsb *)system;
	SimOp *op = op_new(sim, attach_work, done, data);

	g_string_append_printf(sim->log, "attach %s %s ", domain, alias);
	op->domain = g_strdup(domain);
	op->alias = g_strdup(alias);
	op->info = usb_info_copy(info);
	return op_start(sim, op, sim->times.attach);
}

void sim_usb_hostdev_remove(SimUsb *sim, const Hostdev *hostdev, gboolean with_driver)
{
	SimDevice *device = sim_usb_find_address(sim, hostdev->bus, hostdev->device);

	if (device != NULL)
		sim_usb_give_to_host(device, with_driver);
	g_ptr_array_remove(sim->hostdevs, (gpointer)hostdev);
}

static GError *detach_work(SimUsb *sim, SimOp *op)
{
	const Hostdev *hostdev = hostdevs_find(sim->hostdevs, op->domain, op->alias);
	const SimDevice *device =
		hostdev == NULL ? NULL : sim_usb_find_address(sim, hostdev->bus, hostdev->device);

	if (sim->disconnected)
		return unreachable(sim);
	if (hostdev == NULL)
		return NULL;
	if (device != NULL && device->faults.stuck)
		return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT,
			"%s does not release it; eject it in the guest, or try again", op->domain);
	sim_usb_hostdev_remove(sim, hostdev, TRUE);
	sim_usb_announce(sim, USB_HOSTDEVS, NULL);
	return NULL;
}

static UsbOp *sim_detach(
	UsbSystem *system, const char *domain, const char *alias, UsbOpDone done, gpointer data)
{
	SimUsb *sim = (SimUsb *)system;
	SimOp *op = op_new(sim, detach_work, done, data);

	g_string_append_printf(sim->log, "detach %s %s ", domain, alias);
	op->domain = g_strdup(domain);
	op->alias = g_strdup(alias);
	return op_start(sim, op, sim->times.detach);
}

static GError *bind_work(SimUsb *sim, SimOp *op)
{
	SimDevice *device = sim_usb_find_address(sim, op->info->bus, op->info->device);

	if (device == NULL)
		return g_error_new_literal(HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"cannot bind it to the host's driver: it was unplugged; plug it in");
	if (device->faults.no_permission)
		return g_error_new_literal(HOTSEAT_ERROR, HOTSEAT_ERROR_NO_PERMISSION,
			"no permission to bind it to the host's driver; unplug it and plug it in "
			"again");
	if (device->driving == USB_DRIVERLESS)
		sim_usb_give_to_host(device, TRUE);
	return NULL;
}

/* Starts an operation of the kernel, which does not hang with libvirt. */
static UsbOp *sim_bind(UsbSystem *system, const UsbInfo *info, UsbOpDone done, gpointer data)
{
	SimUsb *sim = (SimUsb *)system;
	SimOp *op = op_new(sim, bind_work, done, data);

	g_string_append_printf(sim->log, "bind %s ", info->port);
	op->info = usb_info_copy(info);
	op->timer = g_timeout_add(sim->times.bind, op_over, op);
	return &op->base;
}

/* -- making and breaking ---------------------------------------------------------------------- */

SimUsb *sim_usb_new(const SimUsbTimes *times)
{
	static const UsbOps ops = {
		.list = sim_list,
		.is_there = sim_is_there,
		.driving = sim_driving,
		.harms = sim_harms,
		.disk_use = sim_disk_use,
		.is_input = sim_is_input,
		.bind = sim_bind,
		.hostdevs = sim_hostdevs,
		.refresh = sim_refresh,
		.attach = sim_attach,
		.detach = sim_detach,
		.drop = sim_drop,
		.watch = sim_watch,
		.unwatch = sim_unwatch,
	};
	SimUsb *sim = g_new0(SimUsb, 1);

	sim->base.ops = &ops;
	sim->times = times != NULL ? *times : ordinary;
	sim->devices = g_ptr_array_new_with_free_func(device_free);
	sim->running = g_ptr_array_new_with_free_func(g_free);
	sim->hostdevs = hostdevs_new();
	sim->ops = g_ptr_array_new_with_free_func(op_free);
	sim->listeners = listeners_new();
	sim->log = g_string_new(NULL);
	return sim;
}

void sim_usb_free(SimUsb *sim)
{
	if (sim == NULL)
		return;
	g_ptr_array_unref(sim->ops);
	g_ptr_array_unref(sim->devices);
	g_ptr_array_unref(sim->running);
	g_ptr_array_unref(sim->hostdevs);
	listeners_free(sim->listeners);
	g_string_free(sim->log, TRUE);
	g_free(sim);
}

UsbSystem *sim_usb_system(SimUsb *sim)
{
	return &sim->base;
}
