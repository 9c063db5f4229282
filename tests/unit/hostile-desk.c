/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hostile-desk.h"

#include <string.h>

void hostile_desk_init(HttpDesk *desk)
{
	char *may[] = { (char *)"host", (char *)"self", NULL };
	ConfigGuest config = {
		.name = (char *)"guest", .domain = (char *)"dom-guest", .may_switch_to = may
	};
	Secret secrets[] = { { (char *)"guest", (char *)"of guest" },
		{ (char *)"linux", (char *)"of linux" } };
	g_autoptr(GPtrArray) list = g_ptr_array_new(), guests = g_ptr_array_new();

	http_desk_init_two(desk, "linux");
	for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++)
		g_ptr_array_add(list, &secrets[i]);
	http_set_secrets(desk->http, list);
	g_ptr_array_add(guests, &config);
	desk->config.guests = guests;
	g_assert_true(http_listen(desk->http, &desk->config, NULL));
	desk->config.guests = NULL;
}

char *hostile_post(const char *secret, const char *to)
{
	return g_strdup_printf("POST /switch HTTP/1.1\r\nX-Secret: %s\r\n"
			       "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n"
			       "{\"to\":\"%s\"}",
		secret, strlen(to) + strlen("{\"to\":\"\"}"), to);
}

char *hostile_ask(HttpDesk *desk, const char *secret, const char *to)
{
	g_autofree char *request = hostile_post(secret, to);

	return http_desk_ask(desk, FALSE, request);
}

char *hostile_status(HttpDesk *desk, const char *secret)
{
	g_autofree char *request =
		g_strdup_printf("GET /status HTTP/1.1\r\nX-Secret: %s\r\n\r\n", secret);

	return http_desk_ask(desk, FALSE, request);
}
