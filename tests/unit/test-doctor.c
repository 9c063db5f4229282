/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the doctor says of a desk: simulated monitors, a made up tree of files in the place of /sys,
 * /etc and /proc, libvirt's test driver, and systemctl's words put into its mouth.
 */
#include "setup/doctor.h"

#include "common/error.h"
#include "setup/process.h"
#include "sim/monitor.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#define SERVICE_OFF                                                                                \
	"Id=hotseatd.service\nLoadState=loaded\nActiveState=inactive\nUnitFileState=disabled\n"    \
	"User=hotseat-test\nMainPID=0\n\n"
#define LIBVIRTD_OFF                                                                               \
	"Id=libvirtd.socket\nLoadState=loaded\nActiveState=inactive\nUnitFileState=enabled\n"

/* test:///default has the running domain "test" */
#define GUEST	"libvirt:\n  uri: test:///default\n  domain: test\n"
#define DISPLAY "displays:\n  - name: left\n    bus: 4\n    host: 0x0f\n    guest: 0x11\n"
#define DEVICE	"devices:\n  - name: keyboard\n    vendor: 0x28da\n    product: 0x1101\n"

typedef struct {
	SimI2c *sim;
	SimMonitor *monitor;
	char *root, *sysfs, *config, *socket;
	DoctorPlaces places;
	Doctor *doctor;
} Desk;

/* what systemctl answers */
static const char *units_text;

static char *ask(const char *const *argv, guint deadline_ms)
{
	return g_str_equal(argv[0], "systemctl") ? g_strdup(units_text) : NULL;
}

static void make(const Desk *desk, const char *path, const char *text)
{
	g_autofree char *file = g_strconcat(desk->root, path, NULL);
	g_autofree char *dir = g_path_get_dirname(file);

	g_assert_cmpint(g_mkdir_with_parents(dir, 0755), ==, 0);
	g_assert_true(g_file_set_contents_full(
		file, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
}

static void remove_tree(const char *path)
{
	g_autoptr(GDir) dir = NULL;
	const char *name;

	if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
		dir = g_dir_open(path, 0, NULL);
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *child = g_build_filename(path, name, NULL);

		remove_tree(child);
	}
	g_assert_cmpint(g_remove(path), ==, 0);
}

static void plug_in(const Desk *desk, const char *port, const char *device)
{
	const struct {
		const char *file, *text;
	} files[] = { { "idVendor", "28da\n" }, { "idProduct", "1101\n" }, { "busnum", "3\n" },
		{ "devnum", device } };

	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path =
			g_strdup_printf("/sys/bus/usb/devices/%s/%s", port, files[i].file);

		make(desk, path, files[i].text);
	}
}

static void set_up(Desk *desk, gconstpointer unused)
{
	const SimMonitorSpec spec = {
		.manufacturer = "AOC", .model = "2778X", .serial = "1234", .input = 0x0f
	};

	units_text = "";
	desk->root = g_dir_make_tmp("hotseat-doctor-XXXXXX", NULL);
	desk->sysfs = g_build_filename(desk->root, "sys", NULL);
	desk->config = g_build_filename(desk->root, "config.yaml", NULL);
	desk->socket = g_build_filename(desk->root, "socket", NULL);
	desk->sim = sim_i2c_new(TRUE);
	desk->monitor = sim_monitor_new(desk->sim, &spec);
	sim_i2c_plug(desk->sim, 4, "DP-1", desk->monitor, 0x0f);
	make(desk, "/sys/class/i2c-dev/x", "");
	make(desk, "/etc/modules-load.d/any.conf", "# monitors\ni2c_dev\n");
	plug_in(desk, "3-1", "7\n");
	make(desk, "/config.yaml", GUEST DISPLAY DEVICE);
	desk->places = (DoctorPlaces){
		.machine = { sim_i2c_system(desk->sim), desk->sysfs, "test:///default" },
		.root = desk->root,
		.proc = "/proc",
		.socket = desk->socket,
		.ask = ask,
	};
}

