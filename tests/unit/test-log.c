/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the daemon's log lets through.
 */
#include "common/log.h"

static void log_all(gboolean verbose)
{
	log_set_up("hotseatd", verbose);
	g_debug("own detail");
	g_info("own news");
	g_warning("own trouble");
	g_log_structured("Libvirt.GLib", G_LOG_LEVEL_DEBUG, "MESSAGE", "their poll");
	g_log_structured("Libvirt.GLib", G_LOG_LEVEL_MESSAGE, "MESSAGE", "their news");
}

static void test_quiet(void)
{
	if (g_test_subprocess()) {
		log_all(FALSE);
		return;
	}
	g_test_trap_subprocess(NULL, 0, 0);
	g_test_trap_assert_stderr(
		"hotseatd: own news\nhotseatd: warning: own trouble\nhotseatd: their news\n");
}

/* Hotseat's own details, and not those of libraries. */
static void test_verbose(void)
{
	if (g_test_subprocess()) {
		log_all(TRUE);
		return;
	}
	g_test_trap_subprocess(NULL, 0, 0);
	g_test_trap_assert_stderr("hotseatd: own detail\nhotseatd: own news\n"
				  "hotseatd: warning: own trouble\nhotseatd: their news\n");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	/* warnings are what is tested */
	g_log_set_always_fatal(G_LOG_FATAL_MASK);
	g_test_add_func("/log/quiet", test_quiet);
	g_test_add_func("/log/verbose", test_verbose);
	return g_test_run();
}
