# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's desk as the scenarios see it: what the hardware, the kernel, QEMU and libvirt say.

Nothing here asks the daemon where things are; Desk.switch() and Desk.status() pass its word on.
"""
import glob
import http.client
import json
import os
import re
import select
import socket
import struct
import subprocess
import time
import xml.etree.ElementTree as ET

import libvirt
import libvirt_qemu

DDCSIM = "/sys/kernel/debug/ddcsim"
GADGETS = "/sys/kernel/config/usb_gadget"
CONFIG = "/run/hotseat-lab.yaml"
SOCKET = "/run/hotseat/hotseat.sock"
PORTS = 15  # of guest.xml's USB controller
DOMAIN = "win10"
LEARNED = ["/root/.local/state/hotseat/monitors", "/var/lib/hotseat/monitors"]   # about monitors
UNIT = "hotseatd-lab"                       # not the installed one's name
HOST, GUEST = 0x0F, 0x11                    # the monitors' inputs
RUNNING, PAUSED = libvirt.VIR_DOMAIN_RUNNING, libvirt.VIR_DOMAIN_PAUSED

libvirt.registerErrorHandler(lambda context, error: None, None)


def check(truth, *what):
    if not truth:
        raise AssertionError(" ".join(str(w) for w in what))


def equal(got, wanted, what):
    check(got == wanted, "%s: %r, wanted %r" % (what, got, wanted))


def eventually(fact, what, seconds=180):
    """Waits until fact() is true. The bound is generous: the lab runs on busy machines."""
    end = time.monotonic() + seconds
    while True:
        got = fact()
        if got:
            return got
        check(time.monotonic() < end, "never happened:", what)
        time.sleep(0.05)


def sh(command, ok=True):
    r = subprocess.run(command, shell=True, stdin=subprocess.DEVNULL, capture_output=True,
                       text=True)
    check(not ok or r.returncode == 0, command, "->", r.returncode, r.stdout, r.stderr)
    return r.stdout if ok else r


def read(path):
    with open(path) as f:
        return f.read().strip()


def write(path, value):
    with open(path, "w") as f:
        f.write(str(value))


def unload(module):
    """A bus that a process has open, if only for a moment, keeps its modules."""
    eventually(lambda: sh("rmmod " + module, ok=False).returncode == 0, module + " unloaded")


class Monitor:
    """One of ddcsim's, from the inside. bus is the host's cable."""

    def __init__(self, nr):
        self.dir = "%s/mon%d" % (DDCSIM, nr)
        self.name = "monitor " + "AB"[nr]

    def __setitem__(self, fault, value):
        write("%s/%s" % (self.dir, fault), value)

    @property
    def bus(self):
        return int(read(self.dir + "/a/bus"))

    @property
    def input(self):
        return int(read(self.dir + "/input"), 16)

    def sets(self, feature=0x60):
        """The values of all Set VCP of a feature that it has taken."""
        lines = [line.split() for line in read(self.dir + "/log").splitlines()]
        return [int(value, 16) for _, _, f, value in lines if int(f, 16) == feature]

    @property
    def lost(self):
        """How many it has taken and forgotten."""
        return int(read(self.dir + "/lost"))

    def cable(self):
        """The bus that the last one came by."""
        return int(read(self.dir + "/log").splitlines()[-1].split()[1])

    def witness(self):
        """What ddcutil, which knows nothing of this project, reads."""
        out = sh("ddcutil --bus %d --terse getvcp 60" % self.bus)
        # other versions have other lines before it
        return int(re.search(r"^VCP 60 \S+ x(\w+)", out, re.M)[1], 16)


class Device:
    """A virtual USB keyboard or mouse, made by usbsim."""

    def __init__(self, name):
        self.name = name

    @property
    def port(self):
        """The sysfs name of its port, as '3-1'; each of dummy_hcd's controllers has one port."""
        udc = read("/run/usbsim." + self.name)
        root = glob.glob("/sys/devices/platform/dummy_hcd.%s/usb*" % udc.split(".")[1])[0]
        return os.path.basename(root)[3:] + "-1"

    @property
    def address(self):
        """(bus, device), None while unplugged."""
        try:
            d = "/sys/bus/usb/devices/%s/" % self.port
            return int(read(d + "busnum")), int(read(d + "devnum"))
        except OSError:
            return None

    @property
    def at(self):
        """host: usbhid drives it. guest: QEMU has it open. Otherwise "nobody", or during a move "both"."""
        address = self.address
        if not address:
            return "nowhere"
        driver = "/sys/bus/usb/devices/%s:1.0/driver" % self.port
        open_in_qemu = ("/dev/bus/usb/%03d/%03d" % address) in qemu_files()
        by_usbhid = os.path.exists(driver) and os.path.basename(os.readlink(driver)) == "usbhid"
        if open_in_qemu and by_usbhid:
            return "between"
        return "guest" if open_in_qemu else "host" if by_usbhid else "nobody"

    @property
    def plugged(self):
        """By usbsim's word: the kernel may not have noticed yet."""
        return bool(read("%s/%s/UDC" % (GADGETS, self.name)))

    @property
    def gadget(self):
        """The node that takes its reports."""
        return "/dev/hidg" + read("%s/%s/functions/hid.0/dev" % (GADGETS, self.name)).split(":")[1]

    @property
    def inputs(self):
        """The kernel's names for what its driver has made of it: new ones with each time that it is bound."""
        return glob.glob("/sys/bus/usb/devices/%s:1.0/*/input/input*" % self.port)

    def plug(self):
        """As usbsim does it, without a shell."""
        write("%s/%s/UDC" % (GADGETS, self.name), read("/run/usbsim." + self.name))

    def unplug(self):
        """Back when the kernel has noticed: for a moment after the unplugging, no driver is bound."""
        write("%s/%s/UDC" % (GADGETS, self.name), "\n")
        eventually(lambda: self.at == "nowhere", self.name + " out")

    def key_arrives(self):
        """Presses A: does the host's kernel report an event?"""
        if self.at != "host":
            return False
        nodes = "/sys/bus/usb/devices/%s:1.0/*/input/input*/event*" % self.port
        node = "/dev/input/" + os.path.basename(
            eventually(lambda: glob.glob(nodes), "an event node")[0])
        eventually(lambda: os.path.exists(node), "udev's node")
        with open(node, "rb", buffering=0) as f:
            sent = subprocess.Popen(["hidsend", self.gadget, "20", "0000040000000000", "0" * 16],
                                    stdout=subprocess.DEVNULL)
            seen = []
            end = time.monotonic() + 60
            while len(seen) < 2 and select.select([f], [], [], max(end - time.monotonic(), 0))[0]:
                data = f.read(24 * 64)
                events = [struct.unpack("qqHHi", data[i:i + 24]) for i in range(0, len(data), 24)]
                # 2: the kernel repeats a key that a busy machine lets go late
                seen += [value for _, _, kind, code, value in events
                         if (kind, code) == (1, 30) and value != 2]
            if sent.wait() == 0 and seen == [1, 0]:
                return True
            print("# %s: hidsend exits with %d, seen at %s: %r" % (self.name, sent.wait(), node, seen))
            return False