static void tear_down(Desk *desk, gconstpointer unused)
{
	g_clear_pointer(&desk->doctor, doctor_free);
	while (sim_i2c_in_use(desk->sim))
		g_thread_yield();
	sim_i2c_unref(desk->sim);
	remove_tree(desk->root);
	g_free(desk->root);
	g_free(desk->sysfs);
	g_free(desk->config);
	g_free(desk->socket);
}

static void examine(Desk *desk)
{
	g_clear_pointer(&desk->doctor, doctor_free);
	desk->doctor = doctor_run(&desk->places, desk->config);
}

/* The one finding of that level and area whose message has this in it; NULL: there is none. */
static const Finding *pick(const Desk *desk, FindingLevel level, const char *area, const char *says)
{
	const Finding *found = NULL;

	for (guint i = 0; i < desk->doctor->findings->list->len; i++) {
		const Finding *finding = desk->doctor->findings->list->pdata[i];

		if (finding->level != level || strcmp(finding->area, area) != 0 ||
			strstr(finding->message, says) == NULL)
			continue;
		g_assert_null(found);
		found = finding;
	}
	return found;
}

/* Examines, and asserts that this is found with this command (NULL: none, but advice). */
static void assert_finds(
	Desk *desk, FindingLevel level, const char *area, const char *says, const char *command)
{
	const Finding *finding;

	examine(desk);
	finding = pick(desk, level, area, says);
	for (guint i = 0; finding == NULL && i < desk->doctor->findings->list->len; i++) {
		const Finding *other = desk->doctor->findings->list->pdata[i];

		g_test_message(
			"%s %s: %s", other->area, finding_level_name(other->level), other->message);
	}
	if (finding == NULL)
		g_error("no %s of %s says \"%s\"", finding_level_name(level), area, says);
	g_assert_cmpstr(finding->command, ==, command);
	if (command == NULL)
		g_assert_nonnull(finding->advice);
}

/* "sudo " as far as this test is not root */
static char *as_root(const char *command)
{
	return g_strconcat(geteuid() != 0 ? "sudo " : "", command, NULL);
}

static void assert_finds_root(
	Desk *desk, FindingLevel level, const char *area, const char *says, const char *command)
{
	g_autofree char *full = as_root(command);

	assert_finds(desk, level, area, says, full);
}

static void count_areas(const Desk *desk, FindingLevel level, const char *area, guint wanted)
{
	guint count = 0;

	for (guint i = 0; i < desk->doctor->findings->list->len; i++) {
		const Finding *finding = desk->doctor->findings->list->pdata[i];

		count += finding->level == level && strcmp(finding->area, area) == 0;
	}
	g_assert_cmpuint(count, ==, wanted);
}

/* -- the whole -------------------------------------------------------------------------------- */

static void test_fine(Desk *desk, gconstpointer unused)
{
	static const char *const areas[] = { "config", "kernel", "displays", "devices", "libvirt",
		"guests", "service", "http" };
	gsize at = 0;

	examine(desk);
	for (guint i = 0; i < desk->doctor->findings->list->len; i++) {
		const Finding *finding = desk->doctor->findings->list->pdata[i];

		/* in the order in which a person would search */
		while (strcmp(areas[at], finding->area) != 0)
			g_assert_cmpuint(++at, <, G_N_ELEMENTS(areas));
		if (finding->level != FINDING_OK)
			g_assert_true(finding->command != NULL || finding->advice != NULL ||
				      strstr(finding->message, "systemd") != NULL);
	}
	g_assert_nonnull(pick(desk, FINDING_OK, "config", "no mistakes"));
	g_assert_nonnull(pick(desk, FINDING_OK, "kernel", "at boot"));
	g_assert_nonnull(pick(desk, FINDING_OK, "displays", "shows DisplayPort-1"));
	g_assert_nonnull(pick(desk, FINDING_OK, "devices", "in port 3-1"));
	g_assert_nonnull(pick(desk, FINDING_OK, "libvirt", "answers"));
	g_assert_nonnull(pick(desk, FINDING_OK, "guests", "running"));
	/* only that nothing was started */
	g_assert_cmpuint(findings_count(desk->doctor->findings, FINDING_PROBLEM), ==, 1);
	count_areas(desk, FINDING_PROBLEM, "service", 1);
}

