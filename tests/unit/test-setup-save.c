/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing the configuration and its secret, and being interrupted at it.
 */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "draft/save.h"
#include "talk/interrupt.h"

typedef struct {
	char *folder, *path, *secret;
} SavePlace;

static void setup(SavePlace *place, gconstpointer data)
{
	place->folder = g_dir_make_tmp("hotseat-save-XXXXXX", NULL);
	place->path = g_build_filename(place->folder, "config.yaml", NULL);
	place->secret = secret_path(place->path);
}

static GPtrArray *list(const char *folder)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(dir)) != NULL)
		g_ptr_array_add(names, g_build_filename(folder, name, NULL));
	return names;
}

static void teardown(SavePlace *place, gconstpointer data)
{
	g_autoptr(GPtrArray) names = list(place->folder);

	for (guint i = 0; i < names->len; i++)
		g_remove(names->pdata[i]);
	g_rmdir(place->folder);
	g_free(place->folder);
	g_free(place->path);
	g_free(place->secret);
}

static void assert_says(const char *path, const char *wanted)
{
	g_autofree char *text = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_assert_cmpstr(text, ==, wanted);
}

static void assert_mode(const char *path, guint mode)
{
	struct stat st;

	g_assert_cmpint(stat(path, &st), ==, 0);
	g_assert_cmphex(st.st_mode & 07777, ==, mode);
}

static void assert_count(const SavePlace *place, guint count)
{
	g_autoptr(GPtrArray) names = list(place->folder);

	g_assert_cmpuint(names->len, ==, count);
}

static gboolean save(
	const SavePlace *place, const char *text, const char *secret, Saved *saved, GError **error)
{
	SaveRequest request = { place->path, text, secret, (uid_t)-1, (gid_t)-1 };

	return save_config(&request, saved, error);
}

static void test_new(SavePlace *place, gconstpointer data)
{
	Saved saved;

	g_assert_true(save(place, "a\n", "0123", &saved, NULL));
	g_assert_false(saved.same);
	g_assert_null(saved.backup);
	assert_says(place->path, "a\n");
	assert_says(place->secret, "0123\n");
	assert_mode(place->path, 0600);
	assert_mode(place->secret, 0600);
	assert_count(place, 2);
	saved_clear(&saved);
}

static void test_same(SavePlace *place, gconstpointer data)
{
	Saved saved;

	g_assert_true(save(place, "a\n", "0123", &saved, NULL));
	g_assert_true(save(place, "a\n", "0123", &saved, NULL));
	g_assert_true(saved.same);
	assert_count(place, 2);
}

/* However many there are in a second, each has a name of its own, and says what it said. */
static void test_backups(SavePlace *place, gconstpointer data)
{
	g_autoptr(GPtrArray) backups = g_ptr_array_new_with_free_func(g_free);

	for (int i = 0; i < 4; i++) {
		g_autofree char *text = g_strdup_printf("text %d\n", i);
		Saved saved;

		g_assert_true(save(place, text, "0123", &saved, NULL));
		g_assert_cmpint(saved.backup == NULL, ==, i == 0);
		g_assert_null(saved.secret_backup);
		if (saved.backup != NULL)
			g_ptr_array_add(backups, g_strdup(saved.backup));
		saved_clear(&saved);
	}
	assert_says(place->path, "text 3\n");
	for (guint i = 0; i < backups->len; i++) {
		g_autofree char *text = g_strdup_printf("text %u\n", i);

		assert_says(backups->pdata[i], text);
		assert_mode(backups->pdata[i], 0600);
	}
	assert_count(place, 5);
}

static void test_other_secret(SavePlace *place, gconstpointer data)
{
	Saved saved;

	g_assert_true(save(place, "a\n", "0123", &saved, NULL));
	g_assert_true(save(place, "a\n", "4567", &saved, NULL));
	assert_says(place->secret, "4567\n");
	assert_says(saved.secret_backup, "0123\n");
	saved_clear(&saved);
}

/* A config that is a link to where the person keeps it stays one. */
static void test_link(SavePlace *place, gconstpointer data)
{
	g_autofree char *real = g_build_filename(place->folder, "real.yaml", NULL);
	Saved saved;

	g_assert_true(g_file_set_contents(real, "old\n", -1, NULL));
	g_assert_cmpint(symlink(real, place->path), ==, 0);
	g_assert_true(save(place, "new\n", NULL, &saved, NULL));
	assert_says(real, "new\n");
	g_assert_true(g_file_test(place->path, G_FILE_TEST_IS_SYMLINK));
	saved_clear(&saved);
}

/* What cannot be replaced: nothing else is, and nothing is left lying about. */
static void test_failure(SavePlace *place, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	Saved saved;

	g_assert_true(g_file_set_contents(place->secret, "0123\n", -1, NULL));
	g_assert_cmpint(g_mkdir(place->path, 0700), ==, 0);
	g_assert_false(save(place, "a\n", "4567", &saved, &error));
	g_assert_nonnull(error);
	assert_says(place->secret, "0123\n");
	assert_count(place, 2);
	g_assert_null(saved.backup);
	g_assert_null(saved.secret_backup);
}

static void test_secret(SavePlace *place, gconstpointer data)
{
	g_autofree char *read = NULL;
	gboolean exists;

	g_assert_null(secret_read(place->path, &exists));
	g_assert_false(exists);
	g_assert_true(g_file_set_contents(place->secret, "known\n", -1, NULL));
	read = secret_read(place->path, &exists);
	g_assert_true(exists);
	g_assert_cmpstr(read, ==, "known");
}

/* -- interrupts ------------------------------------------------------------------------------- */

static void test_interrupt(void)
{
	if (g_test_subprocess()) {
		interrupt_begin();
		interrupt_stand("Nothing has been changed.\n");
		raise(SIGTERM);
		return;
	}
	g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
	g_test_trap_assert_failed();
	g_test_trap_assert_stderr("*Nothing has been changed.*");
}

/* An interrupt in the middle of the write ends it only when all is written. */
static void test_interrupted_write(SavePlace *place, gconstpointer data)
{
	const char *path = g_getenv("SAVE_TEST_PATH");
	Saved saved;

	if (g_test_subprocess()) {
		SaveRequest request = { path, "a\n", "0123", (uid_t)-1, (gid_t)-1 };

		interrupt_begin();
		interrupt_hold();
		raise(SIGINT);
		save_config(&request, &saved, NULL);
		interrupt_stand("Written.\n");
		interrupt_release();
		_exit(0); /* never reached */
	}
	g_setenv("SAVE_TEST_PATH", place->path, TRUE);
	g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
	g_test_trap_assert_failed();
	g_test_trap_assert_stderr("*Written.*");
	assert_says(place->path, "a\n");
	assert_says(place->secret, "0123\n");
	assert_count(place, 2);
}

#define ADD(name, test) g_test_add("/setup-save/" name, SavePlace, NULL, setup, test, teardown)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("new", test_new);
	ADD("same", test_same);
	ADD("backups", test_backups);
	ADD("other-secret", test_other_secret);
	ADD("link", test_link);
	ADD("failure", test_failure);
	ADD("secret", test_secret);
	g_test_add_func("/setup-save/interrupt", test_interrupt);
	ADD("interrupted-write", test_interrupted_write);
	return g_test_run();
}
