# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by packages: chroots of Debian's releases, in $CACHE, each named by a hash of what it is made from:
#   bare-SUITE-<hash>    Debian's minimal system
#   build-SUITE-<hash>   the same with debian/control's Build-Depends, ccache, and lintian but for sid
#   debs-SUITE           packages that bare systems have installed so far
# Needs root, and Debian 12 or 13: the other releases come from where this machine's apt sources lead to.

# xz packs the source: not every minimal system has it
HOST_PACKAGES=(mmdebstrap python3 xz-utils)
# beside Build-Depends, in the chroot that builds
BUILD_TOOLS=(build-essential fakeroot ccache)
# of other distributions, which Debian has: see foreign.sh
FOREIGN_SUITE=trixie
FOREIGN_TOOLS=(makepkg pacman-package-manager libarchive-tools rpm cpio nix-bin)

say() { printf '== %s [%ss]\n' "$*" "$SECONDS" >&2; }
die() { echo "packages: $*" >&2; exit 1; }

tools_of() {
	echo "${BUILD_TOOLS[@]}"
	[ "$1" = sid ] || echo lintian
	[ "$1" != "$FOREIGN_SUITE" ] || echo "${FOREIGN_TOOLS[@]}"
}

# key KIND SUITE - what it is made from
key() {
	{
		# the number counts changes of how they are made
		echo 2
		[ "$1" != build ] || { tools_of "$2"; sed -n '/^Build-Depends/,/^[RS]/p' "$TOP/debian/control"; }
		# sid changes every day
		[ "$2" != sid ] || date +%Y-%m
	} | sha256sum | cut -c1-12
}
chroot_dir() { echo "$CACHE/$1-$2-$(key "$1" "$2")"; }

# make_bare SUITE ROOT
make_bare() {
	local suite=$1 root=$2 sources=$2.sources
	mkdir "$sources"
	python3 "$PACKAGES/sources.py" "$suite" "$sources"
	apt-config dump | grep -E '^Acquire::(https?|Check-|Retries)' >"$root.apt" || true
	mmdebstrap --quiet --mode=root --variant=minbase --aptopt='APT::Install-Recommends "false"' \
		--aptopt='Acquire::Languages "none"' --aptopt="$root.apt" "$suite" "$root" "$sources"/* >&2
	# for a mirror that is reached by https
	[ -e "$root/etc/ssl/certs/ca-certificates.crt" ] ||
		install -m644 -D -t "$root/etc/ssl/certs" /etc/ssl/certs/ca-certificates.crt 2>/dev/null || true
}

# make_build SUITE ROOT - of the bare one
make_build() {
	local suite=$1 root=$2
	cp -a "$(chroot_dir bare "$suite")" "$root"
	mkdir -p "$root/build/source/debian"
	cp "$TOP/debian/control" "$root/build/source/debian/"
	# what no test reads
	printf 'path-exclude=/usr/share/%s/*\n' doc locale man >"$root/etc/dpkg/dpkg.cfg.d/unread"
	# shellcheck disable=SC2086
	enter "$root" -- $APT_GET update >&2
	# shellcheck disable=SC2046
	get "$root" install $(tools_of "$suite") >&2
	enter "$root" -- sh -c "cd /build/source && $APT_GET build-dep ./" >&2
	get "$root" clean
	rm -rf "$root/build/source"
	chroot "$root" useradd -u 1000 -d /build -s /bin/sh builder
}

# unmount_below PATH - what a run that was killed has left mounted in folders whose names begin with PATH
unmount_below() {
	local where
	awk '{print $2}' /proc/self/mounts | grep -F "$1" | sort -r | while read -r where; do umount -l "$where"; done || true
}

# chroot_of KIND SUITE - makes it if need be. Atomic, as the lab's image.
chroot_of() (
	kind=$1 suite=$2
	done=$(chroot_dir "$kind" "$suite")
	[ "$kind" = bare ] || chroot_of bare "$suite"
	mkdir -p "$CACHE/debs-$suite/partial"
	exec 9>"$CACHE/$kind-$suite.lock"
	flock 9
	"$TOP/scripts/packages" install "${HOST_PACKAGES[@]}"
	[ ! -d "$done" ] || exit 0
	unmount_below "$CACHE/$kind-$suite-"
	rm -rf --one-file-system "$CACHE/$kind-$suite"-*
	new=$(mktemp -d "$CACHE/$kind-$suite-new.XXXXXX")
	trap 'rm -rf --one-file-system "$new"' EXIT
	say "Debian $suite, $kind"
	"make_$kind" "$suite" "$new/root" 9>&-
	mv "$new/root" "$done"
)

# the packages that were downloaded for a bare system are kept in $CACHE
APT_GET='env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0'

# enter ROOT [FROM:TO]... -- COMMAND - as root in ROOT, with /proc, terminals, this machine's resolver, and folders of this machine.
# Of the environment only proxies and what steers the build pass.
enter() (
	root=$1; shift
	mounts=()
	cleanup() {
		local m
		for m in "${mounts[@]}"; do umount -l "$m"; done
	}
	trap cleanup EXIT
	mount -t proc proc "$root/proc"
	mounts=("$root/proc")
	mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
	mounts+=("$root/dev/pts")
	cp /etc/resolv.conf "$root/etc/"
	while [ "$1" != -- ]; do
		mkdir -p "$root/${1#*:}"
		mount --bind "${1%%:*}" "$root/${1#*:}"
		mounts=("$root/${1#*:}" "${mounts[@]}")
		shift
	done
	shift
	mapfile -t settings < <(env | grep -iE '^(https?|no|ftp)_proxy=|^DEB_')
	env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
		"${settings[@]}" chroot "$root" "$@" </dev/null
)

# enter_as_builder ROOT [FROM:TO]... -- COMMAND - the same as an ordinary user
enter_as_builder() {
	local words=()
	while [ "$1" != -- ]; do words+=("$1"); shift; done
	shift
	enter "${words[@]}" -- setpriv --reuid=1000 --regid=1000 --clear-groups --inh-caps=-all \
		env HOME=/build CCACHE_DIR=/build/ccache CCACHE_DEPEND=1 CCACHE_NOHASHDIR=1 "$@"
}

# get ROOT COMMAND... - apt-get there. Lists that are older than the archive name packages that are gone.
get() {
	local root=$1; shift
	# shellcheck disable=SC2086
	enter "$root" -- $APT_GET "$@" || { enter "$root" -- $APT_GET update && enter "$root" -- $APT_GET "$@"; }
}
