/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One run of a configured command, in its own process group, with a time limit. The end of its
 * output is logged and, if it fails, part of the error.
 */
#pragma once

#include "config/config.h"

typedef struct HookRun HookRun;

/* error: why it failed; NULL: it succeeded. Borrowed. */
typedef void (*HookRunDone)(HookRun *run, const GError *error, gpointer data);

/*
 * Starts command with the variables of environment ("NAME=value", ends with NULL) added to the
 * daemon's own. command need not outlive this call. Calls done exactly once, and never before this
 * returns, unless the run is forgotten; after that the run is freed. Errors: FAILED, TIMED_OUT.
 */
HookRun *hook_run_new(const ConfigCommand *command, const char *const *environment,
	HookRunDone done, gpointer data);

/* Stops it: sends SIGTERM to its process group, and SIGKILL after a second. done is called with
 * CANCELLED when it has ended. */
void hook_run_stop(HookRun *run);

/* done will not be called; the command continues to its end. */
void hook_run_forget(HookRun *run);
