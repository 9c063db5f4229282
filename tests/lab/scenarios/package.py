# SPDX-License-Identifier: GPL-3.0-or-later
"""hotseat as its Debian package installs it: `lab debs FOLDER` puts hotseat.deb and an older one into DEBS, and runs
these. Nothing below /usr/local is hotseat's then.
"""
import contextlib
import glob
import os
import pwd

from begin import NAMED, desk
from desk import GUEST, HOST, check, equal, eventually, sh, write

DEBS = "/usr/local/share/debs/"
CONFIG = "/etc/hotseat/config.yaml"
UNITS = "hotseatd.service hotseat-inputd.service hotseat-inputd.socket"
USERS = "_hotseat", "_hotseat-input"
# where a package and what it does can leave something; dpkg's own list of packages is not that
PLACES = "/etc /run /var/lib /usr/bin /usr/lib/systemd /usr/lib/udev /usr/libexec /usr/share/applications"


def show(what, unit="hotseatd"):
    return sh("systemctl show -P %s %s" % (what, unit)).strip()


@contextlib.contextmanager
def installed(deb):
    """hotseat is installed, has a config, and its units are enabled and started, as `hotseat setup` does it."""
    try:
        sh("dpkg -i %s%s" % (DEBS, deb))
        sh("udevadm settle")
        write(CONFIG, NAMED)
        sh("chown _hotseat: %s; chmod 600 %s" % (CONFIG, CONFIG))
        sh("systemctl enable --now hotseat-inputd.socket hotseatd.service")
        yield
    finally:
        sh("dpkg --purge hotseat; systemctl reset-failed", ok=False)


def there_and_back(desk):
    for to in ("guest", "host"):
        desk.switched(to)
        desk.seat_at(to)
        check(desk.keyboard.key_arrives() == (to == "host"), "key events at the host")


def entries():
    """Who is named in the ACLs of the nodes that hotseat's rules are about."""
    nodes = " ".join(glob.glob("/dev/bus/usb/*/*") + ["/dev/uinput"])
    return [line for line in sh("getfacl -np %s" % nodes).splitlines() if line.startswith("user:") and "::" not in line]


@desk(config=None)
def package_switch(desk):
    """the package's unit, as the user _hotseat, moves everything to the guest and back"""
    with installed("hotseat.deb"):
        there_and_back(desk)
        for m in desk.monitors:
            equal(m.sets(), [GUEST, HOST], "all Set VCP of " + m.name)
        uid = pwd.getpwnam("_hotseat").pw_uid
        equal(os.stat("/proc/" + show("MainPID")).st_uid, uid, "the user of hotseatd")
        equal(show("FragmentPath").replace("/usr/lib/", "/lib/"), "/lib/systemd/system/hotseatd.service", "the unit")
        check("user:%d:rw-" % uid in entries(), "the keyboard is not open to _hotseat:", entries())
        equal(sh("stat -c %U /run/hotseat-input/control").strip(), "_hotseat", "whose hotseat-inputd's socket is")
        # of both: by hotseatd, which systemd starts the other for
        sh("runuser -u _hotseat -- python3 -c '%s'" % (
            "import socket; s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); "
            's.connect("/run/hotseat-input/control")'))
        eventually(lambda: show("ActiveState", "hotseat-inputd.service") == "active", "hotseat-inputd runs")
        equal(os.stat("/proc/" + show("MainPID", "hotseat-inputd")).st_uid, pwd.getpwnam("_hotseat-input").pw_uid,
              "the user of hotseat-inputd")


@desk(config=None)
def package_upgrade(desk):
    """an upgrade restarts what runs, moves nothing, and keeps the config; a disabled unit stays so"""
    with installed("old.deb"):
        sh("systemctl start hotseat-inputd.service")
        desk.switched("guest")
        desk.seat_at("guest")
        before = {unit: show("MainPID", unit) for unit in ("hotseatd", "hotseat-inputd")}
        sh("systemctl disable hotseat-inputd.socket")
        config = sh("stat -c '%U:%G %a %Y' " + CONFIG)
        sh("dpkg -i %shotseat.deb" % DEBS)
        for unit in before:
            eventually(lambda: show("ActiveState", unit) == "active", unit + " is active")
            check(show("MainPID", unit) != before[unit], unit + " was not restarted")
        equal(show("ActiveState", "hotseat-inputd.socket"), "active", "the sockets")
        equal(show("UnitFileState", "hotseat-inputd.socket"), "disabled", "the sockets, which were disabled")
        equal(show("UnitFileState"), "enabled", "the unit")
        equal(sh("stat -c '%U:%G %a %Y' " + CONFIG), config, "the config")
        desk.seat_at("guest")
        eventually(lambda: desk.status()["target"] == "guest", "the new hotseatd sees the seat")
        desk.switched("host")
        desk.seat_at("host")


def leftovers():
    """Files, accounts and rights that have to do with hotseat, or are not the same as before."""
    files = sh("find %s -xdev \\( -path '/var/lib/dpkg*' -o -path '/run/udev*' -o -path '/var/lib/libvirt*' \\) -prune "
               "-o -name '*hotseat*' -print" % PLACES)
    return {"files": files.split(), "accounts": sh("cat /etc/passwd /etc/group /etc/shadow /etc/gshadow"),
            "rights": entries(), "buses": sh("stat -c '%n %U:%G %a' /dev/i2c-*")}


@desk(config=None)
def package_purge(desk):
    """a purge stops the units, and leaves no file, no account and no right behind; the guest keeps running"""
    before = leftovers()
    equal(before["files"], [], "files before the installation")
    with installed("hotseat.deb"):
        sh("systemctl start hotseat-inputd.service; mkdir -p /etc/hotseat/secrets; echo x >/etc/hotseat/secrets/guest")
        there_and_back(desk)
        sh("dpkg --purge hotseat")
        after = leftovers()
        for what, value in before.items():
            equal(after[what], value, what)
        for unit in UNITS.split():
            check(show("ActiveState", unit) != "active", unit + " runs")
        check(not sh("pgrep -l hotseat", ok=False).stdout, "processes are left")
        equal(desk.guest.state, 1, "the guest, which runs")
        check(desk.keyboard.key_arrives(), "no key events at the host")
