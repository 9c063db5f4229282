/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guest kit: what is quoted how, what is filled in, and where it goes.
 */
#include "common/error.h"
#include "config/secrets.h"
#include "kit/kit.h"
#include "kit/template.h"
#include "tls/certificate.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "tree.h"

/* -- quotes ----------------------------------------------------------------------------------- */

static const struct {
	const char *text, *ahk_v1, *ahk_v2, *powershell, *shell;
} quotes[] = {
	{ "", "\"\"", "\"\"", "''", "''" },
	{ "plain", "\"plain\"", "\"plain\"", "'plain'", "'plain'" },
	{ "a\"b", "\"a\"\"b\"", "\"a`\"b\"", "'a\"b'", "'a\"b'" },
	{ "a'b", "\"a'b\"", "\"a'b\"", "'a''b'", "'a'\\''b'" },
	{ "`n", "\"``n\"", "\"``n\"", "'`n'", "'`n'" },
	{ "a ; b", "\"a `; b\"", "\"a `; b\"", "'a ; b'", "'a ; b'" },
	{ "\\ $x %y% {z}", "\"\\ $x %y% {z}\"", "\"\\ $x %y% {z}\"", "'\\ $x %y% {z}'",
		"'\\ $x %y% {z}'" },
	{ "a\n\r\tb", "\"a`n`r`tb\"", "\"a`n`r`tb\"", "'a\n\r\tb'", "'a\n\r\tb'" },
	/* to PowerShell these four are single quotes as well */
	{ "ü‘’‚‛“", "\"ü‘’‚‛“\"", "\"ü‘’‚‛“\"", "'ü‘‘’’‚‚‛‛“'", "'ü‘’‚‛“'" },
};

static void assert_quoted(Quote quote, const char *text, const char *wanted)
{
	g_autofree char *quoted = quote(text);

	g_assert_cmpstr(quoted, ==, wanted);
}

static void test_quotes(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(quotes); i++) {
		assert_quoted(quote_ahk_v1, quotes[i].text, quotes[i].ahk_v1);
		assert_quoted(quote_ahk_v2, quotes[i].text, quotes[i].ahk_v2);
		assert_quoted(quote_powershell, quotes[i].text, quotes[i].powershell);
		assert_quoted(g_shell_quote, quotes[i].text, quotes[i].shell);
		assert_quoted(quote_none, quotes[i].text, quotes[i].text);
	}
}

/* Any text, as the shell itself reads it back: all in one go, with a NUL behind each. */
static void test_shell(void)
{
	static const char special[] = "'\"\\$`!*?[]{}()<>|&;#~%=^ \t\n\r\x1b\x7f-";
	g_autoptr(GRand) random = g_rand_new_with_seed(1);
	g_autoptr(GString) script = g_string_new("printf '%s\\0'"), expected = g_string_new(NULL);
	const char *argv[] = { "/bin/sh", "-c", NULL, NULL };
	int status = -1;

	for (int i = 0; i < 500; i++) {
		g_autofree char *quoted = NULL;
		char text[16];
		int length = g_rand_int_range(random, 0, sizeof text);

		for (int j = 0; j < length; j++)
			text[j] = special[g_rand_int_range(random, 0, sizeof special - 1)];
		text[length] = '\0';
		quoted = g_shell_quote(text);
		g_string_append_printf(script, " %s", quoted);
		g_string_append_len(expected, text, length + 1);
	}
	argv[2] = script->str;
	{
		g_autoptr(GSubprocess) shell =
			g_subprocess_newv(argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL);
		g_autoptr(GBytes) bytes = NULL, wanted = NULL;

		g_assert_nonnull(shell);
		g_assert_true(g_subprocess_communicate(shell, NULL, NULL, &bytes, NULL, NULL));
		status = g_subprocess_get_exit_status(shell);
		wanted = g_bytes_new(expected->str, expected->len);
		g_assert_true(g_bytes_equal(bytes, wanted));
	}
	g_assert_cmpint(status, ==, 0);
}

/* -- templates -------------------------------------------------------------------------------- */

