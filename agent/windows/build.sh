#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# build.sh SOURCE PRIVATE OUTPUT DEPFILE - builds hotseat-agent.exe of SOURCE (agent/windows) with MinGW in the build
# directory PRIVATE, for the project's own build. What this computer's compiler is told does not concern MinGW.
set -eu
unset CC CFLAGS CPPFLAGS LDFLAGS CC_LD NINJA_STATUS
if [ ! -f "$2/build.ninja" ]; then
	rm -rf "$2"
	meson setup "$2" "$1" --cross-file "$1/mingw.ini" >/dev/null
fi
ninja -C "$2" >"$2/build.log" || { cat "$2/build.log" >&2; exit 1; }
cp "$2/hotseat-agent.exe" "$3"
{
	printf '%s:' "$3"
	find "$1" -type f | sed 's/ /\\ /g; s/^/ /' | tr -d '\n'
	echo
} >"$4"
