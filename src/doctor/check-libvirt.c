/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor/doctor.h"

#include "common/error.h"
#include "guest/advice.h"

#include <string.h>

/* A stopped process does not handle SIGTERM, and systemd would wait for it. */
static void say_hanging(Doctor *doctor)
{
	const LibvirtDaemon *daemon = ready_libvirt(doctor->units);
	Finding *finding =
		finding_problem(doctor->findings, NULL, "%s", doctor->found.guests_error->message);

	if (daemon != NULL)
		finding_run_as_root(finding, "systemctl kill -s KILL", daemon->service, NULL);
}

static gboolean say_failing_unit(Doctor *doctor, const char *unit)
{
	Finding *finding = doctor_find_failure(doctor, unit);

	if (finding != NULL)
		finding_advise(
			finding, "correct what the log names, then: systemctl restart %s", unit);
	return finding != NULL;
}

/* Starting a daemon that fails again and again does not help. */
static gboolean say_failing(Doctor *doctor)
{
	for (gsize i = 0; i < LIBVIRT_DAEMONS; i++)
		if (say_failing_unit(doctor, libvirt_daemons[i].service) ||
			say_failing_unit(doctor, libvirt_daemons[i].socket))
			return TRUE;
	return FALSE;
}

/* The error without its last part, which is advice: the command below it says the same. */
static char *without_advice(const char *message)
{
	const char *semicolon = strrchr(message, ';');

	return semicolon != NULL ? g_strndup(message, (gsize)(semicolon - message))
				 : g_strdup(message);
}

static void start(const Doctor *doctor, Finding *finding)
{
	const char *daemon = advice_daemon(doctor->places.root);

	if (!units_known(doctor->units) && daemon != NULL)
		finding_advise(finding, "check whether it runs: systemctl status %s", daemon);
	else if (ready_libvirt(doctor->units) == NULL)
		finding_advise(finding, "install libvirt with its QEMU driver");
	else
		doctor_meet(doctor, finding, READY_LIBVIRT_RUNS);
}

static void say_forbidden(Doctor *doctor, const char *message)
{
	if (doctor_is_self(doctor)) {
		doctor_meet(doctor, finding_problem(doctor->findings, NULL, "%s", message),
			READY_LIBVIRT_MEMBER);
		return;
	}
	finding_run(finding_warning(doctor->findings, NULL, "%s has no permission to use it: %s",
			    doctor->asking->name, message),
		"sudo hotseat doctor", NULL);
}

/* The error has its own advice, which fits its URI. */
static void say_advice(Doctor *doctor, const char *message)
{
	const char *advice = doctor->found.guests_error->message + strlen(message);
	Finding *finding = finding_problem(doctor->findings, NULL, "%s", message);

	finding_advise(finding, "%s",
		*advice != '\0' ? advice + strlen("; ")
				: "correct libvirt.uri in the configuration");
}

static void say_unreachable(Doctor *doctor)
{
	const GError *error = doctor->found.guests_error;
	gboolean system = g_str_has_prefix(doctor->places.machine.libvirt_uri, "qemu:///system");
	g_autofree char *message = without_advice(error->message);

	if (error->code == HOTSEAT_ERROR_NO_PERMISSION)
		say_forbidden(doctor, message);
	else if (system && say_failing(doctor))
		return;
	else if (error->code == HOTSEAT_ERROR_TIMED_OUT)
		say_hanging(doctor);
	else if (system)
		start(doctor, finding_problem(doctor->findings, NULL, "%s", message));
	else
		say_advice(doctor, message);
}

/* Each user has a session of their own: the one that answers here is not the one that the daemon
 * would reach. */
static void check_session(Doctor *doctor)
{
	Finding *finding;

	if (doctor->user->uid == doctor->asking->uid)
		return;
	finding = finding_problem(doctor->findings, NULL,
		"hotseatd runs as %s, whose %s has none of your guests", doctor->user->name,
		doctor->places.machine.libvirt_uri);
	finding_advise(finding, "run a hotseatd of your own: hotseat setup --user");
}

void check_libvirt(Doctor *doctor)
{
	const char *uri = doctor->places.machine.libvirt_uri;

	if (doctor->config != NULL && doctor->config->libvirt_uri == NULL) {
		finding_ok(doctor->findings, NULL, "not needed: there are no guests");
		return;
	}
	if (advice_is_session(uri))
		check_session(doctor);
	if (doctor->found.guests == NULL) {
		say_unreachable(doctor);
		return;
	}
	if (!g_str_has_prefix(uri, "qemu:///system")) {
		finding_ok(doctor->findings, NULL, "answers at %s", uri);
		return;
	}
	/* every user may look; attaching devices needs permission by the socket's mode or by
	 * polkit, which checks the group */
	if (doctor_require(doctor, READY_LIBVIRT_MEMBER))
		finding_ok(doctor->findings, NULL, "answers at %s, and %s may use it", uri,
			doctor->user->name);
	doctor_require(doctor, READY_LIBVIRT_BOOT);
}
