/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the doctor says of libvirt, guests, the service and HTTP, and what it is made of.
 */
#include "doctor-desk.h"
#include "ready/process.h"

#include <netinet/in.h>
#include <pwd.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

/* -- libvirt, guests -------------------------------------------------------------------------- */

static void test_no_libvirt(DoctorDesk *desk, gconstpointer unused)
{
	make(desk, "/config.yaml",
		"libvirt:\n  uri: qemu:///system?socket=/nonexistent/socket\n  domain: "
		"test\n" DISPLAY);
	units_text = LIBVIRTD_OFF;
	assert_finds_root(desk, FINDING_PROBLEM, "libvirt", "cannot connect",
		"systemctl start libvirtd.socket libvirtd-ro.socket");
	assert_count(desk, FINDING_PROBLEM, "guests", 0);
	units_text = "Id=virtqemud.socket\nLoadState=loaded\nUnitFileState=enabled\n";
	assert_finds_root(desk, FINDING_PROBLEM, "libvirt", "cannot connect",
		"systemctl start virtqemud.socket virtqemud-ro.socket");
	/* systemd does not answer: files show which daemon there is */
	units_text = "";
	assert_finds(desk, FINDING_PROBLEM, "libvirt", "cannot connect", NULL);
	g_assert_cmpstr(pick(desk, FINDING_PROBLEM, "libvirt", "cannot connect")->advice, ==,
		"install libvirt with its QEMU driver");
	make(desk, "/usr/lib/systemd/system/virtqemud.socket", "[Socket]\n");
	assert_finds(desk, FINDING_PROBLEM, "libvirt", "cannot connect", NULL);
	g_assert_cmpstr(pick(desk, FINDING_PROBLEM, "libvirt", "cannot connect")->advice, ==,
		"check whether it runs: systemctl status virtqemud");
}

/* The system's libvirt is not started for a URI that means another one. */
static void test_other_libvirt(DoctorDesk *desk, gconstpointer unused)
{
	make(desk, "/config.yaml", "libvirt: {uri: 'nonsense:///x', domain: test}\n" DISPLAY);
	assert_finds(desk, FINDING_PROBLEM, "libvirt", "cannot connect", NULL);
	g_assert_null(strstr(
		pick(desk, FINDING_PROBLEM, "libvirt", "cannot connect")->advice, "systemctl"));
}

/* The service's session is another one than that of the user who asks. */
static void test_session_of_service(DoctorDesk *desk, gconstpointer unused)
{
	struct passwd *other = getpwnam("nobody");

	if (other == NULL || other->pw_uid == geteuid()) {
		g_test_skip("needs another user");
		return;
	}
	make(desk, "/config.yaml",
		"libvirt: {uri: 'qemu+unix:///session?socket=/nonexistent/socket', domain: "
		"test}\n" DISPLAY);
	examine(desk);
	g_assert_null(pick(desk, FINDING_PROBLEM, "libvirt", "hotseatd runs as"));
	units_text = "Id=hotseatd.service\nLoadState=loaded\nUnitFileState=enabled\nUser=nobody\n";
	assert_finds(desk, FINDING_PROBLEM, "libvirt", "hotseatd runs as nobody, whose", NULL);
	units_text = "";
}

/* Another start does not help a daemon that fails, and there is nothing to kill. */
static void test_failing_libvirt(DoctorDesk *desk, gconstpointer unused)
{
	static const char *const states[] = {
		"ActiveState=activating\nSubState=auto-restart\nResult=exit-code\nNRestarts=4\n",
		"ActiveState=failed\nSubState=failed\nResult=exit-code\nNRestarts=5\n",
		"ActiveState=active\nSubState=running\nResult=success\nNRestarts=12\n",
	};

	make(desk, "/config.yaml",
		"libvirt:\n  uri: qemu:///system?socket=/nonexistent/socket\n  domain: "
		"test\n" DISPLAY);
	for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
		g_autofree char *text = g_strconcat(
			LIBVIRTD_OFF "\nId=libvirtd.service\nLoadState=loaded\n", states[i], NULL);

		units_text = text;
		assert_finds(desk, FINDING_PROBLEM, "libvirt",
			"journalctl -n 30 -u libvirtd.service", NULL);
		assert_count(desk, FINDING_PROBLEM, "libvirt", 1);
	}
	units_text = "";
}

static void test_undefined(DoctorDesk *desk, gconstpointer unused)
{
	g_autofree char *command =
		g_strdup_printf("hotseat setup --from %s --output %s --guest test --yes",
			desk->config, desk->config);

	make(desk, "/config.yaml", "libvirt:\n  uri: test:///default\n  domain: other\n" DISPLAY);
	assert_finds(desk, FINDING_PROBLEM, "guests", "no domain other; there is: test", command);
}

/* -- the service ------------------------------------------------------------------------------ */

/* a socket's file; listens only if it is told to */
static int make_socket(const DoctorDesk *desk, gboolean listens)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	g_strlcpy(address.sun_path, desk->socket, sizeof address.sun_path);
	g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
	if (listens)
		g_assert_cmpint(listen(fd, 1), ==, 0);
	return fd;
}

static void test_stale_socket(DoctorDesk *desk, gconstpointer unused)
{
	g_autofree char *command = g_strconcat("rm -f ", desk->socket, NULL);

	close(make_socket(desk, FALSE));
	assert_finds_root(desk, FINDING_WARNING, "service", "no process listens there", command);
}

