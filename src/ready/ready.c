/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ready/ready.h"

#include "common/accounts.h"
#include "common/libvirt-host.h"
#include "ready/module.h"

#include <grp.h>
#include <string.h>
#include <sys/stat.h>

#define INPUT_GROUP "input"
#define I2C_GROUP   "i2c"
#define RULES	    "74-hotseat.rules"
#define SYSUSERS    "sysusers.d/hotseat.conf"

/* -- looking ---------------------------------------------------------------------------------- */

static ReadyState met_if(gboolean condition)
{
	return condition ? READY_MET : READY_UNMET;
}

static gboolean is_there(const Host *host, const char *path)
{
	g_autofree char *full = g_strconcat(host->root, path, NULL);

	return g_file_test(full, G_FILE_TEST_EXISTS);
}

gboolean ready_is_installed(const char *root, const char *file)
{
	static const char *const prefixes[] = { "/etc", "/run", "/usr/local/lib", "/usr/lib",
		"/lib" };

	for (gsize i = 0; i < G_N_ELEMENTS(prefixes); i++) {
		g_autofree char *path = g_build_filename(prefixes[i], file, NULL);
		g_autofree char *full = g_strconcat(root, path, NULL);

		if (g_file_test(full, G_FILE_TEST_EXISTS))
			return TRUE;
	}
	return FALSE;
}

/* A user that does not exist yet is created with its groups, and cannot join one before: see
 * READY_ACCOUNT. */
static ReadyState is_member(const Host *host, const char *group)
{
	return met_if(
		host->user == NULL || host->user->uid == 0 || person_in_group(host->user, group));
}

static ReadyState group_exists(const Host *host, const char *group)
{
	return met_if(host->user == NULL || getgrnam(group) != NULL);
}

/* -- accounts --------------------------------------------------------------------------------- */

static ReadyState has_account(const Host *host)
{
	return met_if(host->user != NULL);
}

static ReadyState has_i2c_group(const Host *host)
{
	return group_exists(host, I2C_GROUP);
}

static ReadyState is_i2c_member(const Host *host)
{
	return is_member(host, I2C_GROUP);
}

static ReadyState has_libvirt_group(const Host *host)
{
	return host->libvirt ? group_exists(host, libvirt_group()) : READY_MET;
}

static ReadyState is_libvirt_member(const Host *host)
{
	return host->libvirt ? is_member(host, libvirt_group()) : READY_MET;
}

/* A distribution without this group has other rules for event nodes. */
static ReadyState is_input_member(const Host *host)
{
	return host->input && getgrnam(INPUT_GROUP) != NULL ? is_member(host, INPUT_GROUP)
							    : READY_MET;
}

/* No user can join a group that no package creates. */
static ReadyState may_request(const Host *host)
{
	gboolean comes =
		getgrnam(HOTSEAT_GROUP) != NULL || ready_is_installed(host->root, SYSUSERS);

	return met_if(!comes || host->person == NULL || host->person->uid == 0 ||
		      person_in_group(host->person, HOTSEAT_GROUP));
}

/* -- the kernel, and udev --------------------------------------------------------------------- */

/* The class exists as soon as the driver is loaded, even without buses. */
static ReadyState has_module(const Host *host)
{
	return met_if(is_there(host, "/sys/class/i2c-dev"));
}

static ReadyState has_module_at_boot(const Host *host)
{
	return met_if(module_at_boot(host->root));
}

/* Is a bus open to the group i2c? */
static gboolean is_open(const Host *host, const struct group *group, const char *name)
{
	g_autofree char *path = g_strconcat(host->root, "/dev/", name, NULL);
	struct stat st;

	return group != NULL && (stat(path, &st) != 0 || (st.st_gid == group->gr_gid &&
								 (st.st_mode & 0060) == 0060));
}

/* One accessible bus shows that the rules were applied; the others do not belong to monitors. If a
 * requirement before this one is not met, the rules must be applied again. */
