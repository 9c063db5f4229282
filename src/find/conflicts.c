/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/conflicts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/command.h"
#include "device/events.h"
#include "device/grabs.h"
#include "device/input-setup.h"
#include "device/sysfs.h"
#include "guest/advice.h"

typedef struct {
	GrabPlaces places;
	const Config *config;
	GPtrArray *conflicts;
} Look;

static void conflict_free(gpointer data)
{
	Conflict *conflict = data;

	g_free(conflict->message);
	g_free(conflict->command);
	g_free(conflict->advice);
	g_free(conflict);
}

/* Takes ownership of message and command. */
static Conflict *add(Look *look, const ConfigDevice *device, char *message, char *command)
{
	Conflict *conflict = g_new0(Conflict, 1);

	conflict->device = device;
	conflict->message = message;
	conflict->command = command;
	g_ptr_array_add(look->conflicts, conflict);
	return conflict;
}

/* Runs as root only where root can do it: a session's libvirt belongs to its user. */
static char *virsh_of(const FoundGuest *guest)
{
	g_autofree char *virsh = advice_virsh(guest->uri);
	gboolean sudo = geteuid() != 0 && !advice_is_session(guest->uri);

	return g_strconcat(sudo ? "sudo " : "", virsh, NULL);
}

static char *edit(const FoundGuest *guest)
{
	g_autofree char *virsh = virsh_of(guest);
	g_autofree char *domain = command_word(guest->name);

	return g_strdup_printf("%s edit %s", virsh, domain);
}

/* The definition that the domain starts with the next time. */
static const Domain *definition(const FoundGuest *guest)
{
	return guest->at_start != NULL ? guest->at_start : guest->now;
}

/* -- domains that take a device --------------------------------------------------------------- */

/* The plugged in devices that the config may mean. */
static GPtrArray *usb_of(const Look *look, const ConfigDevice *device)
{
	return event_device_is_meant(device) ? g_ptr_array_new()
					     : usb_list(look->places.sysfs, device);
}

/* For a device that is not plugged in, only what the config says is known. */
static gboolean fits_description(const Hostdev *hostdev, const ConfigDevice *device)
{
	return (device->vendor >= 0 || device->port != NULL) &&
	       hostdev_means(hostdev, device->vendor, device->product, 0, 0,
		       device->port != NULL ? device->port : "");
}

/* If two devices are alike, the definition means the one at the address that it names. */
static gboolean means_twin(const Look *look, const Hostdev *hostdev, const UsbInfo *info)
{
	g_autoptr(GPtrArray) all = usb_list(look->places.sysfs, NULL);

	for (guint i = 0; hostdev->bus != 0 && hostdev->device != 0 && i < all->len; i++) {
		const UsbInfo *other = all->pdata[i];

		if (other->bus == hostdev->bus && other->device == hostdev->device)
			return !usb_info_same_address(other, info) &&
			       other->vendor == info->vendor && other->product == info->product;
	}
	return FALSE;
}

static gboolean means_device(
	const Look *look, const Hostdev *hostdev, const ConfigDevice *device, const GPtrArray *usb)
{
	if (usb->len == 0)
		return fits_description(hostdev, device);
	for (guint i = 0; i < usb->len; i++) {
		const UsbInfo *info = usb->pdata[i];

		if (hostdev_means(hostdev, info->vendor, info->product, info->bus, info->device,
			    info->port) &&
			!means_twin(look, hostdev, info))
			return TRUE;
	}
	return FALSE;
}

/* What libvirt finds the device by. */
static char *source_of(const Hostdev *hostdev)
{
	const char *dash = hostdev->port != NULL ? strchr(hostdev->port, '-') : NULL;

	if (hostdev->vendor >= 0)
		return g_strdup_printf("<vendor id=\"0x%04x\"/><product id=\"0x%04x\"/>",
			(guint)hostdev->vendor, (guint)MAX(hostdev->product, 0));
	if (dash != NULL)
		return g_strdup_printf("<address bus=\"%u\" port=\"%s\"/>", hostdev->bus, dash + 1);
	return g_strdup_printf(
		"<address bus=\"%u\" device=\"%u\"/>", hostdev->bus, hostdev->device);
}

