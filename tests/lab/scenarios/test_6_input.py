# SPDX-License-Identifier: GPL-3.0-or-later
"""Keyboard and mouse that move via input, with the installed units, libvirt and its QEMU. The guest has no operating
system: its firmware takes the keys, and keeps them where the BIOS data area says."""
import contextlib
import re
import subprocess

from begin import BOTH_DISPLAYS, HEAD, desk
from desk import check, equal, eventually, request, sh
from test_6_service import service

VIA_INPUT = HEAD + BOTH_DISPLAYS + """\
devices:
  - {name: keyboard, vendor: 0x28da, product: 0x1101, via: input}
  - {name: mouse, vendor: 0x046d, product: 0xc08d, via: input}
hotkeys:
  toggle: scrolllock scrolllock
"""
A, SCROLL_LOCK, RELEASED = "0000040000000000", "0000470000000000", "0" * 16
BUFFER = 0x41E          # of the BIOS: 16 words of a scan code and a character each
SCAN_CODE_A = 0x1E61


@contextlib.contextmanager
def services():
    with service(VIA_INPUT):
        try:
            sh("systemctl --no-reload start hotseat-inputd.socket")
            yield
        finally:
            sh("systemctl stop hotseat-inputd.socket hotseat-inputd.service")


def firmware_takes_input(desk):
    """At the latest once the guest has begun again: its firmware looks for keyboards only then."""
    guest = lambda: request("GET", "/status")[1]["guests"][0]

    def is_connected():
        found = guest()
        return found["input"] == "ready" or "has not configured" in (found["input_error"] or "")
    # what is plugged in while the firmware starts may come too late for it
    eventually(is_connected, "QEMU is connected to hotseat-inputd")
    if guest()["input"] != "ready":
        desk.guest.domain().reset()
    eventually(lambda: guest()["input"] == "ready", "the guest fetches input")


def keys_in_firmware():
    """The words in its buffer."""
    text = sh("virsh qemu-monitor-command --hmp win10 'xp /16hx 0x%x'" % BUFFER)
    return [int(word, 16) for line in text.splitlines() for word in re.findall(r"0x([0-9a-f]{4})\b", line.split(":")[-1])]


def press(keyboard, *reports):
    """Without looking at whom it reaches. Without pauses either: two presses are a double tap only within half a second."""
    subprocess.run(["hidsend", keyboard.gadget, "0", *reports], stdout=subprocess.DEVNULL, check=True)


def key_arrives_in_firmware(keyboard):
    """At least once: the firmware repeats a key that a busy machine lets go late."""
    before = keys_in_firmware()
    press(keyboard, A, RELEASED)
    eventually(lambda: keys_in_firmware().count(SCAN_CODE_A) > before.count(SCAN_CODE_A), "the key at the guest's firmware")


def key_there_and_back(desk):
    sh("hotseat switch guest")
    desk.seat_at("guest", devices=[])
    key_arrives_in_firmware(desk.keyboard)
    sh("hotseat switch host")
    desk.seat_at("host")
    check(desk.keyboard.key_arrives(), "no key at the host")


def press_hotkey(keyboard, target):
    """As a person does: still held when the seat moves. The kernel misses a release while hotseat-inputd grabs the node, and
    then the next press (grab_released() in node.c)."""
    press(keyboard, SCROLL_LOCK, RELEASED, SCROLL_LOCK)
    eventually(lambda: request("GET", "/status")[1]["target"] == target, "the seat at the " + target)
    press(keyboard, RELEASED)


@desk(config=None)
def input_firmware(desk):
    """one hotkey hands monitors and keyboard to a guest's firmware and brings them back; libvirt's definition stays"""
    xml = sh("virsh dumpxml --inactive win10")
    with services():
        firmware_takes_input(desk)
        check(desk.keyboard.key_arrives(), "the host gets no key while it has the seat")
        before = keys_in_firmware()
        press_hotkey(desk.keyboard, "guest")
        for m in desk.monitors:
            equal(m.sets(), [0x11], "Set VCP at " + m.name)
        equal(keys_in_firmware(), before, "keys at the guest before the switch, and the hotkey's")
        key_arrives_in_firmware(desk.keyboard)
        equal(desk.keyboard.at, "host", "the driver of the keyboard")
        press_hotkey(desk.keyboard, "host")
        there = keys_in_firmware()
        check(desk.keyboard.key_arrives(), "no key at the host after the return")
        equal(keys_in_firmware(), there, "keys at the guest after the return")
    equal(sh("virsh dumpxml --inactive win10"), xml, "the definition")
