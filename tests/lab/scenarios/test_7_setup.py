# SPDX-License-Identifier: GPL-3.0-or-later
"""hotseat setup, on a machine that has never seen hotseat, through a terminal.

The monitors' buttons are pressed by changing ddcsim's state; keyboard and mouse are usbsim's.
"""
import contextlib
import os
import pty
import re
import select
import signal
import subprocess
import termios
import threading
import time

from begin import VIRTKVM, desk
from desk import GUEST, HOST, check, equal, eventually, read, sh, write
from test_6_input import firmware_takes_input, key_there_and_back
from test_6_service import OTHER_RULES, READY

ETC = "/etc/hotseat"
CONFIG = ETC + "/config.yaml"
VIRTKVM_CONFIG = "/opt/virtkvm/config.yaml"
NEW_TO_HOTSEAT = """\
systemctl --no-reload disable --now hotseatd hotseat-inputd.socket; systemctl stop hotseat-inputd
systemctl reset-failed hotseatd hotseat-inputd
rm -rf /etc/hotseat /etc/modules-load.d/hotseat.conf /opt/virtkvm %s %s
userdel hotseat; groupdel hotseat
true""" % (READY, OTHER_RULES)


class Terminal:
    """A program in a terminal, and its output that the test has not answered yet."""

    def __init__(self, *command):
        self.said = self.all = ""
        self.status = None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm", LC_ALL="C.UTF-8")
            os.execvp(command[0], command)

    def hear(self, seconds):
        """Takes what it says within that time. False at its end, or when it says nothing."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.fd, 4096)
        except OSError:                     # EIO: it has ended
            data = b""
        text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]|\r", "", data.decode(errors="replace"))
        self.said += text
        self.all += text
        return bool(data)

    def expect(self, text, seconds=180):
        """Waits for words, on whatever lines they are."""
        words = re.compile(r"\s+".join(re.escape(word) for word in text.split()))
        end = time.monotonic() + seconds
        while not words.search(self.said):
            check(self.hear(max(end - time.monotonic(), 0)), "not said:", text, "but:", self.all)
        self.said = self.said[words.search(self.said).end():]

    def takes_keys(self):
        """Waits until single keys are taken, not lines."""
        eventually(lambda: not termios.tcgetattr(self.fd)[3] & termios.ICANON, "it takes single keys")

    def answer(self, text, end="\n"):
        os.write(self.fd, (text + end).encode())

    def ask(self, question, answer):
        self.expect(question)
        self.answer(answer)

    def end(self, seconds=180):
        """Waits for its end; returns the exit status."""
        end = time.monotonic() + seconds
        while self.hear(max(end - time.monotonic(), 0)):
            pass
        if self.status is None:
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            self.end()
        os.close(self.fd)


@contextlib.contextmanager
def newcomer():
    """Nobody has configured anything. Afterwards neither."""
    sh(NEW_TO_HOTSEAT)
    try:
        yield
    finally:
        sh(NEW_TO_HOTSEAT)


@contextlib.contextmanager
def setup(*options):
    terminal = Terminal("hotseat", "setup", *options)
    try:
        yield terminal
    except BaseException:
        print("# the conversation:\n# " + terminal.all.replace("\n", "\n# "))
        raise
    finally:
        terminal.close()


@contextlib.contextmanager
def happening(command):
    """Again and again, until what waits for it has seen it: its beginning cannot be seen."""
    over = threading.Event()

    def run():
        while not over.wait(0.5):
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as p:
                while p.poll() is None and not over.wait(0.05):
                    pass
                p.terminate()
    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def buttons(terminal, monitor, there=GUEST, back=HOST):
    """The person switches the monitor there and back when asked to."""
    terminal.expect("with the monitor's own buttons")
    monitor["input"] = "0x%02x" % there
    terminal.expect("Switch it back to this computer")
    monitor["input"] = "0x%02x" % back


def presses(t, keyboard="kbd0", mouse="mouse0"):
    """The person presses a key, and the mouse. QEMU gives the machine others."""
    t.expect("Press a key on the keyboard")
    with happening(["usbsim", "key", keyboard, "04"]):
        t.expect("The keyboard: usbsim kbd " + keyboard)
    with happening(["usbsim", "click", mouse, "1"]):
        t.expect("The mouse: usbsim mouse " + mouse)
    other_devices(t)


def other_devices(t):
    """The machine's own keyboard is another, on no USB."""
    t.ask("Other USB devices", "none")
    t.ask("that are not USB devices", "none")


