/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hook/output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <unistd.h>

/* How many times in a row a pipe is read, enough for 64 KiB (pipe(7)). A process that writes
 * without end must not keep the main loop busy. */
#define READS_MAX 16

struct HookOutput {
	guint users; /* commands that have not ended */
	int fd;
	guint source; /* 0: no process has the other end any more, and fd is closed */
	GString *text;
};

/* Global, like file descriptors, because commands outlive a reload of the config. */
static GPtrArray *pipes; /* HookOutput *, those that are still open */

guint hook_output_pipes(void)
{
	return pipes == NULL ? 0 : pipes->len;
}

static void output_free(HookOutput *output)
{
	g_string_free(output->text, TRUE);
	g_free(output);
}

/* FALSE when no process can write any more. */
static gboolean drain(HookOutput *output)
{
	char buffer[HOOK_OUTPUT_KEPT];
	gssize n = 0;

	for (guint i = 0; i < READS_MAX && (n = read(output->fd, buffer, sizeof buffer)) > 0; i++) {
		g_string_append_len(output->text, buffer, n);
		if (output->text->len > HOOK_OUTPUT_KEPT)
			g_string_erase(
				output->text, 0, (gssize)(output->text->len - HOOK_OUTPUT_KEPT));
	}
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static gboolean on_output(int fd, GIOCondition condition, gpointer data)
{
	HookOutput *output = data;

	if (drain(output))
		return G_SOURCE_CONTINUE;
	output->source = 0;
	close(fd);
	g_ptr_array_remove(pipes, output);
	if (output->users == 0)
		output_free(output);
	return G_SOURCE_REMOVE;
}

static HookOutput *pipe_new(int *fd, GError **error)
{
	HookOutput *output;
	int fds[2];

	if (!g_unix_open_pipe(fds, FD_CLOEXEC, error))
		return NULL;
	g_unix_set_fd_nonblocking(fds[0], TRUE, NULL);
	output = g_new0(HookOutput, 1);
	output->fd = fds[0];
	output->text = g_string_new(NULL);
	output->source = g_unix_fd_add(fds[0], G_IO_IN, on_output, output);
	if (pipes == NULL)
		pipes = g_ptr_array_new();
	g_ptr_array_add(pipes, output);
	*fd = fds[1];
	return output;
}

/* The oldest output to which only processes of ended commands write; if there is none, the oldest.
 */
static HookOutput *pipe_to_share(void)
{
	for (guint i = 0; i < pipes->len; i++) {
		HookOutput *output = pipes->pdata[i];

		if (output->users == 0)
			return output;
	}
	return pipes->pdata[0];
}

/* Opens the write end of a pipe again after it was closed (proc(5), fd). */
static HookOutput *pipe_share(int *fd, GError **error)
{
	HookOutput *output = pipe_to_share();
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", output->fd);

	*fd = open(path, O_WRONLY | O_CLOEXEC);
	if (*fd < 0) {
		g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno),
			"cannot open a pipe: %s", g_strerror(errno));
		return NULL;
	}
	drain(output);
	g_string_truncate(output->text, 0);
	return output;
}

HookOutput *hook_output_take(int *fd, GError **error)
{
	HookOutput *output =
		hook_output_pipes() < HOOK_PIPES_MAX ? pipe_new(fd, error) : pipe_share(fd, error);

	if (output != NULL)
		output->users++;
	return output;
}

const GString *hook_output_text(HookOutput *output)
{
	if (output->source != 0)
		drain(output);
	return output->text;
}

void hook_output_release(HookOutput *output)
{
	if (output != NULL && --output->users == 0 && output->source == 0)
		output_free(output);
}
