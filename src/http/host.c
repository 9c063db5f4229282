/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/host.h"

#include <gio/gio.h>
#include <string.h>

/* The host in "name", "name:port" or "[::1]:port", in lower case, without [] and without a final
 * dot; NULL: it has none of these forms. */
static char *host_part(const char *value)
{
	const char *end = *value == '[' ? strchr(value, ']') : value + strcspn(value, ":");
	const char *port = end;
	char *host;

	if (end == NULL)
		return NULL;
	if (*value == '[')
		port++;
	if (*port == ':' && port[1 + strspn(port + 1, "0123456789")] != '\0')
		return NULL;
	if (*port != ':' && *port != '\0')
		return NULL;
	if (*value == '[')
		value++;
	host = g_ascii_strdown(value, end - value);
	if (g_str_has_suffix(host, "."))
		host[strlen(host) - 1] = '\0';
	return host;
}

static gboolean is_name(const char *host, const char *name)
{
	g_autofree char *local = name != NULL ? g_strconcat(name, ".local", NULL) : NULL;

	return name != NULL && *name != '\0' &&
	       (g_ascii_strcasecmp(host, name) == 0 || g_ascii_strcasecmp(host, local) == 0);
}

gboolean host_is_ours(const char *value, const char *configured, const char *machine)
{
	g_autofree char *host = value != NULL ? host_part(value) : NULL;

	if (value == NULL)
		return TRUE;
	return host != NULL &&
	       (g_hostname_is_ip_address(host) || g_str_equal(host, "localhost") ||
		       g_ascii_strcasecmp(host, configured) == 0 || is_name(host, machine));
}