static void test_template(void)
{
	static const TemplateValue values[] = {
		{ "url", "http://x" },
		{ "secret", "@url@'" },
		{ "nothing", "" },
		{ .name = NULL },
	};
	static const struct {
		const char *text, *filled;
	} cases[] = {
		{ "", "" },
		{ "a@url@b@url@", "a'http://x'b'http://x'" },
		{ "@secret@@nothing@", "'@url@'\\'''''" },
		{ "@'\n'@ @{} @- @", "@'\n'@ @{} @- @" },
		{ "@urls@ @ur@ @URL@ @@url@", "@urls@ @ur@ @URL@ @'http://x'" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *filled = template_fill(cases[i].text, values, g_shell_quote);

		g_assert_cmpstr(filled, ==, cases[i].filled);
	}
}

/* -- files ------------------------------------------------------------------------------------ */

static KitFacts plain = {
	.url = (char *)"http://192.168.122.1:5001",
	.secret = (char *)"it's \"so\" `;` $5 100%",
	.guest = (char *)"guest",
};
static KitFacts tls = {
	.url = (char *)"https://192.168.122.1:5001",
	.secret = (char *)"0123456789abcdef",
	.guest = (char *)"guest",
	.certificate = (char *)"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
	.fingerprint = (char *)"AB:CD:01",
	.key_pin = (char *)"sha256//AAAA=",
};

static const char *text_of(const GPtrArray *files, const char *name)
{
	for (guint i = 0; i < files->len; i++)
		if (g_str_equal(((KitFile *)files->pdata[i])->name, name))
			return ((KitFile *)files->pdata[i])->text;
	return NULL;
}

static void assert_line(const GPtrArray *files, const char *name, const char *line)
{
	const char *text = text_of(files, name);

	g_assert_nonnull(text);
	if (strstr(text, line) == NULL)
		g_error("%s lacks %s:\n%s", name, line, text);
}

/* a name that would end its line, or the word that it is in README's command */
static void test_hostile_guest(void)
{
	KitFacts facts = plain;
	g_autoptr(GPtrArray) files = NULL;

	facts.guest = (char *)"a\"; $(id)'\nx";
	files = kit_files(&facts);
	assert_line(files, "README.txt", "THE GUEST \"a\"; $(id)'?x\"\r\n");
	assert_line(files, "README.txt", "--guest 'a\"; $(id)'\\''?x'\r\n");
}

/* Each value in each language. */
static void test_filled(void)
{
	g_autoptr(GPtrArray) files = kit_files(&plain), secure = kit_files(&tls);

	assert_line(files, "switch-to-host.ahk",
		"\r\nurl := \"http://192.168.122.1:5001/switch\"\r\n"
		"secret := \"it's `\"so`\" ```;`` $5 100%\"\r\n"
		"body := \"{`\"to`\":`\"host`\"}\"\r\n");
	assert_line(files, "switch-to-host-v1.ahk",
		"\r\nurl := \"http://192.168.122.1:5001/switch\"\r\n"
		"secret := \"it's \"\"so\"\" ```;`` $5 100%\"\r\n"
		"body := \"{\"\"to\"\":\"\"host\"\"}\"\r\n");
	assert_line(files, "Switch-ToHost.ps1",
		"\r\n$url = 'http://192.168.122.1:5001/switch'\r\n"
		"$secret = 'it''s \"so\" `;` $5 100%'\r\n$pin = '' #");
	assert_line(files, "switch-to-host",
		"\nurl='http://192.168.122.1:5001/switch'\n"
		"secret='it'\\''s \"so\" `;` $5 100%'\npin='' #");
	assert_line(files, "hotseat-agent.ini",
		"[hotseat]\r\nurl = http://192.168.122.1:5001\r\n"
		"secret = it's \"so\" `;` $5 100%\r\nfingerprint = \r\nhotkey = Win+Shift+/\r\n");
	g_assert_cmpstr(text_of(files, "secret"), ==, "it's \"so\" `;` $5 100%\n");
	g_assert_null(text_of(files, "hotseat.crt"));
	assert_line(secure, "Switch-ToHost.ps1", "\r\n$pin = 'ABCD01' #");
	assert_line(secure, "switch-to-host", "\npin='sha256//AAAA=' #");
	assert_line(secure, "hotseat-agent.ini", "\r\nfingerprint = AB:CD:01\r\n");
	g_assert_cmpstr(text_of(secure, "hotseat.crt"), ==, tls.certificate);
	assert_line(secure, "README.txt",
		"--url https://192.168.122.1:5001 --secret-file secret --fingerprint AB:CD:01\r\n");
}

/* AutoHotkey cannot pin: over TLS its scripts know neither address nor secret. */
static void test_ahk_tls(void)
{
	static const char *const names[] = { "switch-to-host.ahk", "switch-to-host-v1.ahk" };
	g_autoptr(GPtrArray) files = kit_files(&tls);

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		assert_line(files, names[i], "\\Switch-ToHost.ps1\" -Popup");
		g_assert_null(strstr(text_of(files, names[i]), tls.secret));
		g_assert_null(strstr(text_of(files, names[i]), "WinHttpRequest"));
	}
}

