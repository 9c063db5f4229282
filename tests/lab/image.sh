# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by lab: makes the machine's image, $CACHE/image-<hash of what it is made from>/ with
#   vmlinuz, initrd   Debian's kernel; an initramfs that mounts the disk and nothing else
#   disk              ext4, sparse
# Needs root, and the Debian that this machine's apt sources lead to: 12 or 13. The machine is of the same
# release, as what is built here has to run there.

IMAGE_MB=3072
SUITE=$(. /etc/os-release; echo "${VERSION_CODENAME:-sid}")

# How often dummy_hcd looks after its USB traffic. Debian's does every 125 us while a device is plugged in, which
# alone takes half of an emulated processor; keyboards are asked every 10 ms.
USB_TIMER_NS=4000000

# what the lab needs outside, beside mmdebstrap
HOST_PACKAGES=(e2fsprogs cpio xz-utils kmod python3 qemu-system-x86 gcc libc6-dev make linux-headers-amd64)

# what the machine contains
MACHINE_PACKAGES=(
	linux-image-amd64 systemd-sysv udev kmod dbus-broker busybox-static
	libvirt-daemon-system libvirt-clients qemu-system-x86
	ddcutil i2c-tools usbutils evtest strace curl iproute2 procps
	python3 python3-libvirt
	# what hotseat's own package depends on, beside the libraries
	acl libusbredirparser1
	# hotseat's libraries
	libglib2.0-0 libsoup-3.0-0 libjson-glib-1.0-0 libgudev-1.0-0 libyaml-0-2 libvirt0
	libvirt-glib-1.0-0 libsystemd0 libevdev2 libinput10
	# virtkvm's, for comparisons
	python3-flask python3-yaml python3-xmltodict
)

# drivers of hardware that the machine does not have: half of the download, unpacked
UNUSED_MODULES=(drivers/gpu drivers/media drivers/infiniband drivers/scsi drivers/iio drivers/hwmon
	drivers/mtd drivers/staging drivers/net/ethernet drivers/net/wireless drivers/isdn sound
	net/wireless net/mac80211 net/bluetooth fs/xfs fs/btrfs fs/ocfs2 fs/nfs fs/smb)

