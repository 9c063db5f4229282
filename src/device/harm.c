/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/harm.h"

#include "device/capabilities.h"
#include "device/routes.h"
#include "device/sysfs.h"

#include <linux/input.h>
#include <string.h>

/* How deep disks below disks are followed: encrypted ones, volume groups, RAIDs. */
enum { DEPTH_MAX = 8 };

/* A disk or partition that the kernel knows. */
typedef struct {
	char *name;
	char *number; /* "8:17" */
	char *mapped; /* its name in the device mapper; NULL: it has none */
	char *type; /* of the file system, from udev's database: "zfs_member", "swap"; NULL: none */
	char *label; /* of the file system; for ZFS, the name of the pool */
} Disk;

typedef struct {
	const char *sysfs;
	GHashTable *harms;
	GPtrArray *disks; /* Disk *, all disks */
} Look;

static void harm_free(gpointer data)
{
	UsbHarm *harm = data;

	g_free(harm->why);
	g_free(harm);
}

/* Only the first reason for a device is kept. Takes ownership of why. */
static void add(Look *look, const char *port, UsbHarmKind kind, char *why)
{
	UsbHarm *harm;

	if (g_hash_table_contains(look->harms, port)) {
		g_free(why);
		return;
	}
	harm = g_new0(UsbHarm, 1);
	harm->kind = kind;
	harm->why = why;
	g_hash_table_insert(look->harms, g_strdup(port), harm);
}

/* -- files ------------------------------------------------------------------------------------ */

/* The lines of a file in "proc" beside sysfs; empty if it cannot be read. */
static GStrv proc_lines(const Look *look, const char *file)
{
	g_autofree char *path = g_build_filename(look->sysfs, "..", "proc", file, NULL);
	g_autofree char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return g_new0(char *, 1);
	return g_strsplit(text, "\n", -1);
}

/* The words of a line, without empty ones from repeated spaces. */
static GStrv words_of(const char *line)
{
	g_autoptr(GStrvBuilder) words = g_strv_builder_new();
	g_auto(GStrv) all = g_strsplit_set(line, " \t", -1);

	for (char **word = all; *word != NULL; word++)
		if (**word != '\0')
			g_strv_builder_add(words, *word);
	return g_strv_builder_end(words);
}

/* -- disks ------------------------------------------------------------------------------------ */

static void disk_free(gpointer data)
{
	Disk *disk = data;

	g_free(disk->name);
	g_free(disk->number);
	g_free(disk->mapped);
	g_free(disk->type);
	g_free(disk->label);
	g_free(disk);
}

/* Adds what udev's database knows about the disk. */
static void ask_udev(const Look *look, Disk *disk)
{
	g_autofree char *path =
		g_strdup_printf("%s/../run/udev/data/b%s", look->sysfs, disk->number);
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return;
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++)
		if (disk->type == NULL && g_str_has_prefix(*line, "E:ID_FS_TYPE="))
			disk->type = g_strdup(*line + strlen("E:ID_FS_TYPE="));
		else if (disk->label == NULL && g_str_has_prefix(*line, "E:ID_FS_LABEL="))
			disk->label = g_strdup(*line + strlen("E:ID_FS_LABEL="));
}

static void find_disks(Look *look)
{
	g_autofree char *class = g_build_filename(look->sysfs, "class/block", NULL);
	g_autoptr(GDir) dir = g_dir_open(class, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *folder = g_build_filename(class, name, NULL);
		Disk *disk = g_new0(Disk, 1);

		disk->name = g_strdup(name);
		disk->number = sysfs_text(folder, "dev");
		disk->mapped = sysfs_text(folder, "dm/name");
		if (disk->number != NULL)
			ask_udev(look, disk);
		g_ptr_array_add(look->disks, disk);
	}
}

/* Marks the disk or partition with this name, and those that it consists of. */
static void add_disk(Look *look, const char *name, const char *why, guint depth)
{
	g_autofree char *folder = g_build_filename(look->sysfs, "class/block", name, NULL);
	g_autofree char *slaves = g_build_filename(folder, "slaves", NULL);
	g_autofree char *port = usb_port_above(folder);
	g_autoptr(GDir) dir = depth < DEPTH_MAX ? g_dir_open(slaves, 0, NULL) : NULL;
	const char *slave;

	if (port != NULL)
		add(look, port, USB_HARM_DISK, g_strdup(why));
	while (dir != NULL && (slave = g_dir_read_name(dir)) != NULL)
		add_disk(look, slave, why, depth + 1);
}

