# SPDX-License-Identifier: GPL-3.0-or-later
"""hotseat doctor finds what is broken, and its command, run literally, fixes it."""
import contextlib
import glob
import json
import os
import pty
import re
import select
import signal
import socket
import subprocess
import time

from begin import BOTH_DEVICES, HEAD, NAMED, desk, display
from desk import SOCKET, check, equal, eventually, qemu_pid, read, sh, unload, write
from test_6_input import VIA_INPUT, firmware_takes_input, key_there_and_back
from test_6_service import CONFIG, configure, install, person, service, there_and_back

UNITS = "/run/systemd/system/"
SOCKETS = "libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket"


def examine(path=CONFIG):
    """The (exit status, findings) of the doctor."""
    r = subprocess.run(["hotseat", "doctor", "--json", path], stdin=subprocess.DEVNULL,
                       capture_output=True, text=True)
    check(r.stdout and not r.stderr, "doctor said:", r.stdout, r.stderr)
    body = json.loads(r.stdout)
    for level in ("problem", "warning"):
        equal(body[level + "s"], sum(f["level"] == level for f in body["findings"]), level + "s")
    equal(r.returncode, int(body["problems"] > 0), "exit status")
    return r.returncode, body["findings"]


def pick(findings, level, area, says):
    return [f for f in findings
            if f["area"] == area and f["level"] == level and re.search(says, f["message"])]


def find(level, area, says):
    """The one finding that is like that."""
    _, findings = examine()
    found = pick(findings, level, area, says)
    check(len(found) == 1, level, area, says, "is not found once in", json.dumps(findings, indent=1))
    return found[0]


def cure(level, area, says, hand=None):
    """Finds it, does literally what the doctor says (hand: for what no command can), and sees that
    it is not found again."""
    found = find(level, area, says)
    if hand:
        check(found["advice"] and not found["command"], "no advice alone:", found)
        hand()
    else:
        check(found["command"], "no command:", found)
        sh(found["command"])
    eventually(lambda: not pick(examine()[1], level, area, says), "it is fixed: " + says)
    return found


@contextlib.contextmanager
def on_exit(command):
    try:
        yield
    finally:
        sh(command, ok=False)


@desk(config=None)
def doctor_clean(desk):
    """on a desk where all is well the doctor finds no problem, and sets no monitor to anything"""
    with service(), on_exit("systemctl --no-reload disable hotseatd"):
        sh("systemctl --no-reload enable hotseatd")
        before = desk.whereabouts()
        code, findings = examine()
        equal(code, 0, "exit status, with %s" % json.dumps(findings, indent=1))
        # the lab's guest has no graphics card, and that is all there is to say
        equal([f["message"][:16] for f in findings if f["level"] != "ok"], ["no graphics card"],
              "warnings")
        areas = [f["area"] for f in findings]
        equal(list(dict.fromkeys(areas)), ["config", "kernel", "displays", "devices", "libvirt",
                                           "guests", "service", "http"], "areas")
        check(len(pick(findings, "ok", "displays", "DisplayPort-1")) == 2, findings)
        desk.nothing_moved(before)
        equal(subprocess.run(["hotseat", "doctor"], stdout=subprocess.DEVNULL).returncode, 0,
              "exit status")


@desk(config=None)
def doctor_module(desk):
    """the driver i2c-dev is not loaded"""
    with service(), on_exit("modprobe i2c-dev"):
        unload("i2c_dev")
        cure("problem", "kernel", "not loaded")
        sh("udevadm settle")
        there_and_back(desk)


@desk(config=None, guest="off")
def doctor_boot(desk):
    """nothing loads i2c-dev at boot"""
    install()
    # the lab's own, hotseat's, and Debian 13's ddcutil's
    loaders = [path for folder in ("/etc", "/usr/lib", "/usr/local/lib")
               for path in glob.glob(folder + "/modules-load.d/*.conf") if "i2c-dev" in read(path)]
    with on_exit("rm -f /etc/modules-load.d/hotseat.conf; " +
                 "".join("mv {0}.away {0}; ".format(path) for path in loaders)):
        for path in loaders:
            os.rename(path, path + ".away")
        cure("warning", "kernel", "when the computer starts")


@desk(config=None)
def doctor_permission(desk):
    """the service's user has no permission for a monitor's bus"""
    with service():
        sh("chown root:root /dev/i2c-4; chmod 600 /dev/i2c-4")
        cure("problem", "displays", "the user hotseat, which runs hotseatd, .*no permission to open /dev/i2c-4")
        there_and_back(desk)


