/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hotseat secret and hotseat certificate, as processes.
 */
#include "cli/cli.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct {
	char *dir, *config, *folder;
	int status;
	char *out, *err; /* of the last run; DIR for the folder */
} Case;

static const char yaml[] = "libvirt: {domain: win11}\n"
			   "guests: [{name: linux box, domain: debian}]\n"
			   "devices: [{port: 1-1}]\n"
			   "http:\n"
			   "  address: 127.0.0.1:5001\n"
			   "  security: {enabled: true}\n";

static void case_init(Case *c, const char *text)
{
	*c = (Case){ .dir = g_dir_make_tmp("hotseat-XXXXXX", NULL) };
	c->config = g_build_filename(c->dir, "config.yaml", NULL);
	c->folder = g_build_filename(c->dir, "secrets", NULL);
	g_assert_true(g_file_set_contents(c->config, text, -1, NULL));
	g_assert_cmpint(g_chmod(c->config, 0600), ==, 0);
}

static void case_clear(Case *c)
{
	const char *argv[] = { "rm", "-r", c->dir, NULL };

	g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
		NULL, NULL, NULL));
	g_free(c->dir);
	g_free(c->config);
	g_free(c->folder);
	g_free(c->out);
	g_free(c->err);
}

/* Puts DIR in place of the folder's path. */
static void shorten(char **text, const char *dir)
{
	GString *s = g_string_new(*text);

	g_string_replace(s, dir, "DIR", 0);
	g_free(*text);
	*text = g_string_free(s, FALSE);
}

/* Runs hotseat with words, in which _ is a space, and --config, or for check-config the file. */
static void run(Case *c, const char *words)
{
	gboolean check = g_str_has_prefix(words, "check-config");
	g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
		G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
	g_autofree char *line = g_strdup_printf(
		"%s\t%s%s\t%s", g_getenv("HOTSEAT"), words, check ? "" : "\t--config", c->config);
	g_auto(GStrv) argv = NULL;
	g_autoptr(GSubprocess) process = NULL;
	g_autoptr(GError) error = NULL;

	g_strdelimit(line, " ", '\t');
	g_strdelimit(strstr(line, "\t"), "_", ' ');
	argv = g_strsplit(line, "\t", -1);
	g_subprocess_launcher_setenv(launcher, "LC_ALL", "C.UTF-8", TRUE);
	process = g_subprocess_launcher_spawnv(launcher, (const char *const *)argv, &error);
	g_assert_no_error(error);
	g_clear_pointer(&c->out, g_free);
	g_clear_pointer(&c->err, g_free);
	g_assert_true(g_subprocess_communicate_utf8(process, NULL, NULL, &c->out, &c->err, &error));
	c->status = g_subprocess_get_exit_status(process);
	shorten(&c->out, c->dir);
	shorten(&c->err, c->dir);
}

static void assert_run(Case *c, const char *words, CliExit status, const char *out, const char *err)
{
	run(c, words);
	g_assert_cmpstr(c->err, ==, err);
	g_assert_cmpstr(c->out, ==, out);
	g_assert_cmpint(c->status, ==, (int)status);
}

static char *read_secret(const Case *c, const char *name)
{
	g_autofree char *path = g_build_filename(c->folder, name, NULL);
	char *text = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return g_strchomp(text);
}

