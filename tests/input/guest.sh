#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# guest.sh FOLDER - makes the test's guest: FOLDER/vmlinuz and FOLDER/initrd, of Debian's kernel and busybox,
# and guest.c. Packages are downloaded and unpacked there; nothing is installed. Does nothing when it is there,
# and waits for another guest.sh.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$1 root=$1/root
mkdir -p "$out/packages"
exec 9>"$out/lock"
flock 9
key=$(cat "$here/guest.c" "$here/guest.sh" | sha256sum | cut -c1-16)
[ "$(cat "$out/key" 2>/dev/null)" != "$key" ] || exit 0
cd "$out"

# the drivers that it needs; the kernel has the rest in it
modules=(virtio_pci virtio_console virtio_input xhci_pci ehci_pci uhci_hcd usbhid hid_generic evdev)

if [ ! -d unpacked/boot ]; then
	image=$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: \(linux-image-.*\)$/\1/p' | head -1)
	(cd packages && apt-get -q -o APT::Sandbox::User=root download "$image" busybox-static) >&2
	for package in packages/*.deb; do dpkg -x "$package" unpacked; done
fi
# from Debian 13 on, packages name the folder that /lib leads to
[ -e unpacked/lib ] || ln -s usr/lib unpacked/lib
release=$(ls unpacked/lib/modules)
rm -rf "$root"
mkdir -p "$root"/{bin,modules,proc,sys,dev}
cp unpacked/*bin/busybox unpacked/usr/bin/busybox "$root/bin/" 2>/dev/null || true
gcc -O2 -Wall -Wextra -static -o "$root/bin/guest" "$here/guest.c"
depmod -b unpacked "$release"
for module in "${modules[@]}"; do
	modprobe -d "$PWD/unpacked" -S "$release" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
done | awk '!seen[$0]++' | while read -r file; do
	cp "$file" "$root/modules/"
	echo "/modules/${file##*/}" >>"$root/list"
done
cat >"$root/init" <<'I'
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
while read -r module; do insmod $module || echo "no $module"; done </list
port=
while [ -z "$port" ]; do for p in /dev/vport*p1; do [ ! -e $p ] || port=$p; done; sleep 0.1; done
echo "guest is ready"
while :; do guest $port; sleep 1; done
I
chmod +x "$root/init"
cp unpacked/boot/vmlinuz-* vmlinuz
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >initrd
echo "$key" >key
