/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/secrets.h"

#include "common/error.h"
#include "common/wipe.h"
#include "config/file.h"
#include "config/problem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "secrets"

/* --- what a secret is --- */

/* A header's value loses its leading and trailing spaces. */
static gboolean is_trimmed(const char *text)
{
	g_autofree char *trimmed = g_strstrip(g_strdup(text));

	return strcmp(trimmed, text) == 0;
}

const char *secret_fault(const char *text)
{
	const char *p = text;

	while (*p != '\0' && !g_ascii_iscntrl(*p))
		p++;
	if (*text == '\0')
		return "the secret is empty";
	if (*p != '\0')
		return "the secret has more than one line, or control characters";
	if (!is_trimmed(text))
		return "leading and trailing spaces of the secret get lost in a request; remove "
		       "them";
	return NULL;
}

void secret_chomp(char *text, gsize length)
{
	while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r'))
		text[--length] = '\0';
}

static void secret_free(gpointer data)
{
	Secret *secret = data;

	g_free(secret->guest);
	wipe_free(secret->text);
	g_free(secret);
}

/* --- where they are --- */

char *secrets_folder(const char *config_path)
{
	return config_beside(config_path, FOLDER);
}

/* Hidden files are ignored: editors and hotseat write them before they rename them. */
static char *file_name(const char *guest)
{
	GString *name = g_string_new(NULL);

	for (const char *p = guest; *p != '\0'; p++) {
		if (*p == '/' || *p == '%' || (*p == '.' && p == guest))
			g_string_append_printf(name, "%%%02X", (guint)*p);
		else
			g_string_append_c(name, *p);
	}
	return g_string_free(name, FALSE);
}

char *secrets_file(const char *config_path, const char *guest)
{
	g_autofree char *folder = secrets_folder(config_path);
	g_autofree char *name = file_name(guest);

	return g_build_filename(folder, name, NULL);
}

/* The names of the files that are not hidden. A missing folder is empty. NULL and *reason (static):
 * the folder cannot be read. */
static GHashTable *list_files(const char *folder, const char **reason)
{
	g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GDir) dir = NULL;
	const char *name;

	errno = 0;
	dir = g_dir_open(folder, 0, NULL);
	if (dir == NULL && errno != ENOENT) {
		*reason = g_strerror(errno);
		return NULL;
	}
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (*name != '.')
			g_hash_table_add(names, g_strdup(name));
	return g_steal_pointer(&names);
}

static int compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of files that belong to no guest. */
static GStrv strays_of(const Config *config, GHashTable *names)
{
	GPtrArray *strays = g_ptr_array_new();
	GHashTableIter iter;
	gpointer name;

	for (guint i = 0; i < config->guests->len; i++) {
		g_autofree char *known = file_name(((ConfigGuest *)config->guests->pdata[i])->name);

		g_hash_table_remove(names, known);
	}
	g_hash_table_iter_init(&iter, names);
	while (g_hash_table_iter_next(&iter, &name, NULL))
		g_ptr_array_add(strays, g_strdup(name));
	g_ptr_array_sort(strays, compare);
	g_ptr_array_add(strays, NULL);
	return (GStrv)g_ptr_array_free(strays, FALSE);
}

GStrv secrets_strays(const Config *config)
{
	g_autofree char *folder = secrets_folder(config->path);
	const char *reason;
	g_autoptr(GHashTable) names = list_files(folder, &reason);

	return names != NULL ? strays_of(config, names) : g_new0(char *, 1);
}

/* --- which are in force --- */

/* Two clients with the same secret could not be told apart. */
static const char *find_twin(const Config *config, const GPtrArray *secrets, const char *text)
{
	if (g_strcmp0(config->http_secret, text) == 0)
		return "the administrator";
	for (guint i = 0; i < secrets->len; i++) {
		const Secret *secret = secrets->pdata[i];

		if (strcmp(secret->text, text) == 0)
			return secret->guest;
	}
	return NULL;
}

static gboolean check(const Config *config, const GPtrArray *secrets, const char *path,
	const char *text, guint mode, GPtrArray *problems)
{
	const char *fault = secret_fault(text);
	const char *twin = find_twin(config, secrets, text);

	if (fault != NULL)
		problem_add_file(problems, FALSE, path, "%s", fault);
	else if (twin != NULL)
		problem_add_file(problems, FALSE, path,
			"%s has the same secret; create another one: hotseat secret new --replace",
			twin);
	if (fault != NULL || twin != NULL)
		return FALSE;
	if (strlen(text) < SECRET_SHORT)
		problem_add_file(problems, TRUE, path,
			"shorter than %d characters can be guessed; try: hotseat secret new "
			"--replace",
			SECRET_SHORT);
	if (mode & S_IROTH)
		problem_add_file(problems, TRUE, path,
			"other users can read the secret; run: chmod o= %s", path);
	return TRUE;
}

