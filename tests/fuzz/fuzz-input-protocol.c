/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A packet on the socket between hotseatd and hotseat-inputd: what is taken is sent the same way.
 */
#include "input/protocol.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	/* of its own, so that a sanitizer sees a read past the end */
	g_autofree char *packet = g_memdup2(data, size);
	g_autoptr(GError) error = NULL;
	g_autoptr(ProtocolMessage) message = protocol_message_parse(packet, size, &error);
	g_autoptr(ProtocolMessage) again = NULL;
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;
	gsize length;

	g_assert_true((message == NULL) == (error != NULL));
	if (message == NULL)
		return 0;
	first = protocol_message_format(message, &length, NULL);
	if (first == NULL)
		return 0;
	again = protocol_message_parse(first, length, &error);
	g_assert_no_error(error);
	second = protocol_message_format(again, &length, NULL);
	g_assert_cmpstr(first, ==, second);
	return 0;
}
