/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The folder of the guests' secrets: what is in force, what is said of the rest, and when it is
 * read.
 */
#include "config/problem.h"
#include "config/secrets.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
	char *dir, *folder;
	Config *config;
} Case;

static const char yaml[] = "guests:\n"
			   "- {name: linux, domain: debian}\n"
			   "- {name: win, domain: win11}\n"
			   "- {name: ../a%b, domain: strange}\n"
			   "devices: [{port: 1-1}]\n"
			   "http:\n"
			   "  address: 127.0.0.1:5001\n"
			   "  security: {secret: 0123456789abcdef-admin}\n";

static void case_init(Case *c, const char *text)
{
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autofree char *path = NULL;

	c->dir = g_dir_make_tmp("hotseat-XXXXXX", NULL);
	path = g_build_filename(c->dir, "config.yaml", NULL);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_assert_cmpint(g_chmod(path, 0600), ==, 0);
	c->config = config_load(path, problems);
	g_assert_nonnull(c->config);
	c->folder = secrets_folder(path);
}

static void remove_folder(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *file = g_build_filename(path, name, NULL);

		if (g_rmdir(file) != 0)
			g_unlink(file);
	}
	g_rmdir(path);
}

static void case_clear(Case *c)
{
	remove_folder(c->folder);
	remove_folder(c->dir);
	g_assert_false(g_file_test(c->dir, G_FILE_TEST_EXISTS));
	config_free(c->config);
	g_free(c->folder);
	g_free(c->dir);
}

static void put(Case *c, const char *name, const char *text, guint mode)
{
	g_autofree char *path = g_build_filename(c->folder, name, NULL);

	g_mkdir(c->folder, 0700);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_assert_cmpint(g_chmod(path, mode), ==, 0);
}

/* "linux=…, win=…" and, a line each, what is said; DIR for the folder of the config. */
static void assert_load(Case *c, const char *in_force, const char *expected)
{
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autoptr(GPtrArray) secrets = secrets_load(c->config, problems);
	g_autoptr(GString) got = g_string_new(NULL), said = g_string_new(NULL);

	for (guint i = 0; i < secrets->len; i++) {
		const Secret *secret = secrets->pdata[i];

		g_string_append_printf(
			got, "%s%s=%s", i > 0 ? ", " : "", secret->guest, secret->text);
	}
	for (guint i = 0; i < problems->len; i++) {
		g_autofree char *line = config_problem_format(c->config->path, problems->pdata[i]);

		g_string_append_printf(said, "%s\n", line);
	}
	g_string_replace(said, c->dir, "DIR", 0);
	g_assert_cmpstr(got->str, ==, in_force);
	g_assert_cmpstr(said->str, ==, expected);
}

static void test_load(void)
{
	Case c;

	case_init(&c, yaml);
	assert_load(&c, "", "");
	put(&c, "win", "0123456789abcdef-win\r\n", 0600);
	put(&c, "linux", "0123456789abcdef-linux", 0640);
	/* what another program is just writing, or wrote before */
	put(&c, ".win.swp", "x", 0644);
	assert_load(&c, "linux=0123456789abcdef-linux, win=0123456789abcdef-win", "");
	case_clear(&c);
}

/* -- what is said: one file a line, for linux unless it is another ----------------------------- */

static const struct {
	const char *label, *name, *text;
	guint mode;
	const char *in_force, *said;
} files[] = {
	{ "short", "linux", "short\n", 0600, "linux=short",
		"DIR/secrets/linux: warning: shorter than 16 characters can be guessed; try: "
		"hotseat secret new --replace\n" },
	{ "open", "linux", "0123456789abcdef\n", 0644, "linux=0123456789abcdef",
		"DIR/secrets/linux: warning: other users can read the secret; run: chmod o= "
		"DIR/secrets/linux\n" },
	{ "empty", "linux", "\n", 0600, "", "DIR/secrets/linux: the secret is empty\n" },
	{ "lines", "linux", "0123456789abcdef\nmore\n", 0600, "",
		"DIR/secrets/linux: the secret has more than one line, or control characters\n" },
	{ "blanks", "linux", "0123456789abcdef \n", 0600, "",
		"DIR/secrets/linux: leading and trailing spaces of the secret get lost in a "
		"request; remove them\n" },
	{ "administrator's", "linux", "0123456789abcdef-admin\n", 0600, "",
		"DIR/secrets/linux: the administrator has the same secret; create another one: "
		"hotseat secret new --replace\n" },
	{ "stray", "lunix", "0123456789abcdef\n", 0600, "",
		"DIR/secrets/lunix: warning: the config has no such guest\n" },
	{ "backup", "linux~", "0123456789abcdef\n", 0600, "",
		"DIR/secrets/linux~: warning: the config has no such guest\n" },
	{ "escaped without need", "%6Cinux", "0123456789abcdef\n", 0600, "",
		"DIR/secrets/%6Cinux: warning: the config has no such guest\n" },
	{ "strange guest", "%2E.%2Fa%25b", "0123456789abcdef\n", 0600, "../a%b=0123456789abcdef",
		"" },
};

