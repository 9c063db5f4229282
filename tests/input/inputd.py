# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests with a guest need: hotseat-inputd and its control socket, QEMU, the guest's events."""
import array
import fcntl
import os
import pathlib
import select
import socket
import struct
import subprocess
import time

# see tests/lab/lab
LIGHT_KERNEL = pathlib.Path(__file__).parent.parent / "light-kernel"

EVENT = struct.Struct("@llHHi")
RECORD = struct.Struct("<QIHHHHi")
MAGIC = 0x48535431
EV_SYN, EV_KEY, EV_REL, EV_LED = 0, 1, 2, 0x11
SIM_GRAB = 0xf0
SIOCOUTQ = 0x5411  # linux/sockios.h
NODE_CAME, NODE_GONE, LISTED, PONG, STARTED = range(0xf0, 0xf5)


def wait_for(what, test, seconds=60):
    """What test() returns once it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = test()
        if found:
            return found
        time.sleep(0.005)
    raise AssertionError(f"{what}: not within {seconds} s")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Node:
    """A simulated event node: the end that stands for the kernel's side."""

    def __init__(self):
        self.socket, self.other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.grabbed = False
        self.written = []
        self.leds = {}

    def emit(self, *events):
        """A frame of (type, code, value)."""
        now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        sec, usec = divmod(now, 1000000)
        frame = b"".join(EVENT.pack(sec, usec, *e) for e in (*events, (EV_SYN, 0, 0)))
        self.socket.sendall(frame)

    def key(self, code, value):
        self.emit((EV_KEY, code, value))

    def is_read(self):
        """Has hotseat-inputd read all of it?"""
        unread = array.array("i", [0])
        fcntl.ioctl(self.socket, SIOCOUTQ, unread)
        return unread[0] == 0

    def tap(self, code):
        self.key(code, 1)
        self.key(code, 0)

    def look(self):
        """Reads what was written to the node; returns what is new, without SYN."""
        new = []
        while select.select([self.socket], [], [], 0)[0]:
            packet = self.socket.recv(8192)
            if not packet:
                break
            for i in range(0, len(packet), EVENT.size):
                _, _, kind, code, value = EVENT.unpack_from(packet, i)
                if kind == SIM_GRAB:
                    self.grabbed = value == 1
                elif kind == EV_LED:
                    self.leds[code] = value
                if kind != EV_SYN:
                    new.append((kind, code, value))
        self.written += new
        return new

    def unplug(self):
        self.socket.close()


class Inputd:
    def __init__(self, program, folder, ports=(), log=None):
        self.path = os.path.join(folder, "control")
        self.command = [program, "--simulate", "-v", "--control", self.path]
        for port in ports:
            self.command += ["--listen", str(port)]
        self.log = open(os.path.join(folder, "inputd.log"), "ab")
        self.log_path = self.log.name
        self.messages = []
        self.id = 0
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stderr=self.log)
        self.connect()

    def connect(self):
        def attempt():
            s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            try:
                s.connect(self.path)
            except OSError:
                s.close()
                return None
            return s
        self.socket = wait_for("the control socket", attempt)
        self.wait("welcome")

    def stop(self, kill=False):
        if kill:
            self.process.kill()
        else:
            self.process.terminate()
        code = self.process.wait()
        self.socket.close()
        return code

    def send(self, text, fd=None):
        rights = []
        if fd is not None:
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))]
        self.socket.sendmsg([text.encode()], rights)

    def read(self, seconds=0.0):
        """Takes what has come; each message is (verb, {key: value})."""
        new = []
        while select.select([self.socket], [], [], 0 if new else seconds)[0]:
            packet = self.socket.recv(65536).decode()
            if not packet:
                break
            verb, *lines = packet.rstrip("\n").split("\n")
            new.append((verb, dict(line.split("=", 1) for line in lines)))
        self.messages += new
        return new

    def wait(self, verb, seconds=60, **fields):
        """The first message of that kind with those fields that was not waited for yet."""
        end = time.monotonic() + seconds
        while True:
            for i, (v, f) in enumerate(self.messages):
                if v == verb and all(f.get(k.replace("_", "-")) == str(w) for k, w in fields.items()):
                    del self.messages[:i + 1]
                    return f
            left = end - time.monotonic()
            if left <= 0:
                raise AssertionError(f"no {verb} {fields} came; these did: {self.messages[-8:]}")
            self.read(left)

    def configure(self, text):
        self.id += 1
        self.send(f"configure\nversion=1\nid={self.id}\n{text}")
        return self.wait("result", id=self.id)

    def plug(self, device):
        node = Node()
        self.send(f"plug\ndevice={device}\n", node.other.fileno())
        node.other.close()
        self.wait("device", device=device, presence="present")
        return node

    def expect(self, guest, uid=None):
        self.id += 1
        self.send(f"expect\nid={self.id}\nguest={guest}\nuid={os.getuid() if uid is None else uid}\n")
        return self.wait("result", id=self.id)

    def move(self, device, to):
        self.id += 1
        self.send(f"move\nid={self.id}\ndevice={device}\nto={to}\n")
        return self.wait("result", id=self.id)


