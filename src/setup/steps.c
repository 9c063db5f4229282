/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setup/steps.h"

#include "common/accounts.h"
#include "common/command.h"
#include "ready/module.h"
#include "setup/save.h"

#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define UNIT	    "hotseatd.service"
#define INPUT_UNIT  "hotseat-inputd.socket"
#define INPUT_GROUP "input"
#define GROUPS_MAX  256

/* Where systemd and udev look, from the one that counts most. */
static const char *const prefixes[] = { "/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib" };

/* The groups that may use monitors and guests. Members of "input" can read all that is typed:
 * hotseatd does not need that. */
static const char *const device_groups[] = { "i2c", "libvirt" };

typedef struct {
	const StepPlaces *places;
	GPtrArray *steps, *missing;
	gboolean new_rights; /* udev's rules have to be applied again */
	gboolean new_groups; /* the user gets groups, which take effect at the next login */
} Finding;

static void step_free(gpointer data)
{
	Step *step = data;

	g_free(step->why);
	g_strfreev(step->argv);
	g_free(step);
}

/* argv: words, NULL at the end */
static Step *add(Finding *finding, const char *why, const char *const *argv)
{
	Step *step = g_new0(Step, 1);

	step->why = g_strdup(why);
	step->argv = g_strdupv((char **)argv);
	step->root = TRUE;
	g_ptr_array_add(finding->steps, step);
	return step;
}

#define ADD(finding, why, ...) add(finding, why, (const char *const[]){ __VA_ARGS__, NULL })

static gboolean is_there(const Finding *finding, const char *path)
{
	g_autofree char *full = g_strconcat(finding->places->root, path, NULL);

	return g_file_test(full, G_FILE_TEST_EXISTS);
}

/* Is "<prefix>/<folder>/<name>" there, with one of systemd's prefixes? */
static gboolean is_installed(const Finding *finding, const char *folder, const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(prefixes); i++) {
		g_autofree char *path = g_build_filename(prefixes[i], folder, name, NULL);

		if (is_there(finding, path))
			return TRUE;
	}
	return FALSE;
}

static gboolean need_installed(Finding *finding, const char *folder, const char *name)
{
	gboolean installed = is_installed(finding, folder, name);

	if (!installed)
		g_ptr_array_add(finding->missing, g_build_filename(folder, name, NULL));
	return installed;
}

static gboolean in_group(const char *person, const char *group)
{
	const struct passwd *user = getpwnam(person);
	const struct group *entry = getgrnam(group);
	gid_t groups[GROUPS_MAX];
	int count = GROUPS_MAX;

	if (user == NULL || entry == NULL || getgrouplist(person, user->pw_gid, groups, &count) < 0)
		return FALSE;
	for (int i = 0; i < count; i++)
		if (groups[i] == entry->gr_gid)
			return TRUE;
	return FALSE;
}

/* -- users and groups ------------------------------------------------------------------------- */

static gboolean user_is_ready(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(device_groups); i++)
		if (!in_group(HOTSEAT_USER, device_groups[i]))
			return FALSE;
	return TRUE;
}

static void find_user(Finding *finding)
{
	if (user_is_ready() || !need_installed(finding, "sysusers.d", "hotseat.conf"))
		return;
	ADD(finding,
		"makes the user " HOTSEAT_USER " that the service runs as, and the group hotseat",
		"systemd-sysusers", "hotseat.conf");
	finding->new_rights = TRUE;
}

static void add_to_group(Finding *finding, const char *group, const char *why)
{
	if (finding->places->person == NULL || in_group(finding->places->person, group))
		return;
	ADD(finding, why, "usermod", "-aG", group, finding->places->person);
	finding->new_groups = TRUE;
}

/* Whose service it is needs the rights; the group may not be there yet. */
static void find_own_groups(Finding *finding)
{
	for (gsize i = 0; i < G_N_ELEMENTS(device_groups); i++) {
		if (getgrnam(device_groups[i]) == NULL)
			ADD(finding, "makes a group that may use the hardware", "groupadd", "-r",
				device_groups[i]);
		add_to_group(finding, device_groups[i],
			"lets you use the hardware, from your next login on");
	}
}

/* -- the kernel, and udev --------------------------------------------------------------------- */

static void find_module(Finding *finding)
{
	if (!is_there(finding, "/sys/class/i2c-dev")) {
		ADD(finding, "loads the driver of the monitors' buses now", "modprobe", "i2c-dev");
		finding->new_rights = TRUE;
	}
	if (!module_at_boot(finding->places->root))
		ADD(finding, "loads it with every start of the computer", "sh", "-c",
			"echo i2c-dev >/etc/modules-load.d/hotseat.conf");
}