class OwnMouse(Device):
    """The machine's own mouse, on a port of QEMU's controller. It never moves."""

    def __init__(self):
        super().__init__("the machine's mouse")
        mice = [d for d in glob.glob("/sys/bus/usb/devices/*-*")
                if re.fullmatch(r"\d+-\d+", os.path.basename(d)) and read(d + "/product") == "QEMU USB Mouse"]
        self.root_port = os.path.basename(mice[0])

    @property
    def port(self):
        return self.root_port


class BehindHub(Device):
    """Behind the machine's hub, which QEMU gives it: a mouse (1) and a smart-card reader (2). Nothing of usbsim's."""

    def __init__(self, nr=1):
        super().__init__("number %d behind the hub" % nr)
        self.nr = nr
        hubs = [d for d in glob.glob("/sys/bus/usb/devices/*-*")
                if ":" not in d and read(d + "/bDeviceClass") == "09"]
        self.hub = os.path.basename(hubs[0])

    @property
    def port(self):
        return "%s.%d" % (self.hub, self.nr)

    @property
    def is_in_guest(self):
        return ("/dev/bus/usb/%03d/%03d" % self.address) in qemu_files()

    @property
    def hub_driver(self):
        return os.path.basename(os.readlink("/sys/bus/usb/devices/%s:1.0/driver" % self.hub))


def qemu_pid():
    try:
        return int(read("/run/libvirt/qemu/%s.pid" % DOMAIN))
    except OSError:
        return None


def qemu_files():
    files = set()
    for fd in glob.glob("/proc/%s/fd/*" % (qemu_pid() or "none")):
        try:
            files.add(os.readlink(fd))
        except OSError:
            pass
    return files