/* nothing is sent but questions: Get VCP 01, capabilities F3 */
static void test_reads_only(Desk *desk, gconstpointer unused)
{
	g_autofree char *log = NULL;

	examine(desk);
	log = sim_i2c_log(desk->sim);
	g_assert_nonnull(strstr(log, "i2c-4 w 37 51 82 01"));
	g_assert_null(strstr(log, "51 84 03"));
	g_assert_cmpint(sim_monitor_input(desk->monitor), ==, 0x0f);
}

static void test_nothing(Desk *desk, gconstpointer unused)
{
	g_free(desk->config);
	desk->config = g_strdup("/nonexistent/config.yaml");
	assert_finds(desk, FINDING_PROBLEM, "config", "no configuration", "hotseat setup");
	count_areas(desk, FINDING_PROBLEM, "displays", 0);
	count_areas(desk, FINDING_PROBLEM, "service", 0);
	g_assert_nonnull(pick(desk, FINDING_OK, "kernel", "at boot"));
	g_assert_nonnull(pick(desk, FINDING_OK, "libvirt", "answers"));
}

/* -- config ----------------------------------------------------------------------------------- */

static void test_mistakes(Desk *desk, gconstpointer unused)
{
	g_autofree char *place = g_strconcat(desk->config, ":1:1", NULL);

	make(desk, "/config.yaml", "nonsense: 1\n" GUEST DISPLAY);
	assert_finds(desk, FINDING_PROBLEM, "config", "nonsense", NULL);
	g_assert_cmpstr(pick(desk, FINDING_PROBLEM, "config", "nonsense")->thing, ==, place);
	g_assert_nonnull(strstr(
		pick(desk, FINDING_PROBLEM, "config", "nonsense")->advice, "hotseat check-config"));
}

static void test_secret(Desk *desk, gconstpointer unused)
{
	g_autofree char *command = g_strconcat("chmod o= ", desk->config, NULL);

	make(desk, "/config.yaml",
		GUEST DISPLAY "http:\n  address: 127.0.0.1:5001\n  security:\n"
			      "    secret: xxxxxxxxxxxxxxxxxxxxxxxx\n");
	g_assert_cmpint(chmod(desk->config, 0644), ==, 0);
	assert_finds_root(desk, FINDING_WARNING, "config", "others can read", command);
	g_assert_cmpint(chmod(desk->config, 0640), ==, 0);
	examine(desk);
	g_assert_null(pick(desk, FINDING_WARNING, "config", "others can read"));
}

/* -- kernel ----------------------------------------------------------------------------------- */

static void test_module(Desk *desk, gconstpointer unused)
{
	g_autofree char *class = g_build_filename(desk->sysfs, "class", NULL);

	remove_tree(class);
	assert_finds_root(desk, FINDING_PROBLEM, "kernel", "not loaded", "modprobe i2c-dev");
}

static void test_boot(Desk *desk, gconstpointer unused)
{
	make(desk, "/etc/modules-load.d/any.conf", "# i2c-dev\nuinput\n");
	assert_finds_root(desk, FINDING_WARNING, "kernel", "when the computer starts",
		"sh -c 'echo i2c-dev >/etc/modules-load.d/i2c-dev.conf'");
	make(desk, "/etc/modules", "i2c-dev\n");
	examine(desk);
	g_assert_nonnull(pick(desk, FINDING_OK, "kernel", "at boot"));
}

/* -- displays --------------------------------------------------------------------------------- */

