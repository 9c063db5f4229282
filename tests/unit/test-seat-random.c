/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Thousands of random scenarios: whatever happens, the user is never stranded.
 *
 *   test-seat-random --scenarios N    so many in place of 5,000
 *   test-seat-random --seed N         only the one with this number
 *
 * The shortest scenario that still fails is printed.
 */
#include "seat-scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int scenarios = 5000;
static int only_seed = -1;

/* -- in a process of its own, as the engine may abort ------------------------------------------ */

typedef int (*ChildFunc)(gpointer data);

/* What func returned, or -1: it did not return. */
static int in_child(ChildFunc func, gpointer data, gboolean quiet)
{
	int status = 0;
	pid_t pid = fork();

	g_assert_cmpint(pid, >=, 0);
	if (pid == 0) {
		if (quiet && freopen("/dev/null", "w", stderr) == NULL)
			_exit(1);
		_exit(func(data));
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int child_scenario(gpointer data)
{
	g_autofree char *wrong = scenario_run(data);

	return wrong != NULL;
}

static gboolean fails(const Scenario *scenario, gpointer unused)
{
	return in_child(child_scenario, (gpointer)scenario, TRUE) != 0;
}

static int child_tell(gpointer data)
{
	g_autofree char *wrong = scenario_run(data);

	g_printerr("%s", wrong != NULL ? wrong : "nothing is wrong with it\n");
	return 0;
}

static void report(guint seed)
{
	g_autoptr(Scenario) scenario = scenario_new(seed);
	g_autofree char *text = NULL;

	g_assert_true(fails(scenario, NULL));
	scenario_reduce(scenario, fails, NULL);
	text = scenario_text(scenario);
	g_printerr("%s", text);
	if (in_child(child_tell, scenario, FALSE) < 0)
		g_printerr("it aborts\n");
}

/* -- all of them ------------------------------------------------------------------------------ */

typedef struct {
	guint first, end;
	guint *now; /* shared: which one is running */
} Batch;

/* Returns 1 at the first that fails. */
static int child_batch(gpointer data)
{
	const Batch *batch = data;

	for (*batch->now = batch->first; *batch->now < batch->end; ++*batch->now) {
		g_autoptr(Scenario) scenario = scenario_new(*batch->now);
		g_autofree char *wrong = scenario_run(scenario);

		if (wrong != NULL)
			return 1;
	}
	return 0;
}

static void test_random(void)
{
	Batch batch = { .first = 0, .end = (guint)scenarios };

	if (only_seed >= 0)
		batch = (Batch){ .first = (guint)only_seed, .end = (guint)only_seed + 1 };
	batch.now = mmap(
		NULL, sizeof(guint), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	g_assert_true(batch.now != MAP_FAILED);
	if (in_child(child_batch, &batch, TRUE) != 0) {
		report(*batch.now);
		g_test_fail();
	}
	munmap(batch.now, sizeof(guint));
}

/* -- the means themselves --------------------------------------------------------------------- */

static gboolean has_both(const Scenario *scenario, gpointer data)
{
	gboolean slow = FALSE;

	++*(guint *)data;
	for (guint i = 0; i < scenario->actions->len; i++) {
		const Action *action = &g_array_index(scenario->actions, Action, i);

		slow |= action->kind == ACTION_SLOW;
		if (slow && action->kind == ACTION_WAIT && action->number >= 100)
			return TRUE;
	}
	return FALSE;
}

/* "Fails" if something is slow and there is a wait of 100 ms after it. */
static void test_reduce(void)
{
	g_autoptr(Scenario) scenario = scenario_new(1);
	const Action slow = { ACTION_SLOW, 2, 70 }, wait = { ACTION_WAIT, 0, 3000 };
	guint looks = 0;
	g_autofree char *text = NULL;

	g_array_insert_val(scenario->actions, 3, slow);
	g_array_append_val(scenario->actions, wait);
	scenario_reduce(scenario, has_both, &looks);
	scenario->optional_left = scenario->optional_mouse = scenario->forwarded = FALSE;
	scenario->before = FALSE;
	scenario->ending = ENDING_FIXED;
	text = scenario_text(scenario);
	g_assert_cmpuint(scenario->actions->len, ==, 2);
	g_assert_nonnull(strstr(text, "scenario 1, 2 actions:\n  slow "));
	g_assert_cmpuint(g_array_index(scenario->actions, Action, 1).number, <, 200);
	g_assert_cmpuint(looks, <, 500);
}

static void test_same_seed_same_scenario(void)
{
	g_autoptr(Scenario) one = scenario_new(7);
	g_autoptr(Scenario) two = scenario_new(7);
	g_autoptr(Scenario) other = scenario_new(8);
	g_autofree char *a = scenario_text(one);
	g_autofree char *b = scenario_text(two);
	g_autofree char *c = scenario_text(other);

	g_assert_cmpstr(a, ==, b);
	g_assert_cmpstr(a, !=, c);
}

int main(int argc, char **argv)
{
	const GOptionEntry entries[] = {
		{ "scenarios", 0, 0, G_OPTION_ARG_INT, &scenarios, "Run N scenarios", "N" },
		{ "seed", 0, 0, G_OPTION_ARG_INT, &only_seed, "Run only scenario N", "N" },
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);

	g_option_context_add_main_entries(context, entries, NULL);
	g_option_context_set_ignore_unknown_options(context, TRUE);
	if (!g_option_context_parse(context, &argc, &argv, NULL))
		return EXIT_FAILURE;
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/seat-random/reduce", test_reduce);
	g_test_add_func("/seat-random/same-seed-same-scenario", test_same_seed_same_scenario);
	g_test_add_func("/seat-random/nobody-is-stranded", test_random);
	return g_test_run();
}