static ReadyState has_rules(const Host *host)
{
	const struct group *group = getgrnam(I2C_GROUP);
	g_autofree char *class = g_strconcat(host->root, "/sys/class/i2c-dev", NULL);
	g_autoptr(GDir) dir = g_dir_open(class, 0, NULL);
	const char *name;

	while (dir != NULL && host->user != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (is_open(host, group, name))
			return READY_MET;
	return READY_UNMET;
}

/* -- units ------------------------------------------------------------------------------------ */

static gboolean is_in_use(const Units *units, const char *unit)
{
	return units_enabled(units, unit) || units_active(units, unit);
}

const LibvirtDaemon *ready_libvirt(const Units *units)
{
	for (gsize i = 0; i < LIBVIRT_DAEMONS; i++)
		if (is_in_use(units, libvirt_daemons[i].socket))
			return &libvirt_daemons[i];
	/* a daemon that listens itself has its socket's unit masked */
	for (gsize i = 0; i < LIBVIRT_DAEMONS; i++)
		if (is_in_use(units, libvirt_daemons[i].service))
			return &libvirt_daemons[i];
	for (gsize i = 0; i < LIBVIRT_DAEMONS; i++)
		if (units_loaded(units, libvirt_daemons[i].socket))
			return &libvirt_daemons[i];
	return NULL;
}

static ReadyState unit_is(
	const Host *host, const char *unit, gboolean (*is)(const Units *units, const char *unit))
{
	return units_has(host->units, unit) ? met_if(is(host->units, unit)) : READY_UNKNOWN;
}

/* Its socket unit starts it, or, on NixOS or with `libvirtd --listen`, its service. */
static ReadyState libvirt_is(const Host *host, gboolean (*is)(const Units *units, const char *unit))
{
	const LibvirtDaemon *daemon = ready_libvirt(host->units);

	if (!host->libvirt)
		return READY_MET;
	if (daemon == NULL)
		return READY_UNKNOWN;
	return is(host->units, daemon->service) ? READY_MET : unit_is(host, daemon->socket, is);
}

static ReadyState libvirt_runs(const Host *host)
{
	return libvirt_is(host, units_active);
}

static ReadyState libvirt_is_enabled(const Host *host)
{
	return libvirt_is(host, units_enabled);
}

static ReadyState has_input_socket(const Host *host)
{
	ReadyState enabled = unit_is(host, INPUT_SOCKET, units_enabled);

	if (!host->input)
		return READY_MET;
	return enabled == READY_MET ? unit_is(host, INPUT_SOCKET, units_active) : enabled;
}

static ReadyState needs_input_socket(const Host *host)
{
	return met_if(!host->input);
}

static ReadyState service_is_enabled(const Host *host)
{
	return unit_is(host, HOTSEATD_UNIT, units_enabled);
}

static ReadyState service_runs(const Host *host)
{
	return unit_is(host, HOTSEATD_UNIT, units_active);
}

/* Only setup asks, which may have written it just now. */
static ReadyState has_read_config(const Host *host)
{
	return READY_UNMET;
}

/* -- the list --------------------------------------------------------------------------------- */

/* "@user" and similar words are replaced: see words below. */
const Requirement requirements[READY_COUNT] = {
	[READY_ACCOUNT] = { "service", has_account,
		"the user @user that the service runs as does not exist",
		{ "systemd-sysusers", "hotseat.conf" }, .needs_root = TRUE, .system = TRUE,
		.file = SYSUSERS, .phase = READY_BEFORE_CONFIG },
	[READY_I2C_GROUP] = { "displays", has_i2c_group,
		"there is no group " I2C_GROUP ", whose members may use the monitors' buses",
		{ "groupadd", "-r", I2C_GROUP }, .needs_root = TRUE, .own = TRUE,
		.phase = READY_BEFORE_CONFIG },
	[READY_I2C_MEMBER] = { "displays", is_i2c_member,
		"@user is not in the group " I2C_GROUP " and cannot use the monitors' buses",
		{ "usermod", "-aG", I2C_GROUP, "@user" }, .needs_root = TRUE, .system = TRUE,
		.own = TRUE, .at_login = TRUE, .phase = READY_BEFORE_CONFIG },
	[READY_LIBVIRT_GROUP] = { "libvirt", has_libvirt_group,
		"there is no group @libvirt, whose members may use libvirt",
		{ "groupadd", "-r", "@libvirt" }, .needs_root = TRUE, .own = TRUE,
		.phase = READY_BEFORE_CONFIG },
	[READY_LIBVIRT_MEMBER] = { "libvirt", is_libvirt_member,
		"@user is not in the group @libvirt and cannot attach devices",
		{ "usermod", "-aG", "@libvirt", "@user" }, .needs_root = TRUE, .system = TRUE,
		.own = TRUE, .at_login = TRUE, .phase = READY_BEFORE_CONFIG },
	[READY_MODULE] = { "kernel", has_module,
		"the driver " I2C_MODULE " is not loaded: no monitor can be reached",
		{ "modprobe", I2C_MODULE }, .needs_root = TRUE, .system = TRUE, .own = TRUE,
		.phase = READY_BEFORE_CONFIG },
	[READY_MODULE_BOOT] = { "kernel", has_module_at_boot,
		"the driver " I2C_MODULE " is not loaded when the computer starts",
		{ "sh", "-c", "echo " I2C_MODULE " >/etc/modules-load.d/hotseat.conf" },
		.needs_root = TRUE, .system = TRUE, .own = TRUE, .only_at_start = TRUE,
		.phase = READY_BEFORE_CONFIG },
	[READY_RULES] = { "displays", has_rules,
		"udev has not applied hotseat's rules, which open monitors' buses, keyboards and "
		"mice",
		{ "udevadm", "control", "--reload", "&&", "udevadm", "trigger", "--settle", "-s",
			"i2c-dev", "-s", "usb" },
		.needs_root = TRUE, .file = "udev/rules.d/" RULES, .system = TRUE, .own = TRUE,
		.phase = READY_BEFORE_CONFIG },
	[READY_LIBVIRT_RUNS] = { "libvirt", libvirt_runs, "libvirt is not running",
		{ "systemctl", "start", "@socket", "@reading" }, .needs_root = TRUE, .system = TRUE,
		.own = TRUE },
	[READY_LIBVIRT_BOOT] = { "libvirt", libvirt_is_enabled, "libvirt is not started at boot",
		{ "systemctl", "enable", "--now", "@socket", "@reading" }, .needs_root = TRUE,
		.system = TRUE, .own = TRUE, .only_at_start = TRUE, .phase = READY_BEFORE_CONFIG },
	[READY_INPUT_MEMBER] = { "input", is_input_member,
		"your hotseat-inputd has no permission to read keyboards; the group " INPUT_GROUP
		" lets it, and all your other programs, read what is typed",
		{ "usermod", "-aG", INPUT_GROUP, "@user" }, .needs_root = TRUE, .own = TRUE,
		.at_login = TRUE, .phase = READY_AFTER_CONFIG },
	[READY_PERSON] = { "service", may_request,
		"@person is not in the group " HOTSEAT_GROUP " and cannot request a switch",
		{ "usermod", "-aG", HOTSEAT_GROUP, "@person" }, .needs_root = TRUE, .system = TRUE,
		.at_login = TRUE, .phase = READY_AFTER_CONFIG },
	[READY_INPUT_SOCKET] = { "input", has_input_socket,
		"hotseat-inputd does not listen: devices that move via input stay with the host",
		{ "systemctl", "enable", "--now", INPUT_SOCKET }, .needs_root = TRUE,
		.system = TRUE, .file = "systemd/system/" INPUT_SOCKET,
		.phase = READY_AFTER_CONFIG },
	[READY_OWN_INPUT_SOCKET] = { "input", needs_input_socket,
		"your hotseat-inputd is not started with your sessions",
		{ "systemctl", "--user", "enable", "--now", INPUT_SOCKET }, .own = TRUE,
		.file = "systemd/user/" INPUT_SOCKET, .in_session = TRUE,
		.phase = READY_AFTER_CONFIG },
	[READY_SERVICE_BOOT] = { "service", service_is_enabled, "hotseatd is not started at boot",
		{ "systemctl", "enable", HOTSEATD_UNIT }, .needs_root = TRUE, .system = TRUE,
		.file = "systemd/system/" HOTSEATD_UNIT, .only_at_start = TRUE,
		.phase = READY_AFTER_CONFIG },
	[READY_SERVICE_RUNS] = { "service", service_runs, "hotseatd is not running",
		{ "systemctl", "enable", "--now", HOTSEATD_UNIT }, .needs_root = TRUE,
		.system = TRUE },
	[READY_SERVICE_RESTART] = { "service", has_read_config,
		"hotseatd must read this configuration", { "systemctl", "restart", HOTSEATD_UNIT },
		.needs_root = TRUE, .system = TRUE, .file = "systemd/system/" HOTSEATD_UNIT,
		.phase = READY_AFTER_CONFIG },
	[READY_OWN_SERVICE] = { "service", has_read_config,
		"hotseatd must start with your sessions, and read this configuration",
		{ "systemctl", "--user", "enable", HOTSEATD_UNIT, "&&", "systemctl", "--user",
			"restart", HOTSEATD_UNIT },
		.own = TRUE, .file = "systemd/user/" HOTSEATD_UNIT, .in_session = TRUE,
		.phase = READY_AFTER_CONFIG },
};

/* -- its words -------------------------------------------------------------------------------- */

/* What a word stands for; NULL: for itself. */
static const char *value_of(const Host *host, const char *word)
{
	const LibvirtDaemon *daemon = ready_libvirt(host->units);
	const struct {
		const char *name, *value;
	} words[] = {
		{ "@user", host->user_name },
		{ "@person", host->person != NULL ? host->person->name : "root" },
		{ "@libvirt", libvirt_group() },
		{ "@socket", daemon != NULL ? daemon->socket : NULL },
		{ "@reading", daemon != NULL ? daemon->reading : NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_str_equal(words[i].name, word))
			return words[i].value;
	return NULL;
}

/* Only words of the list are replaced, because names of groups and users may contain anything. */
static char *expand(const Host *host, const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);

	for (char **word = words; *word != NULL; word++) {
		gsize length = strcspn(*word, ",");
		g_autofree char *name = g_strndup(*word, length);
		const char *value = value_of(host, name);

		if (value != NULL) {
			char *expanded = g_strconcat(value, *word + length, NULL);

			g_free(*word);
			*word = expanded;
		}
	}
	return g_strjoinv(" ", words);
}

char *ready_why(const Host *host, ReadyId id)
{
	return expand(host, requirements[id].why);
}

/* -- its commands ----------------------------------------------------------------------------- */

/* Must the user log in again before a group takes effect? */
static gboolean groups_are_new(const Host *host)
{
	for (guint i = 0; i < READY_COUNT; i++)
		if (requirements[i].at_login && requirements[i].own && host->own &&
			requirements[i].met(host) == READY_UNMET)
			return TRUE;
	return FALSE;
}

void ready_add_steps(const Host *host, ReadyId id, GPtrArray *steps)
{
	const Requirement *requirement = &requirements[id];
	gboolean login = requirement->at_login && (host->own || !requirement->own);
	g_autofree char *why = ready_why(host, id);
	g_autofree char *full = g_strconcat(why, login ? " (from the next login on)" : "", NULL);
	const char *const *word = requirement->argv;

	while (*word != NULL) {
		g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
		ReadyStep *step;

		for (; *word != NULL && !g_str_equal(*word, "&&"); word++)
			g_ptr_array_add(words, expand(host, *word));
		word += *word != NULL;
		g_ptr_array_add(words, NULL);
		step = steps_add(steps, full, (const char *const *)words->pdata);
		step->root = requirement->needs_root;
		step->later = requirement->in_session && groups_are_new(host);
	}
}

/* If systemd did not answer, the command for a unit whose file exists does no harm. */
static gboolean is_asked_for(const Host *host, const Requirement *requirement, ReadyPhase phase)
{
	ReadyState state;

	if (requirement->phase != phase || !(host->own ? requirement->own : requirement->system))
		return FALSE;
	state = requirement->met(host);
	return state == READY_UNMET || (state == READY_UNKNOWN && requirement->file != NULL);
}

void ready_find_steps(const Host *host, ReadyPhase phase, GPtrArray *steps, GPtrArray *missing)
{
	for (guint i = 0; i < READY_COUNT; i++) {
		const char *file = requirements[i].file;

		if (!is_asked_for(host, &requirements[i], phase))
			continue;
		if (file == NULL || ready_is_installed(host->root, file))
			ready_add_steps(host, i, steps);
		else if (!g_ptr_array_find_with_equal_func(missing, file, g_str_equal, NULL))
			g_ptr_array_add(missing, g_strdup(file));
	}
}
