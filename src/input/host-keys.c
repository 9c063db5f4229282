/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input/host-keys.h"

#include "common/error.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/uinput.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct HostKeys {
	int fd;
};

static gboolean fail(GError **error, int reason)
{
	g_set_error(error, HOTSEAT_ERROR,
		reason == EACCES || reason == EPERM ? HOTSEAT_ERROR_NO_PERMISSION
						    : HOTSEAT_ERROR_FAILED,
		"keys that stay with the host (keep:) do not reach it: /dev/uinput: %s",
		g_strerror(reason));
	return FALSE;
}

static gboolean set_up(int fd, const KeySet *keys)
{
	struct uinput_setup setup = { .id = { .bustype = BUS_VIRTUAL },
		.name = "hotseat host keys" };

	if (ioctl(fd, UI_SET_EVBIT, EV_KEY) < 0)
		return FALSE;
	for (guint code = key_set_next(keys, 1); code < KEY_CNT;
		code = key_set_next(keys, code + 1))
		if (ioctl(fd, UI_SET_KEYBIT, code) < 0)
			return FALSE;
	return ioctl(fd, UI_DEV_SETUP, &setup) == 0 && ioctl(fd, UI_DEV_CREATE) == 0;
}

HostKeys *host_keys_new(const KeySet *keys, GError **error)
{
	int fd = open("/dev/uinput", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	HostKeys *host_keys;

	if (fd < 0 || !set_up(fd, keys)) {
		fail(error, errno);
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	host_keys = g_new0(HostKeys, 1);
	host_keys->fd = fd;
	return host_keys;
}

void host_keys_free(HostKeys *host_keys)
{
	if (host_keys == NULL)
		return;
	close(host_keys->fd);
	g_free(host_keys);
}

void host_keys_send(HostKeys *host_keys, guint code, gboolean down)
{
	struct input_event events[] = {
		{ .type = EV_KEY, .code = (guint16)code, .value = down },
		{ .type = EV_SYN, .code = SYN_REPORT },
	};

	if (write(host_keys->fd, events, sizeof events) < 0)
		g_debug("a key that stays with the host is lost: %s", g_strerror(errno));
}
