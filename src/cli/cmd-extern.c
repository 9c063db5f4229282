/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <errno.h>
#include <unistd.h>

/* The folder of this program. Free with g_free(). */
static char *own_folder(void)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);

	return self != NULL ? g_path_get_dirname(self) : g_strdup(".");
}

/* The program's path: in that folder (in a build directory), otherwise where it is installed. Free
 * with g_free(). */
static char *find_program(const char *folder, const char *name)
{
	g_autofree char *beside = g_build_filename(folder, name, NULL);

	if (g_file_test(beside, G_FILE_TEST_IS_EXECUTABLE))
		return g_steal_pointer(&beside);
	return g_build_filename(HOTSEAT_LIBEXECDIR, name, NULL);
}

static CliExit become(const Cli *cli, const char *name)
{
	g_autofree char *folder = own_folder();
	g_autofree char *program = find_program(folder, name);
	g_autofree char *build = g_build_filename(folder, "build.ninja", NULL);
	g_autofree char *remedy = g_strdup("install hotseat again");
	int code;

	/* a program in a build directory must not start an installed one */
	if (!g_str_has_prefix(program, folder) && g_file_test(build, G_FILE_TEST_EXISTS)) {
		g_free(remedy);
		remedy = g_strdup_printf("build it: `ninja -C %s %s`", folder, name);
		code = ENOENT;
	} else {
		execv(program, cli->argv);
		code = errno;
	}
	return cli_fail(g_error_new(CLI_ERROR, CLI_FAILED,
		"cannot start %s, a part of hotseat: %s; %s", name, g_strerror(code), remedy));
}

CliExit cmd_extern(const Cli *cli, char **arguments)
{
	return become(cli, "hotseat-setup");
}

CliExit cmd_extern_agent(const Cli *cli, char **arguments)
{
	return become(cli, "hotseat-agent");
}
