/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor/doctor.h"

#include "common/error.h"
#include "common/libvirt-group.h"

#include <string.h>

/* One daemon for everything, or one for each hypervisor (libvirt.org/daemons.html): which of them
 * this machine uses. The socket starts its daemon on demand. */
static const char *socket_unit(const Doctor *doctor)
{
	static const char *const sockets[] = { "virtqemud.socket", "libvirtd.socket" };

	for (gsize i = 0; i < G_N_ELEMENTS(sockets); i++)
		if (units_enabled(doctor->units, sockets[i]) ||
			units_active(doctor->units, sockets[i]))
			return sockets[i];
	for (gsize i = 0; i < G_N_ELEMENTS(sockets); i++)
		if (units_loaded(doctor->units, sockets[i]))
			return sockets[i];
	return NULL;
}

/* libvirtd has a second socket for those who only look. */
static void start(const Doctor *doctor, Finding *finding, const char *verb)
{
	const char *unit = socket_unit(doctor);

	if (unit == NULL)
		finding_advise(finding, "install libvirt with its QEMU driver");
	else if (g_str_equal(unit, "libvirtd.socket"))
		finding_run_as_root(finding, verb, "libvirtd.socket", "libvirtd-ro.socket", NULL);
	else
		finding_run_as_root(finding, verb, "virtqemud.socket", "virtqemud-ro.socket", NULL);
}

static void say_hanging(Doctor *doctor)
{
	const char *unit = socket_unit(doctor);
	Finding *finding =
		finding_problem(doctor->findings, NULL, "%s", doctor->guests_error->message);
	g_autoptr(GString) service = g_string_new(unit);

	if (unit == NULL)
		return;
	g_string_replace(service, ".socket", ".service", 1);
	/* one that is stopped takes no SIGTERM, and systemd would wait for it */
	finding_run_as_root(finding, "systemctl kill -s KILL", service->str, NULL);
}

/* The error without its last part, which is advice: the command below it says the same. */
static char *without_advice(const char *message)
{
	const char *semicolon = strrchr(message, ';');

	return semicolon != NULL ? g_strndup(message, (gsize)(semicolon - message))
				 : g_strdup(message);
}

static void say_unreachable(Doctor *doctor)
{
	const GError *error = doctor->guests_error;
	g_autofree char *message = without_advice(error->message);
	Finding *finding = NULL;

	if (error->code == HOTSEAT_ERROR_TIMED_OUT) {
		say_hanging(doctor);
		return;
	}
	if (error->code == HOTSEAT_ERROR_NO_PERMISSION && !doctor_is_self(doctor)) {
		finding = finding_warning(doctor->findings, NULL, "%s may not ask it: %s",
			doctor->asking->name, message);
		finding_run(finding, "sudo hotseat doctor", NULL);
		return;
	}
	finding = finding_problem(doctor->findings, NULL, "%s", message);
	if (error->code == HOTSEAT_ERROR_NO_PERMISSION)
		doctor_join_group(doctor, finding, libvirt_group());
	else if (g_str_has_prefix(doctor->places.machine.libvirt_uri, "qemu:///system"))
		start(doctor, finding, "systemctl start");
	else
		finding_advise(finding, "correct libvirt.uri in the configuration, most often "
					"qemu:///system");
}

/* Every user may look; attaching devices needs permission by the socket's mode or by polkit, which
 * checks the group. */
static void check_member(Doctor *doctor)
{
	Finding *finding;

	if (doctor->user->uid == 0 || person_in_group(doctor->user, libvirt_group())) {
		finding_ok(doctor->findings, NULL, "answers at %s, and %s may use it",
			doctor->places.machine.libvirt_uri, doctor->user->name);
		return;
	}
	finding = finding_problem(doctor->findings, NULL,
		"%s, as whom hotseatd runs, is not in the group %s and may not hand over devices",
		doctor->user->name, libvirt_group());
	doctor_join_group(doctor, finding, libvirt_group());
}

void check_libvirt(Doctor *doctor)
{
	const char *uri = doctor->places.machine.libvirt_uri;
	const char *unit = socket_unit(doctor);
	Finding *finding;

	if (doctor->config != NULL && doctor->config->libvirt_uri == NULL) {
		finding_ok(doctor->findings, NULL, "not needed: there are no guests");
		return;
	}
	if (doctor->guests == NULL) {
		say_unreachable(doctor);
		return;
	}
	if (!g_str_has_prefix(uri, "qemu:///system")) {
		finding_ok(doctor->findings, NULL, "answers at %s", uri);
		return;
	}
	check_member(doctor);
	if (unit == NULL || units_enabled(doctor->units, unit))
		return;
	finding = finding_warning(doctor->findings, unit, "libvirt is not started at boot");
	start(doctor, finding, "systemctl enable --now");
}
