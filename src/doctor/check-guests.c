/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor/doctor.h"

#include "device/found.h"
#include "device/plan.h"
#include "guest/advice.h"
#include "guest/found.h"

static void say_undefined(Doctor *doctor, const ConfigGuest *guest)
{
	g_autoptr(GString) others = g_string_new(NULL);
	g_autofree char *virsh = advice_virsh(doctor->places.machine.libvirt_uri);
	Finding *finding;

	for (guint i = 0; i < doctor->found.guests->len; i++)
		g_string_append_printf(others, "%s%s", i > 0 ? ", " : "; there is: ",
			((const FoundGuest *)doctor->found.guests->pdata[i])->name);
	finding = finding_problem(doctor->findings, guest->name, "libvirt has no domain %s%s",
		guest->domain, others->str);
	if (doctor->found.guests->len == 1 && doctor->config->guests->len == 1) {
		const FoundGuest *only = doctor->found.guests->pdata[0];

		doctor_setup(doctor, finding, only->name, TRUE);
	} else {
		finding_advise(finding,
			"create it with virt-manager or `%s define FILE.xml`, or correct its name "
			"in the configuration",
			virsh);
	}
}

/* The command that gets a guest in this state running again. */
static const struct {
	GuestState state;
	const char *verbs[2]; /* the virsh command */
} wakes[] = {
	{ GUEST_PAUSED, { "resume", NULL } },
	{ GUEST_SUSPENDED, { "dompmwakeup", NULL } },
	{ GUEST_CRASHED, { "destroy", "start" } },
};

static void check_state(Doctor *doctor, const ConfigGuest *guest, const FoundGuest *found)
{
	for (gsize i = 0; i < G_N_ELEMENTS(wakes); i++) {
		Finding *finding;

		if (wakes[i].state != found->state)
			continue;
		finding = finding_warning(doctor->findings, guest->name,
			"the domain %s is %s: it cannot have the seat", found->name,
			guest_state_name(found->state));
		for (gsize j = 0; j < 2 && wakes[i].verbs[j] != NULL; j++)
			doctor_virsh(doctor, finding, wakes[i].verbs[j], found->name, NULL);
		return;
	}
	finding_ok(doctor->findings, guest->name, "domain %s, %s", found->name,
		guest_state_name(found->state));
}

/* The card is passed through, but not in this machine: only its class could tell. */
static void say_unknown(Doctor *doctor, const ConfigGuest *guest, const FoundGuest *found)
{
	Finding *finding = finding_warning(doctor->findings, guest->name,
		"the domain %s is given %s, which may be its graphics card: this machine has no "
		"such PCI device now",
		found->name, (const char *)found->unknown->pdata[0]);

	doctor_virsh(doctor, finding, "edit", found->name, NULL);
	finding_advise(finding, "correct its address, unless you will plug in the card; "
				"`lspci -D` lists the devices");
}

static void check_gpu(Doctor *doctor, const ConfigGuest *guest, const FoundGuest *found)
{
	Finding *finding;

	if (found->gpus->len > 0) {
		finding_ok(doctor->findings, guest->name, "has %s",
			(const char *)found->gpus->pdata[0]);
		return;
	}
	if (found->unknown->len > 0) {
		say_unknown(doctor, guest, found);
		return;
	}
	if (found->now == NULL)
		return;
	finding = finding_warning(doctor->findings, guest->name,
		"no graphics card is passed through to it, so it cannot show a picture on a "
		"monitor");
	finding_advise(finding,
		"add one to the domain %s (a <hostdev> of type pci), unless it has a picture in "
		"another way",
		found->name);
}

/* Does the hostdev mean one of the devices that are plugged in now? */
static gboolean is_plugged_in(const Doctor *doctor, const Hostdev *hostdev)
{
	g_autoptr(GPtrArray) one = g_ptr_array_new();

	g_ptr_array_add(one, (gpointer)hostdev);
	for (guint i = 0; i < doctor->found.devices->len; i++) {
		const FoundDevice *device = doctor->found.devices->pdata[i];

		if (usb_hostdev(device->info, one) != NULL)
			return TRUE;
	}
	return FALSE;
}

/* A hostdev of a device that was unplugged while the guest had it: it is in the way when the device
 * is plugged in again. */
static void check_stale(Doctor *doctor, const ConfigGuest *guest, const FoundGuest *found)
{
	for (guint i = 0; found->active && found->now != NULL && i < found->now->usb->len; i++) {
		const Hostdev *hostdev = found->now->usb->pdata[i];
		Finding *finding;

		if (hostdev->bus == 0 || hostdev->alias == NULL || is_plugged_in(doctor, hostdev))
			continue;
		finding = finding_problem(doctor->findings, guest->name,
			"the domain %s still has a USB device that is unplugged (bus "
			"%u device %u)",
			found->name, hostdev->bus, hostdev->device);
		doctor_virsh(doctor, finding, "detach-device-alias", found->name, hostdev->alias,
			"--live", NULL);
	}
}

void check_guests(Doctor *doctor)
{
	if (doctor->found.guests == NULL)
		return;
	for (guint i = 0; i < doctor->config->guests->len; i++) {
		const ConfigGuest *guest = doctor->config->guests->pdata[i];
		const FoundGuest *found = guests_find(doctor->found.guests, guest->domain);

		if (guest->qmp != NULL)
			continue;
		if (found == NULL) {
			say_undefined(doctor, guest);
			continue;
		}
		check_state(doctor, guest, found);
		check_gpu(doctor, guest, found);
		check_stale(doctor, guest, found);
		doctor_say_conflicts(doctor, NULL, guest);
	}
}