class Guest:
    resting = None      # the process of the guest that rest() was for

    def __init__(self):
        self.connection = None

    def domain(self):
        """None if it is not defined."""
        while True:
            if not self.connection:
                self.connection = libvirt.open("qemu:///system")
            try:
                return self.connection.lookupByName(DOMAIN)
            except libvirt.libvirtError as e:
                if e.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN:
                    return None
                self.connection = None      # libvirtd was restarted

    @property
    def state(self):
        d = self.domain()
        return d and d.state()[0]

    def hostdevs(self):
        """The (bus, device) addresses that libvirt has in the running domain's description."""
        found = ET.fromstring(self.domain().XMLDesc()).findall("./devices/hostdev/source/address")
        return sorted((int(a.get("bus"), 0), int(a.get("device"), 0)) for a in found)

    def monitor(self, command):
        """What QEMU's monitor answers."""
        return libvirt_qemu.qemuMonitorCommand(
            self.domain(), command, libvirt_qemu.VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP)

    def info_usb(self):
        """QEMU's list of the devices in the guest."""
        return self.monitor("info usb")

    def rest(self):
        """Stops the timer of a firmware that waits for ever (8254, counter 0: once, not again and again), until the guest
        is reset. Its 18 interrupts a second take a tenth of the machine's processor."""
        if Guest.resting == qemu_pid():
            return
        for write_port in "0x43 0x38", "0x40 1", "0x40 0":
            self.monitor("o /b " + write_port)
        Guest.resting = qemu_pid()

    def empty(self):
        """Takes the hostdevs away: a new start of the guest would take ten times as long."""
        d = self.domain()
        for hostdev in ET.fromstring(d.XMLDesc()).findall("./devices/hostdev"):
            d.detachDevice(ET.tostring(hostdev, "unicode"))
        eventually(lambda: not self.hostdevs(), "the guest has no hostdev")

    def fill_ports(self, left):
        """Its USB ports, but for so many; the guest has to be killed for them to be free again."""
        for _ in range(PORTS - left):
            self.domain().attachDevice("<input type='tablet' bus='usb'/>")

    @staticmethod
    def kill(d):
        try:
            d.destroy()
        except libvirt.libvirtError:
            # A libvirtd that has just started and still connects to QEMU notices that it is dead before destroy() does.
            if d.isActive():
                raise

    def make(self, state):
        """state: running, paused, off, absent. It has no hostdev afterwards."""
        d = self.domain()
        if d and self.state == PAUSED and state == "running":
            d.resume()
        if d and d.isActive() and (state != "running" or self.state != RUNNING):
            self.kill(d)
        if d and d.isActive():
            self.empty()
            self.rest()
        if d and state == "absent":
            d.undefine()
        if not d and state != "absent":
            d = self.connection.defineXML(read("/usr/local/share/lab/guest.xml"))
        if state in ("running", "paused") and not d.isActive():
            d.create()
        if state == "paused":
            d.suspend()


