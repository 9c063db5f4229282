/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor/doctor.h"

#include "common/accounts.h"
#include "common/command.h"
#include "device/found.h"
#include "find/conflicts.h"
#include "guest/advice.h"
#include "guest/found.h"
#include "ready/process.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LOG_IN_AGAIN "then log out and back in: groups take effect at login"

/* In the order in which a user would search: each check relies on those before it. */
static const struct {
	const char *area;
	void (*check)(Doctor *doctor);
	gboolean needs_config; /* the check is not called without one */
} checks[] = {
	{ "config", check_config_file, FALSE },
	{ "kernel", check_kernel, FALSE },
	{ "displays", check_displays, TRUE },
	{ "devices", check_devices, TRUE },
	{ "devices", check_grabbers, TRUE },
	{ "input", check_forwarding, TRUE },
	{ "libvirt", check_libvirt, FALSE },
	{ "guests", check_guests, TRUE },
	{ "hooks", check_hooks, FALSE },
	{ "service", check_service, FALSE },
	{ "http", check_http, TRUE },
};

DoctorPlaces doctor_places(const char *socket)
{
	return (DoctorPlaces){
		.machine = machine_here(),
		.root = "",
		.proc = "/proc",
		.socket = socket,
		.ask = process_ask,
	};
}

/* -- the daemon ------------------------------------------------------------------------------- */

/* Asks the kernel who listens on the socket, not the daemon: even a daemon that hangs can be
 * named. */
static void look_at_daemon(Doctor *doctor)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	DoctorDaemon *daemon = &doctor->daemon;
	struct ucred peer;
	socklen_t length = sizeof peer;

	g_strlcpy(address.sun_path, doctor->places.socket, sizeof address.sun_path);
	if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
		daemon->connect_errno = errno;
	else if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0)
		daemon->pid = peer.pid;
	close(fd);
	/* A user without access to the socket can ask systemd. */
	if (daemon->pid == 0 && daemon->connect_errno == EACCES)
		daemon->pid = atoi(units_get(doctor->units, HOTSEATD_UNIT, "MainPID"));
	if (daemon->pid != 0) {
		g_auto(GStrv) argv = process_argv(doctor->places.proc, daemon->pid);

		daemon->config = g_strdup(argv_option(argv, "--config", "-c"));
	}
}

static void add_unit_groups(Doctor *doctor, Person *person)
{
	g_auto(GStrv) names =
		g_strsplit(units_get(doctor->units, HOTSEATD_UNIT, "SupplementaryGroups"), " ", -1);

	person_add_groups(person, names);
}

/* The config is for the system's service if it is the system's config, or if the service is set to
 * start. When systemd did not answer, doctor assumes that the service exists. */
static gboolean is_for_service(const Doctor *doctor)
{
	gboolean system = g_str_has_prefix(doctor->config_path, "/etc/");

	if (!units_has(doctor->units, HOTSEATD_UNIT))
		return system;
	return units_loaded(doctor->units, HOTSEATD_UNIT) &&
	       (system || units_enabled(doctor->units, HOTSEATD_UNIT));
}

static Person *find_user(Doctor *doctor)
{
	Person *person = NULL;
	const char *name = units_has(doctor->units, HOTSEATD_UNIT)
				   ? units_get(doctor->units, HOTSEATD_UNIT, "User")
				   : HOTSEAT_USER;

	if (doctor->daemon.pid != 0)
		person = person_of_process(doctor->places.proc, doctor->daemon.pid);
	if (person == NULL && is_for_service(doctor)) {
		person = *name != '\0' ? person_named(name) : person_numbered(0);
		if (person != NULL)
			add_unit_groups(doctor, person);
	}
	return person != NULL ? person : person_self();
}

/* -- all of it -------------------------------------------------------------------------------- */

static void look(Doctor *doctor)
{
	Machine *machine = &doctor->places.machine;

	doctor->config_problems = config_problems_new();
	doctor->config = config_load(doctor->config_path, doctor->config_problems);
	if (doctor->config != NULL && doctor->config->libvirt_uri != NULL)
		machine->libvirt_uri = doctor->config->libvirt_uri;
	doctor->units = units_look(doctor->places.ask);
	look_at_daemon(doctor);
	doctor->user = find_user(doctor);
	doctor->asking = person_asking();
	doctor->found = machine_look(machine, LOOK_HUBS, NULL, machine_progress);
	if (doctor->config != NULL)
		doctor->conflicts = conflicts_look(
			machine->sysfs, doctor->places.root, doctor->config, doctor->found.guests);
}