static void load(const Config *config, const char *guest, GPtrArray *secrets, GPtrArray *problems)
{
	g_autofree char *path = secrets_file(config->path, guest);
	g_autofree char *reason = NULL;
	WIPED char *text = NULL;
	Secret *secret;
	gsize length;
	guint mode;

	/* do not block on pipes and similar files */
	text = file_read(path, O_NONBLOCK, &length, &mode, &reason);
	if (text == NULL) {
		problem_add_file(problems, FALSE, path, "%s", reason);
		return;
	}
	secret_chomp(text, length);
	if (!check(config, secrets, path, text, mode, problems))
		return;
	secret = g_new0(Secret, 1);
	secret->guest = g_strdup(guest);
	secret->text = g_steal_pointer(&text);
	g_ptr_array_add(secrets, secret);
}

static void check_folder(
	const Config *config, const char *folder, GHashTable *names, GPtrArray *problems)
{
	g_auto(GStrv) strays = strays_of(config, names);
	struct stat st;

	if (stat(folder, &st) == 0 && (st.st_mode & S_IWOTH))
		problem_add_file(problems, TRUE, folder,
			"other users can write secrets there; run: chmod o= %s", folder);
	for (char **name = strays; *name != NULL; name++) {
		g_autofree char *path = g_build_filename(folder, *name, NULL);

		problem_add_file(problems, TRUE, path, "the config has no such guest");
	}
}

GPtrArray *secrets_load(const Config *config, GPtrArray *problems)
{
	GPtrArray *secrets = g_ptr_array_new_with_free_func(secret_free);
	g_autofree char *folder = secrets_folder(config->path);
	const char *reason = NULL;
	g_autoptr(GHashTable) names = list_files(folder, &reason);

	if (names == NULL)
		problem_add_file(problems, FALSE, folder, "cannot be read: %s", reason);
	for (guint i = 0; names != NULL && i < config->guests->len; i++) {
		const ConfigGuest *guest = config->guests->pdata[i];
		g_autofree char *name = file_name(guest->name);

		if (g_hash_table_contains(names, name))
			load(config, guest->name, secrets, problems);
	}
	if (names != NULL)
		check_folder(config, folder, names, problems);
	if (config->http && config->http_security && config->http_secret == NULL &&
		secrets->len == 0)
		problem_add(problems, TRUE, config->http_security_line,
			config->http_security_column,
			g_strdup("security: no client can send requests, because there is no "
				 "secret; run: hotseat secret "
				 "new GUEST"));
	return secrets;
}

/* The problem with the file, or NULL. */
static const char *problem_of(const GPtrArray *problems, const char *path)
{
	for (guint i = 0; i < problems->len; i++) {
		const ConfigProblem *problem = problems->pdata[i];

		if (!problem->warning && g_strcmp0(problem->path, path) == 0)
			return problem->message;
	}
	return NULL;
}

gboolean secrets_find(const Config *config, const char *guest, char **secret, GError **error)
{
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autoptr(GPtrArray) secrets = secrets_load(config, problems);
	g_autofree char *path = secrets_file(config->path, guest);
	const char *problem = problem_of(problems, path);

	if (problem != NULL) {
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED, "%s: %s", path, problem);
		return FALSE;
	}
	*secret = NULL;
	for (guint i = 0; i < secrets->len; i++) {
		const Secret *one = secrets->pdata[i];

		if (g_str_equal(one->guest, guest))
			*secret = g_strdup(one->text);
	}
	return TRUE;
}

/* --- new ones --- */

char *secret_random(GError **error)
{
	guint8 bytes[SECRET_BYTES];
	/* allocated at its final length, because growing would leave a copy of the secret */
	GString *text = g_string_sized_new(2 * SECRET_BYTES + 1);

	/* after the system has started, few bytes are never returned in part (getrandom(2)) */
	if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) {
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_FAILED,
			"the system provides no random numbers: %s", g_strerror(errno));
		g_string_free(text, TRUE);
		return NULL;
	}
	for (gsize i = 0; i < sizeof bytes; i++)
		g_string_append_printf(text, "%02x", bytes[i]);
	explicit_bzero(bytes, sizeof bytes);
	return g_string_free(text, FALSE);
}

/* Creates the folder for the owner of the config if it is missing; sets st to the folder's. */
static gboolean make_folder(
	const char *folder, const char *config_path, struct stat *st, GError **error)
{
	int code;

	if (stat(folder, st) == 0)
		return TRUE;
	code = stat(config_path, st) != 0 ? errno : file_make_folder(folder, 0700, st);
	if (code != 0)
		file_set_error(error, folder, code);
	return code == 0;
}

char *secrets_make(const Config *config, const char *guest, gboolean replace, GError **error)
{
	g_autofree char *folder = secrets_folder(config->path);
	g_autofree char *path = secrets_file(config->path, guest);
	WIPED char *secret = secret_random(error);
	WIPED char *line = g_strconcat(secret != NULL ? secret : "", "\n", NULL);
	struct stat owner;

	if (secret == NULL || !make_folder(folder, config->path, &owner, error) ||
		!file_write(path, line, 0600, &owner, replace, error))
		return NULL;
	return g_steal_pointer(&secret);
}
