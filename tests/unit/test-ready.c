/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list of what a host needs: when each requirement is met, and the commands that meet them. The
 * files are a made-up tree, the groups are those of the test, and systemd's words are given.
 */
#include "common/command.h"
#include "ready/ready.h"
#include "tree.h"

#include <glib/gstdio.h>
#include <grp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* -- the groups of this machine, instead of libc's ------------------------------------------- */

static const char *existing; /* names with spaces between them */

static gid_t number_of(const char *name)
{
	static const char *const names[] = { "libvirt", "libvirtd", "input", "hotseat" };
	gid_t number = 60001;

	/* a file can be given to no other group without being root */
	if (g_str_equal(name, "i2c"))
		return getegid();
	for (gsize i = 0; !g_str_equal(names[i], name); i++)
		number++;
	return number;
}

static gboolean has_word(const char *words, const char *word)
{
	g_auto(GStrv) list = g_strsplit(words, " ", -1);

	return g_strv_contains((const char *const *)list, word);
}

struct group *getgrnam(const char *name)
{
	static struct group group;

	if (!has_word(existing, name))
		return NULL;
	group.gr_gid = number_of(name);
	return &group;
}

int getgrnam_r(const char *restrict name, struct group *restrict group, char *restrict buffer,
	size_t size, struct group **restrict found)
{
	*found = has_word(existing, name) ? group : NULL;
	return 0;
}

/* -- hosts ------------------------------------------------------------------------------------ */

#define SYSUSERS "usr/lib/sysusers.d/hotseat.conf "
#define RULES	 "lib/udev/rules.d/74-hotseat.rules "
#define UNITS                                                                                      \
	"usr/lib/systemd/system/hotseatd.service usr/lib/systemd/system/hotseat-inputd.socket "    \
	"usr/lib/systemd/user/hotseatd.service usr/lib/systemd/user/hotseat-inputd.socket "
#define MODULE "sys/class/i2c-dev/i2c-4 "
#define ALL    "i2c libvirt input hotseat"

#define UNIT(name, active, enabled)                                                                \
	"Id=" name "\nLoadState=loaded\nActiveState=" active "\nUnitFileState=" enabled "\n\n"

/* A daemon that listens itself, and another one that is installed. */
#define LISTENING                                                                                  \
	"Id=libvirtd.socket\nLoadState=masked\nActiveState=inactive\nUnitFileState="               \
	"masked\n\n" UNIT("libvirtd.service", "active", "enabled")                                 \
		UNIT("virtqemud.socket", "inactive", "disabled")

typedef struct {
	const char *files;  /* below the root, with spaces between them */
	const char *groups; /* that exist */
	const char *member; /* the groups of the user; NULL: there is no such user */
	const char *person; /* the groups of the person; NULL: root */
	const char *units;  /* what systemctl says; NULL: nothing */
	guint bus_mode;	    /* of /dev/i2c-4; 0: there is none */
	gboolean own, input, libvirt;
} Machine;

typedef struct {
	char *root;
	Units *units;
	Person *user, *person;
	Host host;
} Desk;

static Person *person_with(const char *name, const char *groups)
{
	g_auto(GStrv) list = groups != NULL ? g_strsplit(groups, " ", -1) : NULL;
	Person *person;

	if (groups == NULL)
		return NULL;
	person = g_new0(Person, 1);
	person->name = g_strdup(name);
	person->uid = 60000;
	person->groups = g_array_new(FALSE, FALSE, sizeof(gid_t));
	for (char **one = list; *one != NULL; one++) {
		gid_t number = **one != '\0' ? number_of(*one) : 60099;

		g_array_append_val(person->groups, number);
	}
	return person;
}

static void make(const char *root, const char *file)
{
	g_autofree char *path = g_build_filename(root, file, NULL);
	g_autofree char *folder = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
	g_assert_true(g_file_set_contents(
		path, strstr(file, "modules-load") ? "i2c_dev\n" : "", -1, NULL));
}

static void desk_init(Desk *desk, const Machine *machine)
{
	g_auto(GStrv) files = g_strsplit(machine->files, " ", -1);
	g_autofree char *bus = NULL;

	*desk = (Desk){ .root = g_dir_make_tmp("hotseat-ready-XXXXXX", NULL),
		.units = units_parse(machine->units),
		.user = person_with(machine->own ? "anna" : "hotseat", machine->member),
		.person = person_with("anna", machine->person) };
	existing = machine->groups;
	for (char **file = files; *file != NULL; file++)
		if (**file != '\0')
			make(desk->root, *file);
	bus = g_build_filename(desk->root, "dev/i2c-4", NULL);
	if (machine->bus_mode != 0) {
		make(desk->root, "dev/i2c-4");
		g_assert_cmpint(chown(bus, (uid_t)-1, getegid()), ==, 0);
		g_assert_cmpint(chmod(bus, machine->bus_mode), ==, 0);
	}
	desk->host = (Host){ .root = desk->root,
		.units = desk->units,
		.user_name = machine->own ? "anna" : "hotseat",
		.user = desk->user,
		.person = desk->person,
		.own = machine->own,
		.input = machine->input,
		.libvirt = machine->libvirt };
}

