#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test_guest.py [-k KIT] [-c CONTROLLER] [-m pull|paced] [-n TIMES] HOTSEAT_INPUTD [TEST...]

hotseat-inputd and a Linux guest in QEMU, judged by the guest's own event nodes. KIT: the folder of guest.sh's
guest, made if it is not there. TIMES: how many round trips and kills (1000 and 5 by default; -n 200 for both)."""
import argparse
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
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


def test_all_keys(desk, options):
    desk.to_guest()
    codes = [c for c in all_keys() if c != KEY_MUTE]
    wrong = []
    # a few at a time: the guest's kernel keeps few events for a program that is slow
    for at in range(0, len(codes), 8):
        some, wanted = codes[at:at + 8], []
        for code in some:
            (desk.mouse if code >= BTN_LEFT and code < BTN_LEFT + 16 else desk.keyboard).tap(code)
            wanted += [(code, 1), (code, 0)]
        got = sorted(desk.events(len(wanted), 5), key=lambda r: r[4])
        got = [r[2:4] for r in got if r[1] == EV_KEY]
        if got != wanted:
            wrong += [(w, g) for w, g in zip(wanted, got + [None] * 16) if w != g]
    assert not wrong, f"pressed and arrived: {wrong}"
    # stays with the host
    desk.keyboard.tap(KEY_MUTE)
    desk.inputd.wait("arrived", guest="host", code=KEY_MUTE, value=1)
    desk.inputd.wait("arrived", guest="host", code=KEY_MUTE, value=0)
    desk.works()
    desk.to_host()
    print(f"  {len(codes)} keys and buttons")


def test_ten_keys_at_once(desk, options):
    desk.to_guest()
    codes = [30, 48, 46, 32, 18, 33, 34, 35, 23, 36]
    for code in codes:
        desk.keyboard.key(code, 1)
    for code in codes:
        desk.keyboard.key(code, 0)
    assert desk.keys(20) == [(c, 1) for c in codes] + [(c, 0) for c in codes]
    desk.to_host()


def sums(events):
    found = {}
    for _, kind, code, value, _ in events:
        if kind == EV_REL:
            found[code] = found.get(code, 0) + value
    return found


def turns(desk, wanted):
    """The wheels turn by so much in the guest, and by no more: {code: sum}."""
    found = dict.fromkeys(wanted, 0)

    def add():
        for code, value in sums(desk.events(1, 1)).items():
            found[code] = found.get(code, 0) + value
        return found == wanted
    wait_for(f"the wheels' sums {wanted}, not {found}", add, 20)
    assert not desk.events(1, 0.2)


def test_motion_and_wheels(desk, options):
    desk.to_guest()
    x = y = 0
    for i in range(3000):
        dx, dy = random.randint(-40, 40), random.randint(-40, 40)
        desk.mouse.emit((EV_REL, 0, dx), (EV_REL, 1, dy))
        x, y = x + dx, y + dy
    desk.mouse.emit((EV_REL, 0, 40000))
    found = {}

    def add():
        for code, value in sums(desk.events(1, 1)).items():
            found[code] = found.get(code, 0) + value
        return found.get(0, 0) == x + 40000 and found.get(1, 0) == y
    wait_for(f"the motion's sum ({x + 40000}, {y}), not {found}", add, 20)
    for steps, wheel, parts in (((8, 11), 3, [(1, 120), (1, 120), (1, 120)]), ((6, 12), -1, [(0, -30), (-1, -90)]),
                                ((8, 11), 0, [(0, 30), (0, -30)])):
        for notch, part in parts:
            desk.mouse.emit(*([(EV_REL, steps[0], notch)] if notch else []), (EV_REL, steps[1], part))
        turns(desk, {steps[1]: sum(p for _, p in parts), steps[0]: wheel})
    # a mouse without fine steps
    desk.mouse.emit((EV_REL, 8, -2))
    turns(desk, {8: -2, 11: -240})
    desk.to_host()


def test_leds(desk, options):
    desk.to_guest()
    nodes = [n for n, (keys, relative) in desk.nodes.items() if keys > 100 and not relative & 3]
    assert nodes
    for led, value in ((1, 1), (0, 1), (1, 0)):
        for node in nodes:
            desk.guest.command_guest(f"led {node} {led} {value}")
        wait_for(f"LED {led}", lambda: desk.look() or desk.keyboard.leds.get(led) == value, 20)
    desk.to_host()
    assert desk.keyboard.leds == {led: 0 for led in range(5)}, desk.keyboard.leds
    desk.to_guest()
    assert desk.keyboard.leds[0] == 1
    for node in nodes:
        desk.guest.command_guest(f"led {node} 0 0")
    wait_for("the LED off", lambda: desk.look() or desk.keyboard.leds[0] == 0, 20)
    desk.to_host()


def test_order_of_ctrl_and_click(desk, options):
    desk.to_guest()
    wanted = [(KEY_LEFTCTRL, 1), (BTN_LEFT, 1), (BTN_LEFT, 0), (KEY_LEFTCTRL, 0)]
    for i in range(40):
        desk.keyboard.key(KEY_LEFTCTRL, 1)
        # hotseat-inputd reads two nodes: what came first is only certain once it has been read
        wait_for("Ctrl to be read", desk.keyboard.is_read)
        desk.mouse.tap(BTN_LEFT)
        wait_for("the click to be read", desk.mouse.is_read)
        desk.keyboard.key(KEY_LEFTCTRL, 0)
        got = sorted((r for r in desk.events(4) if r[1] == EV_KEY), key=lambda r: r[4])
        assert [r[2:4] for r in got] == wanted, got
    desk.to_host()


def test_hotkey_there_and_back(desk, options):
    desk.to_host()
    desk.inputd.read()
    desk.inputd.messages.clear()
    desk.keyboard.tap(KEY_SCROLLLOCK)
    desk.keyboard.key(KEY_SCROLLLOCK, 1)
    desk.inputd.wait("hotkey", action="toggle")
    desk.to_guest()
    assert (EV_KEY, KEY_SCROLLLOCK, 0) in desk.keyboard.written, "not released at the host"
    desk.keyboard.key(KEY_SCROLLLOCK, 0)
    desk.works()
    desk.keyboard.key(KEY_LEFTCTRL, 1)
    desk.keyboard.key(KEY_F12, 1)
    desk.inputd.wait("hotkey", action="go", to="host")
    desk.to_host()
    assert not desk.keyboard.grabbed and not desk.mouse.grabbed
    desk.keyboard.key(KEY_F12, 0)
    desk.keyboard.key(KEY_LEFTCTRL, 0)
    # the chord's last key reaches neither side, its first one is released
    assert desk.keys(2) == [(KEY_LEFTCTRL, 1), (KEY_LEFTCTRL, 0)]


class Host:
    """What the host's programs see of a node: all while it is not grabbed."""

    def __init__(self, node):
        self.node, self.down, self.pressed = node, set(), []

    def see(self, code, value):
        if self.node.grabbed:
            return
        if value:
            self.down.add(code)
        else:
            self.down.discard(code)

    def look(self):
        """In the order in which it was written."""
        grabbed = self.node.grabbed
        for kind, code, value in self.node.look():
            if kind == SIM_GRAB:
                grabbed = value == 1
            elif kind == EV_KEY and not grabbed:
                (self.down.add if value else self.down.discard)(code)


