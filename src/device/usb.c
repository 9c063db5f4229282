/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/usb.h"

#include "common/error.h"
#include "device/plan.h"
#include "device/usb-move.h"

/* An apply or observe under way. */
typedef struct {
	ResourceDone done; /* NULL: nothing is under way */
	gpointer data;
	UsbMove *move;	/* an apply */
	guint start_id; /* source that begins an observe */
	UsbOp *refresh; /* the observe's refresh */
} Task;

typedef struct {
	Resource resource;
	UsbSystem *system;
	const ConfigDevice *config;
	GPtrArray *guests; /* ConfigGuest *, all guests */
	UsbFinder finder;
	guint watch;
	guint look_id;
	Task task;
	UsbOp *tidy; /* detaches the hostdev that it left in a guest when it was unplugged */

	/* USB address when it was last reported as plugged in; 0: it was unplugged since */
	guint plugged;
	/* USB address at which the host had no driver for it; 0: none */
	guint declined;
	/* a move has failed that libvirt may still carry out */
	gboolean overdue;

	/* what the seat knows */
	guint told_plugged;
	UsbState told;
	char *at;
} UsbDevice;

typedef struct {
	UsbState state;
	gboolean ours; /* it is in a domain with the alias that hotseat gives it */
	const char *at;
	char *detail;
	GError *error;
} UsbPlace;