static void desk_clear(Desk *desk)
{
	tree_remove(desk->root);
	g_free(desk->root);
	units_free(desk->units);
	person_free(desk->user);
	person_free(desk->person);
}

/* -- each requirement ------------------------------------------------------------------------- */

static const struct {
	ReadyId id;
	ReadyState wanted;
	Machine machine;
} states[] = {
	{ READY_ACCOUNT, READY_MET, { "", ALL, .member = "" } },
	{ READY_ACCOUNT, READY_UNMET, { SYSUSERS, .groups = ALL } },
	{ READY_I2C_GROUP, READY_MET, { "", "i2c", .member = "" } },
	{ READY_I2C_GROUP, READY_UNMET, { "", "libvirt", .member = "" } },
	{ READY_I2C_GROUP, READY_MET, { SYSUSERS, .groups = "" } },
	{ READY_I2C_MEMBER, READY_MET, { "", ALL, .member = "i2c" } },
	{ READY_I2C_MEMBER, READY_UNMET, { "", ALL, .member = "libvirt" } },
	{ READY_I2C_MEMBER, READY_UNMET, { "", "libvirt", .member = "i2c" } },
	/* sysusers makes the user with its groups; and a user that nothing makes can join none */
	{ READY_I2C_MEMBER, READY_MET, { SYSUSERS, .groups = ALL } },
	{ READY_I2C_MEMBER, READY_MET, { "", .groups = ALL } },
	{ READY_LIBVIRT_GROUP, READY_MET, { "", "libvirtd", .member = "", .libvirt = TRUE } },
	{ READY_LIBVIRT_GROUP, READY_UNMET, { "", "i2c", .member = "", .libvirt = TRUE } },
	{ READY_LIBVIRT_GROUP, READY_MET, { "", "i2c", .member = "" } },
	{ READY_LIBVIRT_MEMBER, READY_MET, { "", ALL, .member = "libvirt", .libvirt = TRUE } },
	{ READY_LIBVIRT_MEMBER, READY_UNMET, { "", ALL, .member = "i2c", .libvirt = TRUE } },
	{ READY_LIBVIRT_MEMBER, READY_MET,
		{ "", "libvirtd", .member = "libvirtd", .libvirt = TRUE } },
	{ READY_LIBVIRT_MEMBER, READY_UNMET,
		{ "", "libvirtd", .member = "libvirt", .libvirt = TRUE } },
	{ READY_LIBVIRT_MEMBER, READY_MET, { "", ALL, .member = "" } },
	{ READY_MODULE, READY_MET, { MODULE, .groups = ALL } },
	{ READY_MODULE, READY_UNMET, { "sys/class/net/lo", .groups = ALL } },
	{ READY_MODULE_BOOT, READY_MET, { "usr/lib/modules-load.d/any.conf", .groups = ALL } },
	{ READY_MODULE_BOOT, READY_UNMET,
		{ MODULE "usr/lib/modules-load.d/any.txt", .groups = ALL } },
	{ READY_RULES, READY_MET, { MODULE, ALL, .member = "", .bus_mode = 0660 } },
	{ READY_RULES, READY_UNMET, { MODULE, ALL, .member = "", .bus_mode = 0600 } },
	{ READY_RULES, READY_UNMET, { MODULE, "libvirt", .member = "", .bus_mode = 0660 } },
	{ READY_RULES, READY_UNMET, { MODULE, ALL, .bus_mode = 0660 } },
	{ READY_RULES, READY_UNMET, { "", ALL, .member = "" } },
	{ READY_LIBVIRT_RUNS, READY_MET,
		{ "", ALL, .units = UNIT("libvirtd.socket", "active", "enabled"),
			.libvirt = TRUE } },
	{ READY_LIBVIRT_RUNS, READY_UNMET,
		{ "", ALL, .units = UNIT("virtqemud.socket", "inactive", "enabled"),
			.libvirt = TRUE } },
	{ READY_LIBVIRT_RUNS, READY_UNKNOWN, { "", ALL, .libvirt = TRUE } },
	{ READY_LIBVIRT_RUNS, READY_MET, { "", .groups = ALL } },
	{ READY_LIBVIRT_BOOT, READY_MET,
		{ "", ALL, .units = UNIT("virtqemud.socket", "inactive", "enabled"),
			.libvirt = TRUE } },
	{ READY_LIBVIRT_BOOT, READY_UNMET,
		{ "", ALL, .units = UNIT("libvirtd.socket", "active", "disabled"),
			.libvirt = TRUE } },
	{ READY_LIBVIRT_BOOT, READY_UNKNOWN, { "", ALL, .libvirt = TRUE } },
	{ READY_LIBVIRT_RUNS, READY_MET, { "", ALL, .units = LISTENING, .libvirt = TRUE } },
	{ READY_LIBVIRT_BOOT, READY_MET, { "", ALL, .units = LISTENING, .libvirt = TRUE } },
	{ READY_INPUT_MEMBER, READY_MET,
		{ "", ALL, .member = "input", .own = TRUE, .input = TRUE } },
	{ READY_INPUT_MEMBER, READY_UNMET, { "", ALL, .member = "", .own = TRUE, .input = TRUE } },
	{ READY_INPUT_MEMBER, READY_MET, { "", ALL, .member = "", .own = TRUE } },
	{ READY_INPUT_MEMBER, READY_MET, { "", "i2c", .member = "", .own = TRUE, .input = TRUE } },
	{ READY_PERSON, READY_MET, { "", ALL, .person = "hotseat" } },
	{ READY_PERSON, READY_UNMET, { "", ALL, .person = "i2c" } },
	{ READY_PERSON, READY_UNMET, { SYSUSERS, "i2c", .person = "hotseat" } },
	{ READY_PERSON, READY_MET, { "", "i2c", .person = "hotseat" } },
	{ READY_PERSON, READY_MET, { "", .groups = ALL } },
	{ READY_INPUT_SOCKET, READY_MET,
		{ "", ALL, .units = UNIT(INPUT_SOCKET, "active", "enabled"), .input = TRUE } },
	{ READY_INPUT_SOCKET, READY_UNMET,
		{ "", ALL, .units = UNIT(INPUT_SOCKET, "inactive", "enabled"), .input = TRUE } },
	{ READY_INPUT_SOCKET, READY_UNMET,
		{ "", ALL, .units = UNIT(INPUT_SOCKET, "active", "disabled"), .input = TRUE } },
	{ READY_INPUT_SOCKET, READY_UNKNOWN, { "", ALL, .input = TRUE } },
	{ READY_INPUT_SOCKET, READY_MET, { "", .groups = ALL } },
	{ READY_OWN_INPUT_SOCKET, READY_UNMET, { "", ALL, .own = TRUE, .input = TRUE } },
	{ READY_OWN_INPUT_SOCKET, READY_MET, { "", ALL, .own = TRUE } },
	{ READY_SERVICE_BOOT, READY_MET,
		{ "", ALL, .units = UNIT(HOTSEATD_UNIT, "inactive", "enabled") } },
	{ READY_SERVICE_BOOT, READY_UNMET,
		{ "", ALL, .units = UNIT(HOTSEATD_UNIT, "active", "disabled") } },
	{ READY_SERVICE_BOOT, READY_UNKNOWN, { "", .groups = ALL } },
	{ READY_SERVICE_RUNS, READY_MET,
		{ "", ALL, .units = UNIT(HOTSEATD_UNIT, "active", "disabled") } },
	{ READY_SERVICE_RUNS, READY_UNMET,
		{ "", ALL, .units = UNIT(HOTSEATD_UNIT, "failed", "enabled") } },
	{ READY_SERVICE_RUNS, READY_UNKNOWN,
		{ "", ALL, .units = UNIT("ufw.service", "active", "enabled") } },
	/* what setup has just written was read by none */
	{ READY_SERVICE_RESTART, READY_UNMET,
		{ "", ALL, .units = UNIT(HOTSEATD_UNIT, "active", "enabled") } },
	{ READY_OWN_SERVICE, READY_UNMET, { "", ALL, .own = TRUE } },
};

