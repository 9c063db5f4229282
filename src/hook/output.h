/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What commands write: the end of it is kept, and the rest read and dropped, also of what a command
 * leaves running, which a closed pipe would kill. The pipes of all commands together are bounded.
 */
#pragma once

#include <glib.h>

/* So many pipes are open at a time, in the whole process. Commands that find them in use by what
 * others left running share one with that. */
#define HOOK_PIPES_MAX 8

/* What is kept of a command's output, in bytes. */
#define HOOK_OUTPUT_KEPT 4096

typedef struct HookOutput HookOutput;

/* For a command that is about to start: *fd is where it writes, to be closed by the caller. Release
 * the result with hook_output_release(). Returns NULL and error when there is no file descriptor
 * left. */
HookOutput *hook_output_take(int *fd, GError **error);

/* The end of what was written until now. Borrowed until the main loop runs. */
const GString *hook_output_text(HookOutput *output);

/* The command has ended. NULL is fine. */
void hook_output_release(HookOutput *output);

/* How many pipes are open now. */
guint hook_output_pipes(void);
