/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One run of a user's command, in its own process group, with a time limit, its output
 * (capped) in the log and, when it fails, in the error.
 */
#pragma once

#include "config/config.h"

typedef struct HookRun HookRun;

/* error: why it failed; NULL: it did not. Borrowed. */
typedef void (*HookRunDone)(HookRun *run, const GError *error, gpointer data);

/*
 * Starts command (not needed any longer when this returns) with the variables of environment
 * ("NAME=value", NULL at the end) added to the daemon's own. Calls done exactly once, never before
 * this returns, unless it is forgotten; then the run is gone. Errors: FAILED, TIMED_OUT.
 */
HookRun *hook_run_new(const ConfigCommand *command, const char *const *environment,
	HookRunDone done, gpointer data);

/* Stops it now: SIGTERM to its process group, and SIGKILL after a second. done is called with
 * CANCELLED when it is over. */
void hook_run_stop(HookRun *run);

/* Nobody waits for it any more: it goes on to its end by itself. */
void hook_run_forget(HookRun *run);