@desk(config=None, guest="off")
def doctor_group(desk):
    """the service's user is not in the group of the bus"""
    with service(), on_exit("groupdel other; gpasswd -d hotseat other; udevadm trigger /dev/i2c-4"):
        sh("groupadd other; chgrp other /dev/i2c-4")
        cure("problem", "displays", "no permission to open /dev/i2c-4")


@desk(config=None, guest="off")
def doctor_locked(desk):
    """another program keeps a bus locked"""
    with service(), on_exit("systemctl stop locker"):
        # the daemon locks it as well, but not for long
        sh("systemd-run -q --collect --unit=locker flock --no-fork /dev/i2c-4 sleep infinity")
        pid = sh("systemctl show -P MainPID locker").strip()
        eventually(lambda: read("/proc/%s/comm" % pid) == "sleep", "the lock")
        cure("problem", "displays", "sleep .* has locked /dev/i2c-4")


@desk(config=None, guest="off")
def doctor_deaf(desk):
    """DDC/CI is off in a monitor's menu: the hand has to switch it on"""
    with service():
        desk.monitors[0]["a/ddc_off"] = 1
        cure("problem", "displays", "does not answer", lambda: desk.monitors[0].__setitem__(
            "a/ddc_off", 0))


@desk(config=None, guest="off")
def doctor_gone(desk):
    """a monitor is off: the hand has to switch it on"""
    with service():
        desk.monitors[1]["a/dead"] = 1
        cure("problem", "displays", "no monitor is on /dev/i2c-6",
             lambda: desk.monitors[1].__setitem__("a/dead", 0))


@desk(config=None)
def doctor_wrong_bus(desk):
    """a bus number that has changed: hotseat setup, as the doctor calls it, finds the monitor"""
    wrong = HEAD + BOTH_DEVICES + "displays:\n" + display("left", "bus: 9") + display("right", "bus: 6")
    with service(wrong), on_exit("systemctl --no-reload disable hotseatd; rm -f %s.*" % CONFIG):
        found = cure("problem", "displays", "there is no bus /dev/i2c-9")
        check("--yes" in found["command"], found)
        eventually(lambda: all("DisplayPort" in (d["detail"] or "") for d in desk.status()["displays"]),
                   "the service has the new config")
        there_and_back(desk)


@desk(config=None, guest="off")
def doctor_other_input(desk):
    """a monitor shows an input without a computer: the user has to press its button"""
    with service():
        write(desk.monitors[0].dir + "/input", "0x03")
        cure("warning", "displays", "DVI-1", lambda: write(desk.monitors[0].dir + "/input", "0x0f"))


@desk(config=None, guest="off")
def doctor_unplugged(desk):
    """a keyboard is not plugged in: the hand has to"""
    with service():
        desk.keyboard.unplug()
        cure("problem", "devices", "28da:1101 is plugged in", desk.keyboard.plug)
        eventually(lambda: desk.keyboard.at == "host", "the keyboard")


def press_when_asked(command, device):
    """Runs a command on a terminal: presses a key of the device when it wants one, and answers
    all else with Enter. Returns what it said."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execvp("sh", ["sh", "-c", command])
    said, answered = "", 0
    end = time.monotonic() + 600
    while time.monotonic() < end:
        if select.select([fd], [], [], 3)[0]:
            try:
                data = os.read(fd, 65536)
            except OSError:
                break
            if not data:
                break
            said += data.decode(errors="replace")
            continue
        fresh, answered = said[answered:], len(said)
        if said.count("Press a key") > said.count("The keyboard:"):
            sh("usbsim key %s 04" % device, ok=False)  # until it is seen
        elif fresh.rstrip(" ").endswith((":", "?", "]", ">")):
            os.write(fd, b"\n")
    else:
        os.kill(pid, signal.SIGKILL)
    equal(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0, "exit status of " + said)
    return said


@desk(config=None, guest="off")
def doctor_twins(desk):
    """a second keyboard of the same make: hotseat setup asks for a press of a key"""
    with service(), on_exit("systemctl --no-reload disable hotseatd; rm -f %s.*" % CONFIG):
        desk.add("kbd", "kbd1", "28da:1101")
        found = find("problem", "devices", "2 devices match")
        said = press_when_asked(found["command"], "kbd0")
        equal(pick(examine()[1], "problem", "devices", ""), [], "problems, after " + said)
        check(desk.keyboard.port in read(CONFIG), read(CONFIG))


@desk(config=None, guest="off")
def doctor_node(desk):
    """the service's user may not give a keyboard back to the host"""
    with service():
        node = "/dev/bus/usb/%03d/%03d" % desk.keyboard.address
        sh("echo 'a- %s - - - - u:hotseat' | systemd-tmpfiles --create -; rm -f %s.x; "
           "python3 -c 'import os; os.removexattr(\"%s\", \"system.posix_acl_access\")'"
           % (node, node, node))
        cure("warning", "devices", "no permission to write to " + node)