static void test_new(void)
{
	Case c;
	g_autofree char *first = NULL, *second = NULL, *shown = NULL, *again = NULL;

	case_init(&c, yaml);
	assert_run(&c, "secret new linux_box", CLI_OK,
		"The secret of linux box is in DIR/secrets/linux box\n", "");
	first = read_secret(&c, "linux box");
	g_assert_cmpuint(strlen(first), ==, 32);
	/* again: nothing is lost, and what to do is said */
	assert_run(&c, "secret new linux_box", CLI_OK,
		"linux box has a secret already, in DIR/secrets/linux box\n"
		"`hotseat secret show 'linux box'` prints it; --replace makes another one, and the "
		"old one "
		"is no longer accepted.\n",
		"");
	again = read_secret(&c, "linux box");
	g_assert_cmpstr(again, ==, first);
	shown = g_strdup_printf("%s\n", first);
	assert_run(&c, "secret show linux_box", CLI_OK, shown, "");
	g_clear_pointer(&shown, g_free);
	shown = g_strdup_printf(
		"linux box has a secret already, in DIR/secrets/linux box\n%s\n", first);
	assert_run(&c, "secret new linux_box --show", CLI_OK, shown, "");
	g_clear_pointer(&shown, g_free);
	assert_run(&c, "secret show guest", CLI_FAILED, "",
		"hotseat: guest has no secret; `hotseat secret new guest` makes one\n");
	run(&c, "secret show moon");
	g_assert_cmpint(c.status, ==, CLI_USAGE);
	run(&c, "secret new linux_box --replace --show");
	g_assert_cmpint(c.status, ==, CLI_OK);
	second = read_secret(&c, "linux box");
	g_assert_cmpstr(first, !=, second);
	shown = g_strdup_printf(
		"The new secret of linux box is in DIR/secrets/linux box\n%s\n"
		"The old one is no longer accepted: the guest needs the new one, or a new kit.\n",
		second);
	g_assert_cmpstr(c.out, ==, shown);
	assert_run(&c, "secret new moon", CLI_USAGE, "",
		"hotseat: DIR/config.yaml has no guest moon; the guests are: guest, linux "
		"box\n");
	case_clear(&c);
}

/* a JSON object's member, as text: true, false, null, or a string */
static char *member(const char *text, const char *name)
{
	g_autoptr(JsonNode) root = json_from_string(text, NULL);
	JsonNode *node;

	g_assert_true(JSON_NODE_HOLDS_OBJECT(root));
	node = json_object_get_member(json_node_get_object(root), name);
	return node == NULL ? NULL : json_to_string(node, FALSE);
}

static void test_json(void)
{
	Case c;
	g_autofree char *secret = NULL, *hidden = NULL, *quoted = NULL;

	case_init(&c, yaml);
	assert_run(&c, "secret new guest --json", CLI_OK,
		"{\"guest\":\"guest\",\"file\":\"DIR/secrets/"
		"guest\",\"replaced\":false,\"kept\":false}\n",
		"");
	hidden = member(c.out, "secret");
	g_assert_null(hidden);
	run(&c, "secret new guest --json --replace --show");
	secret = read_secret(&c, "guest");
	quoted = member(c.out, "secret");
	g_assert_nonnull(strstr(quoted, secret));
	assert_run(&c, "secret revoke guest --json", CLI_OK,
		"{\"guest\":\"guest\",\"file\":\"DIR/secrets/guest\",\"last\":true}\n", "");
	assert_run(&c, "secret list --json", CLI_OK,
		"{\"folder\":\"DIR/secrets\",\"administrator\":false,\"guests\":["
		"{\"name\":\"guest\",\"file\":null,\"since\":null},"
		"{\"name\":\"linux box\",\"file\":null,\"since\":null}],\"strays\":[]}\n",
		"");
	case_clear(&c);
}

static void test_list_and_revoke(void)
{
	Case c;
	g_autofree char *stray = NULL;

	case_init(&c, yaml);
	assert_run(&c, "secret list", CLI_OK,
		"guest            no secret\nlinux box        no secret\n(administrator)  no "
		"secret\n",
		"");
	run(&c, "secret new guest");
	run(&c, "secret new linux_box");
	stray = g_build_filename(c.folder, "old%guest", NULL);
	g_assert_true(g_file_set_contents(stray, "x", -1, NULL));
	run(&c, "secret list");
	g_assert_true(g_regex_match_simple("^guest            since 20..-..-.. ..:..\n"
					   "linux box        since 20..-..-.. ..:..\n"
					   "old%guest        no guest of the configuration\n"
					   "\\(administrator\\)  no secret\n$",
		c.out, 0, 0));
	assert_run(&c, "secret revoke old%guest", CLI_OK,
		"The secret of old%guest is no longer accepted.\n", "");
	g_assert_false(g_file_test(stray, G_FILE_TEST_EXISTS));
	assert_run(&c, "secret revoke guest", CLI_OK,
		"The secret of guest is no longer accepted.\n", "");
	assert_run(&c, "secret revoke guest", CLI_FAILED, "",
		"hotseat: guest has no secret; `hotseat secret new guest` makes one\n");
	assert_run(&c, "secret revoke linux_box", CLI_OK,
		"The secret of linux box is no longer accepted.\n"
		"It was the last one: no client can send requests over the network now.\n",
		"");
	assert_run(&c, "secret revoke ../config.yaml", CLI_USAGE, "",
		"hotseat: DIR/config.yaml has no guest ../config.yaml; the guests are: guest, "
		"linux box\n");
	g_assert_true(g_file_test(c.config, G_FILE_TEST_EXISTS));
	case_clear(&c);
}

