/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files of a config: which it is, who may read it, and the secret's.
 */
#include "common/accounts.h"
#include "config-messages.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define NOBODY 65534

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
	all = config_messages(path, problems);
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
	assert_load_fails(fixture, "big.yaml",
		"big.yaml: is larger than 1 MiB; check that it is the right file\n");
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
		"sudo; the config of the system's hotseatd must belong to the user " HOTSEAT_USER
		"\n");
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
		"config.yaml:5:22: warning: other users can read the secret in config.yaml; run: "
		"chmod "
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
			"config.yaml:5:27: warning: other users can read the secret in secret; "
			"run: "
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
			"config.yaml:5:27: secret_file: leading and trailing spaces of the secret "
			"get lost in a request; remove them\n",
			NULL },
	};

	write_file(fixture, "config.yaml", HTTP "  security: {secret_file: secret}\n", -1, 0644);
	assert_load_fails(fixture, "config.yaml",
		"config.yaml:5:27: secret_file: secret cannot be opened: No such file or "
		"directory; create one: openssl rand -hex 16\n");
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
	g_autofree char *got = config_messages("config.yaml", problems);

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
	got = config_messages("a", problems);
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
	g_autofree char *home = g_dir_make_tmp("hotseat-config-XXXXXX", NULL);
	int status;

	/* GLib looks once, and early */
	g_setenv("XDG_CONFIG_HOME", home, TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/config/example", test_example);
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
