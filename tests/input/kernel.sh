#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# kernel.sh BUILD [TRIPS [KILLS]] - what a real kernel says, in a virtual machine: uhid.c, touchpad.c, and with
# BUILD/hotseat-inputd kernel.c and killed.c. TRIPS (default 1000), KILLS (default 12): 0 leaves kernel.c or killed.c
# out. TAP.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$1 trips=${2:-1000} kills=${3:-12}
command="uhid && touchpad /bin/hotseat-inputd"
programs=(uhid touchpad)
if [ "$trips" != 0 ]; then
	command+=" && kernel /bin/hotseat-inputd $trips"
	programs+=(kernel)
fi
if [ "$kills" != 0 ]; then
	command+=" && killed /bin/hotseat-inputd /bin/hotseatd $kills"
	programs+=(killed)
fi
# and what libinput knows about touchpads
"$here/vm.sh" "$command" "$build"/hotseat{-inputd,d} "${programs[@]/#/$build/tests/input/}" /usr/share/libinput
