/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/i2c-kernel.h"

#include <stdlib.h>
#include <string.h>

/* PCI base classes that have monitors: display controllers, docking stations */
#define PCI_CLASS_DISPLAY 0x03
#define PCI_CLASS_DOCKING 0x0a

/* Starts of names of adapters with no monitor behind them: memory modules, sensors, batteries, the
 * card's own power controller. ddcutil leaves out the same. */
static const char *const foreign_names[] = { "SMBus", "Synopsys DesignWare", "soc:i2cdsi", "smu",
	"mac-io", "u4", "AMDGPU SMU" };

static char *read_line(const char *directory, const char *file)
{
	g_autofree char *path = g_build_filename(directory, file, NULL);
	char *text = NULL;

	return g_file_get_contents(path, &text, NULL, NULL) ? g_strchomp(text) : NULL;
}

static gboolean foreign_name(const char *directory)
{
	g_autofree char *name = read_line(directory, "name");

	for (gsize i = 0; name != NULL && i < G_N_ELEMENTS(foreign_names); i++)
		if (g_str_has_prefix(name, foreign_names[i]))
			return TRUE;
	return FALSE;
}

/* Does the adapter belong to a PCI device that is no graphics card? One that belongs to none (USB
 * graphics, boards without PCI) may have a monitor. */
static gboolean foreign_class(const char *directory)
{
	char *path = realpath(directory, NULL);
	gboolean foreign = FALSE;

	for (char *slash = path; slash != NULL && path[0] != '\0'; slash = strrchr(path, '/')) {
		g_autofree char *class = read_line(path, "class");

		if (class != NULL && g_str_has_prefix(class, "0x")) {
			guint64 base = g_ascii_strtoull(class, NULL, 16) >> 16;

			foreign = base != PCI_CLASS_DISPLAY && base != PCI_CLASS_DOCKING;
			break;
		}
		*strrchr(path, '/') = '\0';
	}
	free(path);
	return foreign;
}

static gint ascending(gconstpointer a, gconstpointer b)
{
	return *(const int *)a - *(const int *)b;
}

static gboolean bus_number(const char *name, int *number)
{
	guint64 value;

	if (!g_str_has_prefix(name, "i2c-") ||
		!g_ascii_string_to_unsigned(name + 4, 10, 0, G_MAXINT, &value, NULL))
		return FALSE;
	*number = (int)value;
	return TRUE;
}

GArray *i2c_sysfs_list(I2cSystem *system)
{
	const I2cKernel *kernel = (I2cKernel *)system;
	g_autofree char *class = g_build_filename(kernel->sysfs, "class/i2c-dev", NULL);
	g_autoptr(GDir) dir = g_dir_open(class, 0, NULL);
	GArray *buses = g_array_new(FALSE, FALSE, sizeof(int));
	const char *name;
	int number;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(class, name, NULL);

		if (bus_number(name, &number) && !foreign_name(path) && !foreign_class(path))
			g_array_append_val(buses, number);
	}
	g_array_sort(buses, ascending);
	return buses;
}

/* Is bus ("i2c-4") the one of this connector? It is what "ddc" points to or, for DisplayPort's own
 * channel, lies below the connector or its "drm_dp_auxN". */
static gboolean leads_to(const char *connector, const char *bus)
{
	g_autofree char *link = g_build_filename(connector, "ddc", NULL);
	g_autofree char *target = g_file_read_link(link, NULL);
	g_autofree char *own = g_build_filename(connector, bus, NULL);
	g_autoptr(GDir) dir = NULL;
	const char *name;

	if (target != NULL) {
		g_autofree char *ddc = g_path_get_basename(target);

		if (strcmp(ddc, bus) == 0)
			return TRUE;
	}
	if (g_file_test(own, G_FILE_TEST_EXISTS))
		return TRUE;
	dir = g_dir_open(connector, 0, NULL);
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *below = g_build_filename(connector, name, bus, NULL);

		if (g_str_has_prefix(name, "drm_dp_aux") && g_file_test(below, G_FILE_TEST_EXISTS))
			return TRUE;
	}
	return FALSE;
}

char *i2c_sysfs_connector(I2cSystem *system, int bus)
{
	const I2cKernel *kernel = (I2cKernel *)system;
	g_autofree char *class = g_build_filename(kernel->sysfs, "class/drm", NULL);
	g_autofree char *bus_name = g_strdup_printf("i2c-%d", bus);
	g_autoptr(GDir) dir = g_dir_open(class, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(class, name, NULL);
		const char *dash = strchr(name, '-');

		/* "card0-DP-1": the card's number changes from boot to boot */
		if (dash != NULL && leads_to(path, bus_name))
			return g_strdup(dash + 1);
	}
	return NULL;
}
