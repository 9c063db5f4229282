/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/machine.h"

#include "device/found.h"
#include "display/display.h"
#include "guest/found.h"
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

/* For monitors with several cables, a cable from a card that no guest is given comes first. */
static void prefer_host(const Found *found)
{
	g_auto(GStrv) cards = found->guests != NULL ? guests_cards(found->guests) : NULL;

	if (cards != NULL)
		found_monitors_prefer(found->monitors, (const char *const *)cards);
}

Found machine_look(const Machine *machine, guint more, const char *sudo, ScanProgress progress)
{
	static const char asking[] = "asking libvirt for its guests";
	Found found = { .remarks = g_ptr_array_new_with_free_func(g_free) };

	found.scan = scan_run(machine->i2c, SCAN_CAPABILITIES, progress, NULL);
	found.monitors = found.scan->monitors;
	scan_advise(found.scan, sudo);
	scan_remarks(found.scan, found.remarks);
	found.devices = devices_look(machine->sysfs, (more & LOOK_HUBS) != 0);
	progress(asking, 0, 1, NULL);
	found.guests =
		(more & LOOK_SESSIONS) != 0
			? guests_look_everywhere(
				  machine->sysfs, machine->libvirt_uri, found.remarks)
			: guests_look(machine->sysfs, machine->libvirt_uri, &found.guests_error);
	prefer_host(&found);
	progress(asking, 1, 1, NULL);
	machine_advise(found.remarks, sudo);
	return found;
}

void found_clear(Found *found)
{
	g_clear_pointer(&found->scan, scan_result_free);
	found->monitors = NULL;
	g_clear_pointer(&found->devices, g_ptr_array_unref);
	g_clear_pointer(&found->guests, g_ptr_array_unref);
	g_clear_error(&found->guests_error);
	g_clear_pointer(&found->remarks, g_ptr_array_unref);
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
	/* ECMA-48, 8.3.41 (EL): erases to the end of the line */
	if (done < all)
		fprintf(stderr, "\r%s: %u of %u\033[K", what, done, all);
	else
		fputs("\r\033[K", stderr);
	fflush(stderr);
}
