# SPDX-License-Identifier: GPL-3.0-or-later
"""hotseatd as it is installed: the units, the user hotseat, and what others may."""
import contextlib
import glob
import os
import pwd
import re
import signal
import subprocess

from begin import NAMED, desk
from desk import GUEST, HOST, check, equal, eventually, qemu_pid, read, sh, unload, write

CONFIG = "/etc/hotseat/config.yaml"
READY = "/run/hotseat-installed"                        # gone with the machine
OTHER_RULES = "/etc/udev/rules.d/60-i2c-tools.rules"     # Debian's give all buses to the group i2c
SMBUS = "i2c_piix4"                                     # the machine's own controller

# what hotseatd(8) tells the user to do after installing
INSTALLED = """\
systemctl daemon-reload
systemd-sysusers hotseat.conf
systemd-tmpfiles --create hotseat.conf
systemctl restart systemd-modules-load
udevadm control --reload
udevadm trigger -s i2c-dev -s usb
"""


def show(what):
    return sh("systemctl show -P %s hotseatd" % what).strip()


def install():
    """What comes with hotseat is put to use, once a machine, as it takes long: from then on hotseat has the rights
    that come with it, and no others."""
    if not os.path.exists(READY):
        sh("ln -sf /dev/null " + OTHER_RULES)
        sh("set -e; " + INSTALLED)
        sh("udevadm settle")
        write(READY, "")


def configure(config):
    """For the service, which is not started."""
    write(CONFIG, config)
    sh("chown hotseat: %s; chmod 600 %s" % (CONFIG, CONFIG))


@contextlib.contextmanager
def service(config=NAMED):
    """The system's unit runs with this config."""
    install()
    configure(config)
    try:
        sh("systemctl start hotseatd")
        yield
    finally:
        sh("systemctl stop hotseatd; systemctl reset-failed hotseatd; rm -f " + CONFIG, ok=False)


@contextlib.contextmanager
def person(groups=""):
    """An ordinary user, ann, in these groups; a function that runs a command as her."""
    sh("useradd -m %s ann" % ("-G " + groups if groups else ""))
    try:
        runtime = "/run/user/%d" % pwd.getpwnam("ann").pw_uid

        def run(*command):
            r = subprocess.run(["runuser", "-u", "ann", "--", "env", "XDG_RUNTIME_DIR=" + runtime,
                                *command], capture_output=True, text=True, cwd="/",
                               stdin=subprocess.DEVNULL)
            return r.returncode, r.stdout + r.stderr
        yield run
    finally:
        sh("loginctl disable-linger ann; systemctl stop user@$(id -u ann); userdel -rf ann",
           ok=False)


def there_and_back(desk):
    for to in ("guest", "host"):
        desk.switched(to)
        desk.seat_at(to)
        check(desk.keyboard.key_arrives() == (to == "host"), "key events at the host")


def status_of(pid):
    """{key: value} of /proc/PID/status"""
    lines = [line.partition(":") for line in read("/proc/%s/status" % pid).splitlines()]
    return {key: value.strip() for key, _, value in lines}


@desk(config=None)
def service_switch(desk):
    """the installed unit, as the user hotseat, moves everything to the guest and back"""
    with service():
        there_and_back(desk)
        for m in desk.monitors:
            equal(m.sets(), [GUEST, HOST], "all Set VCP of " + m.name)


