/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define NOBODY 65534

/* --- golden files: tests/config/NAME.yaml gives the messages in NAME.expected --- */

static char *messages(const char *path, const GPtrArray *problems)
{
	GString *all = g_string_new(NULL);

	for (guint i = 0; i < problems->len; i++) {
		g_autofree char *line = config_problem_format(path, problems->pdata[i]);

		g_string_append_printf(all, "%s\n", line);
	}
	return g_string_free(all, FALSE);
}

static gboolean has_error(const GPtrArray *problems)
{
	for (guint i = 0; i < problems->len; i++)
		if (!((const ConfigProblem *)problems->pdata[i])->warning)
			return TRUE;
	return FALSE;
}

static char *read_data(const char *name, const char *suffix, gsize *length)
{
	g_autofree char *file = g_strconcat(name, suffix, NULL);
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "config", file, NULL);
	g_autoptr(GError) error = NULL;
	char *text = NULL;

	g_file_get_contents(path, &text, length, &error);
	g_assert_no_error(error);
	return text;
}

static void test_golden(gconstpointer data)
{
	const char *name = data;
	g_autofree char *file = g_strconcat(name, ".yaml", NULL);
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "config", file, NULL);
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autoptr(Config) config = NULL;
	g_autofree char *got = NULL;
	g_autofree char *expected = NULL;
	g_autofree char *text = NULL;
	gsize length;

	text = read_data(name, ".yaml", &length);
	expected = read_data(name, ".expected", NULL);
	config = config_parse(path, text, length, problems);
	got = messages(file, problems);
	g_assert_cmpstr(got, ==, expected);
	g_assert_true((config == NULL) == has_error(problems));
}

static int compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_golden_tests(GPtrArray *names)
{
	g_autofree char *path = g_test_build_filename(G_TEST_DIST, "..", "config", NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *file;

	g_assert_nonnull(dir);
	while ((file = g_dir_read_name(dir)) != NULL)
		if (g_str_has_suffix(file, ".expected"))
			g_ptr_array_add(names, g_strndup(file, strlen(file) - strlen(".expected")));
	g_ptr_array_sort(names, compare_names);
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *test = g_strconcat("/config/golden/", names->pdata[i], NULL);

		g_test_add_data_func(test, names->pdata[i], test_golden);
	}
}

/* --- what good files become --- */

static Config *parse_good(const char *name)
{
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autofree char *text = NULL;
	Config *config;
	gsize length;

	text = read_data(name, ".yaml", &length);
	config = config_parse("config.yaml", text, length, problems);
	g_assert_nonnull(config);
	return config;
}

static void assert_input(
	const ConfigDisplay *display, const char *target, guint value, int reads_as)
{
	const ConfigInput *input = g_hash_table_lookup(display->inputs, target);

	g_assert_nonnull(input);
	g_assert_cmphex(input->value, ==, value);
	g_assert_cmpint(input->reads_as, ==, reads_as);
}

static void test_virtkvm(void)
{
	g_autoptr(Config) config = parse_good("virtkvm");
	const ConfigGuest *guest = config->guests->pdata[0];
	const ConfigDisplay *display = config->displays->pdata[1];
	const ConfigDevice *device = config->devices->pdata[0];
	const ConfigCommand *command = config->commands->pdata[0];

	g_assert_cmpstr(config->path, ==, "config.yaml");
	g_assert_true(config->check_guest);
	g_assert_cmpstr(config->libvirt_uri, ==, "qemu:///system");
	g_assert_true(config->http && config->http_security);
	g_assert_cmpstr(config->http_host, ==, "127.0.0.1");
	g_assert_cmpint(config->http_port, ==, 5001);
	g_assert_cmpstr(config->http_secret, ==, "xxxxxxxxxxxxxxxx");
	g_assert_cmpint(config->guests->len, ==, 1);
	g_assert_cmpstr(guest->name, ==, "guest");
	g_assert_cmpstr(guest->domain, ==, "win10");
	g_assert_cmpint(config->displays->len, ==, 2);
	g_assert_cmpstr(display->name, ==, "display 2");
	g_assert_cmpint(display->bus, ==, 6);
	g_assert_cmphex(display->feature, ==, 0x60);
	g_assert_cmphex(display->source_address, ==, 0x51);
	assert_input(display, "host", 0x0f, -1);
	assert_input(display, "guest", 0x11, -1);
	g_assert_cmpint(config->devices->len, ==, 2);
	g_assert_cmpstr(device->name, ==, "28da:1101");
	g_assert_cmpint(device->vendor, ==, 0x28da);
	g_assert_cmpint(device->product, ==, 0x1101);
	g_assert_null(device->guests);
	g_assert_cmpint(config->commands->len, ==, 2);
	g_assert_cmpstr(command->target, ==, "guest");
	g_assert_cmpstr(command->label, ==, "echo switch to guest");
	g_assert_cmpstr(command->argv[0], ==, "/bin/sh");
	g_assert_cmpstr(command->argv[1], ==, "-c");
	g_assert_cmpstr(command->argv[2], ==, "echo switch to guest");
	g_assert_null(command->argv[3]);
	g_assert_cmpint(command->timeout_ms, ==, 10000);
}