class UnixConnection(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(120)
        self.sock.connect(SOCKET)


def request(method, path, body=None):
    """(status, answer) from the daemon's Unix socket"""
    c = UnixConnection("hotseat")
    try:
        c.request(method, path, None if body is None else json.dumps(body),
                  {"Content-Type": "application/json"})
        r = c.getresponse()
        return r.status, json.loads(r.read() or b"null")
    finally:
        c.close()


class Desk:
    """Made again for each scenario, everything at the host."""

    loaded = None       # ddcsim's options

    def __init__(self, guest="running", module=""):
        self.started = time.time()
        self.monitors = [Monitor(0), Monitor(1)]
        self.stop_daemon()
        for path in LEARNED:
            if os.path.exists(path):
                os.unlink(path)
        self.guest = Guest()
        self.guest.make(guest)
        self.make_devices()
        self.make_monitors(module)

    def make_devices(self):
        for name in os.listdir(GADGETS):
            if name not in ("kbd0", "mouse0"):
                if Device(name).plugged:
                    Device(name).unplug()
                sh("usbsim remove " + name)
        for kind, name, ids in ("kbd", "kbd0", "28da:1101"), ("mouse", "mouse0", "046d:c08d"):
            if not os.path.isdir(GADGETS + "/" + name):
                sh("usbsim add %s %s %s" % (kind, name, ids))
        self.keyboard, self.mouse = Device("kbd0"), Device("mouse0")
        self.devices = [self.keyboard, self.mouse]
        for d in self.devices:
            if d.plugged:
                eventually(lambda: d.at != "nowhere", d.name + " in")
                if d.at != "host":
                    d.unplug()
            if not d.plugged:
                d.plug()
            eventually(lambda: d.at == "host", d.name + " at the host")

    def add(self, kind, name, ids, serial=""):
        """Another device, plugged in: back when it is at the host, and udev has seen to it."""
        sh("usbsim add %s %s %s %s" % (kind, name, ids, serial))
        device = Device(name)
        eventually(lambda: device.at == "host", name + " at the host")
        sh("udevadm settle")
        return device

    def make_monitors(self, options=""):
        """options: ddcsim's. Cable b is the guest's card's, which the host does not see."""
        if Desk.loaded == options:
            write(DDCSIM + "/reset", 1)
        else:
            self.load_monitors(options)
        for m in self.monitors:
            m["b/dead"] = 1

    def load_monitors(self, options=""):
        """The buses are new, with the rights that the rules of today give them."""
        Desk.loaded = None
        if os.path.isdir(DDCSIM):
            unload("ddcsim")
        sh("modprobe ddcsim " + options)
        Desk.loaded = options
        for m in self.monitors:
            m["b/dead"] = 1
            eventually(lambda: os.path.exists("/dev/i2c-%d" % m.bus), "udev's i2c node")
        sh("udevadm settle")

    def peak(self, card):
        """The most transfers at the same time on the buses of a card, "a" (the host's) or "b"."""
        return int(read("%s/card_%s/peak" % (DDCSIM, card)))

    # -- the daemon

    def configure(self, text):
        write(CONFIG, text)
        os.chmod(CONFIG, 0o600)

    def start_daemon(self, text=None):
        """With a config, or the one it had."""
        if text:
            self.configure(text)
        sh("systemd-run -q --collect --unit=%s -p Type=notify -p NotifyAccess=main "
           "-p RuntimeDirectory=hotseat -p ExecReload='/bin/kill -HUP $MAINPID' "
           "/usr/local/bin/hotseatd --config %s" % (UNIT, CONFIG))

    def stop_daemon(self):
        if os.path.isdir("/sys/fs/cgroup/system.slice/%s.service" % UNIT):
            sh("systemctl stop " + UNIT, ok=False)

    def journal(self):
        """What each hotseatd said, and what systemd says of its unit, until now."""
        sh("journalctl --sync")
        return sh("journalctl -q -o short-monotonic --no-hostname --since @%d "
                  "_COMM=hotseatd + UNIT=%s.service + UNIT=hotseatd.service + "
                  "USER_UNIT=hotseatd.service" % (self.started, UNIT))

    def switch(self, to):
        """The answer's (status, body)."""
        return request("POST", "/switch", {"to": to})

    def switched(self, to):
        """A switch that has to work, by the daemon's word; see seat_at() for the facts."""
        status, body = self.switch(to)
        equal(status, 200, "status of %r" % body)
        check(body["success"] and not body["error"] and body["target"] == to, body)
        return body

    def sees_guest(self, state="running"):
        """Waits until the daemon knows what the guest does."""
        eventually(lambda: self.status()["guests"][0]["state"] == state, "guest seen " + state)

    def status(self):
        status, body = request("GET", "/status")
        equal(status, 200, "GET /status")
        return body

    # -- the facts

    def whereabouts(self):
        where = {m.name: m.input for m in self.monitors}
        where.update({d.name: d.at for d in self.devices})
        return where

    def seat_at(self, target, monitors=None, devices=None):
        """Asserts who has the monitors and the devices, by everything that can tell."""
        wanted = GUEST if target == "guest" else HOST
        for m in self.monitors if monitors is None else monitors:
            equal(m.input, wanted, "register of " + m.name)
        devices = self.devices if devices is None else devices
        for d in devices:
            equal(d.at, target, "who has " + d.name)
        if self.guest.state not in (RUNNING, PAUSED):
            return
        listed, usb = self.guest.hostdevs(), self.guest.info_usb()
        for d in devices:
            equal(listed.count(d.address), int(target == "guest"), d.name + " in libvirt's XML")
            equal("usbsim" in usb and d.name in usb, target == "guest", d.name + " in " + usb)

    def qemu_is_dead(self):
        """Waits until libvirt knows that it was killed, and has left the devices without a driver."""
        eventually(lambda: not qemu_pid(), "libvirt knows")
        eventually(lambda: not self.guest.domain().isActive(), "the domain is off")
        for d in self.devices:
            eventually(lambda: d.at == "nobody", d.name + " without a driver")

    def comes_home(self):
        """The whole seat, by itself, with a keyboard that works."""
        eventually(lambda: all(m.input == HOST for m in self.monitors) and
                   all(d.at == "host" for d in self.devices), "seat at the host")
        check(self.keyboard.key_arrives(), "no key event from the keyboard at the host")

    def nothing_moved(self, before):
        equal(self.whereabouts(), before, "whereabouts")
        for m in self.monitors:
            equal(m.sets(), [], "Set VCP at " + m.name)


def steps(body):
    """{name: outcome} of an answer"""
    return {s["name"]: s["outcome"] for s in body["steps"]}


def step(body, kind, nth=0):
    return [s for s in body["steps"] if s["kind"] == kind][nth]