static void check_hostdevs(
	Look *look, const ConfigDevice *device, const GPtrArray *usb, const FoundGuest *guest)
{
	const GPtrArray *hostdevs = guest->at_start != NULL ? guest->at_start->usb : NULL;

	for (guint i = 0; hostdevs != NULL && i < hostdevs->len; i++) {
		g_autofree char *source = source_of(hostdevs->pdata[i]);
		g_autofree char *virsh = virsh_of(guest);
		g_autofree char *domain = command_word(guest->name);

		if (means_device(look, hostdevs->pdata[i], device, usb))
			add(look, device,
				g_strdup_printf(
					"the domain %s takes it at each start: it is in its "
					"definition",
					guest->name),
				g_strdup_printf("echo '<hostdev mode=\"subsystem\" "
						"type=\"usb\"><source>%s</source></hostdev>' | %s "
						"detach-device %s /dev/stdin --config",
					source, virsh, domain));
	}
}

static void check_arguments(
	Look *look, const ConfigDevice *device, const GPtrArray *usb, const FoundGuest *guest)
{
	const GPtrArray *arguments = definition(guest)->usb_arguments;

	for (guint i = 0; i < arguments->len; i++)
		if (means_device(look, arguments->pdata[i], device, usb)) {
			add(look, device,
				g_strdup_printf("the domain %s takes it at each start: its QEMU "
						"command line has -device usb-host",
					guest->name),
				edit(guest))
				->advice =
				g_strdup(definition(guest)->config_files->len > 0
						 ? "delete that -device, there or in the "
						   "file of -readconfig"
						 : "delete that -device and its "
						   "usb-host: two lines <qemu:arg>");
			return;
		}
}

/* What is grabbed: a device of the config, or the node at a path. */
typedef gboolean (*IsGrab)(const Look *look, const DomainTake *grab, gconstpointer what);

static gboolean is_of_device(const Look *look, const DomainTake *grab, gconstpointer device)
{
	return grab_is_of(&look->places, grab->what, device);
}

static gboolean is_at_path(const Look *look, const DomainTake *grab, gconstpointer path)
{
	return g_str_equal(grab->what, path);
}

/* One conflict names all the ways in which the guest grabs one device. called: that device's name.
 * Returns NULL if there are none. */
static Conflict *add_grabs(
	Look *look, const FoundGuest *guest, IsGrab is_grab, gconstpointer what, const char *called)
{
	const GPtrArray *grabs = definition(guest)->grabs;
	g_autoptr(GString) means = g_string_new(NULL);
	Conflict *conflict;

	for (guint i = 0; i < grabs->len; i++) {
		const DomainTake *grab = grabs->pdata[i];

		if (is_grab(look, grab, what) && strstr(means->str, grab->means) == NULL)
			g_string_append_printf(
				means, "%s%s", means->len > 0 ? " and " : "", grab->means);
	}
	if (means->len == 0)
		return NULL;
	conflict = add(look, NULL,
		g_strdup_printf("the domain %s grabs %s by evdev (%s): while it runs, hotseat "
				"cannot move it",
			guest->name, called, means->str),
		edit(guest));
	conflict->advice = g_strdup_printf("delete %s there", means->str);
	return conflict;
}

static void check_grabs(Look *look, const ConfigDevice *device, const FoundGuest *guest)
{
	Conflict *conflict = add_grabs(look, guest, is_of_device, device, "it");

	if (conflict != NULL)
		conflict->device = device;
}