@desk(config=None)
def service_rights(desk):
    """the unit's process has no more rights than it needs; exposure is under 1.5"""
    with service():
        status = status_of(show("MainPID"))
        me = pwd.getpwnam("hotseat")
        equal(status["Uid"].split(), [str(me.pw_uid)] * 4, "uids")
        equal(status["Gid"].split(), [str(me.pw_gid)] * 4, "gids")
        groups = sh("getent group hotseat i2c libvirt | cut -d: -f3").split()
        equal(sorted(status["Groups"].split()), sorted(groups), "groups")
        for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            equal(int(status[kind], 16), 0, kind)
        equal(status["NoNewPrivs"], "1", "NoNewPrivs")
        said = sh("systemd-analyze security --no-pager hotseatd")
        exposure = float(re.search(r"exposure level for hotseatd.service: ([0-9.]+)", said)[1])
        check(exposure < 1.5, said)
        check(me.pw_shell.endswith("nologin"), me.pw_shell)
        sh("chown root: %s; systemd-tmpfiles --create hotseat.conf" % CONFIG)
        equal(sh("stat -c %U:%G " + CONFIG).strip(), "hotseat:hotseat", "whose the config is made")
        equal(show("LimitCORE"), "0", "LimitCORE")
        # no keyboard's events, and no made-up ones
        for node in ["/dev/uinput"] + sorted(glob.glob("/dev/input/event*")):
            check(not sh("su -s /bin/sh hotseat -c 'test -r %s -o -w %s && echo yes'" % (node, node),
                         ok=False).stdout.strip(), node + " is closed to hotseat")


@desk(config=None)
def service_buses(desk):
    """the rules open graphics cards' I2C buses, and no memory module's"""
    install()
    for m in desk.monitors:
        equal(sh("stat -c '%%U:%%G %%a' /dev/i2c-%d" % m.bus).strip(), "root:i2c 660", m.name)
    sh("modprobe %s; udevadm settle" % SMBUS)
    try:
        nodes = sh("grep -l '^SMBus' /sys/class/i2c-dev/*/name | cut -d/ -f5").split()
        check(nodes, "no SMBus")
        for node in nodes:
            equal(sh("stat -c '%%G %%a' /dev/%s" % node).strip(), "root 600", node)
    finally:
        unload(SMBUS)


@desk(config=None)
def service_guest_killed(desk):
    """QEMU is killed: without being root the service gives the devices back their driver"""
    with service():
        desk.switched("guest")
        desk.seat_at("guest")
        os.kill(qemu_pid(), signal.SIGKILL)
        desk.comes_home()


@desk(config=None)
def service_away(desk):
    """QEMU is killed while the service is stopped: its next start and switch to the host fix it"""
    with service():
        desk.switched("guest")
        sh("systemctl stop hotseatd")
        os.kill(qemu_pid(), signal.SIGKILL)
        # libvirt has given the node to root by then: the ACL's entry has to survive that
        desk.qemu_is_dead()
        node = "/dev/bus/usb/%03d/%03d" % desk.keyboard.address
        eventually(lambda: sh("stat -c '%U:%G' " + node).strip() == "root:root", node + " is root's")
        sh("systemctl start hotseatd")
        equal(desk.switch("host")[0], 200, "status")
        desk.comes_home()


@desk(config=None)
def service_replug(desk):
    """a keyboard that is plugged in again has its permissions at once"""
    with service():
        desk.keyboard.unplug()
        desk.keyboard.plug()
        eventually(lambda: desk.keyboard.at == "host", "the keyboard at the host")
        desk.switched("guest")
        os.kill(qemu_pid(), signal.SIGKILL)
        desk.comes_home()


@desk(config=None)
def service_reload(desk):
    """systemctl reload reads the config again, and a bad one changes nothing"""
    with service():
        pid = show("MainPID")
        write(CONFIG, NAMED.replace("name: left", "name: middle"))
        sh("systemctl reload hotseatd")
        eventually(lambda: desk.status()["displays"][0]["name"] == "middle", "the new config")
        write(CONFIG, "nonsense: true\n")
        sh("systemctl reload hotseatd")
        eventually(lambda: "not reloaded" in desk.journal(), "the mistake in the journal")
        equal((show("MainPID"), show("ActiveState")), (pid, "active"), "the unit")
        there_and_back(desk)