/* No place is left over; Windows' files have its line ends; what is run is ASCII, which AutoHotkey
 * v1 and Windows PowerShell take for nothing else. */
static void test_whole(void)
{
	const KitFacts *facts[] = { &plain, &tls };

	for (gsize f = 0; f < G_N_ELEMENTS(facts); f++) {
		g_autoptr(GPtrArray) files = kit_files(facts[f]);

		g_assert_cmpuint(files->len, ==, f == 0 ? 8 : 9);
		for (guint i = 0; i < files->len; i++) {
			const KitFile *file = files->pdata[i];
			gboolean windows = strchr(file->name, '.') != NULL &&
					   !g_str_equal(file->name, "hotseat.crt");

			g_test_message("%s", file->name);
			g_assert_false(g_regex_match_simple("@[a-z_]+@", file->text, 0, 0));
			g_assert_true(g_str_is_ascii(file->text));
			g_assert_cmpint(strstr(file->text, "\r\n") != NULL, ==, windows);
			g_assert_false(g_regex_match_simple(
				windows ? "(^|[^\r])\n" : "\r", file->text, G_REGEX_RAW, 0));
		}
	}
}

/* -- where they go ---------------------------------------------------------------------------- */

typedef struct {
	char *dir, *folder;
	struct stat owner;
	GPtrArray *files;
} KitPlace;

static void place_init(KitPlace *place, gconstpointer data)
{
	place->dir = g_dir_make_tmp("hotseat-kit-XXXXXX", NULL);
	place->folder = g_build_filename(place->dir, "kit", NULL);
	place->owner = (struct stat){ .st_uid = geteuid(), .st_gid = getegid() };
	place->files = kit_files(&tls);
}

static void place_clear(KitPlace *place, gconstpointer data)
{
	tree_remove(place->dir);
	g_ptr_array_unref(place->files);
	g_free(place->folder);
	g_free(place->dir);
}

static void assert_file(const KitPlace *place, const char *name, guint mode)
{
	g_autofree char *path = g_build_filename(place->folder, name, NULL);
	struct stat st;

	g_assert_cmpint(lstat(path, &st), ==, 0);
	g_assert_cmphex(st.st_mode & 07777, ==, mode);
	g_assert_cmpuint(st.st_uid, ==, place->owner.st_uid);
	g_assert_cmpuint(st.st_gid, ==, place->owner.st_gid);
}

