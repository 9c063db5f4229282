#!/bin/sh
to_windows() {
  ddcutil --sn AB12 --i2c-source-addr=x50 setvcp xF4 x90; virsh attach-device "${VM}" k.xml
}
case $2 in started) ddcutil -g PHL setvcp 60 17 ;; esac
<vendor id='0x1b1c'/><product id='0x1b2d'/>
