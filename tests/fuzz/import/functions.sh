#!/bin/bash
GUEST=win10
function attach { virsh attach-device $GUEST $1 --persistent; }
function detach { virsh detach-device $GUEST $1 --persistent; }
if [ "$1" = "attach" ]; then
  attach /home/me/kb.xml
  attach /home/me/mouse.xml
  ddcutil -b 4 setvcp 60 0x12 ; ddcutil -b 5 setvcp 60 0x0f
else
  detach /home/me/kb.xml
  detach /home/me/mouse.xml
  ddcutil -b 4 setvcp 60 0x11 ; ddcutil -b 5 setvcp 60 0x10
fi
