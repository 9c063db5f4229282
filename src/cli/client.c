/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/client.h"

#include "cli/cli.h"
#include "common/command.h"
#include "common/json.h"
#include "common/socket.h"
#include "config/config.h"

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

G_DEFINE_QUARK(hotseat - cli - error - quark, cli_error)

/* "the group hotseat", or the number of one without a name. */
static char *group_of(const char *path)
{
	struct stat st;
	const struct group *group;

	if (stat(path, &st) != 0 || st.st_gid == 0)
		return NULL;
	group = getgrgid(st.st_gid);
	return group != NULL ? g_strdup(group->gr_name) : g_strdup_printf("%u", st.st_gid);
}

/* Does the database have this user in the group? Then it takes effect at the next login. */
static gboolean has_joined(const char *name)
{
	const struct passwd *user = getpwuid(getuid());
	const struct group *group = getgrnam(name);

	return user != NULL && group != NULL &&
	       g_strv_contains((const char *const *)group->gr_mem, user->pw_name);
}

/* What to do if no daemon listens on this socket. */
static char *advise_absent(const char *path)
{
	const char *url = g_getenv("HOTSEAT_URL");
	g_autofree char *config = config_find(NULL), *word = command_word(path);
	gboolean configured = g_file_test(config, G_FILE_TEST_EXISTS);

	/* in a guest, where no daemon runs */
	if (url != NULL && *url != '\0')
		return g_strdup("only switch, status and agent ask the one at $HOTSEAT_URL");
	if (strcmp(path, SOCKET_SYSTEM) != 0)
		return g_strdup_printf("%sstart it: `hotseatd --socket %s`",
			configured ? "" : "create a configuration with `sudo hotseat setup`, then ",
			word);
	if (!configured)
		return g_strdup("there is no configuration yet; create one: `sudo hotseat setup`");
	/* a configuration in the user's home comes first, because the user service reads it */
	return g_strdup_printf("start it: `%s start hotseatd`",
		config_is_system(config) ? "sudo systemctl" : "systemctl --user");
}

static void set_connect_error(const char *path, int code, GError **error)
{
	g_autofree char *advice = advise_absent(path);
	g_autofree char *group = code == EACCES ? group_of(path) : NULL;

	if (code == EACCES && group != NULL && has_joined(group))
		g_set_error(error, CLI_ERROR, CLI_FAILED,
			"no permission to use %s yet: you have joined its group %s, which takes "
			"effect at your next login; log out and back in",
			path, group);
	else if (code == EACCES && group != NULL)
		g_set_error(error, CLI_ERROR, CLI_FAILED,
			"no permission to use %s; join its group: `sudo usermod -aG %s $USER`, "
			"then log out and back in",
			path, group);
	else if (code == EACCES)
		g_set_error(error, CLI_ERROR, CLI_FAILED,
			"no permission to use %s; run it as root, or as the user that runs "
			"hotseatd",
			path);
	else
		g_set_error(error, CLI_ERROR, CLI_ABSENT, "the daemon is not running: %s: %s; %s",
			path, g_strerror(code), advice);
}