image_key() {
	(cd "$LAB" && { echo "$SUITE"; sha256sum image.sh machine/*; } | sha256sum | cut -c1-16)
}
image_dir() { echo "$CACHE/image-$(image_key)"; }

say() { printf '== %s [%ss]\n' "$*" "$SECONDS" >&2; }

# apt_install PACKAGE... - those that are missing; the headers of Debian 13's kernel bring the kernel, which nothing here starts
apt_install() { INITRD=No "$LAB/../../scripts/packages" install "$@"; }

# make_root ROOT - Debian, through this machine's apt sources and proxy settings
make_root() {
	local root=$1 sources=() exclude=() f m
	for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources}; do
		[ ! -s "$f" ] || sources+=("$f")
	done
	for m in "${UNUSED_MODULES[@]}"; do
		exclude+=(--dpkgopt="path-exclude=/lib/modules/*/kernel/$m/*")
	done
	apt-config dump | grep -E '^Acquire::(https?|Check-|Retries)' >"$root.apt" || true
	# INITRD=No: Debian's own initramfs would be made for nothing
	INITRD=No mmdebstrap --quiet --mode=root --variant=minbase \
		--aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' --aptopt="$root.apt" \
		--dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--dpkgopt='path-exclude=/usr/share/doc/*' "${exclude[@]}" \
		--include="$(IFS=,; echo "${MACHINE_PACKAGES[*]}")" \
		"$SUITE" "$root" "${sources[@]}" >&2
}

# slow_dummy_hcd ROOT KERNEL FILE - the source of KERNEL's dummy_hcd with USB_TIMER_NS, from Debian's package of the
# kernel's source, of which only this file is kept
slow_dummy_hcd() {
	local root=$1 kernel=$2 file=$3 version d=$1.source name
	name=linux-source-$(cut -d. -f1,2 <<<"$kernel")
	version=$(dpkg-query --admindir="$root/var/lib/dpkg" -W -f='${Version}' "linux-image-$kernel")
	mkdir "$d"
	(cd "$d" && apt-get -qq -o APT::Sandbox::User=root download "$name=$version" >&2)
	# the last tar ends before its input does, at which the others complain
	{ dpkg-deb --fsys-tarfile "$d/$name"_*.deb | tar -xO "./usr/src/$name.tar.xz"; } 2>/dev/null |
		tar -xJO --occurrence=1 "$name/drivers/usb/gadget/udc/dummy_hcd.c" >"$d/dummy_hcd.c" || true
	sed "s/^#define DUMMY_TIMER_INT_NSECS.*/#define DUMMY_TIMER_INT_NSECS $USB_TIMER_NS/" "$d/dummy_hcd.c" >"$file"
	rm -r "$d"
	grep -q "TIMER_INT_NSECS $USB_TIMER_NS" "$file" || die "no timer in dummy_hcd.c of $name $version"
}

# make_programs ROOT KERNEL - ddcsim, dummy_hcd, and the small programs
make_programs() {
	local root=$1 kernel=$2 d=$1.modules modules=$1/lib/modules/$2 p
	apt_install "linux-headers-$kernel"
	mkdir "$d"
	cp "$LAB"/machine/ddcsim* "$d"
	slow_dummy_hcd "$root" "$kernel" "$d/dummy_hcd.c"
	printf 'obj-m := ddcsim.o dummy_hcd.o\nccflags-y := -Wall -Werror\n' >"$d/Makefile"
	make -s -C "/lib/modules/$kernel/build" M="$d" modules >&2
	install -m644 -D -t "$modules/extra" "$d/ddcsim.ko" "$d/dummy_hcd.ko"
	rm "$modules"/kernel/drivers/usb/gadget/udc/dummy_hcd.ko*
	depmod -b "$root" "$kernel"
	for p in hidsend raw-ddc; do
		gcc -O2 -Wall -o "$root/usr/local/bin/$p" "$LAB/machine/$p.c"
	done
}

# make_initrd ROOT KERNEL DIR
make_initrd() {
	local root=$1 kernel=$2 d=$1.initrd m
	mkdir -p "$d"/{bin,dev,proc,new,m}
	cp "$root/bin/busybox" "$d/bin/"
	for m in virtio_pci virtio_blk ext4; do
		modprobe -d "$root" -S "$kernel" --show-depends "$m"
	done | awk '$1 == "insmod" && !seen[$2]++ {print $2}' | while read -r m; do
		cp "$m" "$d/m/"
		basename "$m" >>"$d/m/order"
	done
	install -m755 "$LAB/machine/init" "$d/init"
	(cd "$d" && find . | cpio --quiet -o -H newc) >"$3/initrd"
	cp "$root/boot/vmlinuz-$kernel" "$3/vmlinuz"
}

# bake DIR - one start that writes to the disk: libvirt's probe of QEMU is kept (some seconds), and
# the guest is defined
bake() (
	LAB_RUN=$1/run
	trap stop EXIT
	launch "$1" -drive file="$1/disk",format=raw,if=virtio,cache=unsafe
	client run -t 300 'virsh -q define /usr/local/share/lab/guest.xml &&
		virsh -q start win10 && virsh -q destroy win10' >&2
	client run 'systemctl poweroff' || true
	while alive; do sleep 0.2; done
)

# Atomic: what is half done is in another directory, and goes away with this process or, when that
# was killed, with the next build. Images of other inputs go away too: a machine that still runs
# on one has it open.
build() (
	image=$(image_dir)
	mkdir -p "$CACHE"
	exec 9>"$CACHE/lock"
	flock 9
	[ ! -d "$image" ] || exit 0
	apt_install mmdebstrap
	rm -rf --one-file-system "$CACHE"/new.*
	new=$(mktemp -d "$CACHE/new.XXXXXX")
	trap 'rm -rf --one-file-system "$new"' EXIT
	mkdir "$new/image"
	say "Debian"
	make_root "$new/root"
	# later than Debian: ./test installs other packages meanwhile
	apt_install "${HOST_PACKAGES[@]}"
	kernel=$(basename "$(ls -d "$new"/root/lib/modules/*)")
	say "the lab's part"
	"$LAB/machine/customize" "$new/root"
	make_programs "$new/root" "$kernel"
	make_initrd "$new/root" "$kernel" "$new/image"
	truncate -s ${IMAGE_MB}M "$new/image/disk"
	mke2fs -q -t ext4 -O ^metadata_csum,^has_journal -E lazy_itable_init=1 -d "$new/root" \
		"$new/image/disk"
	say "first start"
	bake "$new/image"
	rm -rf "$new/image/run"
	rm -rf "$CACHE"/image-*
	mv "$new/image" "$image"
	say "done"
)