/* Is a bus not yet open to the group i2c? */
static gboolean is_closed(const Finding *finding, const char *name)
{
	const struct group *group = getgrnam("i2c");
	g_autofree char *path = g_strconcat(finding->places->root, "/dev/", name, NULL);
	struct stat st;

	return group != NULL && stat(path, &st) == 0 &&
	       (st.st_gid != group->gr_gid || (st.st_mode & 0060) != 0060);
}

static gboolean any_bus_is_closed(const Finding *finding)
{
	g_autofree char *class = g_strconcat(finding->places->root, "/sys/class/i2c-dev", NULL);
	g_autoptr(GDir) dir = g_dir_open(class, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (!is_closed(finding, name))
			return FALSE; /* the rules were applied: the others are no monitors' */
	return TRUE;
}

static void find_rules(Finding *finding)
{
	if (!need_installed(finding, "udev/rules.d", "74-hotseat.rules"))
		return;
	if (!finding->new_rights && !any_bus_is_closed(finding))
		return;
	ADD(finding, "has udev read its rules anew", "udevadm", "control", "--reload");
	ADD(finding, "opens monitors' buses, keyboards and mice to who needs them", "udevadm",
		"trigger", "--settle", "-s", "i2c-dev", "-s", "usb");
}

/* -- the config ------------------------------------------------------------------------------- */

static void add_backup(Finding *finding, const char *path)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	g_autofree char *stamp = g_date_time_format(now, "%Y%m%d-%H%M%S");
	g_autofree char *backup = g_strdup_printf("%s.before-%s", path, stamp);

	if (is_there(finding, path))
		ADD(finding, "keeps what is there now", "ln", path, backup);
}

/* As this user cannot write there: the same as save_config(), by root's hand. */
static void find_staged(Finding *finding)
{
	const StepPlaces *places = finding->places;
	g_autofree char *folder = g_path_get_dirname(places->path);
	g_autofree char *config = NULL, *secret = NULL, *new = NULL, *secret_to = NULL;

	if (places->staged == NULL)
		return;
	config = g_build_filename(places->staged, "config.yaml", NULL);
	secret = g_build_filename(places->staged, "secret", NULL);
	new = g_strconcat(places->path, ".new", NULL);
	secret_to = secret_path(places->path);
	if (!is_there(finding, folder))
		ADD(finding, "makes the folder", "install", "-d", "-m", "755", folder);
	if (places->secret) {
		add_backup(finding, secret_to);
		ADD(finding, "puts the secret there", "install", "-m", "600", secret, secret_to);
	}
	add_backup(finding, places->path);
	ADD(finding, "puts the configuration there", "install", "-m", "600", config, new);
	ADD(finding, "all at once", "mv", "-T", new, places->path);
}

static gboolean belongs(const Finding *finding, const char *path)
{
	const struct passwd *user = getpwnam(HOTSEAT_USER);
	g_autofree char *full = g_strconcat(finding->places->root, path, NULL);
	struct stat st;

	return user != NULL && stat(full, &st) == 0 && st.st_uid == user->pw_uid;
}

static void find_owner(Finding *finding)
{
	const char *path = finding->places->path;
	g_autofree char *secret = secret_path(path);
	gboolean both = finding->places->secret || is_there(finding, secret);

	if (getpwnam(HOTSEAT_USER) == NULL && !is_installed(finding, "sysusers.d", "hotseat.conf"))
		return;
	if (finding->places->staged == NULL && belongs(finding, path) &&
		(!both || belongs(finding, secret)))
		return;
	ADD(finding, "lets the service, and nobody else, read it", "chown", HOTSEAT_USER ":", path,
		both ? secret : NULL);
}

/* As the config's owner is to read the key, it comes after find_owner(). */
static void find_certificate(Finding *finding)
{
	const StepPlaces *places = finding->places;
	Step *step;

	if (places->certificate == NULL || is_there(finding, places->certificate))
		return;
	step = ADD(finding, "makes the key and the certificate for TLS", "hotseat", "certificate",
		"new", "--config", places->path);
	step->root = !save_may(places->path);
}

/* -- the service ------------------------------------------------------------------------------ */

/* The sockets of hotseat-inputd: hotseatd connects, and systemd starts it. */
static void find_input(Finding *finding)
{
	if (!finding->places->input || !need_installed(finding, "systemd/system", INPUT_UNIT) ||
		is_there(finding, "/etc/systemd/system/sockets.target.wants/" INPUT_UNIT))
		return;
	ADD(finding, "has systemd read its units again", "systemctl", "daemon-reload");
	ADD(finding, "lets hotseat-inputd forward keyboards and mice, now and with every start",
		"systemctl", "enable", "--now", INPUT_UNIT);
}

