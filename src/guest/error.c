/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/error.h"

#include <errno.h>

#include "common/error.h"
#include "common/libvirt-group.h"

static const char *message_of(virErrorPtr err)
{
	return err != NULL && err->message != NULL ? err->message : "libvirt does not say why";
}

void libvirt_error_last(GError **error, const char *what)
{
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT, "%s: %s", what,
		message_of(virGetLastError()));
}

/* Why a connection can fail: the first row that fits. */
static const struct {
	int code;	  /* virErrorNumber */
	int system_errno; /* for VIR_ERR_SYSTEM_ERROR, which carries it in int1; 0: any */
	HotseatError kind;
	const char *advice; /* NULL: join libvirt's group */
} reasons[] = {
	{ VIR_ERR_SYSTEM_ERROR, EACCES, HOTSEAT_ERROR_NO_PERMISSION, NULL },
	{ VIR_ERR_SYSTEM_ERROR, EPERM, HOTSEAT_ERROR_NO_PERMISSION, NULL },
	{ VIR_ERR_AUTH_UNAVAILABLE, 0, HOTSEAT_ERROR_NO_PERMISSION, NULL },
	{ VIR_ERR_AUTH_CANCELLED, 0, HOTSEAT_ERROR_NO_PERMISSION, NULL },
	{ VIR_ERR_AUTH_FAILED, 0, HOTSEAT_ERROR_NO_PERMISSION, NULL },
	{ VIR_ERR_SYSTEM_ERROR, ENOENT, HOTSEAT_ERROR_LIBVIRT,
		"libvirt is not running or not installed: sudo systemctl start libvirtd.socket" },
	{ VIR_ERR_SYSTEM_ERROR, ECONNREFUSED, HOTSEAT_ERROR_LIBVIRT,
		"libvirt is not running: sudo systemctl start libvirtd.socket" },
	{ VIR_ERR_NO_CONNECT, 0, HOTSEAT_ERROR_LIBVIRT,
		"correct libvirt.uri in the configuration, most often qemu:///system" },
	{ VIR_ERR_INVALID_ARG, 0, HOTSEAT_ERROR_LIBVIRT,
		"correct libvirt.uri in the configuration, most often qemu:///system" },
	{ VIR_ERR_CONFIG_UNSUPPORTED, 0, HOTSEAT_ERROR_LIBVIRT,
		"correct libvirt.uri in the configuration, most often qemu:///system" },
	{ VIR_ERR_INTERNAL_ERROR, 0, HOTSEAT_ERROR_LIBVIRT,
		"correct libvirt.uri in the configuration, most often qemu:///system" },
};

void libvirt_error_connect(GError **error, const char *uri, virErrorPtr err)
{
	HotseatError kind = HOTSEAT_ERROR_LIBVIRT;
	const char *advice = "see whether this works: virsh list";
	g_autofree char *join =
		g_strdup_printf("add the user to the group %s and log in again", libvirt_group());

	for (guint i = 0; i < G_N_ELEMENTS(reasons) && err != NULL; i++) {
		if (reasons[i].code != err->code)
			continue;
		if (reasons[i].system_errno != 0 && reasons[i].system_errno != err->int1)
			continue;
		kind = reasons[i].kind;
		advice = reasons[i].advice != NULL ? reasons[i].advice : join;
		break;
	}
	g_set_error(error, HOTSEAT_ERROR, (int)kind, "cannot connect to libvirt at %s: %s; %s", uri,
		message_of(err), advice);
}

static void ignore_error(void *data, virErrorPtr err)
{
}

void libvirt_error_silence(void)
{
	virSetErrorFunc(NULL, ignore_error);
}
