/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/text.h"
#include "common/error.h"
#include "common/json.h"
#include "config/secrets.h"
#include "kit/kit.h"
#include "ready/person.h"

#include <json-glib/json-glib.h>
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

/* With sudo, the user who called it owns it, not root. */
static struct stat find_owner(void)
{
	g_autoptr(Person) person = person_asking();
	const struct passwd *entry = getpwuid(person->uid);

	return (struct stat){
		.st_uid = person->uid,
		.st_gid = entry != NULL ? entry->pw_gid : getegid(),
	};
}

static void print_json(const char *folder, const KitFacts *facts, const GPtrArray *files)
{
	JsonBuilder *builder = object_begin();

	member_add_text(builder, "folder", folder);
	member_add_text(builder, "guest", facts->guest);
	member_add_text(builder, "url", facts->url);
	member_add_bool(builder, "new_secret", facts->new_secret);
	member_begin_array(builder, "files");
	for (guint i = 0; i < files->len; i++)
		item_add_text(builder, ((KitFile *)files->pdata[i])->name);
	json_builder_end_array(builder);
	object_print(builder);
}

static void print_people(const char *folder, const KitFacts *facts, const GPtrArray *files)
{
	g_autoptr(TextTable) table = text_table_new(2);
	g_autoptr(GString) out = g_string_new(NULL);
	g_autofree char *guest = text_clean(facts->guest), *where = text_clean(folder);

	for (guint i = 0; i < files->len; i++) {
		const KitFile *file = files->pdata[i];

		text_table_add(table, STYLE_PLAIN, file->name);
		text_table_add(table, STYLE_DIM, file->about);
	}
	text_table_print(table, "  ", out);
	printf("The kit for %s is in %s. It sends requests to %s.\n\n%s\n", guest, where,
		facts->url, out->str);
	if (facts->new_secret)
		printf("Created a secret for %s.\n", guest);
	printf("Copy the folder into %s. Keep it private: its secret can move the seat.\n", guest);
}

static CliExit fail(GError *error)
{
	gboolean usage = g_error_matches(error, HOTSEAT_ERROR, HOTSEAT_ERROR_CONFIG) ||
			 g_error_matches(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_GUEST);

	cli_fail(error);
	return usage ? CLI_USAGE : CLI_FAILED;
}

CliExit cmd_guest_kit(const Cli *cli, char **arguments)
{
	const char *folder = arguments[0];
	gboolean replace = cli_has(cli, "--replace");
	struct stat owner = find_owner();
	g_autoptr(Config) config = cli_config(cli, NULL);
	g_autoptr(KitFacts) facts = NULL;
	g_autoptr(GPtrArray) files = NULL;
	g_autoptr(GError) error = NULL;
	KitRequest request = {
		.config = config,
		.guest = cli_value(cli, "--guest"),
		.url = cli_value(cli, "--url"),
		.find_address = kit_find_address,
	};

	if (config == NULL)
		return CLI_USAGE;
	/* check this before a secret is created */
	if (!replace && !kit_check(folder, &error))
		return fail(g_steal_pointer(&error));
	facts = kit_facts_find(&request, &error);
	if (facts == NULL)
		return fail(g_steal_pointer(&error));
	facts->agent = kit_find_agent();
	files = kit_files(facts);
	if (!kit_write(folder, files, replace, &owner, &error))
		return fail(g_steal_pointer(&error));
	if (cli->json)
		print_json(folder, facts, files);
	else
		print_people(folder, facts, files);
	return CLI_OK;
}