static void test_states(void)
{
	gboolean seen[READY_COUNT] = { FALSE };

	for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
		ReadyId id = states[i].id;
		Desk desk;

		desk_init(&desk, &states[i].machine);
		if (requirements[id].met(&desk.host) != states[i].wanted)
			g_error("state %u: %s", (guint)i, requirements[id].why);
		seen[id] |= states[i].wanted == READY_UNMET;
		desk_clear(&desk);
	}
	for (guint i = 0; i < READY_COUNT; i++)
		if (!seen[i])
			g_error("never seen unmet: %s", requirements[i].why);
}

/* -- the commands ----------------------------------------------------------------------------- */

static void assert_steps(const Machine *machine, const char *wanted, const char *wanted_missing)
{
	g_autoptr(GPtrArray) steps = steps_new();
	g_autoptr(GPtrArray) missing = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) text = g_string_new(NULL), absent = g_string_new(NULL);
	Desk desk;

	desk_init(&desk, machine);
	ready_find_steps(&desk.host, READY_BEFORE_CONFIG, steps, missing);
	ready_find_steps(&desk.host, READY_AFTER_CONFIG, steps, missing);
	for (guint i = 0; i < steps->len; i++) {
		const ReadyStep *step = steps->pdata[i];
		g_autofree char *words = g_strjoinv(" ", step->argv);

		g_assert_null(strchr(step->why, '@'));
		g_string_append_printf(text, "%s%s%s\n",
			step->root ? "" : "own: ", step->later ? "later: " : "", words);
	}
	for (guint i = 0; i < missing->len; i++)
		g_string_append_printf(absent, "%s\n", (char *)missing->pdata[i]);
	g_assert_cmpstr(text->str, ==, wanted);
	g_assert_cmpstr(absent->str, ==, wanted_missing);
	desk_clear(&desk);
}