@desk(config=None)
def doctor_driverless(desk):
    """QEMU was killed while hotseatd was not running, and the keyboard has no driver"""
    with service():
        desk.switched("guest")
        sh("systemctl stop hotseatd")
        os.kill(qemu_pid(), signal.SIGKILL)
        desk.qemu_is_dead()
        _, findings = examine()
        found = pick(findings, "problem", "devices", "no kernel driver is bound")
        equal(len(found), 2, "devices without a driver")
        for f in found:
            sh(f["command"])
        equal(pick(examine()[1], "problem", "devices", ""), [], "problems of devices")
        check(desk.keyboard.key_arrives(), "no key event from the keyboard at the host")


@desk(config=None, guest="off")
def doctor_persistent(desk):
    """the guest's definition has the mouse: it would take it at each start"""
    with service():
        xml = "<hostdev mode='subsystem' type='usb'><source><vendor id='0x046d'/>" \
              "<product id='0xc08d'/></source></hostdev>"
        write("/run/hostdev.xml", xml)
        sh("virsh attach-device win10 /run/hostdev.xml --config")
        cure("warning", "devices", "win10 takes it at each start")
        check("hostdev" not in sh("virsh dumpxml --inactive win10"), "it is still there")


@desk(config=None, guest="absent")
def doctor_undefined(desk):
    """the domain is not defined: the hand has to make it"""
    with service():
        cure("problem", "guests", "no domain win10", lambda: desk.guest.make("running"))
        desk.sees_guest()
        there_and_back(desk)


@desk(config=None, guest="paused")
def doctor_paused(desk):
    """the guest is paused"""
    with service():
        cure("warning", "guests", "is paused")
        desk.sees_guest()
        there_and_back(desk)


@desk(config=None)
def doctor_stale_hostdev(desk):
    """the guest still has a keyboard that was unplugged while hotseatd was not running"""
    with service():
        desk.switched("guest")
        sh("systemctl stop hotseatd")
        desk.keyboard.unplug()
        cure("problem", "guests", "that is unplugged")
        equal(desk.guest.hostdevs(), [desk.mouse.address], "hostdevs of the guest")


@desk(config=None)
def doctor_libvirtd(desk):
    """libvirtd is down, its sockets too"""
    with service(), on_exit("systemctl start " + SOCKETS):
        sh("systemctl stop libvirtd.service " + SOCKETS)
        cure("problem", "libvirt", "cannot connect")
        desk.sees_guest()
        there_and_back(desk)


@desk(config=None)
def doctor_libvirtd_hangs(desk):
    """libvirtd hangs: the doctor says so, and ends"""
    with service(), on_exit("systemctl kill -s CONT libvirtd"):
        sh("virsh list; systemctl kill -s STOP libvirtd")
        cure("problem", "libvirt", "does not answer")


@desk(config=None, guest="off")
def doctor_config(desk):
    """a mistake in the config is named with its place: the hand has to correct it"""
    with service():
        write(CONFIG, NAMED + "nonsense: true\n")
        found = cure("problem", "config", "nonsense", lambda: write(CONFIG, NAMED))
        equal(found["thing"], "%s:%d:1" % (CONFIG, NAMED.count("\n") + 1), "where")
        check("hotseat check-config" in found["advice"], found)


@desk(config=None, guest="off")
def doctor_unreadable(desk):
    """the config belongs to root, and the service cannot read it"""
    with service():
        sh("systemctl stop hotseatd; chown root: %s; chmod 600 %s" % (CONFIG, CONFIG))
        cure("problem", "config", "the user hotseat, which runs hotseatd, cannot read it")
        sh("systemctl start hotseatd")


def http(address):
    return "http:\n  address: %s\n  security:\n    secret: %s\n" % (address, "x" * 32)


@desk(config=None, guest="off")
def doctor_secret(desk):
    """other users can read the secret"""
    with service(NAMED + http("127.0.0.1:5001")):
        os.chmod(CONFIG, 0o644)
        cure("warning", "config", "other users can read the secret")
        equal(os.stat(CONFIG).st_mode & 0o777, 0o640, "mode")
        find("warning", "http", "only this computer can reach")


@desk(config=None)
def doctor_stopped(desk):
    """the service does not run"""
    with service(), on_exit("systemctl --no-reload disable hotseatd"):
        sh("systemctl stop hotseatd")
        cure("problem", "service", "hotseatd is not running")
        there_and_back(desk)
        equal(sh("systemctl is-enabled hotseatd").strip(), "enabled", "at boot")