Doctor *doctor_run(const DoctorPlaces *places, const char *config_path)
{
	Doctor *doctor = g_new0(Doctor, 1);

	doctor->places = *places;
	doctor->config_path = g_strdup(config_path);
	doctor->findings = findings_new(geteuid() != 0);
	look(doctor);
	for (gsize i = 0; i < G_N_ELEMENTS(checks); i++) {
		doctor->findings->area = checks[i].area;
		if (doctor->config != NULL || !checks[i].needs_config)
			checks[i].check(doctor);
	}
	return doctor;
}

void doctor_free(Doctor *doctor)
{
	findings_free(doctor->findings);
	g_free(doctor->config_path);
	g_ptr_array_unref(doctor->config_problems);
	config_free(doctor->config);
	units_free(doctor->units);
	g_free(doctor->daemon.config);
	person_free(doctor->user);
	person_free(doctor->asking);
	found_clear(&doctor->found);
	g_clear_pointer(&doctor->conflicts, g_ptr_array_unref);
	g_free(doctor);
}

/* -- for the checks --------------------------------------------------------------------------- */

char *doctor_path(const Doctor *doctor, const char *path)
{
	return g_strconcat(doctor->places.root, path, NULL);
}

gboolean doctor_is_self(const Doctor *doctor)
{
	return doctor->user->uid == geteuid();
}

gboolean doctor_may(const Doctor *doctor, const char *path, guint wanted)
{
	int mode = (wanted & PERSON_READ ? R_OK : 0) | (wanted & PERSON_WRITE ? W_OK : 0);

	if (doctor_is_self(doctor) && doctor->user->uid != 0 && doctor->daemon.pid == 0)
		return access(path, mode) == 0;
	return person_may(doctor->user, path, wanted);
}

/* A process gets its user's new group only after a restart. */
static void add_restart(const Doctor *doctor, Finding *finding)
{
	if (units_active(doctor->units, HOTSEATD_UNIT))
		finding_run_as_root(finding, "systemctl restart hotseatd", NULL);
	else if (doctor_is_self(doctor))
		finding_advise(finding, LOG_IN_AGAIN);
}

void doctor_join_group(const Doctor *doctor, Finding *finding, const char *group)
{
	finding_run_as_root(finding, "usermod -aG", group, doctor->user->name, NULL);
	add_restart(doctor, finding);
}

static Host host_of(const Doctor *doctor)
{
	const Config *config = doctor->config;
	const char *name = units_get(doctor->units, HOTSEATD_UNIT, "User");
	g_autoptr(Person) account = *name != '\0' ? person_named(name) : NULL;
	gboolean absent = *name != '\0' && account == NULL;

	return (Host){ .root = doctor->places.root,
		.units = doctor->units,
		.user_name = absent ? name : doctor->user->name,
		.user = absent ? NULL : doctor->user,
		.person = doctor->asking,
		.input = config != NULL && config_has_via(config, VIA_INPUT),
		.libvirt = config == NULL || config->libvirt_uri != NULL };
}

void doctor_meet(const Doctor *doctor, Finding *finding, ReadyId id)
{
	const Host host = host_of(doctor);
	const char *file = requirements[id].file;
	g_autoptr(GPtrArray) steps = steps_new();

	if (file != NULL && !ready_is_installed(doctor->places.root, file)) {
		finding_advise(finding, "install hotseat: %s is missing", file);
		return;
	}
	ready_add_steps(&host, id, steps);
	for (guint i = 0; i < steps->len; i++) {
		const ReadyStep *step = steps->pdata[i];
		g_autofree char *command = command_text((const char *const *)step->argv);

		(step->root ? finding_run_as_root : finding_run)(finding, command, NULL);
	}
	if (id == READY_PERSON)
		finding_advise(finding, LOG_IN_AGAIN);
	else if (requirements[id].at_login)
		add_restart(doctor, finding);
}

