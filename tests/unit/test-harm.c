/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the host would lose with a device: trees of sysfs with a "proc" beside them.
 */
#include "device/harm.h"

#include <glib/gstdio.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "device/routes.h"

#include "tree.h"

/* A stick with two partitions, an adapter, a radio, a hub with a sound device. */
static const TreeFile usb[] = {
	{ "bus/usb/devices/3-1/idVendor", "05e3" },
	{ "bus/usb/devices/3-1/devnum", "2" },
	{ "bus/usb/devices/3-1/bDeviceClass", "09" },
	{ "bus/usb/devices/3-1.1/idVendor", "0951" },
	{ "bus/usb/devices/3-1.1/devnum", "3" },
	{ "bus/usb/devices/3-1.1/3-1.1:1.0/bInterfaceClass", "01" },
	{ "bus/usb/devices/3-1.4/idVendor", "0781" },
	{ "bus/usb/devices/3-1.4/devnum", "4" },
	{ "bus/usb/devices/3-1.4/3-1.4:1.0/host6/block/sdb/dev", "8:16" },
	{ "bus/usb/devices/3-1.4/3-1.4:1.0/host6/block/sdb/sdb1/dev", "8:17" },
	{ "bus/usb/devices/3-1.4/3-1.4:1.0/host6/block/sdb/sdb2/dev", "8:18" },
	{ "bus/usb/devices/3-2/idVendor", "0bda" },
	{ "bus/usb/devices/3-2/devnum", "5" },
	{ "bus/usb/devices/3-2/3-2:1.0/net/enx0/mtu", "1500" },
	{ "bus/usb/devices/3-3/idVendor", "0a12" },
	{ "bus/usb/devices/3-3/devnum", "6" },
	{ "bus/usb/devices/3-3/bDeviceClass", "E0" },
	{ "bus/usb/devices/3-3/bDeviceSubClass", "01" },
	{ "bus/usb/devices/3-3/bDeviceProtocol", "01" },
	{ "bus/usb/devices/3-3/3-3:1.0/bluetooth/hci0/5/input/input9/name", "Acme Keys" },
	{ "bus/usb/devices/3-3/3-3:1.0/bluetooth/hci0/5/input/input9/id/bustype", "0005" },
	{ "bus/usb/devices/3-3/3-3:1.0/bluetooth/hci0/5/input/input9/capabilities/key",
		"feffffdfffefffff fffffffffffffffe" },
	{ "bus/usb/devices/3-4/idVendor", "0e8d" },
	{ "bus/usb/devices/3-4/devnum", "7" },
	{ "bus/usb/devices/3-4/bDeviceClass", "ef" },
	{ "bus/usb/devices/3-4/3-4:1.0/bInterfaceClass", "e0" },
	{ "bus/usb/devices/3-4/3-4:1.0/bInterfaceSubClass", "01" },
	{ "bus/usb/devices/3-4/3-4:1.0/bInterfaceProtocol", "01" },
	{ "bus/usb/devices/3-5/idVendor", "0a5c" },
	{ "bus/usb/devices/3-5/devnum", "8" },
	{ "bus/usb/devices/3-5/bDeviceClass", "ff" },
	{ "bus/usb/devices/3-5/3-5:1.0/bInterfaceClass", "ff" },
	{ "bus/usb/devices/3-5/3-5:1.0/bluetooth/hci1/type", "primary" },
	{ "devices/virtual/block/dm-0/dev", "253:0" },
	{ "devices/virtual/block/dm-0/dm/name", "luks-1" },
	{ "devices/virtual/block/dm-0/slaves/sdb2/dev", "8:18" },
	{ "devices/virtual/block/dm-1/dev", "253:1" },
	{ "devices/virtual/block/dm-1/dm/name", "vg-home" },
	{ "devices/virtual/block/dm-1/slaves/dm-0/dev", "253:0" },
	{ "devices/pci/block/nvme0n1/dev", "259:0" },
	{ "devices/virtual/net/br0/lower_enx0/mtu", "1500" },
	{ "devices/pci/net/eno1/mtu", "1500" },
	{ "devices/virtual/uhid/5/input/input8/name", "Acme Rodent" },
	{ "devices/virtual/uhid/5/input/input8/id/bustype", "0005" },
	{ "devices/virtual/uhid/5/input/input8/capabilities/rel", "3" },
	{ "devices/virtual/uhid/5/input/input8/capabilities/key", "70000 0 0 0 0" },
	{ NULL, NULL },
};

