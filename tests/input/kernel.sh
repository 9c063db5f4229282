#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# kernel.sh BUILD [TRIPS] - runs BUILD/hotseat-inputd with a real kernel's event nodes: in a virtual machine, with
# kernel.c and touchpad.c. TRIPS: 0 leaves kernel.c out. TAP.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$1 trips=${2:-1000}
command="touchpad /bin/hotseat-inputd"
[ "$trips" = 0 ] || command="kernel /bin/hotseat-inputd $trips && $command"
# and what libinput knows about touchpads
"$here/vm.sh" "$command" "$build/hotseat-inputd" "$build/tests/input/"{kernel,touchpad} /usr/share/libinput