static void test_system(void)
{
	static const Machine fresh = { SYSUSERS RULES UNITS, "libvirt", .person = "", .input = TRUE,
		.units = UNIT("libvirtd.socket", "active", "enabled") UNIT(HOTSEATD_UNIT,
			"inactive", "disabled") UNIT(INPUT_SOCKET, "inactive", "disabled"),
		.libvirt = TRUE };
	static const Machine done = { SYSUSERS RULES UNITS MODULE "etc/modules-load.d/any.conf",
		ALL, .member = "i2c libvirt", .person = "hotseat", .input = TRUE,
		.units = UNIT("libvirtd.socket", "active", "enabled") UNIT(
			HOTSEATD_UNIT, "active", "enabled") UNIT(INPUT_SOCKET, "active", "enabled"),
		.bus_mode = 0660, .libvirt = TRUE };

	assert_steps(&fresh,
		"systemd-sysusers hotseat.conf\n"
		"modprobe i2c-dev\n"
		"sh -c echo i2c-dev >/etc/modules-load.d/hotseat.conf\n"
		"udevadm control --reload\n"
		"udevadm trigger --settle -s i2c-dev -s usb\n"
		"usermod -aG hotseat anna\n"
		"systemctl enable --now hotseat-inputd.socket\n"
		"systemctl enable hotseatd.service\n"
		"systemctl restart hotseatd.service\n",
		"");
	assert_steps(&done, "systemctl restart hotseatd.service\n", "");
}

/* Not installed: the files are named, and no command that needs one of them is run. */
static void test_missing(void)
{
	static const Machine bare = { MODULE "etc/modules-load.d/any.conf", ALL,
		.units = UNIT(HOTSEATD_UNIT, "inactive", "") };

	assert_steps(&bare, "",
		"sysusers.d/hotseat.conf\nudev/rules.d/74-hotseat.rules\n"
		"systemd/system/hotseatd.service\n");
}

/* systemd did not answer: what is installed is enabled, and libvirt is left alone. */
static void test_unknown(void)
{
	static const Machine silent = { UNITS MODULE "etc/modules-load.d/any.conf", "i2c libvirtd",
		.member = "i2c", .bus_mode = 0660, .input = TRUE, .libvirt = TRUE };

	assert_steps(&silent,
		"usermod -aG libvirtd hotseat\n"
		"systemctl enable --now hotseat-inputd.socket\n"
		"systemctl enable hotseatd.service\n"
		"systemctl restart hotseatd.service\n",
		"");
}

/* A user's own service has the user's groups, which take effect at the next login. */
static void test_own(void)
{
	static const Machine fresh = { RULES UNITS MODULE "etc/modules-load.d/any.conf",
		"libvirt input", .member = "", .person = "", .own = TRUE, .input = TRUE,
		.libvirt = TRUE, .units = UNIT("virtqemud.socket", "inactive", "disabled") };
	static const Machine done = { RULES UNITS MODULE "etc/modules-load.d/any.conf", ALL,
		.member = "i2c libvirt", .person = "", .own = TRUE, .libvirt = TRUE,
		.bus_mode = 0660 };

	assert_steps(&fresh,
		"groupadd -r i2c\n"
		"usermod -aG i2c anna\n"
		"usermod -aG libvirt anna\n"
		"udevadm control --reload\n"
		"udevadm trigger --settle -s i2c-dev -s usb\n"
		"systemctl enable --now virtqemud.socket virtqemud-ro.socket\n"
		"usermod -aG input anna\n"
		"own: later: systemctl --user enable --now hotseat-inputd.socket\n"
		"own: later: systemctl --user enable hotseatd.service\n"
		"own: later: systemctl --user restart hotseatd.service\n",
		"");
	assert_steps(&done,
		"own: systemctl --user enable hotseatd.service\n"
		"own: systemctl --user restart hotseatd.service\n",
		"");
}