/* Btrfs has its own device numbers for mounts; then the source, as shown by mount(8), names the
 * disk.
 */
static gboolean is_disk(const Disk *disk, const char *number, const char *source)
{
	g_autofree char *base = g_path_get_basename(source);

	if (number != NULL && g_strcmp0(disk->number, number) == 0)
		return TRUE;
	return g_str_has_prefix(source, "/dev/") &&
	       (g_str_equal(base, disk->name) || g_strcmp0(base, disk->mapped) == 0);
}

static void add_disks(Look *look, const char *number, const char *source, const char *why)
{
	for (guint i = 0; i < look->disks->len; i++) {
		const Disk *disk = look->disks->pdata[i];

		if (is_disk(disk, number, source))
			add_disk(look, disk->name, why, 0);
	}
}

/* Marks all disks of a pool: ZFS does not say which of them a file system is on. */
static void add_pool(Look *look, const char *pool, const char *why)
{
	for (guint i = 0; i < look->disks->len; i++) {
		const Disk *disk = look->disks->pdata[i];

		if (g_strcmp0(disk->type, "zfs_member") == 0 && g_strcmp0(disk->label, pool) == 0)
			add_disk(look, disk->name, why, 0);
	}
}

/* A Btrfs file system on several disks is mounted by the name of one. sysfs has a folder "devices"
 * for each file system, which lists all. */
static void add_companions(Look *look, const char *source, const char *why)
{
	g_autofree char *all = g_build_filename(look->sysfs, "fs/btrfs", NULL);
	g_autoptr(GDir) systems = g_dir_open(all, 0, NULL);
	const char *id, *name;

	while (systems != NULL && (id = g_dir_read_name(systems)) != NULL) {
		g_autofree char *devices = g_build_filename(all, id, "devices", NULL);
		g_autoptr(GDir) dir = g_dir_open(devices, 0, NULL);
		g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
		gboolean found = FALSE;

		while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
			g_ptr_array_add(names, g_strdup(name));
		for (guint i = 0; i < look->disks->len && !found; i++) {
			const Disk *disk = look->disks->pdata[i];

			found = is_disk(disk, NULL, source) &&
				g_ptr_array_find_with_equal_func(
					names, disk->name, g_str_equal, NULL);
		}
		for (guint i = 0; found && i < names->len; i++)
			add_disk(look, names->pdata[i], why, 0);
	}
}

/* bcachefs names all of its disks: "/dev/sda1:/dev/sdb1". */
static void add_sources(Look *look, const char *number, const char *sources, const char *why)
{
	g_auto(GStrv) all = g_strsplit(sources, ":", -1);

	for (char **source = all; *source != NULL; source++)
		add_disks(look, number, *source, why);
}

/* proc(5): ID PARENT MAJOR:MINOR ROOT MOUNTPOINT OPTIONS TAGS... - TYPE SOURCE OPTIONS */
static void look_at_mount(Look *look, const char *line)
{
	g_auto(GStrv) words = words_of(line);
	guint count = g_strv_length(words), dash = 6;
	g_autofree char *place = NULL, *why = NULL, *source = NULL, *pool = NULL;

	while (dash < count && !g_str_equal(words[dash], "-"))
		dash++;
	if (dash + 2 >= count)
		return;
	place = g_strcompress(words[4]);
	source = g_strcompress(words[dash + 2]);
	pool = g_strndup(source, strcspn(source, "/@"));
	why = g_strdup_printf("its file system is mounted at %s", place);
	add_sources(look, words[2], source, why);
	if (g_str_equal(words[dash + 1], "btrfs"))
		add_companions(look, source, why);
	else if (g_str_equal(words[dash + 1], "zfs"))
		add_pool(look, pool, why);
}

