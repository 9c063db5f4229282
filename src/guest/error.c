/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/error.h"

#include <errno.h>
#include <string.h>

#include "common/error.h"
#include "common/libvirt-host.h"
#include "config/config.h"
#include "guest/advice.h"
#include "guest/domain.h"

static const char *message_of(virErrorPtr err)
{
	return err != NULL && err->message != NULL ? err->message : "no reason given";
}

void libvirt_error_last(GError **error, const char *what)
{
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT, "%s: %s", what,
		message_of(virGetLastError()));
}

/* What to do about a failure, depending on the URI. */
typedef enum { LOOK, JOIN, START, CORRECT } Advice;

/* Why a connection can fail: the first row that matches. */
static const struct {
	int code;	  /* virErrorNumber */
	int system_errno; /* for VIR_ERR_SYSTEM_ERROR, which carries it in int1; 0: any */
	Advice advice;
} reasons[] = {
	{ VIR_ERR_SYSTEM_ERROR, EACCES, JOIN },
	{ VIR_ERR_SYSTEM_ERROR, EPERM, JOIN },
	{ VIR_ERR_AUTH_UNAVAILABLE, 0, JOIN },
	{ VIR_ERR_AUTH_CANCELLED, 0, JOIN },
	{ VIR_ERR_AUTH_FAILED, 0, JOIN },
	{ VIR_ERR_SYSTEM_ERROR, ENOENT, START },
	{ VIR_ERR_SYSTEM_ERROR, ECONNREFUSED, START },
	{ VIR_ERR_NO_CONNECT, 0, CORRECT },
	{ VIR_ERR_INVALID_ARG, 0, CORRECT },
	{ VIR_ERR_CONFIG_UNSUPPORTED, 0, CORRECT },
	{ VIR_ERR_INTERNAL_ERROR, 0, CORRECT },
};

static Advice advice_for(virErrorPtr err)
{
	for (guint i = 0; err != NULL && i < G_N_ELEMENTS(reasons); i++)
		if (reasons[i].code == err->code &&
			(reasons[i].system_errno == 0 || reasons[i].system_errno == err->int1))
			return reasons[i].advice;
	return LOOK;
}

/* A client starts a session libvirt itself, and the libvirt of another machine cannot be started
 * from here. */
static char *advise_start(const char *uri)
{
	const char *name = advice_daemon("");
	g_autofree char *virsh = advice_virsh(uri);

	if (!g_str_has_prefix(uri, "qemu:///system"))
		return g_strdup_printf("check whether this works: %s list", virsh);
	if (name == NULL)
		return g_strdup("libvirt is not installed; install it with its QEMU driver");
	return g_strdup_printf(
		"libvirt is not running; start it: sudo systemctl start %s.socket", name);
}

static char *advise(Advice advice, const char *uri)
{
	g_autofree char *virsh = advice_virsh(uri);

	switch (advice) {
	case JOIN:
		return g_strdup_printf(
			"add the user to the group %s and log in again", libvirt_group());
	case START:
		return advise_start(uri);
	case CORRECT:
		return g_strdup("correct libvirt.uri in the configuration, most often "
				"qemu:///system");
	default:
		return g_strdup_printf("check whether this works: %s list", virsh);
	}
}

void libvirt_error_connect(GError **error, const char *uri, virErrorPtr err)
{
	Advice advice = advice_for(err);
	g_autofree char *text = advise(advice, uri);

	g_set_error(error, HOTSEAT_ERROR,
		advice == JOIN ? HOTSEAT_ERROR_NO_PERMISSION : HOTSEAT_ERROR_LIBVIRT,
		"cannot connect to libvirt at %s: %s; %s", uri, message_of(err), text);
}

/* -- USB devices that do not fit -------------------------------------------------------------- */

/* libvirt's messages (9.0 to 11) if a domain has no USB port left, or no USB at all. */
static const char *const no_ports[] = { "No free USB ports", "no USB bus support",
	"USB is disabled for this domain" };

static gboolean lacks_ports(const char *message)
{
	for (gsize i = 0; i < G_N_ELEMENTS(no_ports); i++)
		if (strstr(message, no_ports[i]) != NULL)
			return TRUE;
	return FALSE;
}

void libvirt_error_ports(GError **error, virDomainPtr domain, gboolean disabled, const char *what)
{
	char *uri = virConnectGetURI(virDomainGetConnect(domain));
	g_autofree char *virsh = advice_virsh(uri != NULL ? uri : CONFIG_URI_DEFAULT);
	g_autofree char *command = advice_add_ports(virsh, virDomainGetName(domain), disabled);

	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_LIBVIRT,
		"%s; %s and start the guest again: %s", what,
		disabled ? "enable its USB" : "add a USB controller", command);
	free(uri);
}

void libvirt_error_attach(GError **error, virDomainPtr domain, const char *what)
{
	g_autofree char *message = g_strdup_printf("%s: %s", what, virGetLastErrorMessage());
	g_autoptr(Domain) parsed = NULL;
	char *xml;

	if (!lacks_ports(message)) {
		libvirt_error_last(error, what);
		return;
	}
	xml = virDomainGetXMLDesc(domain, 0);
	if (xml != NULL)
		parsed = domain_parse(virDomainGetName(domain), xml, NULL);
	free(xml);
	libvirt_error_ports(error, domain, parsed != NULL && parsed->ports.disabled, message);
}

static void ignore_error(void *data, virErrorPtr err)
{
}

void libvirt_error_silence(void)
{
	virSetErrorFunc(NULL, ignore_error);
}
