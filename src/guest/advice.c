/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/advice.h"

#include "common/command.h"
#include "common/libvirt-host.h"

char *advice_virsh(const char *uri)
{
	g_autofree char *word = command_word(uri);

	return g_strconcat("virsh -c ", word, NULL);
}

char *advice_add_ports(const char *virsh, const char *domain, gboolean disabled)
{
	g_autofree char *word = command_word(domain);

	if (disabled)
		/* without security information, the domain would lose its displays' passwords */
		return g_strdup_printf("%s dumpxml --inactive --security-info %s | sed "
				       "\"/type='usb'/s/'none'/'qemu-xhci' ports='15'/\" | "
				       "%s define /dev/stdin",
			virsh, word, virsh);
	return g_strdup_printf("echo '" ADVICE_CONTROLLER
			       "' | %s attach-device %s /dev/stdin --config",
		virsh, word);
}

gboolean advice_is_session(const char *uri)
{
	g_autoptr(GUri) parsed =
		uri != NULL ? g_uri_parse(uri, G_URI_FLAGS_PARSE_RELAXED, NULL) : NULL;

	return parsed != NULL && g_str_equal(g_uri_get_path(parsed), "/session");
}

/* -- which daemon ----------------------------------------------------------------------------- */

static gboolean is_there(const char *root, const char *folder, const char *name)
{
	g_autofree char *path = g_strconcat(root, folder, name, NULL);

	/* a link to a unit may lead out of root */
	return g_file_test(path, G_FILE_TEST_EXISTS) || g_file_test(path, G_FILE_TEST_IS_SYMLINK);
}

static gboolean is_in_use(const char *root, gsize nth)
{
	return is_there(root, libvirt_daemons[nth].path, "") ||
	       is_there(root, "/etc/systemd/system/sockets.target.wants/",
		       libvirt_daemons[nth].socket);
}

static gboolean is_installed(const char *root, gsize nth)
{
	static const char *const folders[] = { "/etc/systemd/system/", "/run/systemd/system/",
		"/usr/local/lib/systemd/system/", "/usr/lib/systemd/system/",
		"/lib/systemd/system/" };

	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++)
		if (is_there(root, folders[i], libvirt_daemons[nth].socket))
			return TRUE;
	return FALSE;
}

const char *advice_daemon(const char *root)
{
	for (gsize i = 0; i < LIBVIRT_DAEMONS; i++)
		if (is_in_use(root, i))
			return libvirt_daemons[i].name;
	for (gsize i = 0; i < LIBVIRT_DAEMONS; i++)
		if (is_installed(root, i))
			return libvirt_daemons[i].name;
	return NULL;
}

char *advice_status(const char *uri)
{
	g_autofree char *virsh = advice_virsh(uri);
	const char *name = g_str_has_prefix(uri, "qemu:///system") ? advice_daemon("") : NULL;

	return name != NULL ? g_strconcat("systemctl status ", name, NULL)
			    : g_strconcat(virsh, " list", NULL);
}