static void test_caveats(void)
{
	Case c;

	case_init(&c, "libvirt: {domain: win11}\ndevices: [{port: 1-1}]\n");
	assert_run(&c, "secret new guest", CLI_OK,
		"The secret of guest is in DIR/secrets/guest\n"
		"It has no effect until the configuration has a section http.\n",
		"");
	case_clear(&c);
	case_init(&c, "libvirt: {domain: win11}\ndevices: [{port: 1-1}]\nhttp:\n"
		      "  address: 127.0.0.1:1\n  security: {enabled: false}\n");
	assert_run(&c, "secret new guest", CLI_OK,
		"The secret of guest is in DIR/secrets/guest\n"
		"http.security is disabled: clients need no secret.\n",
		"");
	assert_run(&c, "secret revoke guest", CLI_OK,
		"The secret of guest is no longer accepted.\n", "");
	case_clear(&c);
	case_init(&c, "displays: 7\n");
	run(&c, "secret list");
	g_assert_cmpint(c.status, ==, CLI_USAGE);
	g_assert_nonnull(strstr(c.err, "DIR/config.yaml:1:11: displays: expected a list"));
	case_clear(&c);
}

/* FILE or --config: both ways say which configuration is meant, and so do both at once. */
static void test_file(void)
{
	static const char *const ways[] = { "check-config", "check-config --config",
		"check-config DIR/config.yaml --config", "check-config --config=DIR/config.yaml" };
	g_autofree char *list = NULL;
	Case c;

	case_init(&c, yaml);
	run(&c, "secret new guest");
	for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
		g_autoptr(GString) words = g_string_new(ways[i]);

		g_string_replace(words, "DIR", c.dir, 0);
		assert_run(&c, words->str, CLI_OK, "DIR/config.yaml is fine.\n", "");
	}
	list = g_strdup_printf("secret list %s", c.config);
	run(&c, list);
	g_assert_cmpint(c.status, ==, CLI_OK);
	case_clear(&c);
}

static void test_usage(void)
{
	static const struct {
		const char *words, *err;
	} usages[] = {
		{ "secret", "secret needs new|show|list|revoke [GUEST]" },
		{ "secret tell",
			"unknown action tell; the actions are new, show, list and revoke" },
		{ "secret show", "secret show needs GUEST; see `hotseat help secret`\n" },
		{ "secret new", "secret new needs GUEST; see `hotseat help secret`\n" },
		{ "secret revoke", "secret revoke needs GUEST; see `hotseat help secret`\n" },
		{ "secret list guest DIR/config.yaml",
			"secret list takes no guest; see `hotseat help secret`\n" },
		{ "secret list DIR/other.yaml", "two configurations given; name one\n" },
		{ "secret revoke guest DIR/other.yaml", "two configurations given" },
		{ "check-config DIR/other.yaml --config", "two configurations given" },
		{ "secret list --show",
			"--show is an option of `secret new`; see `hotseat help secret`" },
		{ "secret revoke win10 --replace", "--replace is an option of `secret new`" },
		{ "certificate show --replace", "--replace is an option of `certificate new`" },
		{ "certificate", "certificate needs new|show" },
		{ "certificate renew", "unknown action renew; certificate has new and show" },
	};
	Case c;

	case_init(&c, yaml);
	for (gsize i = 0; i < G_N_ELEMENTS(usages); i++) {
		g_autoptr(GString) words = g_string_new(usages[i].words);

		g_string_replace(words, "DIR", c.dir, 0);
		run(&c, words->str);
		g_assert_cmpint(c.status, ==, CLI_USAGE);
		g_assert_nonnull(strstr(c.err, usages[i].err));
	}
	case_clear(&c);
}

