/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/usb.h"

#include "common/error.h"
#include "common/listeners.h"

/* What libvirt, QEMU and the kernel take on an ordinary machine; the deadline is LIBVIRT_CALL_MS.
 */
static const SimUsbTimes ordinary = {
	.attach = 60, .detach = 150, .bind = 20, .refresh = 2, .deadline = 15000
};

typedef struct {
	UsbInfo *info;
	gboolean plugged;
	UsbDriving driving; /* while it is plugged in */
	SimUsbFaults faults;
} SimDevice;

struct SimUsb {
	UsbSystem base;
	SimUsbTimes times;
	guint last_address;
	GPtrArray *devices;  /* SimDevice * */
	GPtrArray *running;  /* names of domains */
	GPtrArray *hostdevs; /* Hostdev * */
	GPtrArray *ops;	     /* SimOp *, under way or hanging; owned */
	gboolean hangs, disconnected;
	Listeners *listeners;
	GString *log;
};

typedef struct SimOp SimOp;

typedef GError *(*SimWork)(SimUsb *sim, SimOp *op);

struct SimOp {
	UsbOp base;
	SimWork work;
	UsbOpDone done; /* NULL: dropped, or its deadline has passed */
	gpointer data;
	gboolean hangs;
	guint timer; /* until it is over, or if it hangs its deadline; 0: none */
	char *domain, *alias;
	UsbInfo *info;
};

/* -- the devices ------------------------------------------------------------------------------ */

static void device_free(gpointer data)
{
	SimDevice *device = data;

	usb_info_free(device->info);
	g_free(device);
}

/* The device in port, or NULL. */
static SimDevice *find_device(const SimUsb *sim, const char *port)
{
	for (guint i = 0; i < sim->devices->len; i++) {
		SimDevice *device = sim->devices->pdata[i];

		if (g_str_equal(device->info->port, port))
			return device;
	}
	return NULL;
}

/* The device if it is plugged in at info's address, else NULL. */
static SimDevice *find_address(const SimUsb *sim, guint bus, guint address)
{
	for (guint i = 0; i < sim->devices->len; i++) {
		SimDevice *device = sim->devices->pdata[i];

		if (device->plugged && device->info->bus == bus && device->info->device == address)
			return device;
	}
	return NULL;
}

static const Hostdev *find_hostdev(const SimUsb *sim, const SimDevice *device)
{
	for (guint i = 0; i < sim->hostdevs->len; i++) {
		const Hostdev *hostdev = sim->hostdevs->pdata[i];

		if (hostdev->bus == device->info->bus && hostdev->device == device->info->device)
			return hostdev;
	}
	return NULL;
}

static gboolean runs(const SimUsb *sim, const char *domain)
{
	return g_ptr_array_find_with_equal_func(sim->running, domain, g_str_equal, NULL);
}

static void give_to_host(SimDevice *device, gboolean with_driver)
{
	device->driving = with_driver && !device->faults.no_driver ? USB_DRIVEN : USB_DRIVERLESS;
}

/* -- news ------------------------------------------------------------------------------------- */

typedef struct {
	UsbNews news;
	const char *port;
} News;

static void call_heard(GCallback func, gpointer data, gconstpointer event)
{
	const News *news = event;

	((UsbHeard)func)(news->news, news->port, data);
}

static void announce(SimUsb *sim, UsbNews news, const char *port)
{
	listeners_call(sim->listeners, call_heard, &(News){ news, port });
}

static guint sim_watch(UsbSystem *system, UsbHeard heard, gpointer data)
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
	return find_address((SimUsb *)system, info->bus, info->device) != NULL;
}

static UsbDriving sim_driving(UsbSystem *system, const char *port)
{
	const SimDevice *device = find_device((SimUsb *)system, port);

	return device != NULL && device->plugged ? device->driving : USB_PLAIN;
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

static void op_run(SimUsb *sim, SimOp *op)
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
	op_run((SimUsb *)op->base.system, op);
	return G_SOURCE_REMOVE;
}

static gboolean op_late(gpointer data)
{
	SimOp *op = data;
	g_autoptr(GError) error = g_error_new_literal(HOTSEAT_ERROR, HOTSEAT_ERROR_TIMED_OUT,
		"libvirt did not answer in time; let it go on, and try again");
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

/* Of libvirt, which may hang. */
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

/* What every call of libvirt may be answered with. */
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

static void hostdev_add(SimUsb *sim, const char *domain, SimDevice *device, const char *alias)
{
	g_ptr_array_add(
		sim->hostdevs, hostdev_new(domain, alias, device->info->bus, device->info->device));
	device->driving = USB_CLAIMED;
	announce(sim, USB_HOSTDEVS, NULL);
}

static GError *attach_error(const SimUsb *sim, const SimOp *op, const SimDevice *device)
{
	const Hostdev *other;

	if (sim->disconnected)
		return unreachable(sim);
	if (!runs(sim, op->domain))
		return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT,
			"attaching to %s failed: domain is not running", op->domain);
	if (device == NULL)
		return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT,
			"attaching to %s failed: failed to find host usb device", op->domain);
	other = find_hostdev(sim, device);
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
	SimDevice *device = find_address(sim, op->info->bus, op->info->device);
	GError *error = attach_error(sim, op, device);

	if (error == NULL)
		hostdev_add(sim, op->domain, device, op->alias);
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

