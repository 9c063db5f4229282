# SPDX-License-Identifier: GPL-3.0-or-later
"""hotseat-inputd, a keyboard and a mouse that are simulated, and a Linux guest in QEMU."""
import os
import re
import tempfile

from inputd import *  # noqa: F403

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(HERE, "..", "..", "src", "input", "hid-usages.c")
KEY_A, KEY_B, KEY_LEFTCTRL, KEY_SCROLLLOCK, KEY_F12, KEY_END, KEY_MUTE = 30, 48, 29, 70, 88, 107, 113
BTN_LEFT = 0x110
# an emulated processor on a busy computer
BOOT_S = 400


def all_keys():
    """The codes that the device has, from its table and the kernel's header."""
    names = set(re.findall(r"\[(KEY_\w+)\] =", open(SOURCE).read())) - {"KEY_CNT"} | {"KEY_POWER", "KEY_SLEEP", "KEY_WAKEUP"}
    header = open("/usr/include/linux/input-event-codes.h").read()
    codes = {n: int(v, 0) for n, v in re.findall(r"#define\s+(KEY_\w+)\s+(0x[0-9a-f]+|\d+)\b", header)}
    codes |= {n: codes[v] for n, v in re.findall(r"#define\s+(KEY_\w+)\s+(KEY_\w+)", header) if v in codes}
    return sorted(codes[n] for n in names) + list(range(BTN_LEFT, BTN_LEFT + 16))


class Desk:
    def __init__(self, options):
        self.folder = tempfile.mkdtemp(prefix="hotseat-guest-")
        self.port = free_port()
        self.other_port = free_port()
        self.mode = options.mode
        self.inputd = Inputd(options.program, self.folder, [self.port, self.other_port])
        self.configure()
        self.keyboard = self.inputd.plug("keyboard")
        self.mouse = self.inputd.plug("mouse")
        self.inputd.expect("linux")
        self.guest = Guest(options.kit, self.folder, self.port, controller=options.controller)
        self.guest.wait("the guest's start", lambda rs: any(r[1] == STARTED for r in rs), BOOT_S)
        self.wait_for_mouse()

    def configure(self):
        result = self.inputd.configure(
            f"keep=mute\nguest=linux\nport={self.port}\nmode={self.mode}\n"
            f"guest=other\nport={self.other_port}\nmode=pull\n"
            "device=keyboard\ninput=k\ndevice=mouse\ninput=m\n"
            "hotkey=scrolllock scrolllock\naction=toggle\nhotkey=ctrl+f12\naction=go\nto=host\n")
        assert "error" not in result, result

    def wait_for_mouse(self):
        """The device's last node in the guest has come, and its LEDs have been set."""
        def has_mouse():
            self.guest.command_guest("list")
            self.guest.read(0.3)
            found = {r[0]: r[2:4] for r in self.guest.take() if r[1] == LISTED}
            self.nodes = found
            return any(keys >= 16 and relative & 3 == 3 for keys, relative in found.values())
        # what was said before, perhaps by a system that was reset since
        self.guest.take()
        wait_for("the guest's mouse", has_mouse)
        self.guest.read(0.5)
        self.guest.take()

    def to_guest(self, guest="linux"):
        for device in ("keyboard", "mouse"):
            result = self.inputd.move(device, guest)
            assert "error" not in result, result
        self.look()

    def to_host(self):
        self.to_guest("host")

    def look(self):
        self.keyboard.look()
        self.mouse.look()

    def events(self, count, seconds=20):
        """The next count key and motion events, and whatever follows within a moment."""
        def enough(records):
            return sum(r[1] in (EV_KEY, EV_REL) for r in records) >= count
        try:
            self.guest.wait(f"{count} events", enough, seconds)
        except AssertionError:
            pass
        self.guest.read(0.2)
        return [r for r in self.guest.take() if r[1] in (EV_KEY, EV_REL)]

    def keys(self, count):
        return [r[2:4] for r in self.events(count) if r[1] == EV_KEY]

    def works(self):
        self.keyboard.tap(KEY_A)
        got = self.events(2)
        assert [r[2:4] for r in got] == [(KEY_A, 1), (KEY_A, 0)], f"instead of a key came {got}"

    def stop(self):
        self.guest.stop()
        self.inputd.stop()


def sums(events):
    found = {}
    for _, kind, code, value, _ in events:
        if kind == EV_REL:
            found[code] = found.get(code, 0) + value
    return found