/* the integers and bools of YAML 1.1, and an IPv6 address */
static void test_virtkvm_fork(void)
{
	g_autoptr(Config) config = parse_good("virtkvm-fork");
	const ConfigDevice *binary = config->devices->pdata[1];
	const ConfigDevice *decimal = config->devices->pdata[2];

	g_assert_true(config->check_guest);
	g_assert_cmpstr(config->libvirt_uri, ==, "qemu:///session");
	g_assert_false(config->http);
	g_assert_cmpstr(config->http_host, ==, "::");
	g_assert_cmpstr(config->http_secret, ==, "0123");
	g_assert_true(((ConfigDevice *)config->devices->pdata[0])->optional);
	g_assert_false(binary->optional);
	g_assert_cmpint(binary->vendor, ==, 0x10);
	g_assert_cmpint(binary->product, ==, 017);
	g_assert_cmpint(decimal->vendor, ==, 1000);
	g_assert_cmpint(decimal->product, ==, 5);
	assert_input(config->displays->pdata[0], "host", 0x0f, -1);
	assert_input(config->displays->pdata[0], "guest", 0x11, -1);
}

static void test_guests(void)
{
	g_autoptr(Config) config = parse_good("full");
	static const char *const names[] = { "guest", "linux", "macos" };
	static const char *const domains[] = { "win10", "debian12", "macos" };

	g_assert_cmpint(config->guests->len, ==, G_N_ELEMENTS(names));
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		const ConfigGuest *guest = config->guests->pdata[i];

		g_assert_cmpstr(guest->name, ==, names[i]);
		g_assert_cmpstr(guest->domain, ==, domains[i]);
	}
	g_assert_false(config->check_guest);
	g_assert_cmpstr(config->libvirt_uri, ==, "qemu:///system");
	g_assert_cmpstr(config->http_secret, ==, "not guessed by anyone");
}

/* What is handed over by libvirt needs one to ask, even when there is nobody to hand it to. */
static void test_devices_alone(void)
{
	static const char text[] = "devices: [{vendor: 0x28da, product: 0x1101}]";
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autoptr(Config) config = config_parse("config.yaml", text, strlen(text), problems);

	g_assert_nonnull(config);
	g_assert_cmpstr(config->libvirt_uri, ==, "qemu:///system");
}

static void test_ways_back(void)
{
	g_autoptr(Config) config = parse_good("full");
	const ConfigDisplay *first = config->displays->pdata[0];
	const ConfigDisplay *lg = config->displays->pdata[1];
	const ConfigDisplay *third = config->displays->pdata[2];

	g_assert_cmpuint(first->n_ways, ==, 2);
	g_assert_cmpint(first->ways[0], ==, RETURN_COMMAND);
	g_assert_cmpint(first->ways[1], ==, RETURN_DDC);
	g_assert_cmpstr(first->return_command->target, ==, "host");
	g_assert_cmpstr(first->return_command->argv[2], ==, "press, {1}: #");
	g_assert_cmpuint(first->return_command->timeout_ms, ==, 2500);
	g_assert_cmpuint(lg->n_ways, ==, 0);
	g_assert_null(lg->return_command);
	g_assert_cmpuint(third->n_ways, ==, 0);
	g_assert_cmpstr(third->return_command->label, ==, "press 1");
}