static const struct {
	const char *path, *target;
} links[] = {
	{ "class/block/sdb", "../../bus/usb/devices/3-1.4/3-1.4:1.0/host6/block/sdb" },
	{ "class/block/sdb1", "../../bus/usb/devices/3-1.4/3-1.4:1.0/host6/block/sdb/sdb1" },
	{ "class/block/sdb2", "../../bus/usb/devices/3-1.4/3-1.4:1.0/host6/block/sdb/sdb2" },
	{ "class/block/dm-0", "../../devices/virtual/block/dm-0" },
	{ "class/block/dm-1", "../../devices/virtual/block/dm-1" },
	{ "class/block/nvme0n1", "../../devices/pci/block/nvme0n1" },
	{ "class/net/enx0", "../../bus/usb/devices/3-2/3-2:1.0/net/enx0" },
	{ "class/net/br0", "../../devices/virtual/net/br0" },
	{ "class/net/eno1", "../../devices/pci/net/eno1" },
};

#define ROUTES	"Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
#define ZEROES	"00000000000000000000000000000000"
#define BT_USB	"../../bus/usb/devices/3-3/3-3:1.0/bluetooth/hci0/5/input/input9"
#define BT_UHID "../../devices/virtual/uhid/5/input/input8"

typedef struct {
	const char *what;
	const char *file, *text; /* in proc; NULL: none */
	const char *event;	 /* what class/input/event0/device leads to; NULL: none */
	const char *port, *why;	 /* NULL: only the hub would do harm */
	UsbHarmKind kind;
} Case;

static const Case cases[] = {
	{ .what = "nothing" },
	{ "a partition", "self/mountinfo", "36 1 8:17 / /mnt/a\\040b rw - ext4 /dev/sdb1 rw", NULL,
		"3-1.4", "its file system is mounted at /mnt/a b", USB_HARM_DISK },
	{ "a disk without partitions, with tags", "self/mountinfo",
		"1 0 259:0 / / rw - ext4 /dev/nvme0n1 rw\n"
		"36 1 8:16 / /boot rw master:1 shared:2 - vfat /dev/sdb rw",
		NULL, "3-1.4", "its file system is mounted at /boot", USB_HARM_DISK },
	{ "an encrypted volume group", "self/mountinfo",
		"36 1 253:1 / /home rw - ext4 /dev/mapper/vg-home rw", NULL, "3-1.4",
		"its file system is mounted at /home", USB_HARM_DISK },
	{ "Btrfs, whose number is none of a disk", "self/mountinfo",
		"36 1 0:40 /@ /srv rw - btrfs /dev/sdb1 rw", NULL, "3-1.4",
		"its file system is mounted at /srv", USB_HARM_DISK },
	{ "Btrfs on what is mapped", "self/mountinfo",
		"36 1 0:40 / /srv rw - btrfs /dev/mapper/luks-1 rw", NULL, "3-1.4",
		"its file system is mounted at /srv", USB_HARM_DISK },
	{ "swap", "swaps", "Filename Type Size Used Priority\n/dev/sdb2  partition\t99\t0\t-2",
		NULL, "3-1.4", "it is in use as swap space", USB_HARM_DISK },
	{ "an encrypted swap space", "swaps", "Filename Type\n/dev/dm-0 partition 99 0 -2", NULL,
		"3-1.4", "it is in use as swap space", USB_HARM_DISK },
	{ "bcachefs on two disks", "self/mountinfo",
		"36 1 0:60 / /b rw - bcachefs /dev/nvme0n1:/dev/sdb2 rw", NULL, "3-1.4",
		"its file system is mounted at /b", USB_HARM_DISK },
	{ "NTFS, which a process mounts", "self/mountinfo",
		"36 1 0:61 / /n rw - fuseblk /dev/sdb1 rw", NULL, "3-1.4",
		"its file system is mounted at /n", USB_HARM_DISK },
	{ .what = "a swap file", .file = "swaps", .text = "Filename Type\n/sdb2 file 99 0 -2" },
	{ .what = "the computer's own disk",
		.file = "self/mountinfo",
		.text = "1 0 259:0 / / rw - ext4 /dev/nvme0n1 rw" },
	{ .what = "what has the name of a disk",
		.file = "self/mountinfo",
		.text = "1 0 0:9 / /p rw - proc sdb1 rw" },
	{ .what = "lines that end early",
		.file = "self/mountinfo",
		.text = "36 1 8:17 / /mnt rw\n36 1\n8:17\n\n- - -" },
	{ "the default route", "self/net/route",
		ROUTES "enx0\t0000A8C0\t0\t1\t0\t0\t1\t00FFFFFF\t0\t0\t0\n"
		       "enx0\t00000000\t0101A8C0\t3\t0\t0\t1\t00000000\t0\t0\t0\n",
		NULL, "3-2", "the default route goes through it (enx0)", USB_HARM_NETWORK },
	{ "a bridge", "self/net/route", ROUTES "br0 00000000 0101A8C0 3 0 0 1 00000000 0 0 0", NULL,
		"3-2", "the default route goes through it (br0)", USB_HARM_NETWORK },
	{ "IPv6", "self/net/ipv6_route",
		ZEROES " 00 " ZEROES " 00 " ZEROES " 00000001 00000000 00000000 00000003 enx0",
		NULL, "3-2", "the default route goes through it (enx0)", USB_HARM_NETWORK },
	{ .what = "another interface's route",
		.file = "self/net/route",
		.text = ROUTES "eno1 00000000 0101A8C0 3 0 0 1 00000000 0 0 0" },
	{ .what = "no default route",
		.file = "self/net/route",
		.text = ROUTES "enx0 0000A8C0 0 1 0 0 1 00FFFFFF 0 0 0" },
	{ "a Bluetooth keyboard", NULL, NULL, BT_USB, "3-3",
		"the keyboard \"Acme Keys\" is connected through it", USB_HARM_RADIO },
	{ "a Bluetooth mouse that does not say through which", NULL, NULL, BT_UHID, "3-4",
		"the mouse \"Acme Rodent\" is connected through it", USB_HARM_RADIO },
	{ "one through a radio of its maker's own class", NULL, NULL, BT_UHID, "3-5",
		"the mouse \"Acme Rodent\" is connected through it", USB_HARM_RADIO },
};