@desk(config=None)
def service_hangs(desk):
    """a service that hangs is killed by the watchdog and started again; nothing moves"""
    with service():
        desk.switched("guest")
        pid = show("MainPID")
        sh("kill -STOP " + pid)
        eventually(lambda: show("NRestarts") == "1" and show("ActiveState") == "active",
                   "a new process")
        check(show("MainPID") != pid and "watchdog" in desk.journal().lower(), desk.journal())
        eventually(lambda: desk.status()["target"] == "guest", "the service sees the seat")
        desk.seat_at("guest")
        desk.switched("host")
        desk.seat_at("host")


@desk(config=None)
def service_bad_config(desk):
    """a config with a mistake, or one of root's, is said to be so, and not tried again and again"""
    with service():
        for text, owner, says in (("nonsense: true\n", "hotseat", ":1:1:"),
                                  (NAMED, "root", "must belong to the user")):
            sh("systemctl stop hotseatd")
            write(CONFIG, text)
            sh("chown %s %s" % (owner, CONFIG))
            check(sh("systemctl start hotseatd", ok=False).returncode != 0, "it has started")
            equal((show("ActiveState"), show("NRestarts")), ("failed", "0"), "the unit")
            check(says in desk.journal(), says, desk.journal())


@desk(config=None)
def service_people(desk):
    """members of the group hotseat can switch, and other users are told to join it"""
    with service():
        with person() as run:
            code, said = run("hotseat", "switch", "guest")
            check(code == 1 and "sudo usermod -aG hotseat" in said, code, said)
            desk.seat_at("host")
            check(run("cat", CONFIG)[0] != 0, "she can read the config")
            # she joins the group, and is still logged in as before
            sh("usermod -aG hotseat ann")
            said = sh("setpriv --reuid ann --regid ann --clear-groups hotseat status", ok=False).stderr
            check("log out and back in" in said and "usermod" not in said, said)
        with person("hotseat") as run:
            code, said = run("hotseat", "switch", "guest")
            equal(code, 0, said)
            desk.seat_at("guest")
            check(run("cat", CONFIG)[0] != 0, "she can read the config")
            node = "/dev/bus/usb/%03d/%03d" % desk.mouse.address
            check(run("test", "-w", node)[0] != 0, "she can write to", node)
        desk.switched("host")
        desk.seat_at("host")


COMMANDS = NAMED + """\
commands:
  guest:
    - id -un > /run/hotseat/who; touch /tmp/hotseat-was-here
  host:
    - ls /home/ann
"""


@desk(config=None)
def service_commands(desk):
    """a command of the service runs as hotseat, in its sandbox: what hotseatd(8) says of it"""
    with person(), service(COMMANDS):
        desk.switched("guest")
        equal(read("/run/hotseat/who"), "hotseat", "who the command is")
        check(not os.path.exists("/tmp/hotseat-was-here"), "it sees /tmp")
        status, body = desk.switch("host")
        check(status == 502 and "/home/ann" in body["error"], body)
        desk.seat_at("host")


@desk(config=None)
def user_service(desk):
    """the user's unit switches, in that person's groups, with the config in her home"""
    install()
    with person("i2c,libvirt") as run:
        sh("loginctl enable-linger ann")
        eventually(lambda: os.path.exists("/run/user/%d/systemd/private"
                                          % pwd.getpwnam("ann").pw_uid), "her service manager")
        check(run("sh", "-c", "mkdir -p ~/.config/hotseat && umask 077 && "
                  "cat >~/.config/hotseat/config.yaml <<'END'\n" + NAMED + "END\n")[0] == 0, "config")
        code, said = run("systemctl", "--user", "start", "hotseatd")
        equal(code, 0, said)
        for to in ("guest", "host"):
            code, said = run("hotseat", "switch", to)
            equal(code, 0, said)
            desk.seat_at(to)
        pid = run("systemctl", "--user", "show", "-P", "MainPID", "hotseatd")[1].strip()
        equal(status_of(pid)["Uid"].split()[0], str(pwd.getpwnam("ann").pw_uid), "its user")
        check(run("systemctl", "--user", "stop", "hotseatd")[0] == 0, "it does not stop")