def presses(records):
    return sum(r[1] == EV_KEY and r[3] == 1 for r in records)


def test_round_trips_while_typing(desk, options):
    """Each press on exactly one side, and each is released there."""
    desk.to_host()
    host, at, down, expected = Host(desk.keyboard), "host", set(), []
    rng = random.Random(1)
    keys = [30, 31, 32, 33, 16, 17, KEY_LEFTCTRL, 42, 56, 125]
    trips = 0
    while trips < options.trips:
        if rng.random() < 0.3:
            at = "linux" if at == "host" else "host"
            assert "error" not in desk.inputd.move("keyboard", at)
            host.look()
            if at == "linux":
                assert not host.down, f"still down at the host: {host.down}"
                continue
            trips += 1
            # the guest's kernel keeps few events for a program that is slow
            desk.guest.wait("what was typed", lambda rs: presses(rs) >= len(expected), 10)
            continue
        code = rng.choice(keys)
        value = 0 if code in down else 1
        (down.add if value else down.discard)(code)
        host.see(code, value)
        desk.keyboard.key(code, value)
        if value and at == "linux":
            expected.append(code)
    for code in sorted(down):
        host.see(code, 0)
        desk.keyboard.key(code, 0)
    host.look()
    desk.to_host()
    host.look()
    got = [r for r in desk.events(1, 1) if r[1] == EV_KEY]
    assert [r[2] for r in got if r[3] == 1] == expected
    state = {}
    for r in got:
        assert state.get(r[2], 0) != r[3], f"twice in a row: {r}"
        state[r[2]] = r[3]
    assert not any(state.values()), f"stuck in the guest: {state}"
    assert not host.down, f"stuck at the host: {host.down}"
    print(f"  {trips} round trips, {len(expected)} presses in the guest")