@desk(config=None, guest="off")
def doctor_stale_socket(desk):
    """a socket without a listener was left behind"""
    with service():
        sh("systemctl stop hotseatd; mkdir -p /run/hotseat")
        s = socket.socket(socket.AF_UNIX)
        s.bind(SOCKET)
        s.close()
        cure("warning", "service", "no process listens there")
        check(not os.path.exists(SOCKET), "the socket is still there")


@desk(config=None, guest="off")
def doctor_virtkvm(desk):
    """virtkvm is started beside hotseat"""
    path = UNITS + "virtkvm.service"
    with service(), on_exit("systemctl stop virtkvm; rm -f %s; systemctl daemon-reload" % path):
        write(path, "[Service]\nExecStart=sleep infinity\n[Install]\nWantedBy=multi-user.target\n")
        sh("systemctl daemon-reload; systemctl enable --now --runtime virtkvm")
        cure("problem", "service", "would move the same monitors and devices")
        equal(sh("systemctl is-active virtkvm", ok=False).stdout.strip(), "inactive", "virtkvm")


@desk(config=None)
def doctor_person(desk):
    """a user outside the group hotseat is told to join it, and can switch then"""
    with service(), person() as run:
        code, said = run("hotseat", "doctor", "--json")
        equal(code, 1, said)
        found = pick(json.loads(said)["findings"], "problem", "service", "ann has no permission to request a switch")
        equal(len(found), 1, said)
        # the machine has no sudo, and this is root
        sh("sudo() { \"$@\"; }; " + found[0]["command"])
        code, said = run("hotseat", "switch", "guest")
        equal(code, 0, said)
        desk.seat_at("guest")


@desk(config=None, guest="off")
def doctor_port(desk):
    """another program has the port: the service has failed for that"""
    install()
    with on_exit("systemctl stop squatter"):
        sh("systemd-run -q --collect --unit=squatter python3 -m http.server -b 127.0.0.1 5001")
        eventually(lambda: sh("curl -s 127.0.0.1:5001 >&2", ok=False).returncode == 0, "squatter")
        configure(NAMED + http("127.0.0.1:5001"))
        with on_exit("systemctl --no-reload disable --now hotseatd; systemctl reset-failed hotseatd; rm " + CONFIG):
            sh("systemctl start hotseatd", ok=False)
            # systemd tries again every two seconds: for a moment it is there, and only does not answer
            restart, = eventually(lambda: [f["command"] for f in pick(
                examine()[1], "problem", "service", "hotseatd|failed") if f["command"]], "it does not run")
            cure("problem", "http", r"taken by python3 \(pid")
            sh(restart)
            equal(sh("systemctl is-active hotseatd").strip(), "active", "the service")


@desk(config=None)
def doctor_interface(desk):
    """the interface that has the HTTP address is down while the guest runs"""
    with on_exit("ip link del lab0"):
        sh("ip link add lab0 type bridge; ip addr add 192.168.77.1/24 dev lab0")
        with service(NAMED + http("192.168.77.1:5001")):
            cure("problem", "http", "interface lab0, .* is down")


NETWORK = """\
<network><name>seat</name><forward mode='open'/><bridge name='virbr7'/><dns enable='no'/>
<ip address='192.168.78.1' netmask='255.255.255.0'/></network>
"""


@desk(config=None, guest="off")
def doctor_network(desk):
    """the HTTP address is that of a libvirt network that is off"""
    write("/run/network.xml", NETWORK)
    sh("virsh net-define /run/network.xml; "
       "virsh attach-interface win10 network seat --model virtio --config")
    with on_exit("virsh net-destroy seat; virsh net-undefine seat; virsh undefine win10"):
        with service(NAMED + http("192.168.78.1:5001")):
            cure("warning", "http", "libvirt's network seat, which is not active")
            check("192.168.78.1" in sh("ip addr"), "the address is not there")
            equal(pick(examine()[1], "warning", "http", ""), [], "warnings")


@desk(config=None)
def doctor_input(desk):
    """hotseat-inputd's sockets are not there: devices that move via input would stay"""
    with service(VIA_INPUT), on_exit("systemctl disable --now hotseat-inputd.socket; systemctl stop hotseat-inputd"):
        cure("problem", "input", "hotseat-inputd does not listen")
        firmware_takes_input(desk)
        key_there_and_back(desk)


@desk(config=None, guest="off")
def doctor_nothing(desk):
    """without daemon and config it says so, and points to hotseat setup"""
    code, findings = examine("/etc/hotseat/none.yaml")
    equal(code, 1, "exit status")
    found = pick(findings, "problem", "config", "no configuration")
    equal([f["command"] for f in found], ["hotseat setup --output /etc/hotseat/none.yaml"], "command")
    check(pick(findings, "ok", "kernel", "loaded"), findings)
    check(pick(findings, "ok", "libvirt", "answers"), findings)