static void test_displays(void)
{
	g_autoptr(Config) config = parse_good("full");
	const ConfigDisplay *first = config->displays->pdata[0];
	const ConfigDisplay *lg = config->displays->pdata[1];
	const ConfigDisplay *last = config->displays->pdata[3];

	g_assert_cmpstr(first->name, ==, "main");
	g_assert_cmpint(first->bus, ==, -1);
	g_assert_cmpstr(first->monitor, ==, "AOC 2778X");
	g_assert_true(first->optional);
	assert_input(first, "host", 0x0f, 0x05);
	assert_input(first, "guest", 0x11, -1);
	assert_input(first, "linux", 0x12, 0x03);
	g_assert_null(g_hash_table_lookup(first->inputs, "macos"));

	g_assert_cmpstr(lg->name, ==, "GSM LG HDR 4K 0012 DP-2");
	g_assert_cmpstr(lg->manufacturer, ==, "GSM");
	g_assert_cmpstr(lg->model, ==, "LG HDR 4K");
	g_assert_cmpstr(lg->serial, ==, "0012");
	g_assert_cmpstr(lg->connector, ==, "DP-2");
	g_assert_null(lg->monitor);
	g_assert_cmphex(lg->feature, ==, 0xf4);
	g_assert_cmphex(lg->source_address, ==, 0x50);
	g_assert_false(lg->optional);
	assert_input(lg, "host", 0xd0, -1);
	assert_input(lg, "macos", 0x1234, -1);

	g_assert_cmpstr(((ConfigDisplay *)config->displays->pdata[2])->name, ==, "display 3");
	g_assert_cmpstr(last->name, ==, "AOC 2778X");
}

static void test_devices(void)
{
	g_autoptr(Config) config = parse_good("full");
	const ConfigDevice *keyboard = config->devices->pdata[0];
	const ConfigDevice *serial = config->devices->pdata[2];
	static const char *const names[] = { "keyboard", "046d:c08b", "device 3", "device 4",
		"28da:1101", "28da:1101 (2)", "28da:1101 (3)" };

	g_assert_cmpint(config->devices->len, ==, G_N_ELEMENTS(names));
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		g_assert_cmpstr(((ConfigDevice *)config->devices->pdata[i])->name, ==, names[i]);
	g_assert_cmpstr(keyboard->serial, ==, "007");
	g_assert_cmpstr(keyboard->port, ==, "3-1.2");
	g_assert_cmpint((int)g_strv_length(keyboard->guests), ==, 2);
	g_assert_cmpstr(keyboard->guests[0], ==, "linux");
	g_assert_cmpstr(keyboard->guests[1], ==, "guest");
	g_assert_cmpint(serial->vendor, ==, -1);
	g_assert_cmpint(serial->product, ==, -1);
	g_assert_cmpstr(serial->serial, ==, "A B");
	g_assert_true(((ConfigDevice *)config->devices->pdata[3])->optional);
}

static void test_commands(void)
{
	g_autoptr(Config) config = parse_good("full");
	static const struct {
		const char *target, *label;
		int arguments;
		guint timeout_ms;
	} expected[] = {
		{ "host", "echo \"back: home\"; true", 3, 10000 },
		{ "host", "notify-send to the host", 2, 10000 },
		{ "linux", "sleep 1", 3, 250 },
		{ "linux", "sleep 1", 2, 600000 },
	};

	g_assert_cmpint(config->commands->len, ==, G_N_ELEMENTS(expected));
	for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
		const ConfigCommand *command = config->commands->pdata[i];

		g_assert_cmpstr(command->target, ==, expected[i].target);
		g_assert_cmpstr(command->label, ==, expected[i].label);
		g_assert_cmpint((int)g_strv_length(command->argv), ==, expected[i].arguments);
		g_assert_cmpint(command->timeout_ms, ==, expected[i].timeout_ms);
	}
	g_assert_cmpstr(((ConfigCommand *)config->commands->pdata[1])->argv[1], ==, "to the host");
}

/* a mapping's own keys win over merged ones, the first of several merged ones over later ones */
static void test_aliases(void)
{
	g_autoptr(Config) config = parse_good("aliases");
	const ConfigDisplay *one = config->displays->pdata[1];
	const ConfigDisplay *list = config->displays->pdata[2];

	g_assert_cmpint(one->bus, ==, 5);
	g_assert_cmphex(one->feature, ==, 0xf4);
	assert_input(one, "host", 0xd0, 0x01);
	g_assert_cmpint(list->bus, ==, 6);
	g_assert_true(list->optional);
	assert_input(list, "host", 0x90, 0x01);
	assert_input(list, "guest", 0xd0, -1);
	g_assert_cmpint(config->commands->len, ==, 4);
	g_assert_cmpstr(((ConfigCommand *)config->commands->pdata[3])->label, ==, "echo");
}

/* --- files --- */

typedef struct {
	char *dir;
} Fixture;

static void setup(Fixture *fixture, gconstpointer unused)
{
	g_autoptr(GError) error = NULL;

	fixture->dir = g_dir_make_tmp("hotseat-config-XXXXXX", &error);
	g_assert_no_error(error);
}