static void find_system_service(Finding *finding)
{
	if (!need_installed(finding, "systemd/system", UNIT))
		return;
	if (!is_there(finding, "/etc/systemd/system/multi-user.target.wants/" UNIT)) {
		ADD(finding, "has systemd read its units anew", "systemctl", "daemon-reload");
		ADD(finding, "starts hotseatd with every start of the computer", "systemctl",
			"enable", UNIT);
	}
	ADD(finding, "starts it now, with this configuration", "systemctl", "restart", UNIT);
}

/* A user's own reads event nodes with the user's rights. */
static void find_own_input(Finding *finding)
{
	Step *step;

	if (!finding->places->input || !need_installed(finding, "systemd/user", INPUT_UNIT))
		return;
	if (getgrnam(INPUT_GROUP) != NULL)
		add_to_group(finding, INPUT_GROUP,
			"lets hotseat-inputd, and all your other programs, read what is typed, "
			"from your next login on");
	step = ADD(finding, "lets your hotseat-inputd forward keyboards and mice", "systemctl",
		"--user", "enable", "--now", INPUT_UNIT);
	step->root = FALSE;
	step->later = finding->new_groups;
}

static void find_own_service(Finding *finding)
{
	static const char *const commands[][3] = {
		{ "daemon-reload", NULL },
		{ "enable", UNIT, NULL },
		{ "restart", UNIT, NULL },
	};

	if (!need_installed(finding, "systemd/user", UNIT))
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
		Step *step = ADD(finding, "starts hotseatd with your sessions, and now",
			"systemctl", "--user", commands[i][0], commands[i][1]);

		step->root = FALSE;
		step->later = finding->new_groups;
	}
}

static void find_for_system(Finding *finding)
{
	find_user(finding);
	find_module(finding);
	find_rules(finding);
	find_staged(finding);
	find_owner(finding);
	find_certificate(finding);
	add_to_group(finding, HOTSEAT_GROUP, "lets you ask for a switch, from your next login on");
	find_input(finding);
	find_system_service(finding);
}

static void find_for_person(Finding *finding)
{
	find_own_groups(finding);
	find_module(finding);
	find_rules(finding);
	find_certificate(finding);
	find_own_input(finding);
	find_own_service(finding);
}

static void find_elsewhere(Finding *finding)
{
	find_staged(finding);
	find_certificate(finding);
}

GPtrArray *steps_find(const StepPlaces *places, GPtrArray *missing)
{
	Finding finding = { .places = places,
		.steps = g_ptr_array_new_with_free_func(step_free),
		.missing = missing };

	if (!places->standard_path)
		find_elsewhere(&finding);
	else if (places->user)
		find_for_person(&finding);
	else
		find_for_system(&finding);
	return finding.steps;
}

GPtrArray *steps_before_looking(const char *root)
{
	StepPlaces places = { .root = root };
	Finding finding = { .places = &places, .steps = g_ptr_array_new_with_free_func(step_free) };

	if (!is_there(&finding, "/sys/class/i2c-dev"))
		ADD(&finding, "loads the driver of the monitors' buses", "modprobe", "i2c-dev");
	return finding.steps;
}

/* -- running ---------------------------------------------------------------------------------- */

static gboolean needs_sudo(const Step *step)
{
	return step->root && geteuid() != 0;
}

char *step_command(const Step *step)
{
	g_autofree char *text = command_text((const char *const *)step->argv);

	return g_strconcat(needs_sudo(step) ? "sudo " : "", text, NULL);
}

static GStrv full_argv(const Step *step, gboolean quiet)
{
	GStrvBuilder *builder = g_strv_builder_new();
	GStrv argv;

	if (needs_sudo(step)) {
		g_strv_builder_add(builder, "sudo");
		if (quiet)
			g_strv_builder_add(builder, "-n");
	}
	g_strv_builder_addv(builder, (const char **)step->argv);
	argv = g_strv_builder_end(builder);
	g_strv_builder_unref(builder);
	return argv;
}

gboolean step_run(const Step *step, gboolean quiet, char **said)
{
	g_auto(GStrv) argv = full_argv(step, quiet);
	g_autoptr(GError) error = NULL;
	g_autofree char *out = NULL, *err = NULL;
	gboolean good;
	int status;

	good = g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_CHILD_INHERITS_STDIN,
		       NULL, NULL, &out, &err, &status, &error) &&
	       g_spawn_check_wait_status(status, &error);
	if (!good)
		*said = g_strconcat(error->message, "\n", out, err, NULL);
	return good;
}