static void test_wrong_bus(Desk *desk, gconstpointer unused)
{
	g_autofree char *command = g_strdup_printf("hotseat setup --from %s --yes", desk->config);

	make(desk, "/config.yaml",
		GUEST "displays:\n  - name: left\n    bus: 9\n    host: 0x0f\n    guest: 0x11\n");
	assert_finds(desk, FINDING_PROBLEM, "displays", "there is AOC 2778X 1234", command);
	sim_i2c_plug(desk->sim, 9, NULL, NULL, 0);
	assert_finds(desk, FINDING_PROBLEM, "displays", "no monitor is on /dev/i2c-9", command);
}

static void test_gone(Desk *desk, gconstpointer unused)
{
	sim_monitor_set_faults(desk->monitor, (SimFaults){ .dead = TRUE });
	assert_finds(desk, FINDING_PROBLEM, "displays", "no monitor is on /dev/i2c-4", NULL);
	make(desk, "/config.yaml",
		GUEST "displays:\n  - monitor: 2778X\n    host: 0x0f\n    guest: 0x11\n");
	assert_finds(desk, FINDING_PROBLEM, "displays", "no monitor fits", NULL);
}

static void test_deaf(Desk *desk, gconstpointer unused)
{
	sim_monitor_set_faults(desk->monitor, (SimFaults){ .deaf = TRUE });
	assert_finds(desk, FINDING_PROBLEM, "displays", "DDC/CI does not answer", NULL);
	make(desk, "/config.yaml", GUEST DISPLAY "    optional: true\n");
	assert_finds(desk, FINDING_WARNING, "displays", "DDC/CI does not answer", NULL);
}

static void test_locked(Desk *desk, gconstpointer unused)
{
	sim_i2c_set_bus_fault(desk->sim, 4, SIM_BUS_LOCKED);
	assert_finds(desk, FINDING_PROBLEM, "displays", "lock", NULL);
}

static void test_forbidden(Desk *desk, gconstpointer unused)
{
	const Finding *finding;

	sim_i2c_set_bus_fault(desk->sim, 4, SIM_BUS_FORBIDDEN);
	examine(desk);
	finding = pick(desk, FINDING_PROBLEM, "displays", "may not open /dev/i2c-4");
	g_assert_nonnull(finding);
	g_assert_nonnull(strstr(finding->command, "udevadm trigger --settle /dev/i2c-4"));
	g_assert_nonnull(strstr(finding->command, "/etc/udev/rules.d/74-hotseat-i2c.rules"));
	make(desk, "/usr/lib/udev/rules.d/74-hotseat.rules", "");
	examine(desk);
	finding = pick(desk, FINDING_PROBLEM, "displays", "may not open /dev/i2c-4");
	g_assert_null(strstr(finding->command, "rules.d"));
}

static void test_ambiguous(Desk *desk, gconstpointer unused)
{
	const SimMonitorSpec twin = {
		.manufacturer = "AOC", .model = "2778X", .serial = "1234", .input = 0x0f
	};

	sim_i2c_plug(desk->sim, 5, "DP-2", sim_monitor_new(desk->sim, &twin), 0x0f);
	make(desk, "/config.yaml",
		GUEST "displays:\n  - monitor: 2778X\n    host: 0x0f\n    guest: 0x11\n");
	assert_finds(desk, FINDING_PROBLEM, "displays", "several monitors fit", NULL);
	g_assert_nonnull(strstr(
		pick(desk, FINDING_PROBLEM, "displays", "several")->advice, "connector: DP-1"));
}

static void test_other_input(Desk *desk, gconstpointer unused)
{
	sim_monitor_press(desk->monitor, 0x03);
	assert_finds(desk, FINDING_WARNING, "displays", "shows DVI-1", NULL);
}

static void test_driver(Desk *desk, gconstpointer unused)
{
	g_autofree char *link =
		g_build_filename(desk->sysfs, "bus/i2c/devices/4-0037/driver", NULL);

	make(desk, "/sys/bus/i2c/devices/4-0037/name", "ddcci\n");
	g_assert_cmpint(symlink("../../drivers/ddcci", link), ==, 0);
	assert_finds_root(desk, FINDING_WARNING, "displays", "driver ddcci", "modprobe -r ddcci");
}

