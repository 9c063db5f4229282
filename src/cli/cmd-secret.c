/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/text.h"
#include "common/command.h"
#include "common/json.h"
#include "common/wipe.h"
#include "config/file.h"
#include "config/secrets.h"

#include <errno.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A command that is being run. */
typedef struct {
	const Cli *cli;
	Config *config;
	const char *guest; /* NULL: list */
	char *path;	   /* of its secret */
} Task;

typedef CliExit (*Verb)(Task *task);

/* --- existing secrets --- */

/* When the file was last written, in local time; NULL: it does not exist. Free with g_free(). */
static char *since(const char *path)
{
	g_autoptr(GDateTime) time = NULL;
	struct stat st;

	if (stat(path, &st) != 0)
		return NULL;
	time = g_date_time_new_from_unix_local(st.st_mtime);
	return g_date_time_format(time, "%F %R");
}

static CliExit fail_guest(const Task *task)
{
	g_autofree char *names = config_guest_names(task->config);

	return cli_fail(g_error_new(CLI_ERROR, CLI_USAGE, "%s has no guest %s; the guests are: %s",
		task->config->path, task->guest, names));
}

static CliExit fail_none(const Task *task)
{
	g_autofree char *word = command_word(task->guest);

	return cli_fail(g_error_new(CLI_ERROR, CLI_FAILED,
		"%s has no secret; `hotseat secret new %s` makes one", task->guest, word));
}

/* Why secrets have no effect at present, as a complete line; NULL: they have. */
static const char *caveat(const Config *config)
{
	if (!config->http)
		return "It has no effect until the configuration has a section http.\n";
	if (!config->http_security)
		return "http.security is disabled: clients need no secret.\n";
	return NULL;
}

/* --- new --- */

/* The result of `secret new`. */
typedef enum { MADE, REPLACED, KEPT } New;

static void print_new_json(const Task *task, const char *secret, New how)
{
	JsonBuilder *builder = object_begin();

	member_add_text(builder, "guest", task->guest);
	member_add_text(builder, "file", task->path);
	member_add_bool(builder, "replaced", how == REPLACED);
	member_add_bool(builder, "kept", how == KEPT);
	if (cli_has(task->cli, "--show"))
		member_add_text(builder, "secret", secret);
	object_print(builder);
}

static void print_new(const Task *task, const char *secret, New how)
{
	static const char *const lines[] = {
		[MADE] = "The secret of %s is in %s\n",
		[REPLACED] = "The new secret of %s is in %s\n",
		[KEPT] = "%s has a secret already, in %s\n",
	};
	g_autofree char *guest = text_clean(task->guest), *path = text_clean(task->path);
	g_autofree char *quoted = command_word(task->guest), *word = text_clean(quoted);
	g_auto(GStrv) parts = g_strsplit(lines[how], "%s", 3);
	const char *but = caveat(task->config);

	printf("%s%s%s%s%s", parts[0], guest, parts[1], path, parts[2]);
	if (cli_has(task->cli, "--show"))
		printf("%s\n", secret);
	else if (how == KEPT)
		printf("`hotseat secret show %s` prints it; --replace makes another one, and the "
		       "old one is no longer accepted.\n",
			word);
	if (how == REPLACED)
		puts("The old one is no longer accepted: the guest needs the new one, or a new "
		     "kit.");
	fputs(but != NULL ? but : "", stdout);
}

/* Shows the existing secret, for --show: a repeated command does not create another one. */
static CliExit new_secret(Task *task)
{
	g_autoptr(GError) error = NULL;
	WIPED char *secret = NULL;
	gboolean replace = cli_has(task->cli, "--replace");
	New how = access(task->path, F_OK) != 0 ? MADE : replace ? REPLACED : KEPT;

	if (config_guest(task->config, task->guest) == NULL)
		return fail_guest(task);
	if (how == KEPT)
		secrets_find(task->config, task->guest, &secret, &error);
	else
		secret = secrets_make(task->config, task->guest, replace, &error);
	if (secret == NULL && error == NULL)
		return fail_none(task);
	if (error != NULL)
		return cli_fail(g_steal_pointer(&error));
	if (task->cli->json)
		print_new_json(task, secret, how);
	else
		print_new(task, secret, how);
	return CLI_OK;
}

/* --- show --- */

static void print_shown_json(const Task *task, const char *secret)
{
	JsonBuilder *builder = object_begin();

	member_add_text(builder, "guest", task->guest);
	member_add_text(builder, "file", task->path);
	member_add_text(builder, "secret", secret);
	object_print(builder);
}

/* Prints only the secret, for pipes and for pasting. */
static CliExit show_secret(Task *task)
{
	g_autoptr(GError) error = NULL;
	WIPED char *secret = NULL;

	if (config_guest(task->config, task->guest) == NULL)
		return fail_guest(task);
	if (!secrets_find(task->config, task->guest, &secret, &error))
		return cli_fail(g_steal_pointer(&error));
	if (secret == NULL)
		return fail_none(task);
	if (task->cli->json)
		print_shown_json(task, secret);
	else
		puts(secret);
	return CLI_OK;
}

/* --- list --- */

