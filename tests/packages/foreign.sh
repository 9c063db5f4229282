# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by packages: other distributions' packages, with those distributions' tools, which Debian has. The
# libraries are Debian's, so that what counts is which files the packages have.

PACKAGE_NAMES=(hotseat hotseat-guest hotseat-agent-windows)

# same_paths - paths that distributions choose as the .debs have them, without what only one kind of package has
same_paths() {
	sed -E -e '/^\.[A-Z]/d' -e 's,^\.?/?,,' -e 's,\.gz$,,' -e 's,^usr/lib/hotseat/,usr/libexec/,' \
		-e 's,^usr/share/zsh/site-functions/,usr/share/zsh/vendor-completions/,' |
		grep -vE '^usr/share/(licenses|lintian)/|/(copyright|changelog\.Debian)$|^usr/lib/\.build-id' | sort -u
}

# of files, not of folders
deb_files() { dpkg-deb --fsys-tarfile "$1" | tar -t | grep -v '/$' | same_paths; }

# compare KIND FOLDER - the lists in FOLDER, each named like its package, with those of the .debs
compare() {
	local name bad=0
	for name in "${PACKAGE_NAMES[@]}"; do
		deb_files "$OUT/$FOREIGN_SUITE/${name}"_*.deb >"$2/$name.deb"
		[ -s "$2/$name.deb" ] || die "no files in the .deb of $name"
		diff -u --label ".deb of $name" --label "$1" "$2/$name.deb" "$2/$name.list" || bad=1
	done
	return $bad
}

# Without options for the compilers, as only the files' names count: ccache then has for the second what the first has
# compiled.
build_arch() {
	local work=$1 name
	mkdir "$work/arch"
	cp "$TOP"/packaging/arch/* "$work/hotseat-$(version).tar.xz" "$work/arch/"
	chown -R 1000:1000 "$work/arch"
	enter_as_builder "$2" "$work:/build/tree" "$CACHE/ccache:/build/ccache" -- \
		sh -c 'cd /build/tree/arch && makepkg --nodeps --nosign' >"$OUT/makepkg.log" 2>&1 ||
		{ tail -n 40 "$OUT/makepkg.log"; die "makepkg failed"; }
	for name in "${PACKAGE_NAMES[@]}"; do
		tar -tf "$work/arch/$name-$(version)"-*.pkg.tar.* | grep -v '/$' | same_paths >"$work/arch/$name.list"
	done
	compare makepkg "$work/arch"
}

build_rpm() {
	local work=$1 name rpm
	mkdir -p "$work/rpm/SOURCES"
	cp "$work/hotseat-$(version).tar.xz" "$work/rpm/SOURCES/"
	cp "$TOP/packaging/fedora/hotseat.spec" "$work/rpm/"
	chown -R 1000:1000 "$work/rpm"
	enter_as_builder "$2" "$work:/build/tree" "$CACHE/ccache:/build/ccache" -- \
		rpmbuild -bb --nodeps --define '_topdir /build/tree/rpm' --define 'optflags %{nil}' \
		--define 'debug_package %{nil}' /build/tree/rpm/hotseat.spec >"$OUT/rpmbuild.log" 2>&1 ||
		{ tail -n 40 "$OUT/rpmbuild.log"; die "rpmbuild failed"; }
	for name in "${PACKAGE_NAMES[@]}"; do
		rpm=$(cd "$work" && ls rpm/RPMS/*/"$name-$(version)"-*.rpm)
		# folders, too; with their modes
		enter_as_builder "$2" "$work:/build/tree" -- rpm -qp --nosignature --qf '[%{FILEMODES:perms} %{FILENAMES}\n]' \
			"/build/tree/$rpm" | sed -n 's/^-[^ ]* //p' | same_paths >"$work/rpm/$name.list"
	done
	compare rpmbuild "$work/rpm"
}

# The rest of the flake needs nixpkgs from the network.
parse_nix() {
	local work=$1
	cp -r "$TOP/packaging" "$work/"
	enter_as_builder "$2" "$work:/build/tree" -- sh -c '
		for file in $(find /build/tree/packaging -name "*.nix"); do
			NIX_STATE_DIR=/tmp/nix NIX_STORE_DIR=/tmp/nix nix-instantiate --parse "$file" >/dev/null || exit 1
		done'
}

build_foreign() {
	local work root name
	chroot_of build "$FOREIGN_SUITE"
	root=$(chroot_dir build "$FOREIGN_SUITE")
	work=$(workplace "$FOREIGN_SUITE" foreign)
	name=hotseat-$(version)
	source_tree "$work/$name"
	tar -cJ -C "$work" -f "$work/$name.tar.xz" "$name"
	rm -rf "${work:?}/$name"
	parse_nix "$work" "$root"
	build_arch "$work" "$root"
	build_rpm "$work" "$root"
	rm -rf --one-file-system "$work"
}
