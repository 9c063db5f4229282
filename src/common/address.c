/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/address.h"

#include <gio/gio.h>
#include <string.h>

static gboolean is_ip(const char *text)
{
	g_autoptr(GInetAddress) address = g_inet_address_new_from_string(text);

	return address != NULL;
}

static gboolean is_name(const char *text)
{
	if (*text == '\0' || !g_utf8_validate(text, -1, NULL))
		return FALSE;
	for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c)) {
		gunichar letter = g_utf8_get_char(c);

		if (!g_unichar_isalnum(letter) && !g_unichar_ismark(letter) &&
			(letter > 0x7f || strchr("-_.", (int)letter) == NULL))
			return FALSE;
	}
	return TRUE;
}

gboolean address_is_host(const char *text)
{
	/* only IPv6 has colons, and nothing but digits and dots is an IPv4 address */
	if (strchr(text, ':') != NULL || strspn(text, "0123456789.") == strlen(text))
		return is_ip(text);
	/* a command would take it for an option */
	return *text != '-' && is_name(text);
}

AddressReach address_reach(const char *host)
{
	g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);

	if (address == NULL)
		return g_ascii_strcasecmp(host, "localhost") == 0 ? ADDRESS_SELF : ADDRESS_ONE;
	if (g_inet_address_get_is_any(address))
		return ADDRESS_ALL;
	return g_inet_address_get_is_loopback(address) ? ADDRESS_SELF : ADDRESS_ONE;
}
