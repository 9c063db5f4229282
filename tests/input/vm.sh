#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# vm.sh COMMAND FILE... - runs COMMAND as root in a virtual machine with a real kernel's event nodes (uinput):
# guest.sh's kernel, this computer's libraries. FILEs are programs, which are in its /bin, and folders, which
# are where they are here. Fails if COMMAND does.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
command=$1
shift
kit=${HOTSEAT_GUEST_KIT:-${XDG_CACHE_HOME:-$HOME/.cache}/hotseat-guest}
"$here/guest.sh" "$kit"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
root=$scratch/root
mkdir -p "$root"/{bin,modules,proc,sys,dev,tmp}
cp "$kit/root/bin/busybox" "$root/bin/"
for file; do
	if [ -d "$file" ]; then
		mkdir -p "$root${file%/*}"
		cp -r "$file" "$root${file%/*}/"
		continue
	fi
	cp "$file" "$root/bin/"
	for library in $(ldd "$file" | grep -o '/[^ ]*\.so[^ ]*'); do
		mkdir -p "$root${library%/*}"
		cp -L "$library" "$root$library"
	done
done
modules=$kit/unpacked/lib/modules
release=$(ls "$modules")
for module in evdev uinput uhid hid_generic; do
	modprobe -d "$kit/unpacked" -S "$release" --show-depends $module | sed -n 's/^insmod \([^ ]*\).*/\1/p'
done | awk '!seen[$0]++' | while read -r file; do cp "$file" "$root/modules/"; echo "/modules/${file##*/}" >>"$root/list"; done
cat >"$root/init" <<I
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
while read -r module; do insmod \$module; done </list
ip link set lo up
$command
echo "status \$?"
poweroff -f
I
chmod +x "$root/init"
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$scratch/initrd"
qemu-system-x86_64 -M q35 -accel tcg -m 512 -nodefaults -display none -no-reboot -kernel "$kit/vmlinuz" \
	-initrd "$scratch/initrd" -append "console=ttyS0 quiet panic=-1 $(cat "$here/../light-kernel")" \
	-serial stdio </dev/null | stdbuf -oL tr -d '\r' | tee "$scratch/out"
grep -q '^status 0$' "$scratch/out"
