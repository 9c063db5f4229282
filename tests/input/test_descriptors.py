#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test_descriptors.py HOTSEAT_INPUTD

What Wireshark, which has a parser of its own for HID, makes of the descriptors and of the reports that hotseat-inputd
sends: they go into a capture file as the kernel's usbmon would write it."""
import os
import re
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from inputd import *  # noqa: E402,F403
from redir import Redir  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
LINKTYPE_USB_LINUX_MMAPPED = 220
CONTROL, INTERRUPT = 2, 1       # usbmon's numbers
BTN_LEFT, REL_X, REL_Y, REL_WHEEL_HI_RES = 0x110, 0, 1, 11

# a few of each kind: the page and usage in the HID Usage Tables. Wireshark's names for them differ between versions.
USAGES = {
    "KEY_A": ("Key", 0x04), "KEY_1": ("Key", 0x1e), "KEY_ENTER": ("Key", 0x28), "KEY_F24": ("Key", 0x73),
    "KEY_102ND": ("Key", 0x64), "KEY_RO": ("Key", 0x87), "KEY_KP0": ("Key", 0x62), "KEY_LEFTCTRL": ("Key", 0xe0),
    "KEY_RIGHTMETA": ("Key", 0xe7), "KEY_MUTE": ("Usage", 0xe2), "KEY_PLAYPAUSE": ("Usage", 0xcd),
    "KEY_BRIGHTNESSUP": ("Usage", 0x6f), "KEY_CALC": ("Usage", 0x192), "KEY_HOMEPAGE": ("Usage", 0x223),
}


class Capture:
    def __init__(self):
        self.frames = []

    def add(self, kind, transfer, endpoint, setup, data):
        n = len(self.frames)
        header = struct.pack("<QcBBBHBBqiiII8siiII", n // 2, kind, transfer, endpoint, 5, 1, 0 if setup else ord("-"),
                             0 if data else ord("<"), 0, 0, 0, len(data), len(data), setup or bytes(8), 0, 0, 0, 0)
        packet = header + data
        self.frames.append(struct.pack("<IIII", 0, n, len(packet), len(packet)) + packet)

    def control(self, redir, *setup):
        data = redir.control(*setup)
        assert data, f"the device refuses {setup}"
        self.add(b"S", CONTROL, 0x80, struct.pack("<BBHHH", *setup), b"")
        self.add(b"C", CONTROL, 0x80, None, data)

    def report(self, redir):
        """The number of its frame."""
        self.add(b"S", INTERRUPT, 0x82, None, b"")
        self.add(b"C", INTERRUPT, 0x82, None, redir.report())
        return len(self.frames)

    def write(self, path):
        with open(path, "wb") as f:
            f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, LINKTYPE_USB_LINUX_MMAPPED))
            f.writelines(self.frames)


def tshark(path, *arguments):
    return subprocess.run(["tshark", "-r", path, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=True).stdout


def key_codes():
    """{name: code} of all that the device has but buttons."""
    with open(os.path.join(HERE, "..", "..", "src", "input", "hid-usages.c")) as f:
        names = set(re.findall(r"\[(KEY_\w+)\] =", f.read())) - {"KEY_CNT"}
    with open("/usr/include/linux/input-event-codes.h") as f:
        header = f.read()
    codes = {n: int(v, 0) for n, v in re.findall(r"#define\s+(KEY_\w+)\s+(0x[0-9a-f]+|\d+)\b", header)}
    codes |= {n: codes[v] for n, v in re.findall(r"#define\s+(KEY_\w+)\s+(KEY_\w+)", header) if v in codes}
    return {n: codes[n] for n in names}


def what_is_down(text):
    """{frame: [what Wireshark says is pressed]}"""
    found = {}
    for part in ("\n" + text).split("\nFrame ")[1:]:
        if "HID Data:" not in part:
            continue
        lines = part[part.index("HID Data:"):].splitlines()
        down = [re.sub(r".* = ", "", line) for line in lines if line.endswith(": DOWN")]
        down += [re.sub(r".* = ", "", line) for line in lines if " = Usage: " in line and "Undefined" not in line and
                 "0x000c" in line]
        found[int(part.split(":")[0])] = down
    return found


def press_all(keyboard, mouse, redir, capture):
    """{frame of the press: name}; the frame of the release is two later."""
    pressed = {}
    for name, code in sorted(key_codes().items()):
        keyboard.key(code, 1)
        pressed[capture.report(redir)] = name
        keyboard.key(code, 0)
        capture.report(redir)
    for i in range(16):
        mouse.key(BTN_LEFT + i, 1)
        pressed[capture.report(redir)] = f"button {i + 1}"
        mouse.key(BTN_LEFT + i, 0)
        capture.report(redir)
    return pressed


def check_keys(pressed, down):
    for frame, name in pressed.items():
        assert len(down[frame]) == 1, f"{name}: Wireshark finds {down[frame]}"
        assert down[frame + 2] == [], f"{name}: after its release Wireshark finds {down[frame + 2]}"
        found = down[frame][0]
        if name in USAGES:
            number = int(re.search(r"0x([0-9a-f]+)\)", found)[1], 16)
            assert (found.split(":")[0], number) == USAGES[name], f"{name}: Wireshark finds {found}"
        elif name.startswith("button"):
            assert re.match(rf"Button: {name[7:]}\b", found), f"{name}: Wireshark finds {found}"
    assert set(USAGES) <= set(pressed.values()), set(USAGES) - set(pressed.values())
    assert len({found[0] for frame, found in down.items() if frame in pressed}) == len(pressed), "two keys are one"


def main():
    folder = tempfile.mkdtemp(prefix="hotseat-descriptors-")
    port = free_port()
    inputd = Inputd(sys.argv[1], folder, [port])
    capture = Capture()
    try:
        inputd.configure(f"guest=g\nport={port}\nmode=pull\ndevice=k\ninput=k\ndevice=m\ninput=m\n")
        keyboard, mouse = inputd.plug("k"), inputd.plug("m")
        inputd.expect("g")
        redir = Redir(port)
        capture.control(redir, 0x80, 6, 0x0100, 0, 18)
        capture.control(redir, 0x80, 6, 0x0200, 0, 255)
        redir.configure()
        inputd.wait("guest", state="ready")
        capture.control(redir, 0x81, 6, 0x2200, 0, 255)
        capture.control(redir, 0x81, 6, 0x2200, 1, 255)
        for device in ("k", "m"):
            assert "error" not in inputd.move(device, "g")
        pressed = press_all(keyboard, mouse, redir, capture)
        mouse.emit((EV_REL, REL_X, 5), (EV_REL, REL_Y, -7))
        motion = capture.report(redir)
    finally:
        inputd.stop()
    path = os.path.join(folder, "usb.pcap")
    capture.write(path)
    wrong = tshark(path, "-Y", "_ws.malformed || _ws.expert")
    assert not wrong, f"Wireshark complains: {wrong}"
    check_keys(pressed, what_is_down(tshark(path, "-V", "-Y", "usbhid.data")))
    axes = tshark(path, "-Y", f"frame.number == {motion}", "-T", "fields", "-e", "usbhid.data.axis.x",
                  "-e", "usbhid.data.axis.y")
    assert axes.split() == ["5", "-7"], axes
    print(f"{len(pressed)} keys and buttons")


if __name__ == "__main__":
    main()