static void place_clear(UsbPlace *place)
{
	g_free(place->detail);
	g_clear_error(&place->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(UsbPlace, place_clear)

/* -- where it is ------------------------------------------------------------------------------ */

static const char *host_detail(UsbDriving driving)
{
	static const char *const details[] = {
		[USB_DRIVEN] = "",
		[USB_CLAIMED] = ", used by a program on the host",
		[USB_DRIVERLESS] = ", without a driver on the host",
		[USB_PLAIN] = ", without a matching driver on the host",
	};

	return details[driving];
}

static void place_at_host(UsbDevice *device, UsbDriving driving, UsbPlace *place)
{
	const UsbInfo *info = device->finder.info;

	/* another bind would change nothing */
	if (place->state == USB_AT_HOST_UNBOUND && device->declined == info->device)
		place->state = USB_AT_HOST;
	place->at = place->state == USB_AT_HOST ? TARGET_HOST : NULL;
	place->detail = g_strdup_printf("port %s%s", info->port, host_detail(driving));
}

static void place_in_domain(UsbDevice *device, const Hostdev *hostdev, UsbPlace *place)
{
	const ConfigGuest *guest = usb_guest_of_domain(device->guests, hostdev->domain);

	device->declined = 0;
	place->ours = usb_hostdev_is_ours(device->finder.info, hostdev);
	place->at = guest == NULL ? NULL : guest->name;
	place->detail = g_strdup_printf("port %s, bus %u device %u, in the domain %s",
		device->finder.info->port, hostdev->bus, hostdev->device, hostdev->domain);
}

/* As far as is known without asking libvirt. */
static void find_place(UsbDevice *device, UsbPlace *place)
{
	UsbSystem *system = device->system;
	g_autoptr(GError) why = NULL;
	const GPtrArray *hostdevs;
	const Hostdev *hostdev;
	UsbDriving driving;

	if (!usb_finder_refresh_if_gone(&device->finder, &place->error)) {
		place->state = USB_ABSENT;
		return;
	}
	hostdevs = system->ops->hostdevs(system, &why);
	hostdev = hostdevs == NULL ? NULL : usb_hostdev(device->finder.info, hostdevs);
	driving = system->ops->driving(system, device->finder.info->port);
	place->state = usb_state(hostdevs, hostdev, driving);
	if (place->state == USB_UNKNOWN)
		place->error = g_steal_pointer(&why);
	else if (place->state == USB_IN_DOMAIN)
		place_in_domain(device, hostdev, place);
	else
		place_at_host(device, driving, place);
}

static void remember_told(UsbDevice *device, const UsbPlace *place)
{
	device->told = place->state;
	g_free(device->at);
	device->at = g_strdup(place->at);
}

/* The domain of the guest target, or NULL: no guest has that name. */
static const char *domain_of(UsbDevice *device, const char *target)
{
	for (guint i = 0; i < device->guests->len; i++) {
		const ConfigGuest *guest = device->guests->pdata[i];

		if (g_str_equal(guest->name, target))
			return guest->domain;
	}
	return NULL;
}

/* -- observe and apply ------------------------------------------------------------------------ */

static void look_later(UsbDevice *device);

static void task_clear(Task *task)
{
	g_clear_handle_id(&task->start_id, g_source_remove);
	usb_op_clear(&task->refresh);
	usb_move_drop(task->move);
	*task = (Task){ 0 };
}

/* error: why it is not where it should be; NULL: no error except that of its state. */
static void task_finish(UsbDevice *device, gboolean changed, const GError *error)
{
	ResourceDone done = device->task.done;
	gpointer data = device->task.data;
	g_auto(UsbPlace) place = { 0 };
	ResourceResult result;

	find_place(device, &place);
	result = (ResourceResult){ place.at, place.detail, changed,
		error != NULL ? error : place.error };
	remember_told(device, &place);
	task_clear(&device->task);
	look_later(device);
	done(&device->resource, &result, data);
}

/* Even after an error by libvirt, the state that is known without it is reported. */
static void observed(const GError *error, gpointer data)
{
	UsbDevice *device = data;

	device->task.refresh = NULL;
	task_finish(device, FALSE, NULL);
}

static gboolean observe_start(gpointer data)
{
	UsbDevice *device = data;
	g_autoptr(GError) error = NULL;

	device->task.start_id = 0;
	if (usb_finder_refresh(&device->finder, &error))
		device->task.refresh =
			device->system->ops->refresh(device->system, observed, device);
	else
		task_finish(device, FALSE, error);
	return G_SOURCE_REMOVE;
}

static void usb_observe(Resource *resource, ResourceDone done, gpointer data)
{
	UsbDevice *device = (UsbDevice *)resource;

	device->task.done = done;
	device->task.data = data;
	device->task.start_id = g_idle_add_full(G_PRIORITY_DEFAULT, observe_start, device, NULL);
}

static void moved(const UsbMoveResult *result, gpointer data)
{
	UsbDevice *device = data;

	device->task.move = NULL;
	/* libvirt answers in order, so this answer comes after the pending one */
	device->overdue = result->overdue || (device->overdue && !result->changed);
	if (result->declined)
		device->declined = device->finder.info->device;
	task_finish(device, result->changed, result->error);
}

static void usb_apply(Resource *resource, const char *target, GCancellable *cancel,
	ResourceDone done, gpointer data)
{
	UsbDevice *device = (UsbDevice *)resource;
	UsbMoveRequest request = {
		.finder = &device->finder,
		.guests = device->guests,
		.domain = domain_of(device, target),
		.cancel = cancel,
	};

	device->task.done = done;
	device->task.data = data;
	device->task.move = usb_move_start(&request, moved, device);
}

static gboolean usb_serves(Resource *resource, const char *target)
{
	UsbDevice *device = (UsbDevice *)resource;

	if (g_str_equal(target, TARGET_HOST))
		return TRUE;
	if (device->config->guests == NULL)
		return domain_of(device, target) != NULL;
	return g_strv_contains((const char *const *)device->config->guests, target);
}

static gboolean usb_check(Resource *resource, const char *target, GError **error)
{
	UsbFinder *finder = &((UsbDevice *)resource)->finder;

	/* what a guest has is not the host's to need, and has no driver of the host */
	return usb_finder_refresh(finder, error) && usb_finder_check_disk(finder, error);
}

/* -- what happens without a request ----------------------------------------------------------- */

static void tell(UsbDevice *device, ResourceChange change, const UsbPlace *place)
{
	ResourceResult result = { place->at, place->detail, FALSE, place->error };

	device->overdue = FALSE;
	remember_told(device, place);
	resource_changed(&device->resource, change, &result);
}

static void tell_gone(UsbDevice *device)
{
	g_auto(UsbPlace) place = { .state = USB_ABSENT, .detail = g_strdup("unplugged") };

	tell(device, RESOURCE_GONE, &place);
}

static void tell_appeared(UsbDevice *device)
{
	g_auto(UsbPlace) place = { 0 };

	find_place(device, &place);
	tell(device, RESOURCE_APPEARED, &place);
}

/* If libvirt acted late, or a restored guest has the device, the user did not request that: the
 * seat brings the device back to where it belongs. */
static void tell_moved(UsbDevice *device)
{
	g_auto(UsbPlace) place = { 0 };

	find_place(device, &place);
	if (place.error == NULL &&
		(place.state != device->told || g_strcmp0(place.at, device->at) != 0))
		tell(device,
			device->overdue || (place.ours && device->told != USB_UNKNOWN)
				? RESOURCE_APPEARED
				: RESOURCE_MOVED,
			&place);
}

/* Changes during an apply or observe are handled when it has ended. */
static gboolean look(gpointer data)
{
	UsbDevice *device = data;
	guint told = device->told_plugged;

	device->look_id = 0;
	if (device->task.done != NULL)
		return G_SOURCE_REMOVE;
	device->told_plugged = device->plugged;
	if (device->plugged == 0 && told != 0)
		tell_gone(device);
	else if (device->plugged != told)
		tell_appeared(device);
	else if (device->plugged != 0)
		tell_moved(device);
	return G_SOURCE_REMOVE;
}

/* Deferred, because when a domain stops, its guest's event must come first. */
static void look_later(UsbDevice *device)
{
	if (device->look_id == 0)
		device->look_id = g_idle_add(look, device);
}

static void tidied(const GError *error, gpointer data)
{
	/* the next apply retries it, and reports it if it fails again */
	((UsbDevice *)data)->tidy = NULL;
}

/* A device that is unplugged while a guest has it stays in its domain's definition. */
static void tidy(UsbDevice *device, const UsbInfo *gone)
{
	UsbSystem *system = device->system;
	const GPtrArray *hostdevs = system->ops->hostdevs(system, NULL);
	const Hostdev *hostdev = hostdevs == NULL ? NULL : usb_hostdev(gone, hostdevs);

	if (device->tidy != NULL || hostdev == NULL || hostdev->alias == NULL ||
		usb_guest_of_domain(device->guests, hostdev->domain) == NULL)
		return;
	device->tidy = system->ops->detach(system, hostdev->domain, hostdev->alias, tidied, device);
}

static void on_plugged(UsbDevice *device)
{
	device->finder.only = FALSE;
	if (!usb_finder_look(&device->finder, NULL) ||
		device->finder.info->device == device->plugged)
		return;
	device->plugged = device->finder.info->device;
	look_later(device);
}

static void on_unplugged(UsbDevice *device, const char *port)
{
	UsbSystem *system = device->system;
	const UsbInfo *info = device->finder.info, *before = device->finder.before;

	if (info == NULL || !g_str_equal(info->port, port))
		return;
	/* udev can be late: the device is back, and was found, before its removal is reported */
	if (system->ops->is_there(system, info)) {
		if (before != NULL && g_str_equal(before->port, port))
			tidy(device, before);
		return;
	}
	tidy(device, info);
	device->plugged = 0;
	look_later(device);
}

static void on_news(UsbNews news, const char *port, gpointer data)
{
	if (news == USB_PLUGGED)
		on_plugged(data);
	else if (news == USB_UNPLUGGED)
		on_unplugged(data, port);
	else
		look_later(data);
}

/* -- making and freeing ----------------------------------------------------------------------- */

static void usb_free(Resource *resource)
{
	UsbDevice *device = (UsbDevice *)resource;

	device->system->ops->unwatch(device->system, device->watch);
	task_clear(&device->task);
	usb_op_clear(&device->tidy);
	g_clear_handle_id(&device->look_id, g_source_remove);
	usb_finder_clear(&device->finder);
	g_free(device->at);
	g_free(device);
}

Resource *usb_device_new(UsbSystem *system, const ConfigDevice *config, GPtrArray *guests)
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
	device->system = system;
	device->config = config;
	device->guests = guests;
	device->finder = (UsbFinder){ .system = system, .config = config };
	if (usb_finder_look(&device->finder, NULL))
		device->plugged = device->told_plugged = device->finder.info->device;
	device->watch = system->ops->watch(system, on_news, device);
	return &device->resource;
}
