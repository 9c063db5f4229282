#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test_libvirt.py BUILD [TEST...]

hotseatd, hotseat-inputd, libvirtd and QEMU as they are: the redirection in a domain that runs. As root. libvirtd is
one of its own, in a mount namespace, and shares nothing with the computer's. The domain has no disk: its firmware
configures the keyboard. TAP."""
import ctypes
import difflib
import json
import os
import re
import subprocess
import sys
import tempfile
import time

BUILD = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else "build"
PORT = 49201
ALIAS = "ua-hotseat-input"
CLONE_NEWNS, MS_BIND, MS_REC, MS_PRIVATE = 0x20000, 0x1000, 0x4000, 0x40000
DOMAIN = """<domain type='qemu'><name>{name}</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='q35'>hvm</type></os>
<devices><emulator>/usr/bin/qemu-system-x86_64</emulator>{usb}<memballoon model='none'/></devices></domain>"""
XHCI = "<controller type='usb' model='qemu-xhci'/>"
libc = ctypes.CDLL(None, use_errno=True)


def until(what, test, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = test()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what}: not within {seconds} s")


def mount(source, target, kind, flags=0, data=""):
    if libc.mount(source.encode(), target.encode(), kind.encode(), flags, data.encode()) != 0:
        raise OSError(ctypes.get_errno(), f"mount {target}")


def keep_mounts_here():
    """What is mounted from here on is not seen in other namespaces. The root of a chroot is no mount point: it is left
    for that, and entered again."""
    root = os.open("/", os.O_RDONLY)
    with tempfile.TemporaryDirectory() as inner:
        os.chroot(inner)
        for _ in range(64):
            os.chdir("..")
        os.chroot(".")
        mount("none", "/", "none", MS_REC | MS_PRIVATE)
        os.fchdir(root)
        os.chroot(".")
        os.close(root)
        os.chdir("/")


def enter_namespace(folder):
    """From here on libvirt's folders are this test's own."""
    if libc.unshare(CLONE_NEWNS) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    keep_mounts_here()
    subprocess.run(["cp", "-a", "/etc/libvirt", folder + "/etc"], check=True)
    with open(folder + "/etc/qemu.conf", "a") as f:
        f.write('\nstdio_handler = "file"\nsecurity_driver = "none"\ncgroup_controllers = []\nnamespaces = []\n')
    mount("tmpfs", "/run", "tmpfs", data="mode=755")
    for inner, outer in (("lib", "/var/lib/libvirt"), ("log", "/var/log/libvirt"), ("cache", "/var/cache/libvirt")):
        os.makedirs(f"{folder}/{inner}", exist_ok=True)
        os.makedirs(outer, exist_ok=True)
        mount(f"{folder}/{inner}", outer, "none", MS_BIND)
    mount(folder + "/etc", "/etc/libvirt", "none", MS_BIND)
    # hotseat-inputd needs the folder, and there are no keyboards here
    mount("tmpfs", "/dev", "tmpfs", data="mode=755")
    os.mkdir("/dev/input")
    for node, kind in (("null", (1, 3)), ("zero", (1, 5)), ("random", (1, 8)), ("urandom", (1, 9))):
        os.mknod(f"/dev/{node}", 0o20666, os.makedev(*kind))
        os.chmod(f"/dev/{node}", 0o666)
    os.symlink("/proc/self/fd", "/dev/fd")


class Desk:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="hotseat-libvirt-")
        os.chmod(self.folder, 0o755)
        enter_namespace(self.folder)
        self.log = open(self.folder + "/out", "wb")
        self.socket = self.folder + "/hotseat"
        self.config = self.folder + "/config.yaml"
        with open(self.config, "w") as f:
            f.write("guests:\n  - {name: one, domain: one}\n  - {name: two, domain: two}\n"
                    f"  - name: three\n    qemu: {{qmp: {self.folder}/qmp, port: {PORT + 2}}}\n"
                    "devices:\n  - {name: keyboard, via: input, input: nothing is called so, optional: true}\n")
        os.chmod(self.config, 0o600)
        self.libvirtd = self.hotseatd = self.inputd = self.qemu = None
        self.start_libvirtd()
        for name in ("one", "two"):
            self.define(name)
        self.start()

    def spawn(self, *command):
        return subprocess.Popen(command, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL, env=dict(
            os.environ, HOTSEAT_INPUT_SOCKET=self.folder + "/control", STATE_DIRECTORY=self.folder))

    def start_libvirtd(self):
        self.libvirtd = self.spawn("libvirtd")
        until("libvirtd", lambda: self.virsh("version", ok=False))

    def define(self, name, usb=XHCI):
        path = f"{self.folder}/{name}.xml"
        with open(path, "w") as f:
            f.write(DOMAIN.format(name=name, usb=usb))
        self.virsh("define", path)

    def start(self):
        self.inputd = self.spawn(BUILD + "/hotseat-inputd", "-v", "--control", self.folder + "/control",
                                 *(word for i in range(3) for word in ("--listen", str(PORT + i))))
        self.hotseatd = self.spawn(BUILD + "/hotseatd", "-v", "--config", self.config, "--socket", self.socket)

    def stop(self):
        for process in (self.hotseatd, self.inputd):
            process.terminate()
            process.wait(60)

    def virsh(self, *arguments, ok=True):
        r = subprocess.run(["virsh", "-q", "-c", "qemu:///system", *arguments], capture_output=True, text=True, timeout=120,
                           check=False)
        if ok and r.returncode != 0:
            raise AssertionError(f"virsh {' '.join(arguments)}: {r.stderr}")
        return r.stdout if r.returncode == 0 else None

    def guest(self, name):
        r = subprocess.run([BUILD + "/hotseat", "status", "--json", "--socket", self.socket], capture_output=True,
                           text=True, timeout=60, check=False)
        if r.returncode != 0:
            return {}
        return next(g for g in json.loads(r.stdout)["guests"] if g["name"] == name)

    def is_ready(self, name):
        """Its firmware has configured the keyboard and fetches keys."""
        until(f"{name} takes input", lambda: self.guest(name).get("input") == "ready")

    def is_connected(self, name):
        """Its QEMU is; firmware that is through does not configure what comes later."""
        def found():
            guest = self.guest(name)
            return guest.get("input") == "ready" or "has not configured" in (guest.get("input_error") or "")
        until(f"QEMU of {name} is connected", found)

    def firmware_takes_input(self, name):
        """At the latest when it begins again: on a busy computer it has looked for keyboards before this one came."""
        self.is_connected(name)
        if self.guest(name).get("input") != "ready":
            self.virsh("reset", name)
        self.is_ready(name)

    def redirections(self, name):
        found = self.virsh("dumpxml", name)
        return found.count(f"<alias name='{ALIAS}'/>")

    def show_log(self):
        with open(self.folder + "/out", errors="replace") as f:
            print("".join(f"# {line}" for line in [line for line in f if line.strip() and not re.search("handle|timeout 0x", line)][-40:]))

    def end(self):
        for name in ("one", "two"):
            self.virsh("destroy", name, ok=False)
        if self.qemu:
            self.qemu.kill()
            self.qemu.wait(60)
        self.stop()
        self.libvirtd.terminate()
        self.libvirtd.wait(60)


desk = None


def unchanged(name, before):
    after = desk.virsh("dumpxml", "--inactive", name)
    assert after == before, "".join(difflib.unified_diff(before.splitlines(True), after.splitlines(True)))


def test_attached():
    """a domain that starts gets the keyboard, and its definition stays as it was"""
    before = desk.virsh("dumpxml", "--inactive", "one")
    desk.virsh("start", "one")
    desk.firmware_takes_input("one")
    assert desk.redirections("one") == 1, desk.virsh("dumpxml", "one")
    unchanged("one", before)
    assert desk.guest("two")["input"] != "ready"


def test_two_guests():
    """two domains have a port each"""
    desk.virsh("start", "two")
    desk.firmware_takes_input("two")
    desk.is_ready("one")
    assert desk.redirections("two") == 1


def test_restarted():
    """a new hotseatd and hotseat-inputd find what is attached"""
    desk.stop()
    desk.start()
    desk.is_connected("one")
    desk.is_connected("two")
    assert desk.redirections("one") == 1, desk.virsh("dumpxml", "one")


def test_libvirtd_restarted():
    """libvirtd restarted: the domain keeps its keyboard, and gets it back when it is detached by hand"""
    desk.libvirtd.terminate()
    desk.libvirtd.wait(60)
    desk.start_libvirtd()
    desk.is_connected("one")
    assert desk.redirections("one") == 1, desk.virsh("dumpxml", "one")
    desk.virsh("detach-device-alias", "one", ALIAS, "--live")
    until("attached again", lambda: desk.redirections("one") == 1)
    desk.is_connected("one")


def test_saved():
    """a domain that was saved is restored while hotseat does not run, and goes on when it does"""
    before = desk.virsh("dumpxml", "--inactive", "one")
    desk.virsh("managedsave", "one")
    until("one is off", lambda: desk.guest("one").get("state") == "off")
    desk.stop()
    desk.virsh("start", "one")
    desk.start()
    desk.is_connected("one")
    assert desk.redirections("one") == 1, desk.virsh("dumpxml", "one")
    unchanged("one", before)


def test_destroyed():
    """destroyed and started, a domain gets the keyboard again"""
    desk.virsh("destroy", "one")
    until("one is off", lambda: desk.guest("one").get("state") == "off")
    desk.virsh("start", "one")
    desk.firmware_takes_input("one")


def test_no_room():
    """a domain without USB is told apart, and the command that helps is named"""
    desk.virsh("destroy", "two")
    desk.virsh("undefine", "two")
    desk.define("two", "<controller type='usb' model='none'/>")
    desk.virsh("start", "two")
    # at first the status still says that the domain is off
    error = until("the error", lambda: (e := desk.guest("two").get("input_error") or "") and "has no USB" in e and e)
    assert "has no USB, which the emulated keyboard and mouse need" in error, error
    assert "virsh -c" in error, error


def start_qemu():
    return desk.spawn("qemu-system-x86_64", "-M", "q35", "-accel", "tcg", "-m", "64", "-nodefaults", "-display", "none",
                      "-qmp", f"unix:{desk.folder}/qmp,server=on,wait=off", "-device", "qemu-xhci", "-chardev",
                      f"socket,id=hotseat,host=127.0.0.1,port={PORT + 2},reconnect=1", "-device", "usb-redir,chardev=hotseat")


def test_without_libvirt():
    """QEMU without libvirt: whether it runs comes over QMP, and its user from the socket"""
    until("it is off", lambda: desk.guest("three").get("state") == "off")
    desk.qemu = start_qemu()
    until("it runs", lambda: desk.guest("three").get("state") == "running")
    desk.is_connected("three")
    desk.stop()
    desk.start()
    desk.is_connected("three")
    assert desk.guest("three").get("state") == "running"
    desk.qemu.kill()
    desk.qemu.wait(60)
    until("it is gone", lambda: desk.guest("three").get("state") == "crashed")
    desk.qemu = start_qemu()
    desk.is_connected("three")


TESTS = [test_attached, test_two_guests, test_restarted, test_libvirtd_restarted, test_saved, test_destroyed, test_no_room,
         test_without_libvirt]


def main():
    global desk
    if os.getuid() != 0:
        print("1..0 # SKIP only root can run a libvirtd of its own")
        return 0
    desk = Desk()
    tests = [t for t in TESTS if len(sys.argv) < 3 or t.__name__.removeprefix("test_") in sys.argv[2:]]
    print(f"1..{len(tests)}", flush=True)
    failed = 0
    try:
        for number, test in enumerate(tests, 1):
            try:
                test()
                print(f"ok {number} - {test.__doc__}", flush=True)
            except (AssertionError, OSError, subprocess.SubprocessError) as error:
                failed += 1
                print(f"not ok {number} - {test.__doc__}\n# {error}", flush=True)
                desk.show_log()
                break
    finally:
        desk.end()
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
