#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""input.py HOTSEAT_INPUTD [KIT] - from the host's event node to the guest's, beside QEMU's virtio devices, and
from the hotkey to the first key in the guest, beside a USB keyboard that is plugged in. The guest is that of
tests/input. Its clock is set beside the host's by pings, to about half of the fastest one's time."""
import os
import subprocess
import sys
import tempfile
import time

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path.insert(0, os.path.join(TOP, "tests", "input"))
from inputd import *  # noqa: E402,F403

KEY_A, KEY_SCROLLLOCK = 30, 70
RATES = (125, 1000, 8000)


def now_ns():
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


def offset(guest):
    """The guest's clock minus the host's, and how far that may be wrong."""
    best = None
    for i in range(200):
        begun = now_ns()
        guest.command_guest(f"ping {i}")
        guest.wait("a ping's answer", lambda rs: any(r[1] == PONG and r[3] == i for r in rs), 30)
        ended = now_ns()
        there = next(r[4] for r in guest.take() if r[1] == PONG)
        if best is None or ended - begun < best[1]:
            best = (there - (begun + ended) // 2, ended - begun)
    return best[0], best[1] // 2


def show(what, latencies, lost):
    latencies.sort()
    n = len(latencies)
    p = [latencies[min(n - 1, n * part // 1000)] / 1e6 for part in (500, 990, 999)] if n else [0, 0, 0]
    print(f"{what:34} p50 {p[0]:7.2f}  p99 {p[1]:7.2f}  p99.9 {p[2]:7.2f} ms, {lost}", flush=True)


def measure(guest, send, rate, seconds=4):
    """Each step is as long as its number, so that the sum shows which steps an event stands for."""
    shift, _ = offset(guest)
    guest.take()
    sent, sums, n = [], [], rate * seconds
    total, at = 0, now_ns()
    for i in range(n):
        while now_ns() < at:
            time.sleep(max(0, (at - now_ns()) / 1e9 - 0.0001))
        total += 1
        sent.append(now_ns())
        send(1)
        at += 1000000000 // rate
        if i % 50 == 0:
            guest.read(0)
    end = time.monotonic() + 10
    while sum(r[3] for r in guest.records if r[1:3] == (EV_REL, 0)) < total and time.monotonic() < end:
        guest.read(0.1)
    latencies, arrived = [], 0
    for _, kind, code, value, ns in guest.take():
        if (kind, code) != (EV_REL, 0):
            continue
        arrived += value
        # the newest step that it stands for; those before it waited longer, by what they were sent earlier
        latencies.append(ns - shift - sent[min(arrived, n) - 1])
    return latencies, f"{arrived} of {total} steps"


def first_key(inputd, keyboard, guest, times):
    """From the hotkey's press at the host to the first key in the guest."""
    latencies = []
    for i in range(times):
        shift, _ = offset(guest) if i % 20 == 0 else (shift, 0)
        guest.take()
        keyboard.tap(KEY_SCROLLLOCK)
        begun = now_ns()
        keyboard.key(KEY_SCROLLLOCK, 1)
        inputd.wait("hotkey")
        assert "error" not in inputd.move("keyboard", "linux")
        keyboard.key(KEY_A, 1)
        guest.wait("the key", lambda rs: any(r[1:4] == (EV_KEY, KEY_A, 1) for r in rs), 30)
        latencies.append(next(r[4] for r in guest.records if r[1:4] == (EV_KEY, KEY_A, 1)) - shift - begun)
        keyboard.key(KEY_A, 0)
        keyboard.key(KEY_SCROLLLOCK, 0)
        inputd.move("keyboard", "host")
        keyboard.look()
        time.sleep(0.6)  # two double taps in a row are none
    return latencies


def plug_in(guest, times):
    """From plugging a USB keyboard in to its event node."""
    latencies = []
    for i in range(times):
        guest.take()
        begun = time.monotonic()
        guest.qmp("device_add", driver="usb-kbd", id=f"k{i}", bus="usb.0")
        guest.wait("the keyboard", lambda rs: any(r[1] == NODE_CAME for r in rs), 60)
        latencies.append(int((time.monotonic() - begun) * 1e9))
        guest.qmp("device_del", id=f"k{i}")
        guest.wait("the keyboard to go", lambda rs: any(r[1] == NODE_GONE for r in rs), 60)
    return latencies


def wait_for_nodes(guest):
    """A while without new ones."""
    last = time.monotonic()
    while time.monotonic() - last < 3:
        guest.read(0.2)
        if guest.take():
            last = time.monotonic()


def run(program, kit, folder, mode):
    port = free_port()
    inputd = Inputd(program, folder, [port])
    inputd.configure(f"guest=linux\nport={port}\nmode={mode}\ndevice=keyboard\ninput=k\ndevice=mouse\ninput=m\n"
                     "hotkey=scrolllock scrolllock\naction=toggle\n")
    keyboard, mouse = inputd.plug("keyboard"), inputd.plug("mouse")
    inputd.expect("linux")
    guest = Guest(kit, folder, port, name=mode, arguments=["-device", "virtio-keyboard-pci", "-device", "virtio-mouse-pci"])
    try:
        guest.wait("the guest's start", lambda rs: any(r[1] == STARTED for r in rs), 600)
        wait_for_nodes(guest)
        print(f"clocks are together to {offset(guest)[1] / 1e6:.2f} ms; load {os.getloadavg()[0]:.1f}")
        assert "error" not in inputd.move("mouse", "linux")
        for rate in RATES:
            show(f"hotseat, {mode}, {rate}/s", *measure(guest, lambda step: mouse.emit((EV_REL, 0, step)), rate))
        if mode != "pull":
            return
        with Qmp(guest.qmp_path) as qmp:
            for rate in RATES[:2]:
                show(f"virtio-mouse by QMP, {rate}/s", *measure(guest, qmp.move, rate))
        hotkey, plugged = first_key(inputd, keyboard, guest, 40), plug_in(guest, 5)
        show("hotkey to the first key", hotkey, f"{len(hotkey)} times")
        show("a USB keyboard is plugged in", plugged, f"{len(plugged)} times")
        print(f"{'':34} {sorted(plugged)[len(plugged) // 2] / sorted(hotkey)[len(hotkey) // 2]:.0f} times as long")
    finally:
        guest.stop()
        inputd.stop()


class Qmp:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.file = self.socket.makefile("rw")
        self.file.readline()
        self.send('{"execute": "qmp_capabilities"}')

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.file.close()
        self.socket.close()

    def send(self, text):
        self.file.write(text + "\n")
        self.file.flush()
        while "return" not in self.file.readline():
            pass

    def move(self, step):
        self.send('{"execute": "input-send-event", "arguments": {"events": [{"type": "rel", "data": '
                  f'{{"axis": "x", "value": {step}}}}}]}}}}')


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    kit = sys.argv[2] if len(sys.argv) > 2 else os.path.join(cache, "hotseat-guest")
    subprocess.run([os.path.join(TOP, "tests", "input", "guest.sh"), kit], check=True)
    for mode in ("pull", "paced"):
        with tempfile.TemporaryDirectory() as folder:
            run(sys.argv[1], kit, folder, mode)


main()
