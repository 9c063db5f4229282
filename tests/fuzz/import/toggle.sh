#!/bin/bash
# ddcutil --bus 1 setvcp 60 0x01
VM=gaming
CONNECT="-c qemu:///system"
if [ "$1" = guest ]; then
	ddcutil --bus=4 setvcp 60 0x11 && ddcutil -b 5 --noverify setvcp x60 x0f
	virsh -c qemu:///system attach-device "$VM" /etc/hid/keyboard.xml --live
else
	sudo /usr/bin/ddcutil --bus 4 setvcp 0x60 15
	ddcutil --bus 5 setvcp 60 0x12
	virsh detach-device --domain "${VM}" --file 'my mouse.xml'
fi
ddcutil --bus 4 setvcp 10 50
ddcutil getvcp 60
virsh list