static void test_file(gconstpointer data)
{
	gsize i = GPOINTER_TO_SIZE(data);
	Case c;

	case_init(&c, yaml);
	put(&c, files[i].name, files[i].text, files[i].mode);
	assert_load(&c, files[i].in_force, files[i].said);
	case_clear(&c);
}

static void test_folder(void)
{
	Case c;
	g_autofree char *inner = NULL;

	case_init(&c, yaml);
	put(&c, "win", "0123456789abcdef\n", 0600);
	put(&c, "linux", "0123456789abcdef\n", 0600);
	assert_load(&c, "linux=0123456789abcdef",
		"DIR/secrets/win: linux has the same secret; create another one: hotseat secret "
		"new "
		"--replace\n");
	remove_folder(c.folder);
	inner = g_build_filename(c.folder, "linux", NULL);
	g_assert_cmpint(g_mkdir_with_parents(inner, 0700), ==, 0);
	g_assert_cmpint(g_chmod(c.folder, 0777), ==, 0);
	assert_load(&c, "",
		"DIR/secrets/linux: is a directory; name the file in it\n"
		"DIR/secrets: warning: other users can write secrets there; run: chmod o= "
		"DIR/secrets\n");
	remove_folder(c.folder);
	g_assert_true(g_file_set_contents(c.folder, "x", -1, NULL));
	assert_load(&c, "", "DIR/secrets: cannot be read: Not a directory\n");
	g_assert_cmpint(g_unlink(c.folder), ==, 0);
	case_clear(&c);
}

/* -- without the administrator's --------------------------------------------------------------- */

#define WITHOUT                                                                                    \
	"libvirt: {domain: win11}\ndevices: [{port: 1-1}]\nhttp:\n  address: 127.0.0.1:5001\n"     \
	"  security: "

static void test_no_administrator(void)
{
	Case c;

	case_init(&c, WITHOUT "{enabled: true}\n");
	assert_load(&c, "",
		"DIR/config.yaml:5:13: warning: security: no client can send requests, because "
		"there is no secret; run: "
		"hotseat secret new GUEST\n");
	put(&c, "guest", "0123456789abcdef", 0600);
	assert_load(&c, "guest=0123456789abcdef", "");
	case_clear(&c);
	case_init(&c, WITHOUT "{enabled: false}\n");
	assert_load(&c, "", "");
	case_clear(&c);
}

/* -- new ones --------------------------------------------------------------------------------- */

static void test_make(void)
{
	Case c;
	g_autofree char *first = NULL, *second = NULL, *in_force = NULL, *path = NULL;
	g_autoptr(GError) error = NULL;
	struct stat st;

	case_init(&c, yaml);
	first = secrets_make(c.config, "../a%b", FALSE, &error);
	g_assert_no_error(error);
	g_assert_true(g_regex_match_simple("^[0-9a-f]{32}$", first, 0, 0));
	g_assert_null(secrets_make(c.config, "../a%b", FALSE, &error));
	g_assert_nonnull(strstr(error->message, "File exists"));
	second = secrets_make(c.config, "../a%b", TRUE, NULL);
	g_assert_cmpstr(first, !=, second);
	in_force = g_strdup_printf("../a%%b=%s", second);
	assert_load(&c, in_force, "");
	path = secrets_file(c.config->path, "../a%b");
	g_assert_cmpint(stat(path, &st), ==, 0);
	g_assert_cmpint((int)(st.st_mode & 07777), ==, 0600);
	g_assert_cmpint(stat(c.folder, &st), ==, 0);
	g_assert_cmpint((int)(st.st_mode & 07777), ==, 0700);
	case_clear(&c);
}

