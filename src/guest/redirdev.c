/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guest/redirdev.h"

char *redirdev_xml(guint port)
{
	return g_strdup_printf("<redirdev bus='usb' type='tcp'>"
			       "<source mode='connect' host='" REDIRDEV_HOST "' service='%u'>"
			       "<reconnect enabled='yes' timeout='1'/></source>"
			       "<protocol type='raw'/><alias name='" REDIRDEV_ALIAS
			       "'/></redirdev>",
		port);
}