/* A name is a name, whatever it looks like. */
static void test_names(void)
{
	static const Machine machine = { "", "i2c libvirtd", .member = "", .libvirt = TRUE };
	g_autoptr(GPtrArray) steps = steps_new();
	g_autofree char *why = NULL;
	const ReadyStep *step;
	Desk desk;

	desk_init(&desk, &machine);
	desk.host.user_name = "@libvirt && reboot";
	ready_add_steps(&desk.host, READY_LIBVIRT_MEMBER, steps);
	g_assert_cmpuint(steps->len, ==, 1);
	step = steps->pdata[0];
	g_assert_cmpstr(step->argv[2], ==, "libvirtd");
	g_assert_cmpstr(step->argv[3], ==, "@libvirt && reboot");
	g_assert_null(step->argv[4]);
	desk.host.user_name = "anna";
	why = ready_why(&desk.host, READY_LIBVIRT_MEMBER);
	g_assert_cmpstr(why, ==, "anna is not in the group libvirtd and cannot attach devices");
	desk_clear(&desk);
}

/* Before a monitor can be seen: nothing but the files was looked at. */
static void test_early(void)
{
	static const Machine bare = { .files = "", .groups = "" };
	g_autoptr(GPtrArray) steps = steps_new();
	g_autofree char *command = NULL;
	Host host;
	Desk desk;

	desk_init(&desk, &bare);
	host = (Host){ .root = desk.root };
	g_assert_cmpint(requirements[READY_MODULE].met(&host), ==, READY_UNMET);
	g_assert_cmpint(requirements[READY_SERVICE_RUNS].met(&host), ==, READY_UNKNOWN);
	ready_add_steps(&host, READY_MODULE, steps);
	g_assert_cmpuint(steps->len, ==, 1);
	command = command_text((const char *const *)((const ReadyStep *)steps->pdata[0])->argv);
	g_assert_cmpstr(command, ==, "modprobe i2c-dev");
	desk_clear(&desk);
}

/* -- units ------------------------------------------------------------------------------------ */

static void test_failure(void)
{
	static const struct {
		const char *state, *wanted;
	} cases[] = {
		{ "ActiveState=active\nSubState=running\nResult=success\nNRestarts=0", NULL },
		{ "ActiveState=active\nSubState=running\nResult=success\nNRestarts=2", NULL },
		{ "ActiveState=inactive\nSubState=dead\nResult=success\nNRestarts=0", NULL },
		{ "ActiveState=failed\nSubState=failed\nResult=signal\nNRestarts=0",
			"x.service has failed (signal)" },
		{ "ActiveState=failed\nSubState=failed\nResult=start-limit-hit\nNRestarts=5",
			"x.service has failed (start-limit-hit); restarts: 5" },
		{ "ActiveState=activating\nSubState=auto-restart\nResult=exit-code\nNRestarts=1",
			"x.service keeps failing and restarting (exit-code); restarts: 1" },
		{ "ActiveState=activating\nSubState=auto-restart-queued\nResult=exit-code\n"
		  "NRestarts=9",
			"x.service keeps failing and restarting (exit-code); restarts: 9" },
		/* a socket has no restarts */
		{ "ActiveState=failed\nSubState=failed\nResult=trigger-limit-hit",
			"x.service has failed (trigger-limit-hit)" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = g_strdup_printf("Id=x.service\n%s\n", cases[i].state);
		g_autoptr(Units) units = units_parse(text);
		g_autofree char *failure = units_failure(units, "x.service");
		g_autofree char *other = units_failure(units, "y.service");

		g_assert_cmpstr(failure, ==, cases[i].wanted);
		g_assert_null(other);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ready/states", test_states);
	g_test_add_func("/ready/system", test_system);
	g_test_add_func("/ready/missing", test_missing);
	g_test_add_func("/ready/unknown", test_unknown);
	g_test_add_func("/ready/own", test_own);
	g_test_add_func("/ready/names", test_names);
	g_test_add_func("/ready/early", test_early);
	g_test_add_func("/ready/failure", test_failure);
	return g_test_run();
}
