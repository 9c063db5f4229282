/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor/doctor.h"

#include "common/accounts.h"
#include "common/command.h"
#include "common/error.h"
#include "device/found.h"
#include "device/plan.h"
#include "guest/found.h"

/* -- it is not there, or more than once ------------------------------------------------------- */

/* A device of that vendor and product that is plugged in with another serial or in another port. */
static const FoundDevice *find_alike(const Doctor *doctor, const ConfigDevice *config)
{
	for (guint i = 0; i < doctor->found.devices->len; i++) {
		const FoundDevice *device = doctor->found.devices->pdata[i];

		if (device->info->vendor == config->vendor &&
			device->info->product == config->product)
			return device;
	}
	return NULL;
}

static void say_absent(Doctor *doctor, const ConfigDevice *config, const GError *error)
{
	const FoundDevice *alike = find_alike(doctor, config);
	Finding *finding;

	if (alike == NULL) {
		finding = finding_at(doctor->findings, finding_level_of(config->optional),
			config->name, "%s", error->message);
		finding_advise(finding, "plug it in");
		return;
	}
	finding = finding_at(doctor->findings, finding_level_of(config->optional), config->name,
		"it is not plugged in as the configuration says; %s is in port %s", alike->name,
		alike->info->port);
	finding_advise(finding, "plug it into port %s, or correct the configuration: port: %s",
		config->port != NULL ? config->port : "it was in", alike->info->port);
}

static void say_ambiguous(Doctor *doctor, const ConfigDevice *config, const GError *error)
{
	Finding *finding = finding_at(doctor->findings, finding_level_of(config->optional),
		config->name, "%s", error->message);

	/* setup asks for a key press */
	doctor_setup(doctor, finding, NULL, FALSE);
}

/* -- it is there ------------------------------------------------------------------------------ */

static const FoundDevice *find_found(const Doctor *doctor, const UsbInfo *info)
{
	for (guint i = 0; i < doctor->found.devices->len; i++) {
		const FoundDevice *device = doctor->found.devices->pdata[i];

		if (g_str_equal(device->info->port, info->port))
			return device;
	}
	return NULL;
}

static void say_driverless(Doctor *doctor, const ConfigDevice *config, const UsbInfo *info)
{
	g_autoptr(GArray) interfaces =
		usb_driverless_interfaces(doctor->places.machine.sysfs, info->port);
	g_autoptr(GString) names = g_string_new(NULL);
	Finding *finding =
		finding_at(doctor->findings, finding_level_of(config->optional), config->name,
			"no kernel driver is bound in port %s: QEMU crashed and did not release it",
			info->port);

	for (guint i = 0; i < interfaces->len; i++)
		g_string_append_printf(
			names, " %s:1.%u", info->port, g_array_index(interfaces, guint, i));
	finding_script_as_root(
		finding, "for i in%s; do echo $i >/sys/bus/usb/drivers_probe; done", names->str);
}

/* hotseat's own rules give the service's user permission for keyboards and mice. */
static gboolean is_ruled(const Doctor *doctor, const FoundDevice *device)
{
	return ready_is_installed(doctor->places.root, "udev/rules.d/74-hotseat.rules") &&
	       g_str_equal(doctor->user->name, HOTSEAT_USER) && (device->keyboard || device->mouse);
}

/* Without it the daemon cannot give the device back to the host when QEMU crashes. */
static void check_node(Doctor *doctor, const ConfigDevice *config, const FoundDevice *device)
{
	const UsbInfo *info = device->info;
	g_autofree char *node = g_strdup_printf("/dev/bus/usb/%03u/%03u", info->bus, info->device);
	g_autofree char *path = doctor_path(doctor, node);
	g_autofree char *name = g_strdup_printf(
		"75-hotseat-%04x-%04x.rules", (guint)info->vendor, (guint)info->product);
	g_autofree char *rule = NULL;
	Finding *finding;

	if (doctor_may(doctor, path, PERSON_READ | PERSON_WRITE))
		return;
	finding = finding_warning(doctor->findings, config->name,
		"the user %s, which runs hotseatd, has no permission to write to %s: after a crash "
		"of QEMU, the device cannot be returned to the host",
		doctor->user->name, node);
	rule = g_strdup_printf(
		"SUBSYSTEM==\"usb\", ENV{DEVTYPE}==\"usb_device\", ATTR{idVendor}==\"%04x\", "
		"ATTR{idProduct}==\"%04x\", RUN+=\"/bin/sh -c 'echo a+ $devnode - - - - u:%s:rw | "
		"systemd-tmpfiles --create -'\"",
		(guint)info->vendor, (guint)info->product, doctor->user->name);
	doctor_apply_rules(doctor, finding, node, name, is_ruled(doctor, device) ? NULL : rule);
}

