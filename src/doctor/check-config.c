/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor/doctor.h"

#include "common/command.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The beginning of the config reader's warning about a file with a secret that others can read. The
 * file's name follows, up to the semicolon. */
#define READABLE "other users can read the secret in "

static void say_missing(Doctor *doctor)
{
	Finding *finding =
		finding_problem(doctor->findings, doctor->config_path, "there is no configuration");

	doctor_setup(doctor, finding, NULL, FALSE);
}

/* Adds the commands that make the daemon's user the owner of a file, and the only one who can read
 * it. */
static void give(const Doctor *doctor, Finding *finding, const char *path)
{
	g_autofree char *owner = g_strconcat(doctor->user->name, ":", NULL);

	finding_run_as_root(finding, "chown", owner, path, NULL);
	finding_run_as_root(finding, "chmod 600", path, NULL);
}

/* The service's config belongs to its user, and other users should not read it. */
static void say_unreadable(Doctor *doctor)
{
	Finding *finding = finding_problem(doctor->findings, doctor->config_path,
		"the user %s, which runs hotseatd, cannot read it", doctor->user->name);

	give(doctor, finding, doctor->config_path);
}

static void say_invisible(Doctor *doctor)
{
	Finding *finding = finding_warning(doctor->findings, doctor->config_path,
		"%s cannot read it, so the rest was not checked", doctor->asking->name);

	finding_run(finding, "sudo hotseat doctor", doctor->config_path, NULL);
}

static void say_secret(Doctor *doctor, const char *message)
{
	const char *path = message + strlen(READABLE);
	g_autofree char *file = g_strndup(path, strcspn(path, ";"));
	Finding *finding =
		finding_warning(doctor->findings, file, "other users can read the secret in it");

	finding_run_as_root(finding, "chmod o=", file, NULL);
}

static void say_mistake(Doctor *doctor, const ConfigProblem *problem)
{
	g_autofree char *place = problem->line > 0
					 ? g_strdup_printf("%s:%u:%u", doctor->config_path,
						   problem->line, problem->column)
					 : g_strdup(doctor->config_path);
	g_autofree char *quoted = command_word(doctor->config_path);
	Finding *finding;

	if (g_str_has_prefix(problem->message, READABLE)) {
		say_secret(doctor, problem->message);
		return;
	}
	finding = finding_at(doctor->findings, problem->warning ? FINDING_WARNING : FINDING_PROBLEM,
		place, "%s", problem->message);
	finding_advise(finding,
		"edit the file there (hotseat.yaml(5) has every key) until `hotseat check-config "
		"%s` finds no mistakes",
		quoted);
}

static void say_fine(Doctor *doctor)
{
	const Config *config = doctor->config;

	finding_ok(doctor->findings, doctor->config_path,
		"no mistakes; displays: %u, devices: %u, guests: %u", config->displays->len,
		config->devices->len, config->guests->len);
}

static void check_secret_file(Doctor *doctor)
{
	const char *path = doctor->config->http_secret_file;
	Finding *finding;

	if (path == NULL || doctor_may(doctor, path, PERSON_READ))
		return;
	finding = finding_problem(doctor->findings, path,
		"the user %s, which runs hotseatd, cannot read the secret in it",
		doctor->user->name);
	give(doctor, finding, path);
}

void check_config_file(Doctor *doctor)
{
	struct stat st;
	gboolean there = stat(doctor->config_path, &st) == 0;
	gboolean hidden = !there && errno == EACCES; /* it is in a folder that cannot be read */
	gboolean daemon_reads = there && doctor_may(doctor, doctor->config_path, PERSON_READ);

	if (!there) {
		(hidden ? say_invisible : say_missing)(doctor);
		return;
	}
	if (!daemon_reads)
		say_unreadable(doctor);
	if (access(doctor->config_path, R_OK) != 0) {
		if (daemon_reads)
			say_invisible(doctor);
		return;
	}
	for (guint i = 0; i < doctor->config_problems->len; i++)
		say_mistake(doctor, doctor->config_problems->pdata[i]);
	if (doctor->config == NULL)
		return;
	check_secret_file(doctor);
	if (daemon_reads && doctor->config_problems->len == 0)
		say_fine(doctor);
}