static void list_json(const Task *task, char **strays)
{
	JsonBuilder *builder = object_begin();
	g_autofree char *folder = secrets_folder(task->config->path);

	member_add_text(builder, "folder", folder);
	member_add_bool(builder, "administrator", task->config->http_secret != NULL);
	member_begin_array(builder, "guests");
	for (guint i = 0; i < task->config->guests->len; i++) {
		const ConfigGuest *guest = task->config->guests->pdata[i];
		g_autofree char *path = secrets_file(task->config->path, guest->name);
		g_autofree char *when = since(path);

		json_builder_begin_object(builder);
		member_add_text(builder, "name", guest->name);
		member_add_text(builder, "file", when != NULL ? path : NULL);
		member_add_text(builder, "since", when);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
	member_begin_array(builder, "strays");
	for (char **name = strays; *name != NULL; name++)
		item_add_text(builder, *name);
	json_builder_end_array(builder);
	object_print(builder);
}

static void add_row(TextTable *table, const char *name, TextStyle style, const char *text)
{
	text_table_add(table, STYLE_PLAIN, name);
	text_table_add(table, style, text);
}

static void list_people(const Task *task, char **strays)
{
	g_autoptr(TextTable) table = text_table_new(2);
	g_autoptr(GString) out = g_string_new(NULL);

	for (guint i = 0; i < task->config->guests->len; i++) {
		const ConfigGuest *guest = task->config->guests->pdata[i];
		g_autofree char *path = secrets_file(task->config->path, guest->name);
		g_autofree char *when = since(path);
		g_autofree char *text = when != NULL ? g_strconcat("since ", when, NULL) : NULL;

		add_row(table, guest->name, text != NULL ? STYLE_GOOD : STYLE_DIM,
			text != NULL ? text : "no secret");
	}
	for (char **name = strays; *name != NULL; name++)
		add_row(table, *name, STYLE_BAD, "no guest of the configuration");
	add_row(table, "(administrator)", STYLE_DIM,
		task->config->http_secret != NULL ? "in the configuration" : "no secret");
	text_table_print(table, "", out);
	fputs(out->str, stdout);
}

static CliExit list_secrets(Task *task)
{
	g_auto(GStrv) strays = secrets_strays(task->config);

	if (task->cli->json)
		list_json(task, strays);
	else
		list_people(task, strays);
	return CLI_OK;
}

/* --- revoke --- */

/* Is there no secret left for any client? */
static gboolean was_last(const Config *config)
{
	g_autoptr(GPtrArray) problems = config_problems_new();
	g_autoptr(GPtrArray) secrets = secrets_load(config, problems);

	return config->http && config->http_security && config->http_secret == NULL &&
	       secrets->len == 0;
}

static void print_revoked(const Task *task)
{
	g_autofree char *guest = text_clean(task->guest);

	printf("The secret of %s is no longer accepted.\n", guest);
	if (was_last(task->config))
		puts("It was the last one: no client can send requests over the network now.");
}

static void print_revoked_json(const Task *task)
{
	JsonBuilder *builder = object_begin();

	member_add_text(builder, "guest", task->guest);
	member_add_text(builder, "file", task->path);
	member_add_bool(builder, "last", was_last(task->config));
	object_print(builder);
}

static CliExit fail_revoke(const Task *task, int code)
{
	g_autoptr(GError) error = NULL;

	if (code != ENOENT) {
		file_set_error(&error, task->path, code);
		return cli_fail(g_steal_pointer(&error));
	}
	if (config_guest(task->config, task->guest) == NULL)
		return fail_guest(task);
	return fail_none(task);
}

/* For a secret without a guest, `secret list` shows the file's name. */
static void find_stray(Task *task)
{
	g_autofree char *folder = NULL;

	if (config_guest(task->config, task->guest) != NULL || strchr(task->guest, '/') != NULL)
		return;
	folder = secrets_folder(task->config->path);
	g_free(task->path);
	task->path = g_build_filename(folder, task->guest, NULL);
}

static CliExit revoke_secret(Task *task)
{
	int code;

	find_stray(task);
	code = file_remove(task->path);
	if (code != 0)
		return fail_revoke(task, code);
	if (task->cli->json)
		print_revoked_json(task);
	else
		print_revoked(task);
	return CLI_OK;
}

/* --- which of them --- */

static const struct {
	const char *name;
	gboolean guest; /* it needs one */
	Verb run;
} verbs[] = {
	{ "new", TRUE, new_secret },
	{ "show", TRUE, show_secret },
	{ "list", FALSE, list_secrets },
	{ "revoke", TRUE, revoke_secret },
};

static CliExit run(const Cli *cli, Verb verb, const char *guest, const char *file)
{
	Task task = { .cli = cli, .guest = guest, .config = cli_config(cli, file) };
	CliExit status;

	if (task.config == NULL)
		return CLI_USAGE;
	task.path = guest != NULL ? secrets_file(task.config->path, guest) : NULL;
	status = verb(&task);
	g_free(task.path);
	config_free(task.config);
	return status;
}

CliExit cmd_secret(const Cli *cli, char **arguments)
{
	for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
		if (!g_str_equal(verbs[i].name, arguments[0]))
			continue;
		if (verbs[i].guest && arguments[1] == NULL)
			return cli_fail(g_error_new(CLI_ERROR, CLI_USAGE,
				"secret %s needs GUEST; see `hotseat help secret`", verbs[i].name));
		if (verbs[i].guest)
			return run(cli, verbs[i].run, arguments[1], arguments[2]);
		if (arguments[1] == NULL || arguments[2] == NULL)
			return run(cli, verbs[i].run, NULL, arguments[1]);
		return cli_fail(g_error_new(CLI_ERROR, CLI_USAGE,
			"secret %s takes no guest; see `hotseat help secret`", verbs[i].name));
	}
	return cli_fail(g_error_new(CLI_ERROR, CLI_USAGE,
		"unknown action %s; the actions are new, show, list and revoke; see `hotseat help "
		"secret`",
		arguments[0]));
}