/* -- devices ---------------------------------------------------------------------------------- */

static void test_unplugged(Desk *desk, gconstpointer unused)
{
	g_autofree char *device = g_build_filename(desk->sysfs, "bus/usb/devices/3-1", NULL);

	remove_tree(device);
	assert_finds(desk, FINDING_PROBLEM, "devices", "28da:1101 is plugged in", NULL);
}

static void test_other_port(Desk *desk, gconstpointer unused)
{
	make(desk, "/config.yaml", GUEST DISPLAY DEVICE "    port: \"3-2\"\n");
	assert_finds(desk, FINDING_PROBLEM, "devices", "is in port 3-1", NULL);
}

static void test_twins(Desk *desk, gconstpointer unused)
{
	g_autofree char *command = g_strdup_printf("hotseat setup --from %s", desk->config);

	plug_in(desk, "3-2", "8\n");
	assert_finds(desk, FINDING_PROBLEM, "devices", "2 devices fit", command);
}

static void test_driverless(Desk *desk, gconstpointer unused)
{
	make(desk, "/sys/bus/usb/devices/3-1/3-1:1.0/bInterfaceClass", "03\n");
	make(desk, "/sys/bus/usb/devices/3-1/3-1:1.0/bInterfaceNumber", "00\n");
	assert_finds_root(desk, FINDING_PROBLEM, "devices", "nobody drives it",
		"sh -c 'for i in 3-1:1.0; do echo $i >/sys/bus/usb/drivers_probe; done'");
}

/* -- libvirt, guests -------------------------------------------------------------------------- */

static void test_no_libvirt(Desk *desk, gconstpointer unused)
{
	make(desk, "/config.yaml",
		"libvirt:\n  uri: qemu:///system?socket=/nonexistent/socket\n  domain: "
		"test\n" DISPLAY);
	units_text = LIBVIRTD_OFF;
	assert_finds_root(desk, FINDING_PROBLEM, "libvirt", "cannot connect",
		"systemctl start libvirtd.socket libvirtd-ro.socket");
	count_areas(desk, FINDING_PROBLEM, "guests", 0);
	units_text = "Id=virtqemud.socket\nLoadState=loaded\nUnitFileState=enabled\n";
	assert_finds_root(desk, FINDING_PROBLEM, "libvirt", "cannot connect",
		"systemctl start virtqemud.socket virtqemud-ro.socket");
	units_text = "";
	assert_finds(desk, FINDING_PROBLEM, "libvirt", "cannot connect", NULL);
}

static void test_undefined(Desk *desk, gconstpointer unused)
{
	g_autofree char *command =
		g_strdup_printf("hotseat setup --from %s --guest test --yes", desk->config);

	make(desk, "/config.yaml", "libvirt:\n  uri: test:///default\n  domain: other\n" DISPLAY);
	assert_finds(desk, FINDING_PROBLEM, "guests", "no domain other; there is: test", command);
}

/* -- the service ------------------------------------------------------------------------------ */

/* a socket's file; listens only if it is told to */
static int make_socket(const Desk *desk, gboolean listens)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	g_strlcpy(address.sun_path, desk->socket, sizeof address.sun_path);
	g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
	if (listens)
		g_assert_cmpint(listen(fd, 1), ==, 0);
	return fd;
}

static void test_stale_socket(Desk *desk, gconstpointer unused)
{
	g_autofree char *command = g_strconcat("rm -f ", desk->socket, NULL);

	close(make_socket(desk, FALSE));
	assert_finds_root(desk, FINDING_WARNING, "service", "nobody listens there", command);
}