int client_connect(const char *path, GError **error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path) {
		g_set_error(error, CLI_ERROR, CLI_USAGE,
			"the socket's path %s is longer than %zu bytes; use another --socket", path,
			sizeof address.sun_path - 1);
		return -1;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
		set_connect_error(path, errno, error);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

static gboolean fail_gone(GError **error)
{
	g_set_error_literal(error, CLI_ERROR, CLI_ABSENT,
		"the daemon exited before it answered; see `journalctl -u hotseatd`");
	return FALSE;
}

gboolean client_send(int fd, const char *target, const char *body, GError **error)
{
	g_autofree char *content = body == NULL
					   ? g_strdup("")
					   : g_strdup_printf("Content-Type: application/json\r\n"
							     "Content-Length: %zu\r\n",
						     strlen(body));
	g_autofree char *request = g_strdup_printf("%s %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n%s",
		body == NULL ? "GET" : "POST", target, content, body == NULL ? "" : body);
	gsize length = strlen(request);

	/* much smaller than a socket's buffer, so it is sent completely or not at all */
	if (send(fd, request, length, MSG_NOSIGNAL) != (gssize)length)
		return fail_gone(error);
	return TRUE;
}

static int timeout_until(gint64 deadline_us)
{
	gint64 left = (deadline_us - g_get_monotonic_time() + 999) / 1000;

	return deadline_us < 0 ? -1 : (int)CLAMP(left, 0, G_MAXINT);
}

gssize client_read(int fd, GString *buffer, gint64 deadline_us, GError **error)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	char bytes[8192];
	gssize length;
	int ready;

	do
		ready = poll(&poll_fd, 1, timeout_until(deadline_us));
	while (ready < 0 && errno == EINTR);
	if (ready == 0) {
		g_set_error_literal(error, CLI_ERROR, CLI_FAILED,
			"the daemon does not answer; see `journalctl -u hotseatd`");
		return -1;
	}
	length = recv(fd, bytes, sizeof bytes, 0);
	if (length < 0) {
		fail_gone(error);
		return -1;
	}
	if (buffer->len + (gsize)length > CLIENT_ANSWER_MAX) {
		g_set_error_literal(error, CLI_ERROR, CLI_FAILED,
			"the answer is too long; check that hotseatd listens there");
		return -1;
	}
	g_string_append_len(buffer, bytes, length);
	return length;
}

gsize client_head(const GString *buffer, guint *status)
{
	const char *end = strstr(buffer->str, "\r\n\r\n");
	const char *code = buffer->str + strlen("HTTP/1.x ");

	*status = 0;
	if (g_str_has_prefix(buffer->str, "HTTP/1.") && buffer->len > strlen("HTTP/1.x 200"))
		*status = (guint)g_ascii_strtoull(code, NULL, 10);
	return end == NULL ? 0 : (gsize)(end - buffer->str) + 4;
}

static ClientAnswer *fail_garbage(GError **error)
{
	g_set_error_literal(
		error, CLI_ERROR, CLI_FAILED, "invalid answer; check that hotseatd listens there");
	return NULL;
}

/* Content-Length shows whether the answer is complete or the daemon has exited. */
static gboolean is_whole(const GString *buffer, gsize head)
{
	static const char name[] = "\r\nContent-Length: ";
	const char *field = strstr(buffer->str, name);

	return field != NULL && field < buffer->str + head &&
	       g_ascii_strtoull(field + strlen(name), NULL, 10) <= buffer->len - head;
}

ClientAnswer *client_answer_new(guint status, const char *text, GError **error)
{
	JsonNode *root = status != 0 ? object_parse(text) : NULL;
	ClientAnswer *answer;

	if (root == NULL)
		return fail_garbage(error);
	answer = g_new0(ClientAnswer, 1);
	answer->status = status;
	answer->text = g_strdup(text);
	answer->root = root;
	return answer;
}

ClientAnswer *client_parse(const GString *buffer, GError **error)
{
	guint status;
	gsize head = client_head(buffer, &status);

	if (buffer->len == 0 || (status != 0 && (head == 0 || !is_whole(buffer, head)))) {
		fail_gone(error);
		return NULL;
	}
	return client_answer_new(status, buffer->str + head, error);
}

ClientAnswer *client_ask(
	const char *path, const char *target, const char *body, guint timeout_ms, GError **error)
{
	gint64 deadline_us = g_get_monotonic_time() + 1000 * (gint64)timeout_ms;
	g_autoptr(GString) buffer = g_string_new(NULL);
	ClientAnswer *answer = NULL;
	gssize length = -1;
	int fd = client_connect(path, error);

	if (fd < 0)
		return NULL;
	if (client_send(fd, target, body, error)) {
		while ((length = client_read(fd, buffer, deadline_us, error)) > 0)
			continue;
		if (length == 0)
			answer = client_parse(buffer, error);
	}
	close(fd);
	return answer;
}

void client_answer_free(ClientAnswer *answer)
{
	if (answer == NULL)
		return;
	g_free(answer->text);
	json_node_unref(answer->root);
	g_free(answer);
}