static void test_certificate(void)
{
	Case c;
	g_autofree char *made = NULL, *shown = NULL;

	case_init(&c, yaml);
	assert_run(&c, "certificate show", CLI_FAILED, "",
		"hotseat: DIR/certificate.pem cannot be opened: No such file or directory; "
		"create one with `hotseat certificate new`\n");
	run(&c, "certificate new");
	g_assert_cmpint(c.status, ==, CLI_OK);
	g_assert_true(g_regex_match_simple("^certificate  DIR/certificate.pem\n"
					   "key          DIR/key.pem\n"
					   "SHA-256      ([0-9A-F]{2}:){31}[0-9A-F]{2}\n"
					   "\nThese lines .*\n\n  tls:\n"
					   "    certificate: certificate.pem\n    key: key.pem\n$",
		c.out, 0, 0));
	run(&c, "certificate show --json");
	shown = member(c.out, "fingerprint");
	run(&c, "certificate new --json --replace");
	made = member(c.out, "fingerprint");
	g_assert_cmpstr(made, !=, shown);
	run(&c, "certificate new");
	g_assert_cmpint(c.status, ==, CLI_FAILED);
	run(&c, "certificate new --replace");
	g_assert_nonnull(strstr(c.out, "\nGuests that know the old one need the new fingerprint"));
	case_clear(&c);
}

/* what check-config says of the files that a config goes by */
static void test_check_config(void)
{
	Case c;
	g_autofree char *text = g_strconcat(yaml, "  tls: {certificate: c, key: k}\n", NULL);
	g_autofree char *path = NULL;

	case_init(&c, text);
	assert_run(&c, "check-config", CLI_USAGE, "",
		"DIR/config.yaml:7:22: certificate: DIR/c cannot be opened: No such file or "
		"directory; create one with `hotseat certificate new`\n"
		"DIR/config.yaml:7:30: key: DIR/k cannot be opened: No such file or directory; "
		"create one with `hotseat certificate new`\n"
		"DIR/config.yaml:6:13: warning: security: no client can send requests, because "
		"there is no secret; run: "
		"hotseat secret new GUEST\n");
	run(&c, "certificate new");
	run(&c, "secret new guest");
	assert_run(&c, "check-config", CLI_OK, "DIR/config.yaml is fine.\n", "");
	path = g_build_filename(c.folder, "guest", NULL);
	g_assert_true(g_file_set_contents(path, "", 0, NULL));
	assert_run(&c, "check-config --json", CLI_USAGE,
		"{\"file\":\"DIR/config.yaml\",\"valid\":false,\"problems\":["
		"{\"file\":\"DIR/secrets/guest\",\"line\":0,\"column\":0,\"warning\":false,"
		"\"message\":\"the secret is empty\"},"
		"{\"file\":\"DIR/config.yaml\",\"line\":6,\"column\":13,\"warning\":true,"
		"\"message\":\"security: no client can send requests, because there is no secret; "
		"run: hotseat secret "
		"new GUEST\"}]}\n",
		"");
	case_clear(&c);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/secret/new", test_new);
	g_test_add_func("/secret/json", test_json);
	g_test_add_func("/secret/list-and-revoke", test_list_and_revoke);
	g_test_add_func("/secret/caveats", test_caveats);
	g_test_add_func("/secret/usage", test_usage);
	g_test_add_func("/secret/certificate", test_certificate);
	g_test_add_func("/secret/check-config", test_check_config);
	g_test_add_func("/secret/file", test_file);
	return g_test_run();
}
