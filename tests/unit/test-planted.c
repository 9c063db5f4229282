/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Links that a user has planted where root will write: root gains that user nothing. Needs root,
 * and is skipped without.
 */
#include "common/error.h"
#include "common/owner.h"
#include "config/file.h"
#include "config/secrets.h"
#include "draft/save.h"
#include "kit/kit.h"
#include "tls/certificate.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* the user "nobody", which every distribution has */
#define USER ((uid_t)65534)

/* A folder of root's with a trap in it, and a user's home beside it. */
typedef struct {
	char *top, *trap, *home;
} PlantedPlace;

static char *in(const char *folder, const char *name)
{
	return g_build_filename(folder, name, NULL);
}

static void place_init(PlantedPlace *place)
{
	g_autoptr(GError) error = NULL;

	place->top = g_dir_make_tmp("hotseat-XXXXXX", &error);
	g_assert_no_error(error);
	place->trap = in(place->top, "cron.hourly");
	place->home = in(place->top, "home");
	g_assert_cmpint(g_chmod(place->top, 0755), ==, 0);
	g_assert_cmpint(g_mkdir(place->trap, 0755), ==, 0);
	g_assert_cmpint(g_mkdir(place->home, 0755), ==, 0);
	g_assert_cmpint(chown(place->home, USER, (gid_t)USER), ==, 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

/* Nothing has come into the trap, and root is root again. */
static void place_check_and_clear(PlantedPlace *place)
{
	g_autoptr(GDir) dir = g_dir_open(place->trap, 0, NULL);
	const char *name = g_dir_read_name(dir);
	struct stat st;

	g_assert_cmpstr(name, ==, NULL);
	g_assert_cmpint(stat(place->trap, &st), ==, 0);
	g_assert_cmpuint(st.st_uid, ==, 0);
	g_assert_cmpuint(geteuid(), ==, 0);
	g_assert_cmpuint(getegid(), ==, getgid());
	nftw(place->top, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	g_free(place->top);
	g_free(place->trap);
	g_free(place->home);
}

static void plant(const char *target, const char *path)
{
	g_assert_cmpint(symlink(target, path), ==, 0);
	g_assert_cmpint(lchown(path, USER, (gid_t)USER), ==, 0);
}

static void write_file(const char *path, const char *text, uid_t owner)
{
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_assert_cmpint(chown(path, owner, (gid_t)owner), ==, 0);
	g_assert_cmpint(g_chmod(path, 0600), ==, 0);
}

static void assert_owner(const char *path, uid_t owner)
{
	struct stat st;

	g_assert_cmpint(lstat(path, &st), ==, 0);
	g_assert_cmpuint(st.st_uid, ==, owner);
	g_assert_true(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
}

/* -- who could redirect a path ---------------------------------------------------------------- */

static void test_owner(void)
{
	PlantedPlace place;

	place_init(&place);
	{
		g_autofree char *link = in(place.home, "link"), *own = in(place.top, "own");
		g_autofree char *file = in(place.top, "file"), *deep = in(place.home, "a/b/c");
		g_autofree char *through = in(own, "x"), *missing = in(place.trap, "x/y");
		g_autofree char *dots = in(place.home, "../cron.hourly");
		g_autofree char *loop = in(place.top, "loop");

		plant("../cron.hourly", link);
		g_assert_cmpint(symlink("home", own), ==, 0);
		g_assert_cmpint(symlink("loop", loop), ==, 0);
		write_file(file, "x", USER);
		g_assert_cmpuint(owner_of("/", FALSE), ==, 0);
		g_assert_cmpuint(owner_of(place.trap, FALSE), ==, 0);
		g_assert_cmpuint(owner_of(missing, FALSE), ==, 0);
		g_assert_cmpuint(owner_of(loop, FALSE), ==, 0);
		g_assert_cmpuint(owner_of(place.home, FALSE), ==, USER);
		g_assert_cmpuint(owner_of(link, FALSE), ==, USER);
		g_assert_cmpuint(owner_of(deep, FALSE), ==, USER);
		g_assert_cmpuint(owner_of(dots, FALSE), ==, USER);
		/* root's own link leads on */
		g_assert_cmpuint(owner_of(through, FALSE), ==, USER);
		/* what is in a file is its owner's, where it is not */
		g_assert_cmpuint(owner_of(file, FALSE), ==, 0);
		g_assert_cmpuint(owner_of(file, TRUE), ==, USER);
	}
	place_check_and_clear(&place);
}

static void test_relative(void)
{
	g_autofree char *before = g_get_current_dir();
	PlantedPlace place;

	place_init(&place);
	g_assert_cmpint(g_chdir(place.home), ==, 0);
	g_assert_cmpuint(owner_of("kit", FALSE), ==, USER);
	g_assert_cmpuint(owner_of(".", FALSE), ==, USER);
	g_assert_cmpint(g_chdir(place.trap), ==, 0);
	g_assert_cmpuint(owner_of("kit", FALSE), ==, 0);
	g_assert_cmpint(g_chdir(before), ==, 0);
	place_check_and_clear(&place);
}

static void test_as_user(void)
{
	AsUser as, inner;
	g_autoptr(GError) error = NULL;

	g_assert_true(as_user_begin(&as, USER, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(geteuid(), ==, USER);
	g_assert_cmpint(open("/proc/1/environ", O_RDONLY), ==, -1);
	g_assert_true(as_owner_begin(&inner, "/root", &error));
	as_user_end(&inner);
	g_assert_cmpuint(geteuid(), ==, USER);
	as_user_end(&as);
	g_assert_cmpuint(geteuid(), ==, 0);
	as_user_end(&as);
	g_assert_true(as_user_begin(&as, 0, &error));
	g_assert_cmpuint(geteuid(), ==, 0);
	as_user_end(&as);
}

/* -- files ------------------------------------------------------------------------------------ */

/* a link instead of the folder, and of the file */
static void test_file(void)
{
	struct stat root = { .st_uid = 0 }, user = { .st_uid = USER, .st_gid = (gid_t)USER };
	PlantedPlace place;

	place_init(&place);
	{
		g_autofree char *folder = in(place.home, "folder"), *path = in(folder, "x");
		g_autofree char *trap = in(place.trap, "y"), *link = in(place.home, "y");
		g_autofree char *fine = in(place.home, "z"), *made = in(place.home, "made");
		g_autofree char *below = in(folder, "made");
		g_autoptr(GError) error = NULL;

		plant("../cron.hourly", folder);
		plant(trap, link);
		g_assert_false(file_write(path, "x", 0700, &user, FALSE, &error));
		g_assert_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_PERMISSION);
		g_assert_false(file_write(path, "x", 0700, &root, TRUE, NULL));
		g_assert_false(file_write(link, "x", 0700, &user, FALSE, NULL));
		/* the link itself is replaced, and where it led nothing is */
		g_assert_true(file_write(link, "x", 0700, &user, TRUE, NULL));
		assert_owner(link, USER);
		g_assert_true(file_write(fine, "x", 0600, &root, FALSE, NULL));
		assert_owner(fine, USER);
		g_assert_cmpint(file_make_folder(below, 0700, &user), ==, EACCES);
		g_assert_cmpint(file_make_folder(made, 0700, &root), ==, 0);
		assert_owner(made, USER);
	}
	place_check_and_clear(&place);
}

/* where only root decides, a file can be another user's */
static void test_given_away(void)
{
	struct stat user = { .st_uid = USER, .st_gid = (gid_t)USER };
	PlantedPlace place;

	place_init(&place);
	{
		g_autofree char *path = in(place.top, "x"), *folder = in(place.top, "f");

		g_assert_true(file_write(path, "x", 0600, &user, FALSE, NULL));
		assert_owner(path, USER);
		g_assert_cmpint(file_make_folder(folder, 0700, &user), ==, 0);
		assert_owner(folder, USER);
	}
	place_check_and_clear(&place);
}

/* -- what writes them ------------------------------------------------------------------------- */

static void write_kit(const char *folder, uid_t asker, gboolean replace, gboolean good)
{
	KitFacts facts = { .url = (char *)"http://192.168.122.1:5001",
		.secret = (char *)"0123456789abcdef",
		.guest = (char *)"guest" };
	g_autoptr(GPtrArray) files = kit_files(&facts);
	struct stat owner = { .st_uid = asker, .st_gid = (gid_t)asker };

	g_assert_true(kit_write(folder, files, replace, &owner, NULL) == good);
}

/* kit-symlink: the name of the kit is known beforehand, and its place is taken */
static void test_kit(void)
{
	static const uid_t askers[] = { USER, 0 };

	for (gsize i = 0; i < G_N_ELEMENTS(askers); i++) {
		PlantedPlace place;

		place_init(&place);
		{
			g_autofree char *kit = in(place.home, "win11-kit");
			g_autofree char *other = in(place.home, "other");
			g_autofree char *script = in(other, "switch-to-host");
			g_autofree char *trap = in(place.trap, "switch-to-host");

			plant("../cron.hourly", kit);
			write_kit(kit, askers[i], FALSE, FALSE);
			write_kit(kit, askers[i], TRUE, FALSE);
			/* and with its files' places taken */
			g_assert_cmpint(g_mkdir(other, 0700), ==, 0);
			g_assert_cmpint(chown(other, USER, (gid_t)USER), ==, 0);
			plant(trap, script);
			write_kit(other, askers[i], FALSE, FALSE);
			write_kit(other, askers[i], TRUE, TRUE);
			assert_owner(script, USER);
		}
		place_check_and_clear(&place);
	}
}

/* a user's kit belongs to the user completely */
static void test_kit_belongs(void)
{
	PlantedPlace place;

	place_init(&place);
	{
		g_autofree char *kit = in(place.home, "kit"), *script = in(kit, "switch-to-host");

		write_kit(kit, USER, FALSE, TRUE);
		assert_owner(kit, USER);
		assert_owner(script, USER);
	}
	place_check_and_clear(&place);
}

static Config *config_at(const char *path, uid_t owner)
{
	static const char text[] = "libvirt: {domain: a}\ndevices: [{port: 1-1}]\n";
	g_autoptr(GPtrArray) problems = config_problems_new();

	write_file(path, text, owner);
	return config_parse(path, text, strlen(text), problems);
}

static void test_secret(void)
{
	PlantedPlace place;

	place_init(&place);
	{
		g_autofree char *path = in(place.home, "config.yaml");
		g_autofree char *folder = in(place.home, "secrets");
		g_autofree char *file = in(folder, "guest"), *trap = in(place.trap, "guest");
		g_autoptr(Config) config = config_at(path, USER);
		g_autofree char *none = NULL, *made = NULL, *again = NULL;

		plant("../cron.hourly", folder);
		none = secrets_make(config, "guest", FALSE, NULL);
		g_assert_null(none);
		g_assert_null(secrets_make(config, "guest", TRUE, NULL));
		g_assert_cmpint(g_unlink(folder), ==, 0);
		made = secrets_make(config, "guest", FALSE, NULL);
		g_assert_nonnull(made);
		assert_owner(folder, USER);
		assert_owner(file, USER);
		g_assert_cmpint(g_unlink(file), ==, 0);
		plant(trap, file);
		again = secrets_make(config, "guest", TRUE, NULL);
		assert_owner(file, USER);
	}
	place_check_and_clear(&place);
}

/* the service's: the config is root's to place, and the service's to read */
static void test_secret_of_service(void)
{
	PlantedPlace place;

	place_init(&place);
	{
		g_autofree char *etc = in(place.top, "etc"), *path = in(etc, "config.yaml");
		g_autofree char *folder = in(etc, "secrets"), *file = in(folder, "guest");
		g_autofree char *made = NULL, *again = NULL;
		g_autoptr(Config) config = NULL;

		g_assert_cmpint(g_mkdir(etc, 0755), ==, 0);
		config = config_at(path, USER);
		made = secrets_make(config, "guest", FALSE, NULL);
		g_assert_nonnull(made);
		assert_owner(folder, USER);
		assert_owner(file, USER);
		again = secrets_make(config, "guest", TRUE, NULL);
		g_assert_nonnull(again);
	}
	place_check_and_clear(&place);
}

static void test_certificate(void)
{
	PlantedPlace place;

	place_init(&place);
	{
		g_autofree char *path = in(place.home, "config.yaml");
		g_autofree char *key = in(place.home, "key.pem");
		g_autofree char *trap = in(place.trap, "key.pem");
		g_autoptr(Config) config = config_at(path, USER);
		g_autoptr(CertificateFiles) made = NULL;

		g_free(config->http_host);
		config->http_host = g_strdup("127.0.0.1");
		/* the user's config says where */
		config->http_key.path = g_strdup(trap);
		g_assert_null(certificate_files_make(config, FALSE, NULL));
		g_assert_null(certificate_files_make(config, TRUE, NULL));
		g_free(config->http_key.path);
		config->http_key.path = NULL;
		plant(trap, key);
		made = certificate_files_make(config, TRUE, NULL);
		g_assert_nonnull(made);
		assert_owner(key, USER);
	}
	place_check_and_clear(&place);
}

/* beside a config of root's folder the files are the service's; elsewhere they are not made */
static void test_certificate_of_service(void)
{
	PlantedPlace place;

	place_init(&place);
	{
		g_autofree char *etc = in(place.top, "etc"), *path = in(etc, "config.yaml");
		g_autofree char *key = in(etc, "key.pem"), *trap = in(place.trap, "key.pem");
		g_autoptr(Config) config = NULL;
		g_autoptr(CertificateFiles) made = NULL;

		g_assert_cmpint(g_mkdir(etc, 0755), ==, 0);
		config = config_at(path, USER);
		g_free(config->http_host);
		config->http_host = g_strdup("127.0.0.1");
		made = certificate_files_make(config, FALSE, NULL);
		g_assert_nonnull(made);
		assert_owner(key, USER);
		config->http_key.path = g_strdup(trap);
		g_assert_null(certificate_files_make(config, TRUE, NULL));
	}
	place_check_and_clear(&place);
}

static void save(const char *path, gboolean good)
{
	SaveRequest request = {
		.path = path, .text = "x\n", .secret = "0123456789abcdef", .uid = (uid_t)-1
	};
	Saved saved;

	g_assert_true(save_config(&request, &saved, NULL) == good);
	saved_clear(&saved);
}

/* setup's config: the folder, the file, and the secret beside it */
static void test_save(void)
{
	PlantedPlace place;

	place_init(&place);
	{
		g_autofree char *folder = in(place.home, "hotseat");
		g_autofree char *below = in(folder, "config.yaml");
		g_autofree char *path = in(place.home, "config.yaml");
		g_autofree char *deep = in(place.home, ".config/hotseat/config.yaml");
		g_autofree char *trap = in(place.trap, "job"), *file = in(place.top, "file");
		g_autofree char *text = NULL;

		write_file(file, "root's own\n", 0);
		plant("../cron.hourly", folder);
		save(below, FALSE);
		/* it leads nowhere yet: the link is what is replaced */
		plant(trap, path);
		save(path, TRUE);
		assert_owner(path, USER);
		g_assert_cmpint(g_unlink(path), ==, 0);
		/* it leads to a file of root's */
		plant(file, path);
		save(path, FALSE);
		g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
		g_assert_cmpstr(text, ==, "root's own\n");
		g_assert_cmpint(g_unlink(path), ==, 0);
		save(path, TRUE);
		assert_owner(path, USER);
		save(deep, TRUE);
		assert_owner(deep, USER);
	}
	place_check_and_clear(&place);
}

/* a secret that is read through a user's link is none of root's */
static void test_secret_read(void)
{
	PlantedPlace place;

	place_init(&place);
	{
		g_autofree char *path = in(place.home, "config.yaml");
		g_autofree char *link = in(place.home, "secret"), *token = in(place.top, "token");
		g_autofree char *read = NULL;
		gboolean exists;

		write_file(token, "root's own\n", 0);
		plant(token, link);
		read = secret_read(path, &exists);
		g_assert_null(read);
		g_assert_true(exists);
	}
	place_check_and_clear(&place);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	if (geteuid() != 0 || getpwuid(USER) == NULL) {
		g_print("1..0 # SKIP needs root and the user nobody\n");
		return 0;
	}
	g_test_add_func("/planted/owner", test_owner);
	g_test_add_func("/planted/relative", test_relative);
	g_test_add_func("/planted/as-user", test_as_user);
	g_test_add_func("/planted/file", test_file);
	g_test_add_func("/planted/given-away", test_given_away);
	g_test_add_func("/planted/kit", test_kit);
	g_test_add_func("/planted/kit-belongs", test_kit_belongs);
	g_test_add_func("/planted/secret", test_secret);
	g_test_add_func("/planted/secret-of-service", test_secret_of_service);
	g_test_add_func("/planted/certificate", test_certificate);
	g_test_add_func("/planted/certificate-of-service", test_certificate_of_service);
	g_test_add_func("/planted/save", test_save);
	g_test_add_func("/planted/secret-read", test_secret_read);
	return g_test_run();
}
