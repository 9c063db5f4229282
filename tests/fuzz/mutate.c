/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs a fuzz target without libFuzzer: over each file of a directory, and over mutations of them
 * that are the same in every run. Usage: PROGRAM DIRECTORY
 */
#include <glib.h>

/* of each file; well under a second for all of them */
#define MUTATIONS 200
#define SEED	  1

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* Bytes that mean something to a parser of text are likelier than others. */
static char random_byte(GRand *random)
{
	static const char special[] = "\n\n\t  -:,[]{}&*!|>'\"#%@\\0x<~?";

	if (g_rand_boolean(random))
		return special[g_rand_int_range(random, 0, sizeof special - 1)];
	return (char)g_rand_int_range(random, 0, 256);
}

static void mutate(GRand *random, GString *s)
{
	gssize at = g_rand_int_range(random, 0, (gint32)s->len + 1);
	gssize wanted = g_rand_int_range(random, 1, 32);
	gssize length = MIN(wanted, (gssize)s->len - at);
	g_autofree char *piece = g_memdup2(s->str + at, (gsize)length);

	switch (g_rand_int_range(random, 0, 4)) {
	case 0:
		g_string_insert_c(s, at, random_byte(random));
		break;
	case 1:
		g_string_erase(s, at, length);
		break;
	case 2:
		if (length > 0)
			s->str[at] = random_byte(random);
		break;
	default:
		g_string_insert_len(
			s, g_rand_int_range(random, 0, (gint32)s->len + 1), piece, length);
	}
}

static void run_file(GRand *random, const char *path)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	gsize length;

	g_file_get_contents(path, &text, &length, &error);
	g_assert_no_error(error);
	LLVMFuzzerTestOneInput((const guint8 *)text, length);
	for (int i = 0; i < MUTATIONS; i++) {
		GString *s = g_string_new_len(text, (gssize)length);

		for (int n = g_rand_int_range(random, 1, 6); n > 0; n--)
			mutate(random, s);
		LLVMFuzzerTestOneInput((const guint8 *)s->str, s->len);
		g_string_free(s, TRUE);
	}
}

int main(int argc, char **argv)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(SEED);
	g_autoptr(GDir) dir = g_dir_open(argc > 1 ? argv[1] : ".", 0, NULL);
	guint files = 0;
	const char *name;

	g_assert_nonnull(dir);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(argv[1], name, NULL);

		run_file(random, path);
		files++;
	}
	g_assert_cmpint(files, >, 0);
	return 0;
}
