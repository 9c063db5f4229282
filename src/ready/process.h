/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Other programs: running one for its output, and naming one that is in the way.
 */
#pragma once

#include <glib.h>

/* Runs a program and returns what it printed. NULL: it could not be started, failed, or did not end
 * within the deadline. Free with g_free(). */
char *process_ask(const char *const *argv, guint deadline_ms);

/* The process's command line; empty: there is no such process. Free with g_strfreev(). */
GStrv process_argv(const char *proc, int pid);
/* The value of an option ("--config", or "-c"; NULL: it has no short name) in argv. NULL: not
 * given. Borrowed. */
const char *argv_option(GStrv argv, const char *option, const char *brief);

/* What the kernel calls the process, up to 15 characters of it; NULL: there is no such process.
 * Free with g_free(). */
char *process_name(const char *proc, int pid);
/* "name (pid 123)"; NULL: there is no such process. proc: "/proc" except in tests. Free with
 * g_free(). */
char *process_describe(const char *proc, int pid);

/* The system service of the process ("nginx.service"), or NULL. Free with g_free().
 */
char *process_unit(const char *proc, int pid);

/* The process that holds a lock (flock) on the file, from /proc/locks (proc(5)); 0: none, or it is
 * not visible. */
int process_locking(const char *proc, const char *file);

/* Does a process listen on the Unix socket, according to /proc/net/unix? The file alone proves
 * nothing, because it remains when the process has ended. */
gboolean process_is_listening(const char *proc, const char *socket);