/* The hostdev leaves its domain; the host has the device then, if it is plugged in still. */
static void hostdev_remove(SimUsb *sim, const Hostdev *hostdev, gboolean with_driver)
{
	SimDevice *device = find_address(sim, hostdev->bus, hostdev->device);

	if (device != NULL)
		give_to_host(device, with_driver);
	g_ptr_array_remove(sim->hostdevs, (gpointer)hostdev);
}

static GError *detach_work(SimUsb *sim, SimOp *op)
{
	const Hostdev *hostdev = hostdevs_find(sim->hostdevs, op->domain, op->alias);
	const SimDevice *device =
		hostdev == NULL ? NULL : find_address(sim, hostdev->bus, hostdev->device);

	if (sim->disconnected)
		return unreachable(sim);
	if (hostdev == NULL)
		return NULL;
	if (device != NULL && device->faults.stuck)
		return g_error_new(HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT,
			"%s does not release it; eject it in the guest, or try again", op->domain);
	hostdev_remove(sim, hostdev, TRUE);
	announce(sim, USB_HOSTDEVS, NULL);
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
	SimDevice *device = find_address(sim, op->info->bus, op->info->device);

	if (device == NULL)
		return g_error_new_literal(HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"cannot bind it to the host's driver: it was unplugged; plug it in");
	if (device->faults.no_permission)
		return g_error_new_literal(HOTSEAT_ERROR, HOTSEAT_ERROR_NO_PERMISSION,
			"no permission to bind it to the host's driver; unplug it and plug it in "
			"again");
	if (device->driving == USB_DRIVERLESS)
		give_to_host(device, TRUE);
	return NULL;
}

/* The kernel's work, which does not hang with libvirt. */
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

void sim_usb_add(SimUsb *sim, const UsbInfo *info)
{
	SimDevice *device = g_new0(SimDevice, 1);

	g_assert(find_device(sim, info->port) == NULL);
	device->info = usb_info_copy(info);
	g_ptr_array_add(sim->devices, device);
	sim_usb_plug(sim, info->port, TRUE);
}

void sim_usb_plug(SimUsb *sim, const char *port, gboolean in)
{
	SimDevice *device = find_device(sim, port);

	if (device->plugged == in)
		return;
	device->plugged = in;
	if (in) {
		device->info->bus = (guint)g_ascii_strtoull(port, NULL, 10);
		device->info->device = ++sim->last_address;
		give_to_host(device, TRUE);
	}
	announce(sim, in ? USB_PLUGGED : USB_UNPLUGGED, port);
}

gboolean sim_usb_plugged(const SimUsb *sim, const char *port)
{
	return find_device(sim, port)->plugged;
}

void sim_usb_set_faults(SimUsb *sim, const char *port, SimUsbFaults faults)
{
	find_device(sim, port)->faults = faults;
}

void sim_usb_start_domain(SimUsb *sim, const char *domain)
{
	if (!runs(sim, domain))
		g_ptr_array_add(sim->running, g_strdup(domain));
}

void sim_usb_stop_domain(SimUsb *sim, const char *domain, gboolean killed)
{
	guint index;

	if (g_ptr_array_find_with_equal_func(sim->running, domain, g_str_equal, &index))
		g_ptr_array_remove_index(sim->running, index);
	for (guint i = sim->hostdevs->len; i-- > 0;) {
		const Hostdev *hostdev = sim->hostdevs->pdata[i];

		if (g_str_equal(hostdev->domain, domain))
			hostdev_remove(sim, hostdev, !killed);
	}
	announce(sim, USB_HOSTDEVS, NULL);
}

void sim_usb_hang(SimUsb *sim, gboolean hangs)
{
	g_autoptr(GPtrArray) hanging = g_ptr_array_new();

	sim->hangs = hangs;
	for (guint i = 0; !hangs && i < sim->ops->len; i++) {
		SimOp *op = sim->ops->pdata[i];

		if (op->hangs)
			g_ptr_array_add(hanging, op);
	}
	for (guint i = 0; i < hanging->len; i++)
		op_run(sim, hanging->pdata[i]);
}

void sim_usb_disconnect(SimUsb *sim, gboolean disconnected)
{
	sim->disconnected = disconnected;
	if (!disconnected)
		announce(sim, USB_HOSTDEVS, NULL);
}

void sim_usb_attach(SimUsb *sim, const char *domain, const char *port, const char *alias)
{
	hostdev_add(sim, domain, find_device(sim, port), alias);
}

void sim_usb_detach(SimUsb *sim, const char *domain, const char *port)
{
	const Hostdev *hostdev = find_hostdev(sim, find_device(sim, port));

	g_assert(hostdev != NULL && g_str_equal(hostdev->domain, domain));
	hostdev_remove(sim, hostdev, TRUE);
	announce(sim, USB_HOSTDEVS, NULL);
}

char *sim_usb_owner(const SimUsb *sim, const char *port)
{
	const SimDevice *device = find_device(sim, port);
	const Hostdev *hostdev = find_hostdev(sim, device);

	if (!device->plugged)
		return g_strdup("unplugged");
	if (hostdev != NULL)
		return g_strdup(hostdev->domain);
	return g_strdup(device->driving == USB_DRIVERLESS ? "unbound" : "host");
}

guint sim_usb_listed(const SimUsb *sim, const char *domain)
{
	guint n = 0;

	for (guint i = 0; i < sim->hostdevs->len; i++)
		n += g_str_equal(((Hostdev *)sim->hostdevs->pdata[i])->domain, domain);
	return n;
}

const char *sim_usb_log(const SimUsb *sim)
{
	return sim->log->str;
}
