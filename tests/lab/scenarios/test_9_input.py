# SPDX-License-Identifier: GPL-3.0-or-later
"""hotseat-inputd as it is installed: its units and rights, with a keyboard that is really plugged in. The scenario is
hotseatd, which may not run meanwhile, and the guest's QEMU."""
import contextlib
import os
import pwd
import signal
import socket
import struct
import subprocess

from begin import desk
from desk import check, equal, eventually, sh
from test_6_service import install, person

CONTROL = "/run/hotseat-input/control"
PORT = 49201
KEY_A_REPORT, RELEASED = "0000040000000000", "0" * 16
HELLO = struct.pack("<III64sI", 0, 68, 0, b"lab", 1 << 1 | 1 << 4 | 1 << 5 | 1 << 6)
BULK, SET_CONFIGURATION = 101, 6


class Control:
    def __init__(self, path=CONTROL):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.settimeout(60)
        self.socket.connect(path)
        self.wait("welcome")

    def send(self, text):
        self.socket.send(text.encode())

    def wait(self, begin, *parts):
        while True:
            message = self.socket.recv(65536).decode()
            check(message, "hotseat-inputd closed the connection")
            if message.startswith(begin + "\n") and all(part + "\n" in message for part in parts):
                return message

    def ask(self, text, number):
        self.send(text)
        return self.wait("result", "id=%d" % number)


class Qemu:
    """Fetches reports as QEMU does, as one of the users that QEMU may run as."""

    def __init__(self, uid):
        self.id = 0
        self.buffer = b""
        # the socket's owner is the user that makes it
        os.seteuid(uid)
        try:
            self.socket = socket.create_connection(("127.0.0.1", PORT))
        finally:
            os.seteuid(0)
        self.socket.settimeout(60)
        self.socket.sendall(HELLO)
        self.take(12 + 64 + 4)
        self.packet(SET_CONFIGURATION, b"\1")
        self.request()

    def take(self, n):
        while len(self.buffer) < n:
            data = self.socket.recv(65536)
            check(data, "hotseat-inputd closed QEMU's connection")
            self.buffer += data
        taken, self.buffer = self.buffer[:n], self.buffer[n:]
        return taken

    def packet(self, kind, body):
        self.id += 1
        self.socket.sendall(struct.pack("<IIQ", kind, len(body), self.id) + body)

    def request(self):
        self.packet(BULK, struct.pack("<BBHIH", 0x82, 0, 32, 0, 0))

    def report(self):
        while True:
            kind, length, _ = struct.unpack("<IIQ", self.take(16))
            body = self.take(length)
            if kind == BULK:
                self.request()
                return body[10:]


@contextlib.contextmanager
def inputd():
    install()
    sh("systemctl start hotseat-inputd.socket")
    try:
        yield Control()
    finally:
        sh("systemctl stop hotseat-inputd.service hotseat-inputd.socket; systemctl reset-failed hotseat-inputd", ok=False)


def press_a(kbd):
    """Without looking at whom it reaches."""
    return subprocess.run(["hidsend", kbd.gadget, "20", KEY_A_REPORT, RELEASED], stdout=subprocess.DEVNULL,
                          check=False).returncode


@desk(config=None, guest="off")
def input_there_and_back(desk):
    """the installed unit forwards a keyboard that is plugged in to a guest's QEMU, and gives it back"""
    kbd = desk.keyboard
    uid = pwd.getpwnam("libvirt-qemu").pw_uid
    with inputd() as control:
        equal("error=" in control.ask("configure\nversion=1\nid=1\nguest=g\nport=%d\ndevice=k\nvendor=28da\n"
                                      "product=1101\nhotkey=scrolllock scrolllock\naction=toggle\n" % PORT, 1),
              False, "the configuration is refused")
        control.wait("device", "device=k", "presence=present")
        control.ask("expect\nid=2\nguest=g\nuid=%d\n" % uid, 2)
        qemu = Qemu(uid)
        control.wait("guest", "state=ready")
        check(kbd.key_arrives(), "the host gets no key while it has the seat")
        check("at=g\n" in control.ask("move\nid=3\ndevice=k\nto=g\n", 3), "it did not move")
        press_a(kbd)
        equal([qemu.report()[2] & 1, qemu.report()[2] & 1], [1, 0], "what the guest gets")
        kbd.unplug()
        control.wait("device", "presence=absent", "at=g")
        kbd.plug()
        control.wait("device", "presence=present", "at=g")
        press_a(kbd)
        equal([qemu.report()[2] & 1, qemu.report()[2] & 1], [1, 0], "what the guest gets after a replug")
        check("at=host\n" in control.ask("move\nid=4\ndevice=k\nto=host\n", 4), "it did not come back")
        eventually(kbd.key_arrives, "keys at the host again")