def test_unplugged_in_the_guest(desk, options):
    desk.to_guest()
    desk.keyboard.key(KEY_A, 1)
    desk.keyboard.key(KEY_LEFTCTRL, 1)
    assert desk.keys(2) == [(KEY_A, 1), (KEY_LEFTCTRL, 1)]
    desk.keyboard.unplug()
    desk.inputd.wait("device", device="keyboard", presence="absent", at="linux")
    assert sorted(desk.keys(2)) == [(KEY_LEFTCTRL, 0), (KEY_A, 0)]
    desk.keyboard = desk.inputd.plug("keyboard")
    desk.look()
    assert desk.keyboard.grabbed
    desk.works()
    desk.to_host()


def restart(desk):
    desk.inputd.start()
    desk.configure()
    desk.keyboard = desk.inputd.plug("keyboard")
    desk.mouse = desk.inputd.plug("mouse")
    desk.inputd.expect("linux")
    desk.inputd.wait("guest", guest="linux", state="ready")


def test_killed_while_typing(desk, options):
    for i in range(options.kills):
        desk.to_guest()
        desk.keyboard.key(KEY_A, 1)
        time.sleep(random.random() * 0.02)
        desk.inputd.stop(kill=True)
        # the guest's kernel releases what was down when the device goes
        desk.guest.wait("the nodes to go", lambda rs: any(r[1] == NODE_GONE for r in rs))
        restart(desk)
        desk.wait_for_mouse()
    desk.to_guest()
    desk.works()
    desk.to_host()
    print(f"  {options.kills} kills")


def test_hotseatd_gone(desk, options):
    desk.to_guest()
    desk.keyboard.key(KEY_A, 1)
    desk.inputd.socket.close()
    # hotkeys for the host work
    desk.keyboard.key(KEY_LEFTCTRL, 1)
    desk.keyboard.key(KEY_F12, 1)
    wait_for("the keyboard at the host", lambda: desk.look() or not (desk.keyboard.grabbed or desk.mouse.grabbed), 5)
    for code in (KEY_F12, KEY_LEFTCTRL, KEY_A):
        desk.keyboard.key(code, 0)
    assert sorted(desk.keys(4)) == [(KEY_LEFTCTRL, 0), (KEY_LEFTCTRL, 1), (KEY_A, 0), (KEY_A, 1)]
    desk.inputd.connect()
    desk.configure()
    desk.to_guest()
    # without one that configures it, it comes home after a while
    desk.inputd.socket.close()

    def comes_and_goes():
        time.sleep(0.5)
        desk.inputd.connect()
        desk.inputd.socket.close()
        return desk.look() or not desk.keyboard.grabbed
    wait_for("the keyboard at the host", comes_and_goes, 20)
    time.sleep(0.5)
    # and at once if it sends what is not a message
    desk.inputd.connect()
    desk.configure()
    desk.to_guest()
    desk.inputd.send("nonsense")
    wait_for("the keyboard at the host", lambda: desk.look() or not desk.keyboard.grabbed, 5)
    # one that comes back in time finds everything where it was
    desk.inputd.connect()
    desk.configure()
    desk.to_guest()
    desk.inputd.socket.close()
    time.sleep(0.5)
    desk.inputd.connect()
    desk.configure()
    desk.inputd.wait("device", device="keyboard", at="linux")
    desk.works()
    desk.to_host()