static void teardown(Fixture *fixture, gconstpointer unused)
{
	g_autoptr(GDir) dir = g_dir_open(fixture->dir, 0, NULL);
	const char *file;

	while ((file = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(fixture->dir, file, NULL);

		g_assert_cmpint(g_remove(path), ==, 0);
	}
	g_assert_cmpint(g_rmdir(fixture->dir), ==, 0);
	g_free(fixture->dir);
}

static void write_file(
	Fixture *fixture, const char *name, const char *text, gssize length, mode_t mode)
{
	g_autofree char *path = g_build_filename(fixture->dir, name, NULL);
	g_autoptr(GError) error = NULL;

	g_file_set_contents(path, text, length, &error);
	g_assert_no_error(error);
	g_assert_cmpint(g_chmod(path, mode), ==, 0);
}

/* Loads name and returns the messages, with the directory's name left out. */
static char *load(Fixture *fixture, const char *name, Config **config)
{
	g_autofree char *path = g_build_filename(fixture->dir, name, NULL);
	g_autofree char *prefix = g_strconcat(fixture->dir, "/", NULL);
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autofree char *all = NULL;
	GString *s;

	*config = config_load(path, problems);
	all = messages(path, problems);
	s = g_string_new(all);
	g_string_replace(s, prefix, "", 0);
	return g_string_free(s, FALSE);
}

static void assert_load_fails(Fixture *fixture, const char *name, const char *expected)
{
	Config *config = NULL;
	g_autofree char *got = load(fixture, name, &config);

	g_assert_null(config);
	g_assert_cmpstr(got, ==, expected);
}

static void test_unusable_files(Fixture *fixture, gconstpointer unused)
{
	g_autofree char *big = g_strnfill(1024 * 1024 + 1, '#');

	assert_load_fails(
		fixture, "none.yaml", "none.yaml: cannot be opened: No such file or directory\n");
	assert_load_fails(fixture, ".", ".: is a directory; name the file in it\n");
	write_file(fixture, "big.yaml", big, -1, 0600);
	assert_load_fails(
		fixture, "big.yaml", "big.yaml: is larger than 1 MiB; is it the right file?\n");
	write_file(fixture, "full.yaml", big, 1024 * 1024, 0600);
	assert_load_fails(fixture, "full.yaml",
		"full.yaml: the file is empty; hotseat.yaml(5) has an example\n");
}

/* root reads everything: be somebody else for a moment */
static void test_closed_file(Fixture *fixture, gconstpointer unused)
{
	gboolean root = geteuid() == 0;

	write_file(fixture, "closed.yaml", "kvm: {}", -1, 0);
	g_assert_cmpint(g_chmod(fixture->dir, 0755), ==, 0);
	if (root)
		g_assert_cmpint(seteuid(NOBODY), ==, 0);
	assert_load_fails(fixture, "closed.yaml",
		"closed.yaml: cannot be opened: Permission denied; read it as its owner, or with "
		"sudo; what the system's hotseatd reads has to belong to the user hotseat\n");
	if (root)
		g_assert_cmpint(seteuid(0), ==, 0);
}

#define HTTP                                                                                       \
	"libvirt: {domain: win10}\n"                                                               \
	"devices: [{port: 1-1}]\n"                                                                 \
	"http:\n"                                                                                  \
	"  address: 127.0.0.1:5001\n"

static void test_readable_secret(Fixture *fixture, gconstpointer unused)
{
	static const char text[] = HTTP "  security: {secret: 0123456789abcdef}\n";
	g_autoptr(Config) config = NULL;
	g_autoptr(Config) again = NULL;
	g_autofree char *got = NULL;
	g_autofree char *got_again = NULL;

	write_file(fixture, "config.yaml", text, -1, 0644);
	got = load(fixture, "config.yaml", &config);
	g_assert_cmpstr(got, ==,
		"config.yaml:5:22: warning: others can read the secret in config.yaml; run: chmod "
		"o= config.yaml\n");
	g_assert_nonnull(config);
	write_file(fixture, "config.yaml", text, -1, 0640);
	got_again = load(fixture, "config.yaml", &again);
	g_assert_cmpstr(got_again, ==, "");
	g_assert_cmpstr(again->http_secret, ==, "0123456789abcdef");
}

static void test_secret_file(Fixture *fixture, gconstpointer unused)
{
	static const struct {
		const char *content;
		mode_t mode;
		const char *message, *secret;
	} cases[] = {
		{ "0123456789abcdef\n", 0600, "", "0123456789abcdef" },
		{ "inner blanks are kept\r\n\n", 0640, "", "inner blanks are kept" },
		{ "0123456789abcdef", 0604,
			"config.yaml:5:27: warning: others can read the secret in secret; run: "
			"chmod o= secret\n",
			"0123456789abcdef" },
		{ "short", 0600,
			"config.yaml:5:27: warning: secret_file: shorter than 16 characters can be "
			"guessed; try: openssl rand -hex 16\n",
			"short" },
		{ "\n", 0600, "config.yaml:5:27: secret_file: the secret is empty\n", NULL },
		{ "two\nlines", 0600,
			"config.yaml:5:27: secret_file: the secret has more than one line, or "
			"control characters\n",
			NULL },
		{ " 0123456789abcdef", 0600,
			"config.yaml:5:27: secret_file: blanks around the secret get lost in a "
			"request; remove them\n",
			NULL },
	};

	write_file(fixture, "config.yaml", HTTP "  security: {secret_file: secret}\n", -1, 0644);
	assert_load_fails(fixture, "config.yaml",
		"config.yaml:5:27: secret_file: secret cannot be opened: No such file or "
		"directory; write one into it: openssl rand -hex 16\n");
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Config) config = NULL;
		g_autofree char *got = NULL;

		write_file(fixture, "secret", cases[i].content, -1, cases[i].mode);
		got = load(fixture, "config.yaml", &config);
		g_assert_cmpstr(got, ==, cases[i].message);
		g_assert_true((config == NULL) == (cases[i].secret == NULL));
		if (config != NULL)
			g_assert_cmpstr(config->http_secret, ==, cases[i].secret);
	}
}

