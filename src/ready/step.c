/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ready/step.h"

#include "common/command.h"

#include <unistd.h>

static void step_free(gpointer data)
{
	ReadyStep *step = data;

	g_free(step->why);
	g_strfreev(step->argv);
	g_free(step);
}

GPtrArray *steps_new(void)
{
	return g_ptr_array_new_with_free_func(step_free);
}

ReadyStep *steps_add(GPtrArray *steps, const char *why, const char *const *argv)
{
	ReadyStep *step = g_new0(ReadyStep, 1);

	step->why = g_strdup(why);
	step->argv = g_strdupv((char **)argv);
	step->root = TRUE;
	g_ptr_array_add(steps, step);
	return step;
}

static gboolean needs_sudo(const ReadyStep *step)
{
	return step->root && geteuid() != 0;
}

char *step_command(const ReadyStep *step)
{
	g_autofree char *text = command_text((const char *const *)step->argv);

	return g_strconcat(needs_sudo(step) ? "sudo " : "", text, NULL);
}

static GStrv full_argv(const ReadyStep *step, gboolean quiet)
{
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

	if (needs_sudo(step))
		g_strv_builder_add(builder, "sudo");
	if (needs_sudo(step) && quiet)
		g_strv_builder_add(builder, "-n");
	g_strv_builder_addv(builder, (const char **)step->argv);
	return g_strv_builder_end(builder);
}

gboolean step_run(const ReadyStep *step, gboolean quiet, char **said)
{
	g_auto(GStrv) argv = full_argv(step, quiet);
	g_autoptr(GError) error = NULL;
	g_autofree char *out = NULL, *err = NULL;
	gboolean good;
	int status;

	good = g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_CHILD_INHERITS_STDIN,
		       NULL, NULL, &out, &err, &status, &error) &&
	       g_spawn_check_wait_status(status, &error);
	if (!good)
		*said = g_strconcat(error->message, "\n", out, err, NULL);
	return good;
}