void doctor_say(Doctor *doctor, ReadyId id)
{
	const Host host = host_of(doctor);
	g_autofree char *why = ready_why(&host, id);
	FindingLevel level = requirements[id].only_at_start ? FINDING_WARNING : FINDING_PROBLEM;

	doctor_meet(doctor, finding_at(doctor->findings, level, NULL, "%s", why), id);
}

gboolean doctor_require(Doctor *doctor, ReadyId id)
{
	const Host host = host_of(doctor);
	gboolean unmet = requirements[id].met(&host) == READY_UNMET;

	if (unmet)
		doctor_say(doctor, id);
	return !unmet;
}

Finding *doctor_find_failure(Doctor *doctor, const char *unit)
{
	g_autofree char *failure = units_failure(doctor->units, unit);

	return failure == NULL ? NULL
			       : finding_problem(doctor->findings, NULL,
					 "%s; `journalctl -n 30 -u %s` shows why", failure, unit);
}

void doctor_setup(const Doctor *doctor, Finding *finding, const char *guest, gboolean yes)
{
	const char *path = doctor->config_path;
	g_autofree char *own = config_standard_path(TRUE);
	g_autofree char *folder = g_path_get_dirname(path);
	g_autoptr(GString) command = g_string_new("hotseat setup");
	gboolean there = g_file_test(path, G_FILE_TEST_EXISTS);
	gboolean is_own = g_str_equal(path, own);

	if (there)
		command_add_option(command, "--from", path);
	/* Without --config, setup writes the system's configuration. */
	if (is_own)
		g_string_append(command, " --user");
	else if (!config_is_system(path))
		command_add_option(command, "--output", path);
	if (guest != NULL)
		command_add_option(command, "--guest", guest);
	if (yes)
		g_string_append(command, " --yes");
	if (is_own || (there ? access(path, R_OK | W_OK) : access(folder, W_OK)) == 0)
		finding_run(finding, command->str, NULL);
	else
		finding_run_as_root(finding, command->str, NULL);
}

void doctor_apply_rules(const Doctor *doctor, Finding *finding, const char *node, const char *name,
	const char *rule)
{
	if (rule != NULL) {
		g_autofree char *quoted = g_shell_quote(rule);

		finding_script_as_root(finding, "echo %s >/etc/udev/rules.d/%s", quoted, name);
		finding_run_as_root(finding, "udevadm control --reload", NULL);
	}
	finding_run_as_root(finding, "udevadm trigger --settle", node, NULL);
}

void doctor_stop_process(const Doctor *doctor, Finding *finding, int pid)
{
	g_autofree char *unit = process_unit(doctor->places.proc, pid);
	g_autofree char *number = g_strdup_printf("%d", pid);

	if (unit != NULL)
		finding_run_as_root(finding, "systemctl stop", unit, NULL);
	else
		finding_run_as_root(finding, "kill", number, NULL);
}

void doctor_virsh(const Doctor *doctor, Finding *finding, ...)
{
	const char *uri = doctor->places.machine.libvirt_uri;
	g_autofree char *virsh = advice_virsh(uri);
	g_autoptr(GString) command = g_string_new(virsh);
	const char *word;
	va_list words;

	va_start(words, finding);
	while ((word = va_arg(words, const char *)) != NULL) {
		g_autofree char *quoted = command_word(word);

		g_string_append_printf(command, " %s", quoted);
	}
	va_end(words);
	if (advice_is_session(uri))
		finding_run(finding, command->str, NULL);
	else
		finding_run_as_root(finding, command->str, NULL);
}

void doctor_say_conflicts(Doctor *doctor, const ConfigDevice *device, const ConfigGuest *guest)
{
	for (guint i = 0; doctor->conflicts != NULL && i < doctor->conflicts->len; i++) {
		const Conflict *conflict = doctor->conflicts->pdata[i];
		Finding *finding;

		if (conflict->device != device || conflict->guest != guest)
			continue;
		finding = finding_at(doctor->findings,
			conflict->serious ? FINDING_PROBLEM : FINDING_WARNING,
			device != NULL ? device->name : guest->name, "%s", conflict->message);
		if (conflict->command != NULL)
			finding_run(finding, conflict->command, NULL);
		if (conflict->advice != NULL)
			finding_advise(finding, "%s", conflict->advice);
	}
}