static void test_example(void)
{
	g_autofree char *path =
		g_test_build_filename(G_TEST_DIST, "..", "..", "data", "config.yaml", NULL);
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autoptr(Config) config = config_load(path, problems);
	g_autofree char *got = messages("config.yaml", problems);

	g_assert_cmpstr(got, ==, "");
	g_assert_nonnull(config);
	g_assert_cmpint(config->displays->len, ==, 1);
	g_assert_cmpint(config->devices->len, ==, 2);
}

/* a bad file leaves what was in the list before, and adds behind it */
static void test_problems_are_added(void)
{
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autofree char *got = NULL;

	g_assert_null(config_parse("a", "{x: 1}", 6, problems));
	g_assert_null(config_parse("a", "", 0, problems));
	got = messages("a", problems);
	g_assert_true(g_str_has_prefix(got, "a:1:2: config: unknown key \"x\""));
	g_assert_true(
		g_str_has_suffix(got, "\na: the file is empty; hotseat.yaml(5) has an example\n"));
}

static void test_find(gconstpointer data)
{
	g_autofree char *dir = g_build_filename(data, "hotseat", NULL);
	g_autofree char *user = g_build_filename(dir, "config.yaml", NULL);
	g_autofree char *given = config_find("/some/where.yaml");
	g_autofree char *without = config_find(NULL);
	g_autofree char *with = NULL;

	g_assert_cmpstr(given, ==, "/some/where.yaml");
	g_assert_cmpstr(without, ==, "/etc/hotseat/config.yaml");
	g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
	g_assert_true(g_file_set_contents(user, "", 0, NULL));
	with = config_find(NULL);
	g_assert_cmpstr(with, ==, user);
	g_assert_cmpint(g_remove(user), ==, 0);
	g_assert_cmpint(g_rmdir(dir), ==, 0);
}

int main(int argc, char **argv)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *home = g_dir_make_tmp("hotseat-config-XXXXXX", NULL);
	int status;

	/* GLib looks once, and early */
	g_setenv("XDG_CONFIG_HOME", home, TRUE);
	g_test_init(&argc, &argv, NULL);
	add_golden_tests(names);
	g_test_add_func("/config/example", test_example);
	g_test_add_func("/config/virtkvm", test_virtkvm);
	g_test_add_func("/config/virtkvm-fork", test_virtkvm_fork);
	g_test_add_func("/config/guests", test_guests);
	g_test_add_func("/config/displays", test_displays);
	g_test_add_func("/config/devices-alone", test_devices_alone);
	g_test_add_func("/config/ways-back", test_ways_back);
	g_test_add_func("/config/devices", test_devices);
	g_test_add_func("/config/commands", test_commands);
	g_test_add_func("/config/aliases", test_aliases);
	g_test_add_func("/config/problems-are-added", test_problems_are_added);
	g_test_add_data_func("/config/find", home, test_find);
	g_test_add("/config/unusable-files", Fixture, NULL, setup, test_unusable_files, teardown);
	g_test_add("/config/closed-file", Fixture, NULL, setup, test_closed_file, teardown);
	g_test_add("/config/readable-secret", Fixture, NULL, setup, test_readable_secret, teardown);
	g_test_add("/config/secret-file", Fixture, NULL, setup, test_secret_file, teardown);
	status = g_test_run();
	g_rmdir(home);
	return status;
}