/* what root makes is for the daemon's user to read */
static void test_owner(void)
{
	Case c;
	g_autofree char *path = NULL, *secret = NULL;
	struct stat st;

	if (geteuid() != 0) {
		g_test_skip("only root can give files away");
		return;
	}
	case_init(&c, yaml);
	g_assert_cmpint(chown(c.config->path, 4711, 4712), ==, 0);
	secret = secrets_make(c.config, "linux", FALSE, NULL);
	path = secrets_file(c.config->path, "linux");
	g_assert_cmpint(stat(c.folder, &st), ==, 0);
	g_assert_cmpuint(st.st_uid, ==, 4711);
	g_assert_cmpint(stat(path, &st), ==, 0);
	g_assert_cmpuint(st.st_uid, ==, 4711);
	g_assert_cmpuint(st.st_gid, ==, 4712);
	case_clear(&c);
}

/* -- changes ---------------------------------------------------------------------------------- */

static void on_changed(gpointer data)
{
	++*(guint *)data;
}

/* Lets the watch tell what it has to, until nothing is left to do. */
static void await(guint *changes)
{
	while (*changes == 0)
		g_main_context_iteration(NULL, TRUE);
	while (g_main_context_iteration(NULL, FALSE))
		continue;
	*changes = 0;
}

static void assert_quiet(const guint *changes)
{
	while (g_main_context_iteration(NULL, FALSE))
		continue;
	g_assert_cmpuint(*changes, ==, 0);
}

static void test_watch(void)
{
	Case c;
	g_autoptr(SecretsWatch) watch = NULL;
	g_autofree char *path = NULL, *elsewhere = NULL;
	guint changes = 0;

	case_init(&c, yaml);
	watch = secrets_watch_new(c.config->path, on_changed, &changes, NULL);
	path = secrets_file(c.config->path, "linux");
	/* the folder comes, and something into it */
	put(&c, "linux", "0123456789abcdef", 0600);
	await(&changes);
	put(&c, "linux", "fedcba9876543210", 0600);
	await(&changes);
	g_assert_cmpint(g_chmod(path, 0644), ==, 0);
	await(&changes);
	g_assert_cmpint(g_unlink(path), ==, 0);
	await(&changes);
	/* what is none of its business: hidden files, and others beside the folder */
	g_assert_cmpint(g_chmod(c.config->path, 0640), ==, 0);
	elsewhere = g_build_filename(c.dir, "other", NULL);
	g_assert_true(g_file_set_contents(elsewhere, "x", -1, NULL));
	assert_quiet(&changes);
	/* it goes, and another one comes */
	remove_folder(c.folder);
	await(&changes);
	put(&c, "win", "0123456789abcdef", 0600);
	await(&changes);
	put(&c, "win", "fedcba9876543210", 0600);
	await(&changes);
	case_clear(&c);
}

static void test_no_watch(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(secrets_watch_new("/nonexistent/config.yaml", on_changed, NULL, &error));
	g_assert_nonnull(strstr(error->message, "are not noticed until a reload"));
}

/* Whoever waits for the folder's name, as the daemon does, finds it with its owner: it is not
 * created under that name, but gets it. */
static void test_folder_appears_whole(void)
{
	g_autoptr(GError) error = NULL;
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	g_autofree char *secret = NULL;
	_Alignas(struct inotify_event) char buffer[4096];
	gboolean moved = FALSE;
	gssize length;
	Case c;

	case_init(&c, yaml);
	g_assert_cmpint(inotify_add_watch(fd, c.dir, IN_CREATE | IN_MOVED_TO), >=, 0);
	secret = secrets_make(c.config, "linux", FALSE, &error);
	g_assert_no_error(error);
	length = read(fd, buffer, sizeof buffer);
	for (gssize at = 0; at < length;) {
		const struct inotify_event *event = (const struct inotify_event *)(buffer + at);

		if (g_strcmp0(event->name, "secrets") == 0) {
			g_assert_cmphex(event->mask & IN_CREATE, ==, 0);
			moved = TRUE;
		}
		at += (gssize)(sizeof *event + event->len);
	}
	g_assert_true(moved);
	close(fd);
	case_clear(&c);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/secrets/load", test_load);
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_strdup_printf("/secrets/file/%s", files[i].label);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_file);
	}
	g_test_add_func("/secrets/folder", test_folder);
	g_test_add_func("/secrets/no-administrator", test_no_administrator);
	g_test_add_func("/secrets/make", test_make);
	g_test_add_func("/secrets/owner", test_owner);
	g_test_add_func("/secrets/watch", test_watch);
	g_test_add_func("/secrets/no-watch", test_no_watch);
	g_test_add_func("/secrets/folder-appears-whole", test_folder_appears_whole);
	return g_test_run();
}