class Guest:
    """A QEMU with the guest of guest.sh, whose USB redirection connects to port."""

    def __init__(self, kit, folder, port, name="guest", controller="qemu-xhci", arguments=()):
        self.echo_path = os.path.join(folder, name + ".echo")
        self.qmp_path = os.path.join(folder, name + ".qmp")
        accel = ["-accel", "kvm"] if os.environ.get("HOTSEAT_GUEST_KVM") else ["-accel", "tcg"]
        self.command = [
            "qemu-system-x86_64", "-M", "q35", *accel, "-m", "192", "-nodefaults", "-display", "none",
            "-no-reboot" if name == "once" else "-no-shutdown",
            "-kernel", kit + "/vmlinuz", "-initrd", kit + "/initrd",
            "-append", "console=ttyS0 quiet panic=-1 " + LIGHT_KERNEL.read_text().strip(),
            "-serial", "file:" + os.path.join(folder, name + ".console"),
            "-qmp", f"unix:{self.qmp_path},server=on,wait=off",
            "-device", "virtio-serial-pci", "-chardev", f"socket,id=echo,path={self.echo_path},server=on,wait=off",
            "-device", "virtserialport,chardev=echo,name=echo",
            "-device", controller + ",id=usb",
            "-chardev", f"socket,id=redir,host=127.0.0.1,port={port},reconnect=1",
            "-device", "usb-redir,chardev=redir,bus=usb.0", *arguments]
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL)
        self.records = []
        self.buffer = b""
        self.socket = wait_for("QEMU", self.connect)

    def connect(self):
        assert self.process.poll() is None, "QEMU ended"
        s = socket.socket(socket.AF_UNIX)
        try:
            s.connect(self.echo_path)
        except OSError:
            s.close()
            return None
        return s

    def command_guest(self, line):
        self.socket.sendall(line.encode() + b"\n")

    def read(self, seconds=0.0):
        """New records: (node, type, code, value, ns). Leaves out how the guest repeats a held key."""
        end = time.monotonic() + seconds
        new = []
        while select.select([self.socket], [], [], 0 if new else max(end - time.monotonic(), 0))[0]:
            data = self.socket.recv(65536)
            if not data:
                break
            self.buffer += data
            while len(self.buffer) >= RECORD.size:
                ns, magic, node, kind, code, _, value = RECORD.unpack_from(self.buffer)
                if magic != MAGIC:
                    self.buffer = self.buffer[1:]
                    continue
                self.buffer = self.buffer[RECORD.size:]
                if not (kind == EV_KEY and value == 2):
                    new.append((node, kind, code, value, ns))
        self.records += new
        return new

    def wait(self, what, test, seconds=120):
        end = time.monotonic() + seconds
        while not test(self.records):
            left = end - time.monotonic()
            if left <= 0:
                raise AssertionError(f"{what}: not within {seconds} s; the guest has {self.records[-20:]}")
            assert self.process.poll() is None, f"{what}: QEMU ended with {self.process.returncode}"
            self.read(min(left, 0.2))

    def settle(self):
        """All that was sent has arrived: a key that is not otherwise used comes back."""
        self.read(0.3)

    def take(self):
        taken, self.records = self.records, []
        return taken

    def qmp(self, command, **arguments):
        import json
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(self.qmp_path)
            f = s.makefile("rw")
            f.readline()
            for text in ({"execute": "qmp_capabilities"}, {"execute": command, "arguments": arguments}):
                f.write(json.dumps(text) + "\n")
                f.flush()
                while True:
                    answer = json.loads(f.readline())
                    if "event" not in answer:
                        break
        return answer

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.socket.close()
