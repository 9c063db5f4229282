/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/usb-kernel.h"

#include "common/error.h"
#include "common/lane.h"
#include "common/listeners.h"
#include "device/sysfs.h"
#include "device/watch.h"

typedef struct {
	UsbSystem base;
	const UsbPlaces *places;
	Libvirt *libvirt;
	UsbWatch *watch;
	guint listener; /* libvirt's */
	Listeners *listeners;
} UsbKernel;

/* An operation of libvirt, or a job on a lane. */
typedef struct {
	UsbOp base;
	UsbOpDone done;
	gpointer data;
	HostdevOp *hostdev;
	Lane *lane;
} KernelOp;

typedef struct {
	KernelOp *op;
	const UsbPlaces *places;
	UsbInfo *info;
	GError *error;
} BindJob;

/* -- what is there ---------------------------------------------------------------------------- */

static const char *sysfs(UsbSystem *system)
{
	return ((UsbKernel *)system)->places->sysfs;
}

static GPtrArray *kernel_list(UsbSystem *system, const ConfigDevice *wanted)
{
	return usb_list(sysfs(system), wanted);
}

static gboolean kernel_is_there(UsbSystem *system, const UsbInfo *info)
{
	return usb_still_there(sysfs(system), info);
}

static UsbDriving kernel_driving(UsbSystem *system, const char *port)
{
	return usb_driving(sysfs(system), port);
}

static GHashTable *kernel_harms(UsbSystem *system)
{
	return usb_harms_look(sysfs(system));
}

static char *kernel_disk_use(UsbSystem *system, const char *port)
{
	return usb_disk_use(sysfs(system), port);
}

static gboolean kernel_is_input(UsbSystem *system, const UsbInfo *info, const ConfigDevice *config)
{
	return usb_has_input(sysfs(system), info->port, config);
}

static const GPtrArray *kernel_hostdevs(UsbSystem *system, GError **error)
{
	UsbKernel *kernel = (UsbKernel *)system;
	const GPtrArray *hostdevs = hostdev_table_list(libvirt_hostdevs(kernel->libvirt));
	g_autofree char *why = NULL;

	if (hostdevs == NULL && libvirt_connected(kernel->libvirt, &why))
		why = g_strdup("libvirt has not listed the guests' devices yet; wait a moment");
	if (hostdevs == NULL)
		g_set_error_literal(error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT, why);
	return hostdevs;
}

/* -- operations ------------------------------------------------------------------------------- */

static KernelOp *op_new(UsbSystem *system, UsbOpDone done, gpointer data)
{
	KernelOp *op = g_new0(KernelOp, 1);

	op->base.system = system;
	op->done = done;
	op->data = data;
	return op;
}

static void kernel_drop(UsbOp *base)
{
	KernelOp *op = (KernelOp *)base;

	hostdev_op_drop(op->hostdev);
	lane_free(op->lane);
	g_free(op);
}

static void op_finish(KernelOp *op, const GError *error)
{
	UsbOpDone done = op->done;
	gpointer data = op->data;

	kernel_drop(&op->base);
	done(error, data);
}

static void hostdev_done(const GError *error, gpointer data)
{
	KernelOp *op = data;

	op->hostdev = NULL;
	op_finish(op, error);
}

static HostdevTable *hostdev_table(UsbSystem *system)
{
	return libvirt_hostdevs(((UsbKernel *)system)->libvirt);
}

static UsbOp *kernel_refresh(UsbSystem *system, UsbOpDone done, gpointer data)
{
	KernelOp *op = op_new(system, done, data);

	op->hostdev = hostdev_table_refresh(hostdev_table(system), hostdev_done, op);
	return &op->base;
}

static UsbOp *kernel_attach(UsbSystem *system, const char *domain, const UsbInfo *info,
	const char *alias, UsbOpDone done, gpointer data)
{
	KernelOp *op = op_new(system, done, data);

	op->hostdev = hostdev_table_attach(
		hostdev_table(system), domain, info->bus, info->device, alias, hostdev_done, op);
	return &op->base;
}

static UsbOp *kernel_detach(
	UsbSystem *system, const char *domain, const char *alias, UsbOpDone done, gpointer data)
{
	KernelOp *op = op_new(system, done, data);

	op->hostdev = hostdev_table_detach(hostdev_table(system), domain, alias, hostdev_done, op);
	return &op->base;
}

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

	usb_bind_host(job->places, job->info, &job->error);
}

static void bind_done(gpointer data)
{
	BindJob *job = data;

	op_finish(job->op, job->error);
}

/* Binding waits for the device's answers, so it has a separate lane, which a broken device may
 * block.
 */
static UsbOp *kernel_bind(UsbSystem *system, const UsbInfo *info, UsbOpDone done, gpointer data)
{
	KernelOp *op = op_new(system, done, data);
	BindJob *job = g_new0(BindJob, 1);

	job->op = op;
	job->places = ((UsbKernel *)system)->places;
	job->info = usb_info_copy(info);
	op->lane = lane_new("usb-bind");
	lane_push(op->lane, bind_work, bind_done, job, bind_job_free);
	return &op->base;
}

/* -- news ------------------------------------------------------------------------------------- */

static void on_udev(UsbNews news, const char *port, gpointer data)
{
	usb_news_tell(((UsbKernel *)data)->listeners, news, port);
}

static void on_libvirt(const LibvirtEvent *event, gpointer data)
{
	if (event->kind == LIBVIRT_HOSTDEVS)
		on_udev(USB_HOSTDEVS, NULL, data);
}

static guint kernel_watch(UsbSystem *system, UsbListener heard, gpointer data)
{
	return listeners_add(((UsbKernel *)system)->listeners, G_CALLBACK(heard), data);
}

static void kernel_unwatch(UsbSystem *system, guint id)
{
	listeners_remove(((UsbKernel *)system)->listeners, id);
}

UsbSystem *usb_kernel_new(const UsbPlaces *places, Libvirt *libvirt)
{
	static const UsbOps ops = {
		.list = kernel_list,
		.is_there = kernel_is_there,
		.driving = kernel_driving,
		.harms = kernel_harms,
		.disk_use = kernel_disk_use,
		.is_input = kernel_is_input,
		.bind = kernel_bind,
		.hostdevs = kernel_hostdevs,
		.refresh = kernel_refresh,
		.attach = kernel_attach,
		.detach = kernel_detach,
		.drop = kernel_drop,
		.watch = kernel_watch,
		.unwatch = kernel_unwatch,
	};
	UsbKernel *kernel = g_new0(UsbKernel, 1);

	kernel->base.ops = &ops;
	kernel->places = places;
	kernel->libvirt = libvirt;
	kernel->listeners = listeners_new();
	kernel->watch = usb_watch_new(on_udev, kernel);
	kernel->listener =
		libvirt_connection_listen(libvirt_connection(libvirt), on_libvirt, kernel);
	return &kernel->base;
}

void usb_kernel_free(UsbSystem *system)
{
	UsbKernel *kernel = (UsbKernel *)system;

	if (kernel == NULL)
		return;
	libvirt_connection_unlisten(libvirt_connection(kernel->libvirt), kernel->listener);
	usb_watch_free(kernel->watch);
	listeners_free(kernel->listeners);
	g_free(kernel);
}
