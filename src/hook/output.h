/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The output of commands. Its end is kept; the rest is read and dropped. Processes that a command
 * leaves running can still write, because a closed pipe would kill them. The number of pipes is
 * limited.
 */
#pragma once

#include <glib.h>

/* Most pipes that are open at a time in the whole process. If processes that commands left running
 * use all of them, a new command shares one with such a process. */
#define HOOK_PIPES_MAX 8

/* How much is kept of a command's output, in bytes. */
#define HOOK_OUTPUT_KEPT 4096

typedef struct HookOutput HookOutput;

/* The output of a command that is about to start. *fd is for its stdout and stderr; the caller
 * closes it. Release the result with hook_output_release(). Returns NULL and error if no file
 * descriptor is left. */
HookOutput *hook_output_take(int *fd, GError **error);

/* The end of the output so far. Borrowed until the main loop runs. */
const GString *hook_output_text(HookOutput *output);

/* Call it when the command has ended. NULL is allowed. */
void hook_output_release(HookOutput *output);

/* How many pipes are open now. */
guint hook_output_pipes(void);