/* What neither a mount's number nor its source says. */
typedef struct {
	Case one;
	const char *udev, *udev_text; /* what udev's database has of this block device; NULL: none
				       */
	const char *folders[2];	      /* more of sysfs */
} DiskCase;

#define POOL "8:17", "S:disk/by-label/tank\nE:ID_FS_TYPE=zfs_member\nE:ID_FS_LABEL=tank\n"
#define SWAP "8:18", "E:ID_FS_TYPE=swap\n"

#define DISK_1 "fs/btrfs/9c2b/devices/sdb1"
#define DISK_2 "fs/btrfs/9c2b/devices/nvme0n1"

static const DiskCase disk_cases[] = {
	{ { "swap space, without a list of those that are in use", NULL, NULL, NULL, "3-1.4",
		  "it may be in use as swap space", USB_HARM_DISK },
		SWAP, { NULL } },
	{ { .what = "swap space that is not in use", .file = "swaps", .text = "Filename Type\n" },
		SWAP, { NULL } },
	{ { "Btrfs on two disks, mounted by the other", "self/mountinfo",
		  "36 1 0:40 / /srv rw - btrfs /dev/nvme0n1 rw", NULL, "3-1.4",
		  "its file system is mounted at /srv", USB_HARM_DISK },
		NULL, NULL, { DISK_1, DISK_2 } },
	{ { .what = "Btrfs on two disks that is not mounted",
		  .file = "self/mountinfo",
		  .text = "36 1 0:40 / /srv rw - btrfs /dev/sdc rw" },
		NULL, NULL, { DISK_1, DISK_2 } },
	{ { .what = "another file system of the other disk",
		  .file = "self/mountinfo",
		  .text = "36 1 259:0 / /srv rw - ext4 /dev/nvme0n1 rw" },
		NULL, NULL, { DISK_1, DISK_2 } },
	{ { "a pool of ZFS", "self/mountinfo", "36 1 0:50 / /tank rw - zfs tank rw", NULL, "3-1.4",
		  "its file system is mounted at /tank", USB_HARM_DISK },
		POOL, { NULL } },
	{ { "a file system of the pool", "self/mountinfo",
		  "36 1 0:50 / /tank/home rw - zfs tank/home rw", NULL, "3-1.4",
		  "its file system is mounted at /tank/home", USB_HARM_DISK },
		POOL, { NULL } },
	{ { "a pool of ZFS of which nothing is mounted", "spl/kstat/zfs/tank/state", "ONLINE", NULL,
		  "3-1.4", "its ZFS pool tank is imported", USB_HARM_DISK },
		POOL, { NULL } },
	{ { .what = "another pool of ZFS",
		  .file = "self/mountinfo",
		  .text = "36 1 0:50 / /tank rw - zfs tank2/tank rw" },
		POOL, { NULL } },
};

static void make_link(const char *root, const char *path, const char *target)
{
	g_autofree char *whole = g_build_filename(root, "sys", path, NULL);
	g_autofree char *folder = g_path_get_dirname(whole);

	g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	g_assert_cmpint(symlink(target, whole), ==, 0);
}