def everything():
    """What setup might change before it is told to."""
    files = {}
    for top in (ETC, "/etc/modules-load.d", "/etc/systemd/system", os.path.expanduser("~"),
                "/opt/virtkvm"):
        for where, _, names in os.walk(top):
            files.update({where + "/" + n: os.lstat(where + "/" + n).st_mtime_ns for n in names})
    return files, read("/etc/group")


def nothing_set(desk):
    for m in desk.monitors:
        equal(m.sets() + m.sets(0xF4), [], "Set VCP at " + m.name)


def there_and_back(desk):
    """By the command that the person is told to bind a key to."""
    for target in ("guest", "host"):
        sh("hotseat switch toggle")
        desk.seat_at(target)


@desk(config=None)
def setup_conversation(desk):
    """from nothing, through a terminal, to a service that moves the seat there and back"""
    with newcomer(), setup() as t:
        for m in desk.monitors:
            buttons(t, m)
        presses(t)
        nothing_set(desk)
        t.ask("Write this to /etc/hotseat/config.yaml? [yes]", "")
        t.ask("Run these commands now? [yes]", "y")
        t.expect("Try a switch to win10 now")
        nothing_set(desk)
        firmware_takes_input(desk)
        t.answer("")
        t.expect("There and back: success.")
        for m in desk.monitors:
            equal(m.sets(), [GUEST, HOST], "Set VCP in the trial at " + m.name)
        t.expect("The hotkey in both directions")
        equal(t.end(), 0, "exit status")
        desk.seat_at("host")
        equal(read("/proc/%s/status" % sh("systemctl show -P MainPID hotseatd").strip())
              .split("Uid:\t")[1].split("\t")[0], sh("id -u hotseat").strip(), "its user")
        equal(oct(os.stat(CONFIG).st_mode), oct(0o100600), "mode of the config")
        check("monitor: " in read(CONFIG) and "bus:" not in read(CONFIG), read(CONFIG))
        key_there_and_back(desk)


@desk(config=None)
def setup_silent(desk):
    """a monitor that listens only on its active input: it is waited for, and asked about"""
    desk.monitors[0]["active_only"] = 1
    with newcomer(), setup("--output", "/run/hotseat-setup/config.yaml", "--http", "none") as t:
        t.expect("with the monitor's own buttons")
        desk.monitors[0]["input"] = "0x%02x" % GUEST
        t.expect("It has stopped answering")
        desk.monitors[0]["input"] = "0x%02x" % HOST
        t.ask("shows win10?", "0x1ff")
        t.ask("is not an input", "hdmi1")
        buttons(t, desk.monitors[1])
        presses(t)
        t.ask("Write this to", "y")
        t.expect("The hotkey in both directions")
        equal(t.end(), 0, "exit status")
        nothing_set(desk)
        equal(read("/run/hotseat-setup/config.yaml").count("guest: hdmi1"), 2, "inputs")
    sh("rm -r /run/hotseat-setup")


@desk(config=None, module="maker=GSM")
def setup_lg(desk):
    """an LG monitor that ignores the standard's way: LG's own is offered, and works"""
    lg, other = desk.monitors
    lg["lg"], other["a/dead"] = 1, 1
    with newcomer(), setup() as t:
        buttons(t, lg)
        t.ask("How should hotseat switch it?", "2")
        presses(t)
        t.ask("Write this to /etc/hotseat/config.yaml? [yes]", "")
        t.ask("Run these commands now? [yes]", "y")
        t.expect("Try a switch to win10 now")
        nothing_set(desk)
        firmware_takes_input(desk)
        t.answer("")
        t.expect("There and back: success.")
        equal(t.end(), 0, "exit status")
        equal(lg.sets(0xF4), [0x90, 0xD0], "Set VCP in the trial")
        check("feature: 0xf4" in read(CONFIG), read(CONFIG))


