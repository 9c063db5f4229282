# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole way of a key: a keyboard that is plugged in, its event node, hotseat-inputd, usbredir, a Linux guest's USB
driver, and the guest's own event node. The guest is that of tests/input. Its QEMU runs outside, where it starts ten
times as fast (need_guest in lab), and connects to three ports here, which stand for its sockets."""
import contextlib
import os
import select
import socket
import struct
import subprocess
import threading
import time

from begin import desk
from desk import check, equal, eventually, sh, write
from test_6_service import install

ADDRESS = "10.0.2.15"
REDIR, QMP, ECHO = 7001, 7002, 7003     # as lab forwards them
PORT = 49201
QMP_PATH = "/run/lab-guest.qmp"
WANTED = "/run/lab-guest"               # what is written there starts it
RECORD, MAGIC = struct.Struct("<QIHHHHi"), 0x48535431    # of tests/input/guest.c
EV_KEY, LISTED = 1, 0xf2
KEY_A, KEY_B = 30, 48
A, B, BOTH_CTRL, UP = "0000040000000000", "0000050000000000", "1100000000000000", "0" * 16
CONFIG = """\
guests:
  - {name: linux, qemu: {qmp: %s, port: %d}}
devices:
  - {name: keyboard, via: input, vendor: 0x28da, product: 0x1101}
""" % (QMP_PATH, PORT)


def pass_on(source, sink):
    """Until one of them ends."""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for s in (source, sink):
        with contextlib.suppress(OSError):
            s.shutdown(socket.SHUT_RDWR)


def join(one, other):
    """Both directions; returns when the connection is over."""
    back = threading.Thread(target=pass_on, args=(other, one), daemon=True)
    back.start()
    pass_on(one, other)
    back.join()
    one.close()
    other.close()


class Qemu:
    """The sockets to QEMU, and what the guest says."""

    def __init__(self):
        self.listeners = {port: socket.create_server((ADDRESS, port)) for port in (REDIR, QMP, ECHO)}
        with contextlib.suppress(FileNotFoundError):
            os.unlink(QMP_PATH)
        self.qmp = socket.socket(socket.AF_UNIX)
        self.qmp.bind(QMP_PATH)
        self.qmp.listen()
        self.buffer = b""
        self.echo = None
        for serve in (self.serve_redir, self.serve_qmp):
            threading.Thread(target=serve, daemon=True).start()

    def serve_redir(self):
        while True:
            outside = self.listeners[REDIR].accept()[0]
            with contextlib.suppress(OSError):
                join(outside, socket.create_connection(("127.0.0.1", PORT)))
            outside.close()

    def serve_qmp(self):
        while True:
            outside = self.listeners[QMP].accept()[0]
            join(outside, self.qmp.accept()[0])

    def records(self, seconds):
        """(type, code, value) of what comes next, if it does so within that time."""
        if not self.echo:
            self.echo = self.listeners[ECHO].accept()[0]
        if not select.select([self.echo], [], [], seconds)[0]:
            return []
        self.buffer += self.echo.recv(65536)
        found = []
        while len(self.buffer) >= RECORD.size:
            _, magic, _, kind, code, _, value = RECORD.unpack_from(self.buffer)
            # what was said before the connection was made is not all there
            whole = magic == MAGIC
            self.buffer = self.buffer[RECORD.size if whole else 1:]
            if whole:
                found.append((kind, code, value))
        return found

    def has_mouse(self):
        """Has the guest's system made nodes of the whole device? Firmware takes keys long before."""
        records = self.records(0)
        self.echo.sendall(b"list\n")
        records += self.records(1)
        return any(kind == LISTED and keys >= 16 and relative & 3 == 3 for kind, keys, relative in records)

    def keys(self, wanted):
        """The next key events in the guest, as many as wanted has, or all that come within a minute."""
        found = []
        end = time.monotonic() + 60
        while len(found) < len(wanted) and (left := end - time.monotonic()) > 0:
            # 2: the guest's kernel repeats a key that a busy machine releases late
            found += [(code, value) for kind, code, value in self.records(left) if kind == EV_KEY and value != 2]
        return found


def press(keyboard, *reports):
    subprocess.run(["hidsend", keyboard.gadget, "20", *reports], stdout=subprocess.DEVNULL, check=True)


def arrives(qemu, *codes):
    wanted = [(code, value) for code in codes for value in (1, 0)]
    equal(qemu.keys(wanted), wanted, "keys in the guest")


@desk(config=None, guest="off")
def input_with_a_guest(desk):
    """a hotkey on a keyboard that is plugged in gives it to a Linux guest and takes it back; its keys arrive at the guest's
    own event node, also after a replug and while hotseatd is restarted"""
    kbd = desk.keyboard
    install()
    sh("systemctl start hotseat-inputd.socket")
    qemu = Qemu()
    eventually(lambda: os.path.exists(WANTED), "lab waits for what is wanted")
    write(WANTED, "start\n")
    try:
        desk.start_daemon(CONFIG)
        eventually(qemu.has_mouse, "the guest's own nodes", 600)
        eventually(lambda: desk.status()["guests"][0]["input"] == "ready", "the guest takes keys")
        check(kbd.key_arrives(), "the host gets no key while it has the seat")
        press(kbd, BOTH_CTRL, UP)
        eventually(lambda: desk.status()["target"] == "linux", "the guest has the seat")
        press(kbd, A, UP, B, UP)
        arrives(qemu, KEY_A, KEY_B)
        kbd.unplug()
        kbd.plug()
        eventually(lambda: kbd.at == "host", "the keyboard's driver")
        eventually(lambda: desk.status()["devices"][0]["at"] == "linux", "it continues in the guest")
        desk.stop_daemon()
        press(kbd, B, UP)
        arrives(qemu, KEY_B)
        desk.start_daemon()
        eventually(lambda: desk.status()["guests"][0]["input"] == "ready", "hotseatd finds the guest")
        equal(desk.status()["target"], "linux", "who has the seat after a restart")
        press(kbd, BOTH_CTRL, UP)
        eventually(lambda: desk.status()["target"] == "host", "the host has the seat")
        eventually(kbd.key_arrives, "keys at the host again")
    finally:
        sh("systemctl stop hotseat-inputd.service hotseat-inputd.socket; systemctl reset-failed hotseat-inputd", ok=False)