def test_panic(desk, options):
    desk.to_guest()
    desk.inputd.messages.clear()
    for code in (KEY_A, KEY_LEFTCTRL, 56, 42, 1):
        desk.keyboard.key(code, 1)
    desk.inputd.wait("device", device="keyboard", at="host")
    desk.inputd.wait("home")
    desk.inputd.wait("hotkey", action="panic")
    for code in (KEY_A, KEY_LEFTCTRL, 56, 42, 1):
        desk.keyboard.key(code, 0)
    desk.look()
    assert not desk.keyboard.grabbed and not desk.mouse.grabbed
    # with nobody to answer, a hotkey for the host does it alone
    desk.to_guest()
    desk.keyboard.key(KEY_LEFTCTRL, 1)
    desk.keyboard.key(KEY_F12, 1)
    desk.inputd.wait("home", seconds=5)
    desk.keyboard.key(KEY_LEFTCTRL, 0)
    desk.keyboard.key(KEY_F12, 0)
    desk.events(1, 1)


def test_qemu_stopped(desk, options):
    desk.to_guest()
    desk.guest.process.send_signal(signal.SIGSTOP)
    for i in range(50):
        desk.keyboard.tap(KEY_B)
    desk.mouse.emit((EV_REL, 0, 1))
    if options.mode == "pull":
        # paced, the kernel takes what QEMU does not read
        desk.inputd.wait("guest", guest="linux", state="unresponsive", seconds=30)
        refused = desk.inputd.move("mouse", "host") and desk.inputd.move("mouse", "linux")
        assert "has not asked for keys" in refused["error"], refused
    desk.inputd.move("keyboard", "host")
    desk.keyboard.key(KEY_END, 1)
    desk.guest.process.send_signal(signal.SIGCONT)
    if options.mode == "pull":
        desk.inputd.wait("guest", guest="linux", state="ready", seconds=30)
    desk.keyboard.key(KEY_END, 0)
    got = [k for k in desk.keys(1) if k[0] == KEY_END]
    assert not got, "typed at the host, and arrived in the guest"
    desk.to_guest()
    desk.events(200, 2)
    desk.works()
    desk.to_host()


def test_suspended(desk, options):
    desk.to_guest()
    desk.guest.qmp("stop")
    for i in range(300):
        desk.mouse.emit((EV_REL, 0, 1))
    desk.guest.qmp("cont")
    assert sums(desk.events(2, 3)).get(0, 0) == 300
    desk.works()
    desk.to_host()


def test_saved_and_restored(desk, options):
    """hotseat-inputd is not even running while it is restored."""
    state = os.path.join(desk.folder, "state")
    desk.guest.qmp("migrate", uri=f"exec:cat >{state}")
    wait_for("the guest to be saved", lambda: desk.guest.qmp("query-migrate")["return"].get("status") == "completed")
    desk.guest.stop()
    desk.inputd.wait("guest", guest="linux", state="waiting")
    desk.inputd.stop()
    listener = socket.create_server(("127.0.0.1", desk.port))  # as systemd holds it
    desk.guest = Guest(options.kit, desk.folder, desk.port, name="restored", controller=options.controller,
                       arguments=["-incoming", f"exec:cat {state}"])
    wait_for("the restored guest to run", lambda: desk.guest.qmp("query-status")["return"]["status"] == "running")
    listener.close()
    restart(desk)
    desk.wait_for_mouse()
    desk.to_guest()
    desk.works()
    desk.to_host()


def test_no_hello(desk, options):
    """A QEMU that was restored says no hello: it is disconnected, and may try again."""
    desk.inputd.expect("other")
    for _ in range(2):
        with socket.create_connection(("127.0.0.1", desk.other_port)) as s:
            s.settimeout(10)
            assert s.recv(4096), "refused"
            assert s.recv(4096) == b"", "more than a hello"
    desk.inputd.expect("other", -1)