static gboolean exists(const KitPlace *place, const char *name)
{
	g_autofree char *path = g_build_filename(place->folder, name, NULL);

	return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* Only the owner can read them, whatever the umask; as root for another, as with sudo. */
static void test_modes(KitPlace *place, gconstpointer data)
{
	mode_t before = umask(0);
	GError *error = NULL;

	if (geteuid() == 0)
		place->owner.st_uid = place->owner.st_gid = 12345;
	g_assert_true(kit_write(place->folder, place->files, FALSE, &place->owner, &error));
	g_assert_no_error(error);
	umask(before);
	assert_file(place, ".", 0700);
	for (guint i = 0; i < place->files->len; i++) {
		const KitFile *file = place->files->pdata[i];

		assert_file(
			place, file->name, g_str_equal(file->name, "switch-to-host") ? 0700 : 0600);
	}
}

static void assert_fails(KitPlace *place, const GPtrArray *files, const char *message)
{
	g_autoptr(GError) error = NULL;

	g_assert_false(kit_write(place->folder, files, FALSE, &place->owner, &error));
	g_assert_nonnull(strstr(error->message, message));
}

/* The program for Windows, byte for byte, where this computer has it; README.txt says which it is.
 */
static void test_agent(KitPlace *place, gconstpointer data)
{
	static const char program[] = "MZ\0\r\n\0\xff end";
	KitFacts facts = plain;
	g_autoptr(GPtrArray) without = kit_files(&facts), with = NULL;
	g_autofree char *path = g_build_filename(place->folder, KIT_AGENT, NULL);
	g_autofree char *bytes = NULL;
	gsize length;

	assert_line(without, "README.txt", "hotseat-agent.exe   not in here");
	facts.agent = g_bytes_new_static(program, sizeof program);
	with = kit_files(&facts);
	g_assert_cmpuint(with->len, ==, without->len + 1);
	assert_line(with, "README.txt", "hotseat-agent.exe   start this");
	g_assert_true(kit_write(place->folder, with, FALSE, &place->owner, NULL));
	g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
	g_assert_cmpuint(length, ==, sizeof program);
	g_assert_true(memcmp(bytes, program, sizeof program) == 0);
	/* a kit without it leaves it there */
	g_assert_true(kit_write(place->folder, without, TRUE, &place->owner, NULL));
	g_assert_true(exists(place, KIT_AGENT));
	g_bytes_unref(facts.agent);
}

/* One file in the way, even a link to nowhere, and none is written. */
static void test_refused(KitPlace *place, gconstpointer data)
{
	g_autofree char *path = g_build_filename(place->folder, "secret", NULL);

	g_assert_cmpint(g_mkdir(place->folder, 0755), ==, 0);
	g_assert_cmpint(symlink("/nowhere", path), ==, 0);
	assert_fails(place, place->files, "kit/secret already exists; use another folder");
	g_assert_false(exists(place, "README.txt"));
	g_assert_cmpint(g_unlink(path), ==, 0);
	g_assert_true(kit_write(place->folder, place->files, FALSE, &place->owner, NULL));
	/* a folder that was there stays as it was */
	assert_file(place, ".", 0755);
}

/* The disk is full, say, before the last of them. */
static void test_fails_halfway(KitPlace *place, gconstpointer data)
{
	KitFile *last = place->files->pdata[place->files->len - 1];

	last->name = "no/such";
	assert_fails(place, place->files, "kit/no/such: No such file");
	g_assert_false(exists(place, "README.txt"));
	g_assert_false(exists(place, "secret"));
}

static void test_folder(KitPlace *place, gconstpointer data)
{
	g_assert_true(g_file_set_contents(place->folder, "a file", -1, NULL));
	assert_fails(place, place->files, "cannot create the folder ");
	g_assert_cmpint(g_unlink(place->folder), ==, 0);
	g_free(place->folder);
	place->folder = g_build_filename(place->dir, "no", "kit", NULL);
	assert_fails(place, place->files, "no/kit: No such file or directory");
}

/* Another kit takes its place wholly; what is no kit's stays. */
static void test_replaced(KitPlace *place, gconstpointer data)
{
	g_autoptr(GPtrArray) files = kit_files(&plain);
	g_autofree char *own = g_build_filename(place->folder, "hotseat-agent.exe", NULL);
	g_autofree char *secret = g_build_filename(place->folder, "secret", NULL);
	g_autofree char *text = NULL;

	g_assert_true(kit_write(place->folder, place->files, FALSE, &place->owner, NULL));
	g_assert_true(g_file_set_contents(own, "MZ", -1, NULL));
	g_assert_true(kit_write(place->folder, files, TRUE, &place->owner, NULL));
	g_assert_true(g_file_get_contents(secret, &text, NULL, NULL));
	g_assert_cmpstr(text, ==, "it's \"so\" `;` $5 100%\n");
	g_assert_false(exists(place, "hotseat.crt"));
	g_assert_true(exists(place, "hotseat-agent.exe"));
	assert_file(place, "secret", 0600);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/kit/quotes", test_quotes);
	g_test_add_func("/kit/shell", test_shell);
	g_test_add_func("/kit/hostile-guest", test_hostile_guest);
	g_test_add_func("/kit/template", test_template);
	g_test_add_func("/kit/filled", test_filled);
	g_test_add_func("/kit/ahk-tls", test_ahk_tls);
	g_test_add_func("/kit/whole", test_whole);
#define ADD(name, test) g_test_add("/kit/" name, KitPlace, NULL, place_init, test, place_clear)
	ADD("modes", test_modes);
	ADD("refused", test_refused);
	ADD("agent", test_agent);
	ADD("fails-halfway", test_fails_halfway);
	ADD("folder", test_folder);
	ADD("replaced", test_replaced);
	return g_test_run();
}