static void check_foreign(
	Doctor *doctor, const ConfigDevice *config, const UsbInfo *info, const FoundGuest *guest)
{
	const Hostdev *hostdev =
		guest->active && guest->now != NULL ? usb_hostdev(info, guest->now->usb) : NULL;
	Finding *finding;

	if (hostdev == NULL || usb_guest_of_domain(doctor->config->guests, guest->name) != NULL)
		return;
	finding = finding_at(doctor->findings, finding_level_of(config->optional), config->name,
		"it is in the domain %s, which is not in the configuration", guest->name);
	doctor_virsh(doctor, finding, "detach-device-alias", guest->name, hostdev->alias, "--live",
		NULL);
}

/* -- what the host needs itself ---------------------------------------------------------------- */

static void say_hub(Doctor *doctor, const ConfigDevice *config, const GError *error)
{
	Finding *finding = finding_problem(doctor->findings, config->name, "%s", error->message);

	finding_advise(finding, "correct the configuration");
}

/* A guest has it already, or the host needs it. */
static void check_harm(Doctor *doctor, const ConfigDevice *config, const FoundDevice *device)
{
	Finding *finding;

	if (device->harm == USB_HARMLESS || device->driving == USB_CLAIMED)
		return;
	finding = finding_at(doctor->findings,
		device->harm == USB_HARM_DISK ? finding_level_of(config->optional)
					      : FINDING_WARNING,
		config->name, "%s must stay with the host: %s", device->name, device->harm_why);
	finding_advise(finding, device->harm == USB_HARM_DISK
					? "unmount it, or take it out of the configuration"
					: "take it out of the configuration");
}

static void check_found(Doctor *doctor, const ConfigDevice *config, const UsbInfo *info)
{
	const FoundDevice *device = find_found(doctor, info);
	UsbDriving driving = usb_driving(doctor->places.machine.sysfs, info->port);

	if (driving == USB_DRIVERLESS)
		say_driverless(doctor, config, info);
	else
		finding_ok(doctor->findings, config->name, "%04x:%04x in port %s%s",
			(guint)info->vendor, (guint)info->product, info->port,
			driving == USB_CLAIMED ? ", with a guest" : "");
	if (device != NULL) {
		check_node(doctor, config, device);
		check_harm(doctor, config, device);
	}
	for (guint i = 0; doctor->found.guests != NULL && i < doctor->found.guests->len; i++)
		check_foreign(doctor, config, info, doctor->found.guests->pdata[i]);
}

static void check_device(Doctor *doctor, const ConfigDevice *config)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(UsbInfo) info = usb_find(doctor->places.machine.sysfs, config, &error);

	if (info != NULL)
		check_found(doctor, config, info);
	else if (error->code == HOTSEAT_ERROR_CONFIG)
		say_hub(doctor, config, error);
	else if (error->code == HOTSEAT_ERROR_AMBIGUOUS)
		say_ambiguous(doctor, config, error);
	else
		say_absent(doctor, config, error);
}

/* -- everything behind a hub ------------------------------------------------------------------- */

/* Devices that move are checked as if they had their own entries; devices that must stay do
 * stay. */
static void check_behind(Doctor *doctor, const ConfigDevice *config, const FoundDevice *device)
{
	if (device->harm == USB_HARMLESS || device->driving == USB_CLAIMED)
		check_node(doctor, config, device);
	else
		finding_ok(doctor->findings, config->name, "%s in port %s stays with the host: %s",
			device->name, device->info->port, device->harm_why);
}

static void check_hub(Doctor *doctor, const ConfigDevice *config)
{
	g_autofree char *behind = usb_behind(doctor->places.machine.sysfs, config->hub);
	const UsbInfo wanted = { .port = config->hub };
	const FoundDevice *hub = find_found(doctor, &wanted);
	Finding *finding;

	if (hub != NULL && hub->harm != USB_HARM_HUB) {
		finding = finding_at(doctor->findings, finding_level_of(config->optional),
			config->name, "%s in port %s is not a hub", hub->name, config->hub);
		finding_advise(
			finding, "write \"port: %s\" to mean the device itself", config->hub);
		return;
	}
	if (*behind == '\0')
		finding_ok(doctor->findings, config->name,
			"nothing is plugged in behind the hub %s now", config->hub);
	else
		finding_ok(doctor->findings, config->name, "behind the hub %s: %s", config->hub,
			behind);
	for (guint i = 0; i < doctor->found.devices->len; i++) {
		const FoundDevice *device = doctor->found.devices->pdata[i];

		if (usb_info_fits(device->info, config))
			check_behind(doctor, config, device);
	}
}

void check_devices(Doctor *doctor)
{
	for (guint i = 0; i < doctor->config->devices->len; i++) {
		const ConfigDevice *config = doctor->config->devices->pdata[i];

		if (config->via != VIA_USB)
			continue;
		if (config->hub != NULL)
			check_hub(doctor, config);
		else
			check_device(doctor, config);
		doctor_say_conflicts(doctor, config, NULL);
	}
}
