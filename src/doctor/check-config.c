/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor/doctor.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How the config reader's warning of a file with a secret that others can read begins; the file
 * follows up to the semicolon. */
#define READABLE "others can read the secret in "

static void say_missing(Doctor *doctor)
{
	Finding *finding =
		finding_problem(doctor->findings, doctor->config_path, "there is no configuration");

	doctor_setup(doctor, finding, "");
}

/* The service's config belongs to its user, and is nobody else's business. */
static void say_unreadable(Doctor *doctor)
{
	g_autofree char *quoted = finding_quote(doctor->config_path);
	Finding *finding = finding_problem(doctor->findings, doctor->config_path,
		"%s, as whom hotseatd runs, cannot read it", doctor->user->name);

	finding_run_as_root(doctor->findings, finding, "chown %s: %s", doctor->user->name, quoted);
	finding_run_as_root(doctor->findings, finding, "chmod 600 %s", quoted);
}

static void say_invisible(Doctor *doctor)
{
	Finding *finding = finding_warning(doctor->findings, doctor->config_path,
		"%s may not read it, so that nothing it names was looked at", doctor->asking->name);
	g_autofree char *quoted = finding_quote(doctor->config_path);

	finding_run(finding, "sudo hotseat doctor %s", quoted);
}

static void say_secret(Doctor *doctor, const char *message)
{
	const char *path = message + strlen(READABLE);
	g_autofree char *file = g_strndup(path, strcspn(path, ";"));
	g_autofree char *quoted = finding_quote(file);
	Finding *finding =
		finding_warning(doctor->findings, file, "others can read the secret in it");

	finding_run_as_root(doctor->findings, finding, "chmod o= %s", quoted);
}

static void say_mistake(Doctor *doctor, const ConfigProblem *problem)
{
	g_autofree char *place = problem->line > 0
					 ? g_strdup_printf("%s:%u:%u", doctor->config_path,
						   problem->line, problem->column)
					 : g_strdup(doctor->config_path);
	g_autofree char *quoted = finding_quote(doctor->config_path);
	Finding *finding;

	if (g_str_has_prefix(problem->message, READABLE)) {
		say_secret(doctor, problem->message);
		return;
	}
	finding = finding_at(doctor->findings, problem->warning ? FINDING_WARNING : FINDING_PROBLEM,
		place, "%s", problem->message);
	finding_advise(finding,
		"edit the file there (hotseat.yaml(5) has every key) until `hotseat check-config "
		"%s` "
		"is content",
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
	g_autofree char *quoted = NULL;

	if (path == NULL || doctor_may(doctor, path, PERSON_READ))
		return;
	quoted = finding_quote(path);
	finding = finding_problem(doctor->findings, path,
		"%s, as whom hotseatd runs, cannot read the secret in it", doctor->user->name);
	finding_run_as_root(doctor->findings, finding, "chown %s: %s", doctor->user->name, quoted);
	finding_run_as_root(doctor->findings, finding, "chmod 600 %s", quoted);
}

void check_config_file(Doctor *doctor)
{
	struct stat st;
	gboolean there = stat(doctor->config_path, &st) == 0;
	gboolean hidden = !there && errno == EACCES; /* its folder is */
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