@desk(config=None, guest="off")
def input_rights(desk):
    """no user but hotseatd's may connect to the control socket, and no user but QEMU's to the port; the process has no network
    of its own, and, if it hangs, dies without taking the keyboard with it"""
    uid = pwd.getpwnam("libvirt-qemu").pw_uid
    kbd = desk.keyboard
    with inputd() as control:
        control.ask("configure\nversion=1\nid=1\nguest=g\nport=%d\ndevice=k\nvendor=28da\nproduct=1101\n" % PORT, 1)
        control.ask("expect\nid=2\nguest=g\nuid=%d\n" % uid, 2)
        equal(sh("runuser -u nobody -- python3 -c \"import socket; "
                 "socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET).connect('%s')\" 2>&1 | tail -1" % CONTROL,
                 ok=False).stdout.strip(), "PermissionError: [Errno 13] Permission denied", "another user at the control socket")
        with socket.create_connection(("127.0.0.1", PORT)) as stranger:
            stranger.settimeout(60)
            equal(stranger.recv(100), b"", "root is not this guest's QEMU")
        qemu = Qemu(uid)
        control.wait("guest", "state=ready")
        pid = int(sh("systemctl show -P MainPID hotseat-inputd"))
        interfaces = sh("nsenter -t %d -n cat /proc/net/dev | sed -n 's/^ *\\(.*\\):.*/\\1/p'" % pid)
        equal(interfaces.split(), ["lo"], "its network")
        check("at=g\n" in control.ask("move\nid=3\ndevice=k\nto=g\n", 3), "it did not move")
        os.kill(pid, signal.SIGSTOP)
        eventually(lambda: not os.path.exists("/proc/%d" % pid), "systemd ends what hangs")
        eventually(kbd.key_arrives, "keys at the host after hotseat-inputd was ended")
        qemu.socket.close()


@desk(config=None, guest="off")
def input_user_units(desk):
    """the user's own units forward a keyboard, if the user is in the group input"""
    kbd = desk.keyboard
    install()
    with person("input") as run:
        uid = pwd.getpwnam("ann").pw_uid
        sh("loginctl enable-linger ann")
        eventually(lambda: os.path.exists("/run/user/%d/systemd/private" % uid), "her service manager")
        code, said = run("systemctl", "--user", "start", "hotseat-inputd.socket")
        equal(code, 0, said)
        control = Control("/run/user/%d/hotseat-input/control" % uid)
        check("error=" not in control.ask("configure\nversion=1\nid=1\nguest=g\nport=%d\ndevice=k\nvendor=28da\n"
                                          "product=1101\n" % PORT, 1), "the configuration is refused")
        control.wait("device", "device=k", "presence=present")
        control.ask("expect\nid=2\nguest=g\nuid=%d\n" % uid, 2)
        qemu = Qemu(uid)
        control.wait("guest", "state=ready")
        check("at=g\n" in control.ask("move\nid=3\ndevice=k\nto=g\n", 3), "it did not move")
        press_a(kbd)
        equal([qemu.report()[2] & 1, qemu.report()[2] & 1], [1, 0], "what the guest gets")
        check("at=host\n" in control.ask("move\nid=4\ndevice=k\nto=host\n", 4), "it did not come back")
        eventually(kbd.key_arrives, "keys at the host again")
        qemu.socket.close()