/* A pool without mounted file systems is in use, too: a guest can have one of its volumes. */
static void look_at_pools(Look *look)
{
	g_autofree char *folder = g_build_filename(look->sysfs, "..", "proc/spl/kstat/zfs", NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *pool;

	while (dir != NULL && (pool = g_dir_read_name(dir)) != NULL) {
		g_autofree char *why = g_strdup_printf("its ZFS pool %s is imported", pool);

		add_pool(look, pool, why);
	}
}

/* "/dev/sdb2 partition 1048572 0 -2", under a heading */
static void look_at_swap(Look *look, const char *line)
{
	g_auto(GStrv) words = words_of(line);

	if (g_strv_length(words) > 1 && g_str_equal(words[1], "partition"))
		add_disks(look, NULL, words[0], "it is in use as swap space");
}

/* The daemon's unit hides /proc/swaps (ProcSubset=). Disks that are formatted as swap then count as
 * in use, since systemd activates them by itself. */
static void look_at_swap_space(Look *look)
{
	g_autofree char *path = g_build_filename(look->sysfs, "..", "proc/swaps", NULL);

	if (g_file_test(path, G_FILE_TEST_EXISTS))
		return;
	for (guint i = 0; i < look->disks->len; i++) {
		const Disk *disk = look->disks->pdata[i];

		if (g_strcmp0(disk->type, "swap") == 0)
			add_disk(look, disk->name, "it may be in use as swap space", 0);
	}
}

/* -- the network ------------------------------------------------------------------------------ */

/* Marks the interface with this name, and those below a bridge, a bond or a VLAN. */
static void add_interface(Look *look, const char *name, const char *route, guint depth)
{
	g_autofree char *folder = g_build_filename(look->sysfs, "class/net", name, NULL);
	g_autofree char *port = usb_port_above(folder);
	g_autoptr(GDir) dir = depth < DEPTH_MAX ? g_dir_open(folder, 0, NULL) : NULL;
	const char *entry;

	if (port != NULL)
		add(look, port, USB_HARM_NETWORK,
			g_strdup_printf("the default route goes through it (%s)", route));
	while (dir != NULL && (entry = g_dir_read_name(dir)) != NULL)
		if (g_str_has_prefix(entry, "lower_"))
			add_interface(look, entry + strlen("lower_"), route, depth + 1);
}

static gboolean is_zero(const char *number)
{
	return number[strspn(number, "0")] == '\0';
}

/* Iface Destination Gateway Flags RefCnt Use Metric Mask..., under a heading */
static void look_at_route(Look *look, const char *line)
{
	g_auto(GStrv) words = words_of(line);

	if (g_strv_length(words) > 7 && is_zero(words[1]) && is_zero(words[7]))
		add_interface(look, words[0], words[0], 0);
}

/* Destination Length Source Length Next-hop Metric RefCnt Use Flags Iface */
static void look_at_route6(Look *look, const char *line)
{
	g_auto(GStrv) words = words_of(line);

	if (g_strv_length(words) > 9 && is_zero(words[0]) && is_zero(words[1]) &&
		!g_str_equal(words[9], "lo"))
		add_interface(look, words[9], words[9], 0);
}

/* Only this lists all next hops of a route. */
static void look_at_kernel_routes(Look *look)
{
	g_autoptr(GPtrArray) names =
		g_str_equal(look->sysfs, SYSFS_ROOT) ? routes_look() : g_ptr_array_new();

	for (guint i = 0; i < names->len; i++)
		add_interface(look, names->pdata[i], names->pdata[i], 0);
}

/* -- Bluetooth -------------------------------------------------------------------------------- */

static gboolean has_class(const char *folder, const char *prefix)
{
	static const char *const kinds[] = { "Class", "SubClass", "Protocol" };
	/* Wireless Controller, RF Controller, Bluetooth (usb.org, Defined Class Codes) */
	static const char *const bluetooth[] = { "e0", "01", "01" };

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		g_autofree char *name = g_strconcat(prefix, kinds[i], NULL);
		g_autofree char *text = sysfs_text(folder, name);

		if (text == NULL || g_ascii_strcasecmp(text, bluetooth[i]) != 0)
			return FALSE;
	}
	return TRUE;
}

/* Is it a Bluetooth adapter, whatever class its maker has given it? Then the kernel has a radio for
 * it. */
static gboolean has_radio(const char *interface)
{
	g_autofree char *radios = g_build_filename(interface, "bluetooth", NULL);

	return g_file_test(radios, G_FILE_TEST_IS_DIR);
}

