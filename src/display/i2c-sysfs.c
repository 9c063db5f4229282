/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/error.h"
#include "display/connectors.h"
#include "display/i2c-kernel.h"

/* PCI base classes of devices with monitors: display controllers, docking stations */
#define PCI_CLASS_DISPLAY 0x03
#define PCI_CLASS_DOCKING 0x0a

/* How names of adapters without monitors begin: memory modules, sensors, batteries, the card's
 * power controller, its RGB lights (which must not be probed). ddcutil ignores the same ones. */
static const char *const foreign_names[] = { "SMBus", "Synopsys DesignWare", "soc:i2cdsi", "smu",
	"mac-io", "u4", "AMDGPU SMU", "AMDGPU DM i2c OEM bus" };

static char *read_line(const char *directory, const char *file)
{
	g_autofree char *path = g_build_filename(directory, file, NULL);
	char *text = NULL;

	return g_file_get_contents(path, &text, NULL, NULL) ? g_strchomp(text) : NULL;
}

static gboolean has_driver(const char *device, const char *driver)
{
	g_autofree char *link = g_build_filename(device, "driver", NULL);
	g_autofree char *target = g_file_read_link(link, NULL);
	g_autofree char *name = target != NULL ? g_path_get_basename(target) : NULL;

	return g_strcmp0(name, driver) == 0;
}

/* device: the folder of its PCI device; NULL: it has none */
static gboolean foreign_name(const char *name, const char *device)
{
	for (gsize i = 0; i < G_N_ELEMENTS(foreign_names); i++)
		if (g_str_has_prefix(name, foreign_names[i]))
			return TRUE;
	/* nouveau's other buses lead to chips on the card */
	return device != NULL && !g_str_has_prefix(name, "nvkm-") && has_driver(device, "nouveau");
}

/* NVIDIA's driver creates every bus that the card could have. If it reports the buses of
 * connectors, a bus without a connector has no monitor. */
static gboolean leads_nowhere(
	const GPtrArray *connectors, int number, const char *name, const char *address)
{
	if (!g_str_has_prefix(name, "NVIDIA i2c adapter") ||
		connectors_of_bus(connectors, number) != NULL)
		return FALSE;
	for (guint i = 0; i < connectors->len; i++) {
		const Connector *connector = connectors->pdata[i];

		if (connector->buses->len > 0 && g_strcmp0(connector->address, address) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean set_foreign(int number, const char *name, GError **error)
{
	g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR,
		"/dev/i2c-%d (%s) does not belong to a monitor, so hotseat does not use it; bus "
		"numbers can change: describe the monitor instead (\"monitor: ...\")",
		number, name);
	return FALSE;
}

/* A bus without a PCI device (USB graphics, boards without PCI) may have a monitor. */
static gboolean is_usable(
	const I2cKernel *kernel, const GPtrArray *connectors, int number, GError **error)
{
	g_autofree char *path = g_strdup_printf("%s/class/i2c-dev/i2c-%d", kernel->sysfs, number);
	g_autofree char *read = read_line(path, "name");
	const char *name = read != NULL ? read : "without a name";
	guint class;
	g_autofree char *device = sysfs_pci_device(path, &class);
	g_autofree char *address = device != NULL ? g_path_get_basename(device) : NULL;
	const Connector *panel = connectors_panel(connectors, number, address);

	if (panel != NULL) {
		g_set_error(error, HOTSEAT_ERROR, HOTSEAT_ERROR_NO_MONITOR,
			"/dev/i2c-%d belongs, or may belong, to %s, a laptop's built-in panel: "
			"hotseat does not use it, because that can freeze the panel",
			number, panel->name);
		return FALSE;
	}
	if ((device != NULL && class != PCI_CLASS_DISPLAY && class != PCI_CLASS_DOCKING) ||
		foreign_name(name, device) || leads_nowhere(connectors, number, name, address))
		return set_foreign(number, name, error);
	return TRUE;
}

gboolean i2c_sysfs_usable(I2cSystem *system, int number, GError **error)
{
	const I2cKernel *kernel = (const I2cKernel *)system;
	g_autoptr(GPtrArray) connectors = connectors_read(kernel->sysfs);

	return is_usable(kernel, connectors, number, error);
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
	g_autoptr(GPtrArray) connectors = connectors_read(kernel->sysfs);
	g_autofree char *class = g_build_filename(kernel->sysfs, "class/i2c-dev", NULL);
	g_autoptr(GDir) dir = g_dir_open(class, 0, NULL);
	GArray *buses = g_array_new(FALSE, FALSE, sizeof(int));
	const char *name;
	int number;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (bus_number(name, &number) && is_usable(kernel, connectors, number, NULL))
			g_array_append_val(buses, number);
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

	return sysfs_pci_address(path);
}
