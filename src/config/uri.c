/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/uri.h"

#include <gio/gio.h>

static gboolean is_here(const char *host)
{
	g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);

	if (address != NULL)
		return g_inet_address_get_is_loopback(address);
	return g_ascii_strcasecmp(host, "localhost") == 0 ||
	       g_ascii_strcasecmp(host, g_get_host_name()) == 0;
}

char *uri_machine(const char *uri)
{
	g_autoptr(GUri) parsed = g_uri_parse(uri, G_URI_FLAGS_PARSE_RELAXED, NULL);
	const char *host = parsed != NULL ? g_uri_get_host(parsed) : NULL;

	return host == NULL || *host == '\0' || is_here(host) ? NULL : g_strdup(host);
}
