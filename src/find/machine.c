/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/machine.h"

#include "device/sysfs.h"
#include "display/display.h"
#include "guest/libvirt.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

Machine machine_here(void)
{
	return (Machine){
		.i2c = i2c_kernel(),
		.sysfs = SYSFS_ROOT,
		.libvirt_uri = CONFIG_URI_DEFAULT,
	};
}

void machine_advise(GPtrArray *remarks, const char *command)
{
	for (guint i = 0; command != NULL && i < remarks->len; i++) {
		char *remark = remarks->pdata[i];
		const char *advice = strstr(remark, "; add the user to the group ");

		if (advice == NULL)
			continue;
		remarks->pdata[i] =
			g_strdup_printf("%.*s; run `%s`", (int)(advice - remark), remark, command);
		g_free(remark);
	}
}

void machine_progress(const char *what, guint done, guint all, gpointer data)
{
	if (!isatty(STDERR_FILENO))
		return;
	/* ECMA-48, 8.3.41 (EL): to the end of the line */
	if (done < all)
		fprintf(stderr, "\r%s: %u of %u\033[K", what, done, all);
	else
		fputs("\r\033[K", stderr);
	fflush(stderr);
}
