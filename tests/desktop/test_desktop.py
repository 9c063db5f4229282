#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A desktop with what docs/desktop.md says: its very lines in a real i3, real keys. TAP.

usage: dbus-run-session -- test_desktop.py BUILD
Run it on a session bus of its own: it shows notifications there.
"""
import contextlib
import json
import os
import pathlib
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/integration"))
import tap  # noqa: E402
from ports import reserve_port  # noqa: E402

BUILD = pathlib.Path(sys.argv[1]).resolve()
DOC = (ROOT / "docs/desktop.md").read_text(encoding="utf-8")
DEADLINE = 180  # for what must happen; never for how fast
CONFIG = """\
libvirt: {domain: win11}
devices:
  - {name: keyboard, vendor: 0x28da, product: 0x1101}
displays:
  - {name: left, bus: 4, host: 0x0f, guest: 0x11}
"""


# switches are under way until the file is there
GATED = CONFIG + """\
commands:
  guest: &gate [{run: 'until [ -e "$GATE" ]; do sleep 0.1; done', timeout: 600}]
  host: *gate
"""


def until(what, condition):
    end = time.monotonic() + DEADLINE
    while not (value := condition()):
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.05)
    return value


def config_for(guest, domain):
    """JSON is YAML, too."""
    config = CONFIG.replace("libvirt: {domain: win11}", "guests: [" + json.dumps({"name": guest, "domain": domain}) + "]")
    return config.replace("guest: 0x11", "inputs: " + json.dumps({guest: 0x11}))


def documented(heading, number=0):
    """The block of lines to copy that the page has under heading."""
    section = re.split(r"^#+ ", DOC.split(f"# {heading}\n", 1)[1], flags=re.M)[0]
    return re.findall(r"^```\w*\n(.*?)^```$", section, flags=re.M | re.S)[number]


class Lines:
    """What a program prints, by lines."""

    def __init__(self, *argv, env, stdin=None):
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, stdin=stdin, env=env)
        self.rest = b""

    def next(self):
        end = time.monotonic() + DEADLINE
        while b"\n" not in self.rest:
            ready = select.select([self.process.stdout], [], [], end - time.monotonic())[0]
            assert ready, f"no line; so far {self.rest!r}"
            data = os.read(self.process.stdout.fileno(), 65536)
            assert data, f"it has ended; so far {self.rest!r}"
            self.rest += data
        line, self.rest = self.rest.split(b"\n", 1)
        return line.decode()

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Notifications(Lines):
    """A desktop's notification daemon."""

    def __init__(self, desktop, *capabilities):
        super().__init__(BUILD / "tests/desktop/notification-server", *capabilities, env=desktop.env)
        assert self.next() == ""

    def notification(self):
        names = "id", "replaces", "application", "icon", "summary", "body"
        return dict(zip(names, self.next().split("\t")))