/* A device behind a USB controller that is passed through moves with the controller. */
static gboolean is_behind(const Look *look, const UsbInfo *info, const char *controller)
{
	g_autofree char *path =
		g_build_filename(look->places.sysfs, "bus/usb/devices", info->port, NULL);
	g_autofree char *folder = g_strdup_printf("/%s/", controller);
	char *real = realpath(path, NULL);
	gboolean behind = real != NULL && strstr(real, folder) != NULL;

	free(real);
	return behind;
}

static void check_controller(Look *look, const ConfigDevice *device, const GPtrArray *usb,
	const FoundGuest *guest, const char *controller)
{
	gboolean behind = FALSE;

	for (guint i = 0; i < usb->len; i++)
		behind |= is_behind(look, usb->pdata[i], controller);
	/* A device that a running guest has cannot be seen from here. */
	if (!behind && (usb->len > 0 || !guest->active || event_device_is_meant(device)))
		return;
	add(look, device,
		behind ? g_strdup_printf("it is plugged into the USB controller %s, which the "
					 "domain %s takes as a whole when it starts",
				 controller, guest->name)
		       : g_strdup_printf("it may be plugged into the USB controller %s, which the "
					 "domain %s has: the host cannot see its devices",
				 controller, guest->name),
		NULL)
		->advice = g_strdup("plug it into a port of another controller");
}

static void check_device(Look *look, const ConfigDevice *device, const FoundGuest *guest)
{
	g_autoptr(GPtrArray) usb = usb_of(look, device);

	if (definition(guest) == NULL)
		return;
	check_hostdevs(look, device, usb, guest);
	check_arguments(look, device, usb, guest);
	check_grabs(look, device, guest);
	for (guint i = 0; i < guest->usb_controllers->len; i++)
		check_controller(look, device, usb, guest, guest->usb_controllers->pdata[i]);
}

/* -- guests ----------------------------------------------------------------------------------- */

static gboolean goes_to(const ConfigDevice *device, const ConfigGuest *guest)
{
	return device->guests == NULL ||
	       g_strv_contains((const char *const *)device->guests, guest->name);
}

/* The devices that need a port of the guest; those that move via input share one. */
typedef struct {
	guint all, required;
	guint there; /* those that have one in the domain already, as part of its definition */
} Wants;

static gboolean is_part_of(const Look *look, const ConfigDevice *device, const Domain *domain)
{
	g_autoptr(GPtrArray) usb = usb_of(look, device);

	for (guint i = 0; i < domain->usb->len; i++) {
		const Hostdev *hostdev = domain->usb->pdata[i];
		gboolean ours =
			hostdev->alias != NULL && g_str_has_prefix(hostdev->alias, "ua-hotseat");

		if (!ours && means_device(look, hostdev, device, usb))
			return TRUE;
	}
	return FALSE;
}

static Wants count_wants(const Look *look, const ConfigGuest *guest, const Domain *domain)
{
	guint emulated = input_setup_serves(look->config, guest) ? 1 : 0;
	Wants wants = { emulated, emulated, 0 };

	for (guint i = 0; i < look->config->devices->len; i++) {
		const ConfigDevice *device = look->config->devices->pdata[i];

		if (device->via != VIA_USB || !goes_to(device, guest))
			continue;
		if (device->hub != NULL) {
			g_autoptr(GPtrArray) usb = usb_of(look, device);

			/* the devices that are plugged in now; more may come */
			wants.all += usb->len;
			continue;
		}
		wants.all++;
		wants.required += device->optional ? 0 : 1;
		wants.there += is_part_of(look, device, domain) ? 1 : 0;
	}
	return wants;
}

static char *describe_ports(const Domain *domain, const Wants *wants, guint ports)
{
	const char *one = wants->all == 1 ? "device wants" : "devices want";

	if (domain->ports.disabled && domain->ports.controllers == 0)
		return g_strdup_printf("the domain %s has no USB (a controller of model none), %u "
				       "%s a port",
			domain->name, wants->all, one);
	if (domain->ports.controllers == 0)
		return g_strdup_printf("the domain %s has no USB controller, %u %s a port",
			domain->name, wants->all, one);
	return g_strdup_printf("the domain %s has %u free USB port%s, %u %s one", domain->name,
		ports, ports == 1 ? "" : "s", wants->all, one);
}