static void put_proc(const char *root, const char *file, const char *text)
{
	g_autofree char *whole = g_build_filename(root, "proc", file, NULL);
	g_autofree char *folder = g_path_get_dirname(whole);

	g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	g_assert_true(g_file_set_contents(whole, text, -1, NULL));
}

static void put_disk(const char *root, const DiskCase *disk)
{
	if (disk->udev != NULL) {
		g_autofree char *file = g_strconcat("../run/udev/data/b", disk->udev, NULL);

		put_proc(root, file, disk->udev_text);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(disk->folders) && disk->folders[i] != NULL; i++) {
		g_autofree char *folder = g_build_filename(root, "sys", disk->folders[i], NULL);

		g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	}
}

/* The computer that all cases have. Free with g_free(), after tree_remove(). */
static char *make_computer(void)
{
	char *root = tree_new("sys", usb);

	for (gsize i = 0; i < G_N_ELEMENTS(links); i++)
		make_link(root, links[i].path, links[i].target);
	return root;
}

static void remove_case(const char *root)
{
	static const char *const folders[] = { "proc", "run", "sys/fs", "sys/class/input" };

	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *path = g_build_filename(root, folders[i], NULL);

		if (g_file_test(path, G_FILE_TEST_EXISTS))
			tree_remove(path);
	}
}

/* disk: what else there is; NULL: nothing */
static GHashTable *look(const char *root, const Case *one, const DiskCase *disk)
{
	g_autofree char *sysfs = g_build_filename(root, "sys", NULL);
	GHashTable *harms;

	if (one->file != NULL)
		put_proc(root, one->file, one->text);
	if (disk != NULL)
		put_disk(root, disk);
	if (one->event != NULL) {
		g_autofree char *event = g_build_filename(sysfs, "class/input/event0", NULL);
		g_autofree char *target = g_strconcat("../", one->event, NULL);

		g_assert_cmpint(g_mkdir_with_parents(event, 0700), ==, 0);
		make_link(root, "class/input/event0/device", target);
	}
	harms = usb_harms_look(sysfs);
	remove_case(root);
	return harms;
}

static void test_harm(void)
{
	g_autofree char *root = make_computer();

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GHashTable) harms = look(root, &cases[i], NULL);
		const UsbHarm *hub = g_hash_table_lookup(harms, "3-1");
		const UsbHarm *harm;

		g_test_message("%s", cases[i].what);
		g_assert_nonnull(hub);
		g_assert_cmpint(hub->kind, ==, USB_HARM_HUB);
		if (cases[i].port == NULL) {
			g_assert_cmpuint(g_hash_table_size(harms), ==, 1);
			continue;
		}
		harm = g_hash_table_lookup(harms, cases[i].port);
		g_assert_nonnull(harm);
		g_assert_cmpint(harm->kind, ==, cases[i].kind);
		g_assert_cmpstr(harm->why, ==, cases[i].why);
		/* what one radio is named for is every radio's if it is not known whose it is */
		g_assert_cmpuint(g_hash_table_size(harms), ==,
			cases[i].event == NULL		       ? 2
			: g_str_equal(cases[i].event, BT_UHID) ? 4
							       : 2);
	}
	tree_remove(root);
}

static void test_disks(void)
{
	g_autofree char *root = make_computer();

	for (gsize i = 0; i < G_N_ELEMENTS(disk_cases); i++) {
		const Case *one = &disk_cases[i].one;
		g_autoptr(GHashTable) harms = look(root, one, &disk_cases[i]);
		const UsbHarm *harm = g_hash_table_lookup(harms, "3-1.4");

		g_test_message("%s", one->what);
		if (one->port == NULL) {
			g_assert_null(harm);
			continue;
		}
		g_assert_nonnull(harm);
		g_assert_cmpint(harm->kind, ==, one->kind);
		g_assert_cmpstr(harm->why, ==, one->why);
	}
	tree_remove(root);
}

static void test_disk_use(void)
{
	g_autofree char *root = make_computer();
	g_autofree char *sysfs = g_build_filename(root, "sys", NULL);
	g_autofree char *before = NULL, *disk = NULL, *adapter = NULL;

	put_proc(root, "self/net/route", ROUTES "enx0 00000000 0101A8C0 3 0 0 1 00000000 0 0 0");
	before = usb_disk_use(sysfs, "3-1.4");
	put_proc(root, "self/mountinfo", "36 1 8:17 / /mnt rw - ext4 /dev/sdb1 rw");
	disk = usb_disk_use(sysfs, "3-1.4");
	adapter = usb_disk_use(sysfs, "3-2");
	tree_remove(root);
	g_assert_cmpstr(before, ==, NULL);
	g_assert_cmpstr(disk, ==, "its file system is mounted at /mnt");
	g_assert_cmpstr(adapter, ==, NULL);
}