static void test_enabled_stopped(Desk *desk, gconstpointer unused)
{
	units_text = "Id=hotseatd.service\nLoadState=loaded\nActiveState=inactive\n"
		     "UnitFileState=enabled\nUser=root\n";
	assert_finds_root(desk, FINDING_PROBLEM, "service", "does not run",
		"systemctl enable --now hotseatd");
	units_text = "Id=hotseatd.service\nLoadState=loaded\nActiveState=failed\n"
		     "Result=exit-code\nUnitFileState=enabled\nUser=root\n";
	assert_finds_root(desk, FINDING_PROBLEM, "service", "failed (exit-code)",
		"systemctl restart hotseatd");
}

static void test_no_user(Desk *desk, gconstpointer unused)
{
	units_text = SERVICE_OFF;
	assert_finds_root(desk, FINDING_PROBLEM, "service", "the user hotseat-test",
		"systemd-sysusers hotseat.conf");
}

static void test_virtkvm(Desk *desk, gconstpointer unused)
{
	units_text = SERVICE_OFF "Id=virtkvm.service\nLoadState=loaded\nActiveState=active\n"
				 "UnitFileState=disabled\n";
	assert_finds_root(desk, FINDING_PROBLEM, "service", "virtkvm runs too",
		"systemctl disable --now virtkvm.service");
}

/* -- http ------------------------------------------------------------------------------------- */

static void configure_http(Desk *desk, const char *host, guint port)
{
	g_autofree char *text = g_strdup_printf(GUEST DISPLAY
		"http:\n  address: \"%s:%u\"\n  security:\n    secret: xxxxxxxxxxxxxxxxxxxxxxxx\n",
		host, port);

	make(desk, "/config.yaml", text);
}

static void test_port(Desk *desk, gconstpointer unused)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	const Finding *finding;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	g_assert_cmpint(bind(fd, (struct sockaddr *)&address, length), ==, 0);
	g_assert_cmpint(listen(fd, 1), ==, 0);
	g_assert_cmpint(getsockname(fd, (struct sockaddr *)&address, &length), ==, 0);
	configure_http(desk, "127.0.0.1", ntohs(address.sin_port));
	examine(desk);
	finding = pick(desk, FINDING_PROBLEM, "http", "the port is taken by test-doctor");
	g_assert_nonnull(finding);
	g_assert_nonnull(finding->command);
	close(fd);
	examine(desk);
	g_assert_null(pick(desk, FINDING_PROBLEM, "http", "taken"));
}

static void test_loopback(Desk *desk, gconstpointer unused)
{
	configure_http(desk, "127.0.0.1", 5001);
	assert_finds(desk, FINDING_WARNING, "http", "only this machine itself", NULL);
}

/* TEST-NET-1, RFC 5737: nobody has it; the guest runs */
static void test_absent_address(Desk *desk, gconstpointer unused)
{
	configure_http(desk, "192.0.2.1", 5001);
	assert_finds(desk, FINDING_PROBLEM, "http", "no interface", NULL);
}

/* -- pieces ----------------------------------------------------------------------------------- */

static Person *stranger(void)
{
	return person_numbered(4242424);
}

static void test_person(Desk *desk, gconstpointer unused)
{
	g_autoptr(Person) person = stranger();
	g_autofree char *file = g_build_filename(desk->root, "file", NULL);
	gid_t own = getegid();

	make(desk, "/file", "");
	g_assert_cmpint(chmod(desk->root, 0755), ==, 0);
	g_assert_cmpint(chmod(file, 0604), ==, 0);
	g_assert_true(person_may(person, file, PERSON_READ));
	g_assert_false(person_may(person, file, PERSON_READ | PERSON_WRITE));
	/* the group's bits count for its members, even when others have more */
	g_array_append_val(person->groups, own);
	g_assert_false(person_may(person, file, PERSON_READ));
	g_assert_cmpint(chmod(file, 0060), ==, 0);
	g_assert_true(person_may(person, file, PERSON_READ | PERSON_WRITE));
	/* no way to it */
	g_assert_cmpint(chmod(desk->root, 0700), ==, 0);
	g_assert_false(person_may(person, file, PERSON_READ));
}