static void test_enabled_stopped(DoctorDesk *desk, gconstpointer unused)
{
	units_text = "Id=hotseatd.service\nLoadState=loaded\nActiveState=inactive\n"
		     "UnitFileState=enabled\nUser=root\n";
	assert_finds_root(desk, FINDING_PROBLEM, "service", "is not running",
		"systemctl enable --now hotseatd.service");
	units_text = "Id=hotseatd.service\nLoadState=loaded\nActiveState=failed\n"
		     "Result=exit-code\nUnitFileState=enabled\nUser=root\n";
	assert_finds_root(desk, FINDING_PROBLEM, "service", "failed (exit-code)",
		"systemctl restart hotseatd");
}

/* Units that systemd did not report are not mentioned. */
static void test_unknown_units(DoctorDesk *desk, gconstpointer unused)
{
	units_text = NULL;
	assert_finds(desk, FINDING_PROBLEM, "service", "hotseatd is not running", NULL);
	for (guint i = 0; i < desk->doctor->findings->list->len; i++) {
		const Finding *finding = desk->doctor->findings->list->pdata[i];

		g_assert_null(strstr(finding->message, "installed"));
		g_assert_true(
			finding->advice == NULL || strstr(finding->advice, "install") == NULL);
	}
	units_text = "Id=hotseatd.service\nLoadState=not-found\nActiveState=inactive\n";
	assert_finds(desk, FINDING_PROBLEM, "service", "its service is not installed", NULL);
}

/* A start would fail. */
static void test_no_config(DoctorDesk *desk, gconstpointer unused)
{
	static const char *const units[] = { "", SERVICE_OFF,
		"Id=hotseatd.service\nLoadState=not-found\nActiveState=inactive\n" };

	make(desk, "/config.yaml", "displays: 7\n");
	for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
		const Finding *finding;

		units_text = units[i];
		examine(desk);
		finding = pick(desk, FINDING_WARNING, "service", "it has no valid configuration");
		g_assert_nonnull(finding);
		g_assert_null(finding->advice);
	}
}

static void test_no_user(DoctorDesk *desk, gconstpointer unused)
{
	units_text = SERVICE_OFF;
	assert_finds_root(desk, FINDING_PROBLEM, "service", "the user hotseat-test",
		"systemd-sysusers hotseat.conf");
}

static void test_virtkvm(DoctorDesk *desk, gconstpointer unused)
{
	units_text = SERVICE_OFF "Id=virtkvm.service\nLoadState=loaded\nActiveState=active\n"
				 "UnitFileState=disabled\n";
	assert_finds_root(desk, FINDING_PROBLEM, "service", "virtkvm runs too",
		"systemctl disable --now virtkvm.service");
}

/* -- http ------------------------------------------------------------------------------------- */

static void configure_http(DoctorDesk *desk, const char *host, guint port)
{
	g_autofree char *text = g_strdup_printf(GUEST DISPLAY
		"http:\n  address: \"%s:%u\"\n  security:\n    secret: xxxxxxxxxxxxxxxxxxxxxxxx\n",
		host, port);

	make(desk, "/config.yaml", text);
}

static void test_port(DoctorDesk *desk, gconstpointer unused)
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
	finding = pick(desk, FINDING_PROBLEM, "http", "(pid ");
	g_assert_nonnull(finding);
	g_assert_nonnull(finding->command);
	close(fd);
	examine(desk);
	g_assert_null(pick(desk, FINDING_PROBLEM, "http", "taken"));
}

static void test_loopback(DoctorDesk *desk, gconstpointer unused)
{
	configure_http(desk, "127.0.0.1", 5001);
	assert_finds(desk, FINDING_WARNING, "http", "only this computer can reach", NULL);
}

/* TEST-NET-1, RFC 5737: not in use; the guest runs */
static void test_absent_address(DoctorDesk *desk, gconstpointer unused)
{
	configure_http(desk, "192.0.2.1", 5001);
	assert_finds(desk, FINDING_PROBLEM, "http", "no interface", NULL);
}

/* -- pieces ----------------------------------------------------------------------------------- */

static Person *stranger(void)
{
	return person_numbered(4242424);
}

static void test_person(DoctorDesk *desk, gconstpointer unused)
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

static void test_process(DoctorDesk *desk, gconstpointer unused)
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

	findings->area = "config";
	finding = finding_problem(findings, NULL, "bad");
	finding_run_as_root(finding, "a b", "1", "it's", NULL);
	finding_run(finding, "c", NULL);
	finding_script_as_root(finding, "echo 'x' >y");
	g_assert_cmpstr(finding->command, ==,
		"sudo a b 1 'it'\\''s' && c && sudo sh -c 'echo '\\''x'\\'' >y'");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	TEST("libvirt/down", test_no_libvirt);
	TEST("libvirt/other", test_other_libvirt);
	TEST("libvirt/session-of-service", test_session_of_service);
	TEST("libvirt/failing", test_failing_libvirt);
	TEST("guests/undefined", test_undefined);
	TEST("service/stale-socket", test_stale_socket);
	TEST("service/stopped", test_enabled_stopped);
	TEST("service/unknown", test_unknown_units);
	TEST("service/no-config", test_no_config);
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