@desk(config=None)
def setup_twins(desk):
    """two keyboards of one make and two mice: those that are pressed and moved"""
    kbd1 = desk.add("kbd", "kbd1", "28da:1101")
    desk.add("mouse", "mouse1", "046d:c08d", "MOUSE1")
    with newcomer(), setup("--output", "/run/hotseat-setup/config.yaml", "--http", "none",
                           "--display", "4=dp1,hdmi1") as t:
        t.expect("Press a key on the keyboard")
        t.answer("")                        # somewhere else: it is none of these
        t.ask("Which is the keyboard?", "none")
        t.expect("Move the mouse")
        with happening(["usbsim", "move", "mouse1", "5", "0"]):
            t.expect("The mouse: usbsim mouse mouse1")
        t.ask("Other USB devices", "")
        t.ask("that are not USB devices", "")
        t.ask("Write this to", "no")
        t.expect("Nothing has been changed")
        t.end()
    with setup("--output", "/run/hotseat-setup/config.yaml", "--http", "none",
               "--display", "4=dp1,hdmi1") as t:
        presses(t, "kbd1", "mouse1")
        t.ask("Write this to", "")
        equal(t.end(), 0, "exit status")
    text = read("/run/hotseat-setup/config.yaml")
    check('port: "%s"' % kbd1.port in text or "port: " + kbd1.port in text, text)
    check("serial: MOUSE1" in text, text)
    nothing_set(desk)
    sh("rm -r /run/hotseat-setup")


@desk(config=None)
def setup_from_virtkvm(desk):
    """virtkvm's config, whose buses are stale, with --yes: a desk that works, nothing forgotten"""
    stale = VIRTKVM.replace("bus: 6", "bus: 16")
    with newcomer():
        os.makedirs(os.path.dirname(VIRTKVM_CONFIG))
        write(VIRTKVM_CONFIG, stale)
        out = sh("hotseat setup </dev/null", ok=False)
        equal(out.returncode, 1, "exit status without --yes")
        check(VIRTKVM_CONFIG in out.stdout and not os.path.exists(CONFIG), out.stdout)
        out = sh("hotseat setup --yes --from " + VIRTKVM_CONFIG)
        text = read(CONFIG)
        for part in ("monitor: DEL DDCSIM A", "DDCSIM B", "domain: win10", "127.0.0.1:5001",
                     "echo switch to guest", "vendor: 0x28da", "secret_file: secret"):
            check(part in text, part, "is not in", text)
        equal(read(ETC + "/secret"), "xxxxxxxxxxxxxxxx", "the secret")
        equal(read(VIRTKVM_CONFIG), stale.strip(), "virtkvm's config")
        nothing_set(desk)
        there_and_back(desk)
        out = sh("curl -sS -X POST -H 'Content-Type: application/json' -H 'X-Secret: "
                 "xxxxxxxxxxxxxxxx' -d '{\"to\": \"guest\"}' http://127.0.0.1:5001/switch")
        check('"success":true' in out, out)
        desk.seat_at("guest")
        sh("hotseat switch host")
        # once more: the same, and nothing is written
        before = everything()
        out = sh("hotseat setup --yes --from " + CONFIG)
        check("is already up to date" in out, out)
        equal(everything()[0], before[0], "files")


@desk(config=None)
def setup_interrupted(desk):
    """Ctrl-C at every question, and Ctrl-D, leave everything as it was"""
    desk.add("kbd", "kbd1", "28da:1101")
    with newcomer():
        os.makedirs(os.path.dirname(VIRTKVM_CONFIG))
        write(VIRTKVM_CONFIG, VIRTKVM)
        for key, status in (("\x03", 130), ("\x04", 1)):
            before = everything()
            for n in range(8):
                with setup() as t:
                    steps = [lambda: t.expect("Start from one of them?"),
                             lambda: (t.answer("2"), t.expect("own buttons")),
                             lambda: (t.answer("hdmi1"), t.expect("own buttons")),
                             lambda: (t.answer("none"), t.expect("Press a key"), t.takes_keys()),
                             lambda: (t.answer(""), t.expect("Which is the keyboard?")),
                             lambda: (t.answer("1"), mouse(t), t.expect("Other USB devices")),
                             lambda: (t.answer(""), t.expect("that are not USB devices")),
                             lambda: (t.answer(""), t.expect("Write this to"))]
                    for step in steps[:n + 1]:
                        step()
                    t.answer(key, "")
                    equal(t.end(), status, "exit status at question %d" % n)
                    check("Nothing has been changed" in t.all, t.all)
                equal(everything(), before, "files after question %d" % n)
    nothing_set(desk)


def mouse(t):
    t.expect("Move the mouse")
    with happening(["usbsim", "click", "mouse0", "1"]):
        t.expect("The mouse: usbsim")
