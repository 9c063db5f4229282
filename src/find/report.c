/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/report.h"

#include "cli/text.h"
#include "display/monitor-models.h"

#include <string.h>

#define WIDTH 14 /* the width of the names, with their colons */

static void add_field(GString *out, const char *name, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void add_field(GString *out, const char *name, const char *format, ...)
{
	g_autofree char *value = NULL, *clean = NULL;
	va_list arguments;

	va_start(arguments, format);
	value = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	clean = text_clean(value);
	g_string_append_printf(out, "%-*s%s\n", WIDTH, name, clean);
}

/* The kernel's driver of the graphics card that has the bus: the driver of the first device above
 * it that has one. NULL: unknown. Free with g_free(). */
static char *card_driver(const Machine *machine, int bus)
{
	g_autofree char *name = g_strdup_printf("i2c-%d", bus);
	g_autofree char *link = g_build_filename(machine->sysfs, "bus/i2c/devices", name, NULL);
	g_autofree char *path = g_canonicalize_filename(link, NULL);
	g_autofree char *target = g_file_read_link(link, NULL);

	if (target != NULL) {
		g_autofree char *folder = g_path_get_dirname(link);

		g_free(path);
		path = g_canonicalize_filename(target, folder);
	}
	while (strlen(path) > strlen(machine->sysfs)) {
		g_autofree char *driver_link = g_build_filename(path, "driver", NULL);
		g_autofree char *driver = g_file_read_link(driver_link, NULL);
		char *above;

		if (driver != NULL)
			return g_path_get_basename(driver);
		above = g_path_get_dirname(path);
		g_free(path);
		path = above;
	}
	return NULL;
}

/* Firmware may put the serial number anywhere, so it is masked in everything that the monitor
 * reports. */
static char *without_serial(const FoundMonitor *monitor)
{
	g_autoptr(GString) text = g_string_new(monitor->capabilities_text);
	g_autofree char *number = g_strdup_printf("%u", monitor->edid.number);

	if (strlen(monitor->edid.serial) >= 4)
		g_string_replace(text, monitor->edid.serial, "SERIAL", 0);
	if (strlen(number) >= 6)
		g_string_replace(text, number, "SERIAL", 0);
	return g_strdup(text->str);
}

static void add_answers(GString *out, const FoundMonitor *monitor)
{
	if (!monitor->answers) {
		add_field(out, "DDC/CI:", "no answer: %s",
			monitor->trouble != NULL ? monitor->trouble : "unknown");
		return;
	}
	add_field(out, "DDC/CI:", "answers in %.0f ms", monitor->answer_ms);
	if (monitor->input >= 0)
		add_field(out, "input (0x60):", "0x%02x", (guint)monitor->input);
	else
		add_field(out, "input (0x60):", "not reported: %s",
			monitor->trouble != NULL ? monitor->trouble : "unknown");
	if (monitor->capabilities_text != NULL) {
		g_autofree char *text = without_serial(monitor);

		add_field(out, "capabilities:", "%s", text);
	} else {
		add_field(out, "capabilities:", "none");
	}
}

static void add_monitor(GString *out, const Machine *machine, const FoundMonitor *monitor)
{
	const MonitorModel *model = monitor_models_find(monitor_models_builtin(), &monitor->edid);
	g_autofree char *driver = monitor->bus >= 0 ? card_driver(machine, monitor->bus) : NULL;

	g_string_append_c(out, '\n');
	add_field(out, "monitor:", "%s %s", monitor->edid.manufacturer, monitor->edid.model);
	add_field(out, "product:", "0x%04x", monitor->edid.product);
	add_field(out, "connector:", "%s",
		monitor->connector != NULL ? monitor->connector : "unknown");
	add_field(out, "driver:", "%s", driver != NULL ? driver : "unknown");
	add_answers(out, monitor);
	if (model != NULL)
		add_field(out, "database:", "[%s] in %s", model->name, model->file);
	else
		add_field(out, "database:", "not in it");
}

char *report_monitors(const Machine *machine, const GPtrArray *monitors)
{
	GString *out = g_string_new(
		"Monitor report of hotseat " HOTSEAT_VERSION
		", without serial numbers. Paste it into "
		"an issue of\nthe project's issue tracker, and add what you found out: the model's "
		"name as it is\nsold, which code selects which connector, and what does not "
		"work.\n");
	guint count = 0;

	for (guint i = 0; i < monitors->len; i++) {
		const FoundMonitor *monitor = monitors->pdata[i];

		if (monitor->panel)
			continue;
		add_monitor(out, machine, monitor);
		count++;
	}
	if (count == 0)
		g_string_append(out, "\nNo monitor was found.\n");
	return g_string_free(out, FALSE);
}