/* Its folder contains the folders of its interfaces. */
static gboolean is_bluetooth(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	gboolean found = has_class(folder, "bDevice");
	const char *name;

	while (!found && dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (strchr(name, ':') != NULL) {
			g_autofree char *interface = g_build_filename(folder, name, NULL);

			found = has_class(interface, "bInterface") || has_radio(interface);
		}
	return found;
}

/* A device that the Bluetooth daemon creates itself does not show through which radio it is
 * connected. */
static void add_radios(Look *look, const char *why)
{
	g_autoptr(GPtrArray) infos = usb_list(look->sysfs, NULL);

	for (guint i = 0; i < infos->len; i++) {
		const UsbInfo *info = infos->pdata[i];
		g_autofree char *folder =
			g_build_filename(look->sysfs, "bus/usb/devices", info->port, NULL);

		if (is_bluetooth(folder))
			add(look, info->port, USB_HARM_RADIO, g_strdup(why));
	}
}

static void look_at_input(Look *look, const char *folder)
{
	gboolean keyboard = input_is_keyboard(folder);
	g_autofree char *bus = sysfs_text(folder, "id/bustype");
	g_autofree char *name = sysfs_text(folder, "name");
	g_autofree char *port = NULL, *why = NULL;

	if (bus == NULL || g_ascii_strtoull(bus, NULL, 16) != BUS_BLUETOOTH ||
		(!keyboard && !input_is_mouse(folder)))
		return;
	why = g_strdup_printf("the %s \"%s\" is connected through it",
		keyboard ? "keyboard" : "mouse", name != NULL ? name : "");
	port = usb_port_above(folder);
	if (port != NULL)
		add(look, port, USB_HARM_RADIO, g_steal_pointer(&why));
	else
		add_radios(look, why);
}

static void look_at_inputs(Look *look)
{
	g_autofree char *class = g_build_filename(look->sysfs, "class/input", NULL);
	g_autoptr(GDir) dir = g_dir_open(class, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (g_str_has_prefix(name, "event")) {
			g_autofree char *folder = g_build_filename(class, name, "device", NULL);

			look_at_input(look, folder);
		}
}

/* -- hubs ------------------------------------------------------------------------------------- */

char *usb_behind(const char *sysfs, const char *port)
{
	g_autoptr(GPtrArray) infos = usb_list(sysfs, NULL);

	return usb_infos_behind(infos, port);
}

static void look_at_hubs(Look *look)
{
	g_autoptr(GPtrArray) infos = usb_list(look->sysfs, NULL);

	for (guint i = 0; i < infos->len; i++) {
		const UsbInfo *info = infos->pdata[i];

		if (info->hub)
			add(look, info->port, USB_HARM_HUB, g_strdup("it is a hub"));
	}
}

/* -- all of them ------------------------------------------------------------------------------ */

GHashTable *usb_harms_look(const char *sysfs)
{
	static const struct {
		const char *file;
		void (*look_at)(Look *look, const char *line);
	} files[] = {
		{ "self/mountinfo", look_at_mount },
		{ "swaps", look_at_swap },
		{ "self/net/route", look_at_route },
		{ "self/net/ipv6_route", look_at_route6 },
	};
	g_autoptr(GPtrArray) disks = g_ptr_array_new_with_free_func(disk_free);
	Look look = { sysfs, g_hash_table_new_full(g_str_hash, g_str_equal, g_free, harm_free),
		disks };

	find_disks(&look);
	look_at_hubs(&look);
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_auto(GStrv) lines = proc_lines(&look, files[i].file);

		for (char **line = lines; *line != NULL; line++)
			files[i].look_at(&look, *line);
	}
	look_at_pools(&look);
	look_at_swap_space(&look);
	look_at_kernel_routes(&look);
	look_at_inputs(&look);
	return look.harms;
}

static gboolean has_disk(const char *sysfs, const char *port)
{
	g_autofree char *class = g_build_filename(sysfs, "class/block", NULL);
	g_autoptr(GDir) dir = g_dir_open(class, 0, NULL);
	const char *name;
	gboolean found = FALSE;

	while (!found && dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *folder = g_build_filename(class, name, NULL);
		g_autofree char *above = usb_port_above(folder);

		found = g_strcmp0(above, port) == 0;
	}
	return found;
}

char *usb_disk_use(const char *sysfs, const char *port)
{
	g_autoptr(GHashTable) harms = has_disk(sysfs, port) ? usb_harms_look(sysfs) : NULL;
	const UsbHarm *harm = harms != NULL ? g_hash_table_lookup(harms, port) : NULL;

	return harm != NULL && harm->kind == USB_HARM_DISK ? g_strdup(harm->why) : NULL;
}