def test_reset(desk, options):
    desk.guest.qmp("system_reset")
    desk.guest.wait("the guest's start", lambda rs: any(r[1] == STARTED for r in rs), BOOT_S)
    desk.wait_for_mouse()
    # it was ready before, too
    wait_for("the guest to ask for keys", lambda: "error" not in desk.inputd.move("keyboard", "linux"))
    desk.to_guest()
    desk.works()
    desk.to_host()


def knock(port, uid):
    """Connects as that user; how many bytes come before the end."""
    code = ("import encodings.idna, os, socket\n"
            f"os.setuid({uid})\n"
            f"s = socket.create_connection(('127.0.0.1', {port})); s.settimeout(5)\n"
            "try: print(len(s.recv(4096)))\n"
            "except ConnectionError: print(0)\n")
    return int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def test_foreign_connections(desk, options):
    if os.getuid() != 0:
        print("  skipped: only root can connect as other users")
        return
    desk.inputd.expect("other", 65534)
    assert knock(desk.other_port, 0) == 0
    assert knock(desk.other_port, 65534) > 0
    desk.inputd.expect("other", -1)
    assert knock(desk.other_port, 65534) == 0
    # one at a time
    assert knock(desk.port, 0) == 0
    log = open(desk.inputd.log_path).read()
    for why in ("it is not this guest's QEMU", "QEMU is connected already"):
        assert why in log, f"not logged: {why}"
    desk.to_guest()
    desk.works()
    desk.to_host()


def test_two_guests(desk, options):
    desk.inputd.expect("other")
    second = Guest(options.kit, desk.folder, desk.other_port, name="second", controller=options.controller)
    first, desk.guest = desk.guest, second
    second.wait("its start", lambda rs: any(r[1] == STARTED for r in rs), BOOT_S)
    desk.wait_for_mouse()
    for name, guest in (("linux", first), ("other", second), ("linux", first), ("other", second)):
        desk.guest = guest
        desk.keyboard.key(KEY_LEFTCTRL, 1)  # held on the way: no side sees it
        desk.to_guest(name)
        desk.keyboard.key(KEY_LEFTCTRL, 0)
        desk.works()
        desk.keyboard.key(KEY_B, 1)
        assert desk.keys(1) == [(KEY_B, 1)]
        other = "other" if name == "linux" else "linux"
        assert "error" not in desk.inputd.move("keyboard", other)
        assert desk.keys(1) == [(KEY_B, 0)], "not released in the guest that lost the keyboard"
        desk.keyboard.key(KEY_B, 0)
        desk.to_host()
    first.read(0.2), second.read(0.2)
    assert not [r for r in first.take() + second.take() if r[1] == EV_KEY]
    desk.guest = first
    second.stop()


TESTS = [test_all_keys, test_ten_keys_at_once, test_motion_and_wheels, test_leds, test_order_of_ctrl_and_click,
         test_hotkey_there_and_back, test_round_trips_while_typing, test_unplugged_in_the_guest, test_panic,
         test_hotseatd_gone, test_foreign_connections, test_qemu_stopped, test_suspended, test_killed_while_typing,
         test_no_hello, test_reset, test_two_guests, test_saved_and_restored]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    parser.add_argument("-k", dest="kit", default=os.path.join(cache, "hotseat-guest"))
    parser.add_argument("-c", dest="controller", default="qemu-xhci")
    parser.add_argument("-m", dest="mode", default="pull")
    parser.add_argument("-n", dest="times", type=int)
    parser.add_argument("program")
    parser.add_argument("tests", nargs="*")
    options = parser.parse_args()
    options.trips = options.times or 1000
    options.kills = options.times or 5
    subprocess.run([os.path.join(HERE, "guest.sh"), options.kit], check=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # QEMU ends with the test
    desk = Desk(options)
    failed = 0
    try:
        for test in TESTS:
            name = test.__name__.removeprefix("test_")
            if options.tests and name not in options.tests:
                continue
            begun = time.monotonic()
            try:
                test(desk, options)
                print(f"ok {name} ({time.monotonic() - begun:.1f} s)", flush=True)
            except (AssertionError, OSError) as error:
                failed += 1
                print(f"FAILED {name}: {str(error)[:1500]}", flush=True)
                break
    finally:
        desk.stop()
    if failed:
        print("".join(open(desk.inputd.log_path).readlines()[-20:]))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
