#!/usr/bin/env bash
set -euo pipefail
: <<'COMMENT'
ddcutil --bus 1 setvcp 60 0x01
virsh attach-device other /x.xml
COMMENT
if virsh list --name | grep -q win11; then
  virsh --connect qemu:///system attach-device win11 <(cat <<XML
<hostdev mode='subsystem' type='usb' managed='yes'>
  <source>
    <vendor id='0x1532'/>
    <product id='0x0211'/>
  </source>
</hostdev>
XML
) --live
  ddcutil setvcp 60 0x11 --display=1
fi
