/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor/doctor.h"

#include "cli/client.h"
#include "common/command.h"
#include "common/json.h"
#include "common/libvirt-host.h"
#include "common/socket.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* -- it does not run -------------------------------------------------------------------------- */

/* Is this the config that the system's service would read? */
static gboolean is_system(const Doctor *doctor)
{
	return g_str_has_prefix(doctor->config_path, "/etc/");
}

/* The service would not start. */
static void say_no_config(Doctor *doctor)
{
	finding_warning(doctor->findings, HOTSEATD_UNIT,
		"hotseatd is not running: it has no valid configuration");
}

/* If systemd has not answered, nothing is known about the service. */
static void say_no_service(Doctor *doctor, const char *why)
{
	g_autofree char *quoted = command_word(doctor->config_path);

	if (doctor->config == NULL)
		say_no_config(doctor);
	else
		finding_advise(
			finding_problem(doctor->findings, NULL, "hotseatd is not running%s", why),
			"start it: hotseatd --config %s", quoted);
}

static void say_stopped(Doctor *doctor)
{
	gboolean enabled = units_enabled(doctor->units, HOTSEATD_UNIT);
	Finding *failure;

	if (!units_has(doctor->units, HOTSEATD_UNIT)) {
		say_no_service(doctor, "");
	} else if (!units_loaded(doctor->units, HOTSEATD_UNIT)) {
		say_no_service(doctor, ", and its service is not installed");
	} else if ((failure = doctor_find_failure(doctor, HOTSEATD_UNIT)) != NULL) {
		finding_run_as_root(failure, "systemctl restart hotseatd", NULL);
	} else if (doctor->config == NULL) {
		say_no_config(doctor);
	} else if (!is_system(doctor) && !enabled) {
		say_no_service(doctor, ", and no service uses this configuration");
	} else {
		doctor_require(doctor, READY_SERVICE_RUNS);
	}
}

/* -- it runs ---------------------------------------------------------------------------------- */

static void check_root(Doctor *doctor)
{
	Finding *finding;

	if (doctor->daemon.pid == 0 || doctor->user->uid != 0)
		return;
	finding = finding_warning(
		doctor->findings, NULL, "hotseatd runs as root, which is not needed");
	if (units_loaded(doctor->units, HOTSEATD_UNIT))
		finding_advise(finding,
			"stop it, and start the service instead: systemctl enable --now hotseatd");
	else
		finding_advise(
			finding, "run it as a user in the groups i2c and %s", libvirt_group());
}

static void check_same_config(Doctor *doctor)
{
	const char *other = doctor->daemon.config;
	Finding *finding;

	if (other == NULL || g_str_equal(other, doctor->config_path))
		return;
	finding = finding_warning(doctor->findings, NULL,
		"the running hotseatd uses another configuration, %s", other);
	finding_run(finding, "hotseat doctor", other, NULL);
}

static void restart(const Doctor *doctor, Finding *finding)
{
	if (units_active(doctor->units, HOTSEATD_UNIT))
		finding_run_as_root(finding, "systemctl restart hotseatd", NULL);
	else
		finding_advise(
			finding, "stop hotseatd (pid %d) and start it again", doctor->daemon.pid);
}

/* Asks the daemon, which may be too busy, or too broken, to answer. */
static void check_answers(Doctor *doctor)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ClientAnswer) answer =
		client_ask(doctor->places.socket, "/status", NULL, CLIENT_TIMEOUT_MS, &error);
	const char *version;

	if (answer == NULL) {
		restart(doctor,
			finding_problem(doctor->findings, NULL,
				"hotseatd is running and does not answer: %s", error->message));
		return;
	}
	version = member_text(json_node_get_object(answer->root), "version");
	if (g_strcmp0(version, HOTSEAT_VERSION) == 0)
		finding_ok(doctor->findings, NULL, "hotseatd %s answers; it runs as %s", version,
			doctor->user->name);
	else
		restart(doctor, finding_warning(doctor->findings, NULL,
					"the running hotseatd is version %s, but the installed one "
					"is " HOTSEAT_VERSION,
					version != NULL ? version : "unknown"));
}

/* -- its socket ------------------------------------------------------------------------------- */

static void say_forbidden(Doctor *doctor)
{
	Finding *finding = finding_problem(doctor->findings, doctor->places.socket,
		"%s has no permission to request a switch from hotseatd", doctor->asking->name);

	doctor_meet(doctor, finding, READY_PERSON);
}

static void say_stale(Doctor *doctor)
{
	Finding *finding = finding_warning(doctor->findings, doctor->places.socket,
		"no process listens there: a killed hotseatd has left it behind");

	finding_run_as_root(finding, "rm -f", doctor->places.socket, NULL);
}

/* Root has every permission: the check is about the user who will press the shortcut. */
static void check_asking(Doctor *doctor)
{
	if (doctor->asking->uid != 0 &&
		!person_may(doctor->asking, doctor->places.socket, PERSON_WRITE))
		say_forbidden(doctor);
}

static void check_socket(Doctor *doctor)
{
	switch (doctor->daemon.connect_errno) {
	case 0:
		check_answers(doctor);
		check_asking(doctor);
		break;
	case EACCES:
	case EPERM:
		say_forbidden(doctor);
		break;
	case ECONNREFUSED:
		say_stale(doctor);
		say_stopped(doctor);
		break;
	default:
		say_stopped(doctor);
	}
}

/* -- another that would move the same things -------------------------------------------------- */

static void check_virtkvm(Doctor *doctor)
{
	gboolean runs = units_active(doctor->units, "virtkvm.service");
	Finding *finding;

	if (!runs && !units_enabled(doctor->units, "virtkvm.service"))
		return;
	finding = finding_problem(doctor->findings, "virtkvm.service",
		"virtkvm %s: both would move the same monitors and devices",
		runs ? "runs too" : "is started at boot");
	finding_run_as_root(finding, "systemctl disable --now virtkvm.service", NULL);
}

void check_service(Doctor *doctor)
{
	if (!units_known(doctor->units))
		finding_warning(doctor->findings, NULL,
			"systemd did not answer: its services were not checked");
	/* The service can take a while to start. If its user is missing, it never starts. */
	doctor_require(doctor, READY_ACCOUNT);
	check_socket(doctor);
	if (units_active(doctor->units, HOTSEATD_UNIT))
		doctor_require(doctor, READY_SERVICE_BOOT);
	check_root(doctor);
	check_same_config(doctor);
	check_virtkvm(doctor);
}
