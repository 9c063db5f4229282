/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/text.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* In the folder that this program is in (when it was not installed), else where it gets installed.
 * Free with g_free(). */
static char *find_program(const char *name)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = self != NULL ? g_path_get_dirname(self) : g_strdup(".");
	g_autofree char *beside = g_build_filename(folder, name, NULL);

	if (g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE))
		return g_steal_pointer(&beside);
	return g_build_filename(HOTSEAT_LIBEXECDIR, name, NULL);
}

static CliExit become(const Cli *cli, const char *name)
{
	g_autofree char *program = find_program(name);
	g_autofree char *clean = NULL;

	execv(program, cli->argv);
	clean = text_clean(program);
	fprintf(stderr, "hotseat: cannot start %s, a part of hotseat: %s; install hotseat again\n",
		clean, g_strerror(errno));
	return CLI_FAILED;
}

CliExit cmd_extern(const Cli *cli, char **arguments)
{
	return become(cli, "hotseat-setup");
}

CliExit cmd_extern_agent(const Cli *cli, char **arguments)
{
	return become(cli, "hotseat-agent");
}
