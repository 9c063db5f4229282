# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by packages: building and trying the .debs.

version() { sed -n "s/^	version: '\(.*\)',$/\1/p" "$TOP/meson.build" | head -n 1; }

# source_tree FOLDER - the project as its tarball has it: what git knows, without git
source_tree() {
	mkdir -p "$1"
	git -C "$TOP" ls-files -z | (cd "$TOP" && xargs -0 stat -c %n 2>/dev/null) | tar -c -C "$TOP" -T - | tar -x -C "$1"
}

# workplace SUITE NAME - an empty folder that the chroot's ordinary user can write to
workplace() {
	local work=$CACHE/work-$1-$2
	unmount_below "$work"
	rm -rf --one-file-system "$work"
	mkdir -p "$work" "$CACHE/ccache"
	chown 1000:1000 "$work" "$CACHE/ccache"
	echo "$work"
}

# build_in SUITE WORK PLACE CCACHE - dpkg-buildpackage in WORK, which the chroot has as PLACE
build_in() {
	local suite=$1 work=$2 place=$3 ccache=$4 name
	name=hotseat-$(version)
	source_tree "$work/$name"
	# by the order of names, and without owners: two are the same
	tar -c --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --exclude=debian -C "$work" "$name" |
		xz -0 >"$work/hotseat_$(version).orig.tar.xz"
	chown -R 1000:1000 "$work"
	enter_as_builder "$(chroot_dir build "$suite")" "$work:$place" "$ccache:/build/ccache" -- \
		sh -c "cd $place/$name && dpkg-buildpackage --no-sign $([ "$(nproc)" -gt 2 ] || echo -j2)"
}

# no_warnings LOG - of the compilers, meson or debhelper
no_warnings() {
	! grep -nE '^[^#]*: warning: .*\[-W|^cc1: |^WARNING:|^(dh_[a-z]+|dpkg-[a-z]+): warning' "$1"
}

build_debs() {
	local suite=$1 work log
	chroot_of build "$suite"
	work=$(workplace "$suite" build)
	log=$OUT/$suite.log
	rm -rf "${OUT:?}/$suite"
	build_in "$suite" "$work" /build/tree "$CACHE/ccache" >"$log" 2>&1 || { tail -n 60 "$log"; die "the build in $suite failed"; }
	mkdir "$OUT/$suite"
	find "$work" -maxdepth 1 -type f -exec mv -t "$OUT/$suite" {} +
	rm -rf --one-file-system "$work"
	no_warnings "$log" || die "warnings in $suite: see $log"
	(cd "$OUT/$suite" && ls -- *.deb)
}

lint() {
	local suite=$1 root
	root=$(chroot_dir build "$suite")
	enter_as_builder "$root" "$OUT/$suite:/build/lint" -- \
		sh -c 'cd /build/lint && exec lintian --fail-on error --info --pedantic --show-overrides ./*.changes'
	# what comes before an override says why
	awk 'FNR == 1 {before = ""} !/^#/ && before !~ /^#/ {print FILENAME ": " $0; bad = 1} {before = $0} END {exit bad}' \
		"$TOP"/debian/*.lintian-overrides || die "an override without a reason"
}

# older DEB FOLDER - the same package, as version 0.0.9, which has a file more
older() {
	local tree=$2/tree
	rm -rf "$tree"
	dpkg-deb -R "$1" "$tree"
	sed -i 's/^Version: .*/Version: 0.0.9-1/' "$tree/DEBIAN/control"
	mkdir -p "$tree/usr/share/hotseat"
	echo old >"$tree/usr/share/hotseat/old"
	dpkg-deb --root-owner-group -Znone -b "$tree" "$2/old.deb" >/dev/null
	rm -rf "$tree"
}

try_bare() {
	local suite=$1 work
	chroot_of bare "$suite"
	work=$(workplace "$suite" bare)
	cp -a --reflink=auto "$(chroot_dir bare "$suite")" "$work/root"
	mkdir "$work/root/debs"
	cp "$OUT/$suite"/*.deb "$TOP"/debian/tests/{simulate,guest} "$PACKAGES/bare.sh" "$work/root/debs/"
	older "$OUT/$suite"/hotseat_*.deb "$work/root/debs"
	get "$work/root" update
	enter "$work/root" "$CACHE/debs-$suite:/var/cache/apt/archives" -- sh /debs/bare.sh
	rm -rf --one-file-system "$work"
}

# The source is at another place, the time is another, and nothing comes out of the other build's ccache.
reproduce() {
	local suite=$1 work deb log=$OUT/$1-again.log
	chroot_of build "$suite"
	work=$(workplace "$suite" again)
	mkdir "$work/ccache"
	build_in "$suite" "$work" /build/elsewhere/once/more "$work/ccache" >"$log" 2>&1 ||
		{ tail -n 60 "$log"; die "the second build in $suite failed"; }
	no_warnings "$log" || die "warnings in $suite: see $log"
	for deb in "$OUT/$suite"/*.deb; do
		cmp "$deb" "$work/${deb##*/}"
	done
	rm -rf --one-file-system "$work"
}

# release_says CLONE WORDS - scripts/release refuses, and says so
release_says() {
	local said
	if said=$(cd "$1" && scripts/release 2>&1); then
		die "scripts/release has not refused: $2"
	fi
	grep -qF "$2" <<<"$said" || die "scripts/release said $said, not $2"
}

# commit CLONE - all that has changed, as the only commit that has a tag
commit() {
	git -C "$1" -c user.name=test -c user.email=test@example.org commit -qam 'A release'
	git -C "$1" tag -f "v$(version)" >/dev/null
}

# a clean checkout makes a tarball, which has what git has; and no release is made whose places disagree
try_dist() {
	local clone=$CACHE/work-dist version
	version=$(version)
	rm -rf "$clone" "$clone".*
	git clone -q "$TOP" "$clone"
	release_says "$clone" "the commit has no tag v$version"
	sed -i "1s/.*/hotseat $version (not released)/" "$clone/NEWS"
	echo >>"$clone/README.md"
	release_says "$clone" 'files are changed'
	release_says "$clone" 'NEWS says "not released"'
	sed -i "1s/.*/hotseat $version (2030-01-01)/" "$clone/NEWS"
	release_says "$clone" 'data/metainfo has another day'
	sed -i "s/\(<release version=\"$version\" date=\)\"[^\"]*\"/\1\"2030-01-01\"/" "$clone"/data/metainfo/*.xml
	commit "$clone"
	sed -i 's/^pkgver=.*/pkgver=0.0.1/' "$clone/packaging/arch/PKGBUILD"
	release_says "$clone" 'packaging/arch/PKGBUILD is of version 0.0.1'
	git -C "$clone" checkout -q .
	(cd "$clone" && scripts/release)
	mkdir "$clone.tarball" "$clone.git"
	tar -xf "$clone/out/hotseat-$version.tar.xz" -C "$clone.tarball" --strip-components=1
	git -C "$clone" archive HEAD | tar -x -C "$clone.git"
	diff -r "$clone.tarball" "$clone.git"
	rm -rf "$clone" "$clone.tarball" "$clone.git"
}

# the lab's machine is of the same release as this one
try_lab() {
	local debs=$CACHE/work-lab suite
	suite=$(. /etc/os-release; echo "$VERSION_CODENAME")
	rm -rf "$debs"
	mkdir "$debs"
	cp "$OUT/$suite"/hotseat_*.deb "$debs/hotseat.deb"
	older "$debs/hotseat.deb" "$debs"
	LAB_RUN=$CACHE/lab-run "$TOP/tests/lab/lab" debs "$debs"
	rm -rf "$debs"
}