class Desktop:
    """A person's session: a home, a runtime folder, the programs as installed, a daemon."""

    def __init__(self, config=CONFIG, daemon=True):
        self.dir = pathlib.Path(tempfile.mkdtemp())
        self.started = []
        self.socket = self.dir / "run/hotseat.sock"
        self.config = self.dir / "config.yaml"
        self.config.write_text(config, encoding="utf-8")
        self.config.chmod(0o600)
        for folder in "run", "home":
            (self.dir / folder).mkdir(mode=0o700)
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "HOTSEAT_", "DISPLAY"))}
        self.env.update(HOME=str(self.dir / "home"), XDG_RUNTIME_DIR=str(self.dir / "run"), SHELL="/bin/sh",
                        PATH=f"{BUILD}:{os.environ['PATH']}", LC_ALL="C.UTF-8")
        self.gate = self.dir / "gate"
        self.env["GATE"] = str(self.gate)
        if daemon:
            self.start_daemon()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.started):
            process.terminate()
            process.wait()
        shutil.rmtree(self.dir)

    def start(self, *argv, **options):
        self.started.append(subprocess.Popen(argv, env=self.env, **options))
        return self.started[-1]

    def start_daemon(self):
        self.daemon = self.start("hotseatd", "--simulate", "--config", str(self.config),
                                 stderr=(self.dir / "log").open("a"))
        until("the daemon is there", self.target)

    def stop_daemon(self):
        self.started.remove(self.daemon)
        self.daemon.terminate()
        self.daemon.wait()

    def run(self, *argv, check=True, **options):
        return subprocess.run(argv, env=self.env, check=check, timeout=DEADLINE, capture_output=True,
                              text=True, **options)

    def status(self):
        """None: there is no daemon."""
        done = self.run("hotseat", "status", "--json", check=False)
        return json.loads(done.stdout) if done.returncode == 0 else None

    def target(self):
        return (self.status() or {}).get("target")

    def arrives(self, target):
        until(f"{target} has the seat", lambda: self.target() == target)

    def kill_guest(self, name="guest"):
        """Or starts it again."""
        self.run("curl", "-fsS", "--unix-socket", str(self.socket), "-H", "Content-Type: application/json",
                 "-d", json.dumps({"fault": "kill", "what": name}), "http://localhost/simulate")

    def start_screen(self):
        read, write = os.pipe()
        self.start("Xvfb", "-displayfd", str(write), "-nolisten", "tcp", pass_fds=[write],
                   stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as number:
            self.env["DISPLAY"] = f":{number.readline().strip()}"

    def start_i3(self, lines):
        """i3 with lines in its configuration, on a screen of its own."""
        config = self.dir / "i3"
        config.write_text("# i3 config file (v4)\nfont pango:monospace 8\n" + lines)
        checked = self.run("i3", "-C", "-c", str(config), check=False)
        assert checked.returncode == 0 and "ERROR" not in checked.stdout, checked
        self.start_screen()
        self.env["I3SOCK"] = str(self.dir / "run/i3.sock")
        config.write_text(config.read_text() + f"ipc-socket {self.env['I3SOCK']}\n")
        self.start("i3", "-c", str(config), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until("i3 is there", lambda: self.run("i3-msg", "-t", "get_version", check=False).returncode == 0)

    def press(self, keys):
        self.run("xdotool", "key", keys)


def test_i3_keys():
    """i3 with the documented lines: the keys switch"""
    with Desktop() as d, contextlib.closing(Notifications(d)):
        d.start_i3(documented("i3"))
        d.press("super+shift+slash")
        d.arrives("guest")
        d.press("super+shift+Home")
        d.arrives("host")


SECRET = "aiG7eiy4ooha"


def config_with_http(port):
    return CONFIG + f"http: {{address: '127.0.0.1:{port}', security: {{secret: {SECRET}}}}}\n"


def watch_tells(d, n, port):
    """Another machine asks for a guest that has crashed until `hotseat watch --notify` reports it:
    it is unknown since when it listens. Returns the notification. There may be more of that
    kind."""
    d.kill_guest()

    def ask():
        d.run("curl", "-sS", "-H", f"X-Secret: {SECRET}", "-H", "Content-Type: application/json",
              "-d", '{"to": "guest"}', f"http://127.0.0.1:{port}/switch")
        return select.select([n.process.stdout], [], [], 0.5)[0]
    until("a notification", ask)
    told = n.notification()
    assert told["summary"] == "Not switched to guest" and "crashed" in told["body"], told
    d.kill_guest()
    return told


def test_i3_notifications():
    """a failed switch is one notification, a seat that came back too; the next one replaces it"""
    port = reserve_port()
    with Desktop(config_with_http(port)) as d, contextlib.closing(Notifications(d)) as n:
        d.start_i3(documented("i3"))
        listens = watch_tells(d, n, port)
        before = d.status()["last"]["id"]
        d.press("super+shift+slash")
        d.arrives("guest")
        d.kill_guest()
        home = n.notification()
        while home["summary"] == listens["summary"]:
            home = n.notification()
        assert home["summary"] == "The seat has come back to host" and "crashed" in home["body"], home
        d.press("super+shift+slash")
        first = n.notification()
        assert first["summary"] == "Not switched to guest", first
        assert "crashed; start it: virsh -c qemu:///system start win11" in first["body"], first
        assert (first["application"], first["icon"]) == ("hotseat", "hotseat"), first
        assert first["replaces"] == first["id"] == home["id"] == home["replaces"], (home, first)
        assert (listens["id"], listens["replaces"]) == (home["id"], "0"), (listens, home)
        d.press("super+shift+slash")
        until("four switches are over", lambda: d.status()["last"]["id"] == before + 4)
        assert n.notification() == first
        # watch --notify leaves to the key's own process what it has asked for: had it told too, its
        # word would have come before this one
        d.stop_daemon()
        d.press("super+shift+Home")
        absent = n.notification()
        assert absent["summary"] == "Cannot switch" and absent["id"] == first["id"], absent
        assert "the daemon is not running" in absent["body"] and "`sudo hotseat setup`" in absent["body"], absent
        d.start_daemon()
        d.kill_guest()


def test_asked_by_others():
    """watch --notify reports a failed switch that another machine asked for, with its reason"""
    port = reserve_port()
    with Desktop(config_with_http(port)) as d, contextlib.closing(Notifications(d)) as n:
        d.start("hotseat", "watch", "--notify")
        watch_tells(d, n, port)


def test_markup():
    """names cannot become markup, whether the desktop knows markup or not"""
    hostile = config_for("<b>&", "<i>&")
    for capabilities, written in ((), "<i>&"), (("actions", "body-markup"), "&lt;i&gt;&amp;"):
        with Desktop(hostile) as d, contextlib.closing(Notifications(d, *capabilities)) as n:
            d.kill_guest("<b>&")
            d.run("hotseat", "switch", "--notify", "<b>&", check=False)
            told = n.notification()
            assert told["summary"] == "Not switched to <b>&", told
            assert f"domain {written} has crashed" in told["body"], told


def test_server_restarted():
    """a new notification server's numbers are not mistaken for the old one's"""
    with Desktop(daemon=False) as d:
        for _ in range(2):
            with contextlib.closing(Notifications(d)) as n:
                d.run("hotseat", "switch", "--notify", "guest", check=False)
                assert n.notification()["replaces"] == "0"
                d.run("hotseat", "switch", "--notify", "guest", check=False)
                assert n.notification()["replaces"] == "1"
        until("the name is free", lambda: "true" not in d.run(
            "gdbus", "call", "--session", "-d", "org.freedesktop.DBus", "-o", "/", "-m",
            "org.freedesktop.DBus.NameHasOwner", "org.freedesktop.Notifications").stdout)
        done = d.run("hotseat", "switch", "--notify", "guest", check=False)
        assert done.returncode == 3 and "cannot show a notification" in done.stderr, done


def test_success_needs_no_bus():
    """a switch that works does not connect to D-Bus"""
    with Desktop() as d, socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(d.dir / "bus"))
        bus.listen()
        bus.setblocking(False)
        d.env["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={d.dir}/bus"
        d.run("hotseat", "switch", "--notify", "guest")
        assert not select.select([bus], [], [], 0)[0]
        d.kill_guest()
        d.arrives("host")
        process = d.start("hotseat", "switch", "--notify", "guest", stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL)
        assert select.select([bus], [], [], DEADLINE)[0]
        bus.accept()[0].close()
        assert process.wait(DEADLINE) == 1


def i3blocks_block(bar):
    """The next state of the documented block, as i3bar reads it."""
    while True:
        line = bar.next().strip(",")
        for block in json.loads(line) if line.startswith("[{") else []:
            if block.get("name") == "hotseat":
                return block


def test_i3blocks():
    """i3blocks with the documented block: what i3bar gets, through the daemon's absence too"""
    with Desktop() as d:
        config = d.dir / "i3blocks"
        config.write_text("markup=pango\n" + documented("i3blocks"))
        with contextlib.closing(Lines("i3blocks", "-c", str(config), env=d.env, stdin=subprocess.PIPE)) as bar:
            def becomes(text):
                while (got := i3blocks_block(bar)).get("full_text") != text:
                    pass
                return got
            assert becomes("host")["markup"] == "none"
            d.run("hotseat", "switch", "guest")
            assert becomes("guest")["color"] == "#5fafff"
            d.stop_daemon()
            becomes("no daemon")
            d.start_daemon()
            becomes("host")


def test_i3blocks_click():
    """a click, as i3blocks 1.5 hands it to the documented command, switches and spoils no line"""
    command = re.search("^command=(.*)$", documented("i3blocks"), re.M)[1]
    with Desktop(GATED) as d:
        with contextlib.closing(Lines("sh", "-c", command, env=d.env, stdin=subprocess.PIPE)) as bar:
            assert json.loads(bar.next())["full_text"] == "host"
            for target in "guest", "host":
                bar.process.stdin.write(b'{"name":"hotseat","button":1}\n')
                bar.process.stdin.flush()
                assert json.loads(bar.next())["full_text"] == "→ " + target
                d.gate.touch()
                assert json.loads(bar.next())["full_text"] == target
                d.arrives(target)
                d.gate.unlink()
            # it goes with i3blocks, though nothing happens
            bar.process.stdin.close()
            bar.process.stdout.close()
            assert bar.process.wait(DEADLINE) == 0


def test_i3blocks_hostile():
    """no guest's name breaks out of i3blocks' block"""
    name = "<b>\"&\\{'ü"
    with Desktop(config_for(name, "x")) as d:
        config = d.dir / "i3blocks"
        config.write_text(documented("i3blocks"))
        d.run("hotseat", "switch", name)
        with contextlib.closing(Lines("i3blocks", "-c", str(config), env=d.env, stdin=subprocess.PIPE)) as bar:
            block = i3blocks_block(bar)
            assert block["full_text"] == "<b>'&/{'ü" and block["markup"] == "none", block


def test_launcher():
    """what is installed is valid, has its icon, and switches when a launcher starts it"""
    with Desktop() as d:
        tree = d.dir / "tree"
        d.env["DESTDIR"] = str(tree)
        d.run("meson", "install", "-C", str(BUILD), "--no-rebuild")
        share = next(tree.glob("**/share"))
        d.run("desktop-file-validate", *map(str, (share / "applications").iterdir()))
        for name in "scalable/apps/hotseat.svg", "symbolic/apps/hotseat-symbolic.svg":
            assert (share / "icons/hicolor" / name).is_file(), name
        d.env["XDG_DATA_DIRS"] = str(share)
        d.run("gio", "launch", str(share / "applications/hotseat-guest.desktop"))
        d.arrives("guest")
        d.run("gio", "launch", str(share / "applications/hotseat-host.desktop"))
        d.arrives("host")
        # the documented one for a guest of another name
        copy = documented("Launcher").replace("/usr/local/share", str(share))
        d.run("sh", "-c", copy)
        made = d.dir / "home/.local/share/applications/hotseat-win11.desktop"
        d.run("desktop-file-validate", str(made))
        assert "\nExec=hotseat switch --notify win11\n" in made.read_text()
        assert "\nName=Switch to win11\n" in made.read_text()


def test_gnome():
    """GNOME's commands bind the keys, keep what was bound, and can be given twice"""
    with Desktop(daemon=False) as d:
        d.env["GSETTINGS_BACKEND"] = "keyfile"
        keys = "org.gnome.settings-daemon.plugins.media-keys"
        base = "/org/gnome/settings-daemon/plugins/media-keys/custom-keybindings"
        script = documented("GNOME")

        def bound():
            text = d.run("gsettings", "get", keys, "custom-keybindings").stdout
            return re.findall("'([^']*)'", text)
        ours = [f"{base}/hotseat-guest/", f"{base}/hotseat-host/"]
        d.run("sh", "-c", script)
        assert bound() == ours, bound()
        d.run("gsettings", "set", keys, "custom-keybindings", f"['{base}/custom0/', '{ours[0]}']")
        d.run("bash", "-c", script)
        d.run("sh", "-c", script)
        assert bound() == [f"{base}/custom0/", *ours], bound()
        for path, target, key in (ours[0], "guest", "slash"), (ours[1], "host", "Home"):
            got = [d.run("gsettings", "get", f"{keys}.custom-keybinding:{path}", k).stdout.strip()
                   for k in ("command", "binding")]
            assert got == [f"'hotseat switch --notify {target}'", f"'<Super><Shift>{key}'"], got
        d.run("sh", "-c", documented("GNOME", 1))
        d.run("desktop-file-validate", str(d.dir / "home/.config/autostart/hotseat-watch.desktop"))


def test_commands_of_bars():
    """every hotseat command in the page is one, and waybar's block is JSON"""
    waybar = json.loads("{" + documented("waybar") + "}")["custom/hotseat"]
    assert waybar["return-type"] == "json"
    with Desktop() as d:
        commands = set(re.findall(r"hotseat (?:switch|watch)(?: --notify| --format (?:waybar|i3blocks|plain))+"
                                  r"(?: (?:guest|host|toggle|win11))?", DOC))
        assert len(commands) > 6, commands
        for command in commands:
            words = command.split() + ["--help"]
            assert d.run(*words, check=False).returncode == 0, command
        with contextlib.closing(Lines("sh", "-c", waybar["exec"], env=d.env)) as bar:
            assert json.loads(bar.next())["alt"] == "host"


tap.main(sys.modules[__name__])