static void check_ports(
	Look *look, const ConfigGuest *config, const FoundGuest *guest, const Domain *domain)
{
	Wants wants = count_wants(look, config, domain);
	guint ports = domain_free_ports(domain) + wants.there;
	gboolean waits = domain != definition(guest);
	g_autofree char *virsh = virsh_of(guest);
	Conflict *conflict;

	if (ports >= wants.all)
		return;
	conflict = add(look, NULL, describe_ports(domain, &wants, ports),
		waits ? NULL
		      : advice_add_ports(virsh, guest->name,
				domain->ports.controllers == 0 && domain->ports.disabled));
	conflict->guest = config;
	conflict->serious = ports < wants.required;
	conflict->advice = g_strdup(waits ? "shut it down and start it: its definition has more"
					  : "then shut the guest down, if it runs, and start it");
}

static void check_guest(Look *look, const ConfigGuest *config, const FoundGuest *guest)
{
	const Domain *domain = definition(guest);
	guint before = look->conflicts->len;

	if (domain == NULL || !domain->qemu)
		return;
	check_ports(look, config, guest, domain);
	if (guest->active && guest->now != NULL && guest->now != domain &&
		look->conflicts->len == before)
		check_ports(look, config, guest, guest->now);
}

/* Does it belong to a device that is plugged in, or to one of the config? Or has it been reported
 * before? */
static gboolean is_settled(const Look *look, const GPtrArray *grabs, guint nth)
{
	const DomainTake *grab = grabs->pdata[nth];
	gboolean settled = grab_is_known(&look->places, grab->what);

	for (guint i = 0; i < nth; i++)
		settled |= is_at_path(look, grabs->pdata[i], grab->what);
	for (guint i = 0; !settled && i < look->config->devices->len; i++)
		settled = grab_is_of(&look->places, grab->what, look->config->devices->pdata[i]);
	return settled;
}

/* A grab that could mean any device, since its own is not plugged in now. */
static void check_unknown_grabs(Look *look, const ConfigGuest *config, const FoundGuest *guest)
{
	const GPtrArray *grabs = definition(guest) != NULL ? definition(guest)->grabs : NULL;

	for (guint i = 0; grabs != NULL && i < grabs->len; i++) {
		const DomainTake *grab = grabs->pdata[i];

		if (!is_settled(look, grabs, i))
			add_grabs(look, guest, is_at_path, grab->what, grab->what)->guest = config;
	}
}

GPtrArray *conflicts_look(
	const char *sysfs, const char *root, const Config *config, const GPtrArray *guests)
{
	Look look = { .places = { sysfs, root, events_look(sysfs) },
		.config = config,
		.conflicts = g_ptr_array_new_with_free_func(conflict_free) };
	g_autoptr(GPtrArray) unfit = events_look_unfit(sysfs);

	g_ptr_array_extend_and_steal(look.places.events, g_steal_pointer(&unfit));
	for (guint i = 0; guests != NULL && i < config->devices->len; i++)
		for (guint j = 0; j < guests->len; j++)
			check_device(&look, config->devices->pdata[i], guests->pdata[j]);
	for (guint i = 0; guests != NULL && i < config->guests->len; i++) {
		const ConfigGuest *guest = config->guests->pdata[i];
		const FoundGuest *found =
			guest->qmp == NULL ? guests_find(guests, guest->domain) : NULL;

		if (found == NULL)
			continue;
		check_guest(&look, guest, found);
		if (config->devices->len > 0)
			check_unknown_grabs(&look, guest, found);
	}
	g_ptr_array_unref(look.places.events);
	return look.conflicts;
}