static void test_process(Desk *desk, gconstpointer unused)
{
	static const char *const slow[] = { "sleep", "60", NULL };
	static const char *const echo[] = { "echo", "hello", NULL };
	static const char *const fails[] = { "false", NULL };
	g_autofree char *proc = g_build_filename(desk->root, "proc", NULL);
	g_autofree char *said = process_ask(echo, 60000);
	g_autofree char *unit = NULL, *session = NULL, *locks = NULL;
	struct stat st;

	g_assert_cmpstr(said, ==, "hello\n");
	g_assert_null(process_ask(slow, 1));
	g_assert_null(process_ask(fails, 60000));
	make(desk, "/proc/7/cgroup", "0::/system.slice/nginx.service/worker\n");
	make(desk, "/proc/8/cgroup", "0::/user.slice/user-1000.slice/session-2.scope\n");
	unit = process_unit(proc, 7);
	session = process_unit(proc, 8);
	g_assert_cmpstr(unit, ==, "nginx.service");
	g_assert_null(session);
	g_assert_cmpint(stat(desk->config, &st), ==, 0);
	locks = g_strdup_printf("1: POSIX  ADVISORY  READ 6 %02x:%02x:%lu 0 EOF\n"
				"2: FLOCK  ADVISORY  WRITE 7 %02x:%02x:%lu 0 EOF\n",
		major(st.st_dev), minor(st.st_dev), (gulong)st.st_ino, major(st.st_dev),
		minor(st.st_dev), (gulong)st.st_ino);
	make(desk, "/proc/locks", locks);
	g_assert_cmpint(process_locking(proc, desk->config), ==, 7);
}

static void test_commands(void)
{
	g_autoptr(Findings) findings = findings_new(TRUE);
	Finding *finding;
	g_autofree char *plain = finding_quote("/etc/hotseat/config.yaml");
	g_autofree char *odd = finding_quote("it's mine");

	findings->area = "config";
	finding = finding_problem(findings, NULL, "bad");
	finding_run_as_root(findings, finding, "a %d", 1);
	finding_run(finding, "b");
	finding_script_as_root(findings, finding, "echo 'x' >y");
	g_assert_cmpstr(finding->command, ==, "sudo a 1 && b && sudo sh -c 'echo '\\''x'\\'' >y'");
	g_assert_cmpstr(plain, ==, "/etc/hotseat/config.yaml");
	g_assert_cmpstr(odd, ==, "'it'\\''s mine'");
}

#define TEST(name, function) g_test_add("/doctor/" name, Desk, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	TEST("fine", test_fine);
	TEST("reads-only", test_reads_only);
	TEST("nothing", test_nothing);
	TEST("config/mistakes", test_mistakes);
	TEST("config/secret", test_secret);
	TEST("kernel/module", test_module);
	TEST("kernel/boot", test_boot);
	TEST("displays/wrong-bus", test_wrong_bus);
	TEST("displays/gone", test_gone);
	TEST("displays/deaf", test_deaf);
	TEST("displays/locked", test_locked);
	TEST("displays/forbidden", test_forbidden);
	TEST("displays/ambiguous", test_ambiguous);
	TEST("displays/other-input", test_other_input);
	TEST("displays/driver", test_driver);
	TEST("devices/unplugged", test_unplugged);
	TEST("devices/other-port", test_other_port);
	TEST("devices/twins", test_twins);
	TEST("devices/driverless", test_driverless);
	TEST("libvirt/down", test_no_libvirt);
	TEST("guests/undefined", test_undefined);
	TEST("service/stale-socket", test_stale_socket);
	TEST("service/stopped", test_enabled_stopped);
	TEST("service/no-user", test_no_user);
	TEST("service/virtkvm", test_virtkvm);
	TEST("http/port", test_port);
	TEST("http/loopback", test_loopback);
	TEST("http/absent", test_absent_address);
	TEST("person", test_person);
	TEST("process", test_process);
	g_test_add_func("/doctor/commands", test_commands);
	return g_test_run();
}