static void test_behind(void)
{
	g_autofree char *root = tree_new("sys", usb);
	g_autofree char *sysfs = g_build_filename(root, "sys", NULL);
	g_autofree char *hub = usb_behind(sysfs, "3-1");
	g_autofree char *none = usb_behind(sysfs, "3-2");

	tree_remove(root);
	g_assert_cmpstr(hub, ==, "3-1.1, 3-1.4");
	g_assert_cmpstr(none, ==, "");
}

/* -- routes, as the kernel says them ----------------------------------------------------------- */

static void put_attribute(GByteArray *bytes, gushort type, gconstpointer data, guint length)
{
	struct rtattr attribute = { (gushort)RTA_LENGTH(length), type };

	g_byte_array_append(bytes, (const guint8 *)&attribute, sizeof attribute);
	g_byte_array_append(bytes, data, length);
}

/* A route to a network with so many bits; interfaces: ends with 0; several are its next hops. */
static void put_route(GByteArray *bytes, guint8 bits, guint8 type, const guint *interfaces)
{
	struct rtmsg route = { .rtm_family = AF_INET, .rtm_dst_len = bits, .rtm_type = type };
	struct nlmsghdr header = { .nlmsg_type = RTM_NEWROUTE };
	guint start = bytes->len, metric = 600;

	g_byte_array_append(bytes, (const guint8 *)&header, sizeof header);
	g_byte_array_append(bytes, (const guint8 *)&route, sizeof route);
	put_attribute(bytes, RTA_PRIORITY, &metric, sizeof metric);
	if (interfaces[0] != 0 && interfaces[1] == 0) {
		put_attribute(bytes, RTA_OIF, &interfaces[0], sizeof interfaces[0]);
	} else {
		g_autoptr(GByteArray) hops = g_byte_array_new();

		for (; *interfaces != 0; interfaces++) {
			struct rtnexthop hop = { .rtnh_len = sizeof hop + 8,
				.rtnh_ifindex = (int)*interfaces };
			guint gateway = 0x0100a8c0;

			g_byte_array_append(hops, (const guint8 *)&hop, sizeof hop);
			put_attribute(hops, RTA_GATEWAY, &gateway, sizeof gateway);
		}
		put_attribute(bytes, RTA_MULTIPATH, hops->data, hops->len);
	}
	((struct nlmsghdr *)(gpointer)(bytes->data + start))->nlmsg_len = bytes->len - start;
}

static void test_routes(void)
{
	static const guint one[] = { 3, 0 }, several[] = { 2, 4, 3, 0 }, other[] = { 9, 0 };
	static const struct nlmsghdr done = { .nlmsg_len = sizeof done, .nlmsg_type = NLMSG_DONE };
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	g_autoptr(GArray) interfaces = g_array_new(FALSE, FALSE, sizeof(guint));
	guint length;

	put_route(bytes, 24, RTN_UNICAST, other);
	put_route(bytes, 0, RTN_BLACKHOLE, other);
	put_route(bytes, 0, RTN_UNICAST, one);
	put_route(bytes, 0, RTN_UNICAST, several);
	length = bytes->len;
	g_assert_false(routes_read(bytes->data, bytes->len, interfaces));
	g_assert_cmpuint(interfaces->len, ==, 3);
	g_assert_cmpuint(g_array_index(interfaces, guint, 0), ==, 3);
	g_assert_cmpuint(g_array_index(interfaces, guint, 1), ==, 2);
	g_assert_cmpuint(g_array_index(interfaces, guint, 2), ==, 4);
	g_byte_array_append(bytes, (const guint8 *)&done, sizeof done);
	put_route(bytes, 0, RTN_UNICAST, other);
	g_assert_true(routes_read(bytes->data, bytes->len, interfaces));
	g_assert_cmpuint(interfaces->len, ==, 3);
	/* answers that were cut off anywhere */
	for (guint i = 1; i < length; i++) {
		g_autofree guint8 *part = g_memdup2(bytes->data, i);

		routes_read(part, i, interfaces);
	}
	g_assert_cmpuint(interfaces->len, ==, 3);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/harm/kinds", test_harm);
	g_test_add_func("/harm/disks", test_disks);
	g_test_add_func("/harm/disk-use", test_disk_use);
	g_test_add_func("/harm/routes", test_routes);
	g_test_add_func("/harm/behind", test_behind);
	return g_test_run();
}
