/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "display/connectors.h"
#include "display/i2c-kernel.h"

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
	guint class;
	g_autofree char *address = sysfs_pci_address(directory, &class);

	return address != NULL && class != PCI_CLASS_DISPLAY && class != PCI_CLASS_DOCKING;
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

GPtrArray *i2c_sysfs_connectors(I2cSystem *system)
{
	return connectors_read(((const I2cKernel *)system)->sysfs);
}

char *i2c_sysfs_card(I2cSystem *system, int bus)
{
	const I2cKernel *kernel = (const I2cKernel *)system;
	g_autofree char *path = g_strdup_printf("%s/class/i2c-dev/i2c-%d", kernel->sysfs, bus);

	return sysfs_pci_address(path, NULL);
}
