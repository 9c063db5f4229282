#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Windows agent as a person meets it: under Wine, its keys pressed with xdotool. TAP.

usage: test_windows.py HOTSEATD HOTSEAT-AGENT.EXE
"""
import contextlib
import http.server
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
import tap

HOTSEATD, AGENT = map(os.path.abspath, sys.argv[1:3])
SECRET = "a secret of many words"
DEADLINE = 60  # for what must happen; never for how fast
CONFIG = """\
libvirt: {domain: win11}
devices:
  - {name: keyboard, vendor: 0x28da, product: 0x1101}
displays:
  - {name: left, bus: 4, host: 0x0f, guest: 0x11}
http:
  address: 127.0.0.1:%d
  security: {enabled: true, secret: %s}
"""


def until(what, condition):
    end = time.monotonic() + DEADLINE
    while not (value := condition()):
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.05)
    return value


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Windows:
    """A screen and a Windows without anything running in it, for all tests: it takes long to make."""

    DESKTOP = "hotseat,1024x768"

    def __init__(self):
        self.dir = pathlib.Path(tempfile.mkdtemp())
        self.prefix = self.dir / "wine"
        read, write = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1024x768x24", "-nolisten", "tcp",
             "-fbdir", str(self.dir)],
            pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as pipe:
            display = pipe.readline().strip()
        self.env = dict(
            os.environ, DISPLAY=f":{display}", WINEPREFIX=str(self.prefix), HOME=str(self.dir),
            # neither .NET nor a browser, which Wine would like to download
            WINEDLLOVERRIDES="mscoree,mshtml=", WINEDEBUG="-all", LC_ALL="C.UTF-8")
        self.wine("wineboot", "-i")

    def close(self):
        subprocess.run(["wineserver", "-k"], env=self.env, check=False)
        self.server.terminate()
        self.server.wait()
        shutil.rmtree(self.dir, ignore_errors=True)

    def start(self, *args):
        return subprocess.Popen(["wine", *args], env=self.env, stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wine(self, *args):
        return subprocess.run(["wine", *args], env=self.env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=10 * DEADLINE,
                              check=False).stdout.decode(errors="replace")

    def xdotool(self, *args, check=True):
        return subprocess.run(["xdotool", *args], env=self.env, capture_output=True, text=True,
                              check=check, timeout=DEADLINE).stdout

    def focus(self):
        """Keys go to the desktop, which lives as long as the agent on it."""
        window = until("Wine's desktop", lambda: self.xdotool(
            "search", "--onlyvisible", "--name", "Wine desktop", check=False).split())[-1]
        self.xdotool("windowfocus", "--sync", window)

    def key(self, *keys):
        """Presses them, whatever window is in front."""
        self.focus()
        self.xdotool("key", *keys)

    def see_window(self, name, there=True):
        until(f"a window {name!r}: {there}", lambda: there == bool(
            self.xdotool("search", "--onlyvisible", "--name", f"^{name}$", check=False).strip()))

    def agents(self):
        """The agent's processes."""
        mine = f"WINEPREFIX={self.prefix}\0".encode()
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                line = (process / "cmdline").read_bytes()
                if b"hotseat-agent.exe" in line and b"explorer" not in line and \
                        mine in (process / "environ").read_bytes():
                    yield int(process.name)


class Agent:
    """hotseat-agent.exe in a folder of its own, with the settings beside it (None: without)."""

    def __init__(self, settings, monitors=None, encoding="utf-8"):
        self.dir = pathlib.Path(tempfile.mkdtemp(dir=windows.dir))
        self.exe = self.dir / "hotseat-agent.exe"
        self.ini = self.dir / "hotseat-agent.ini"
        self.log_file = self.dir / "log"
        self.monitors = self.dir / "monitors"
        self.explorers = []
        shutil.copy(AGENT, self.exe)
        if settings is not None:
            lines = ["; as the kit wrote it", "[hotseat]", f"log = {self.windows_path(self.log_file)}"]
            lines += [f"{key} = {value}" for key, value in settings.items()]
            if monitors is not None:
                self.monitors.write_text("".join(f"{line}\n" for line in monitors))
                lines += ["[test]", f"monitors = {self.windows_path(self.monitors)}"]
            self.ini.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding))

    @staticmethod
    def windows_path(path):
        return "Z:" + str(path).replace("/", "\\")

    def __enter__(self):
        self.start()
        self.pid = until("the agent runs", lambda: next(windows.agents(), None))
        return self

    def __exit__(self, *_):
        for pid in windows.agents():
            os.kill(pid, 9)
        until("the agent is gone", lambda: not any(windows.agents()))
        for explorer in self.explorers:
            explorer.wait()

    def start(self):
        # explorer stays as long as what it starts
        self.explorers.append(
            windows.start("explorer", f"/desktop={windows.DESKTOP}", self.windows_path(self.exe)))

    def log(self):
        return self.log_file.read_text() if self.log_file.exists() else ""

    def see(self, text, times=1):
        try:
            until(f"{text!r} in the log", lambda: self.log().count(text) >= times)
        except AssertionError as error:
            raise AssertionError(f"{error}; it has:\n{self.log()}") from error


class Daemon:
    """hotseatd with a simulated desk."""

    def __init__(self, port=None):
        self.port = port or free_port()
        self.dir = pathlib.Path(tempfile.mkdtemp(dir=windows.dir))
        self.config = self.dir / "config.yaml"
        self.config.write_text(CONFIG % (self.port, SECRET))
        self.config.chmod(0o600)
        self.process = None

    def settings(self, **more):
        return {"url": f"http://127.0.0.1:{self.port}", "secret": SECRET, **more}

    def __enter__(self):
        self.process = subprocess.Popen(
            [HOTSEATD, "--simulate", "--config", str(self.config), "--socket", str(self.dir / "s")],
            stderr=(self.dir / "log").open("w"))
        until("hotseatd listens", self.answers)
        until("the seat is known", lambda: self.status()["target"] is not None)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def ask(self, path, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", None if body is None else json.dumps(body).encode(),
            {"X-Secret": SECRET, "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=DEADLINE) as answer:
            return json.load(answer)

    def answers(self):
        with contextlib.suppress(OSError):
            return self.status()

    def status(self):
        return self.ask("/status")

    def to_guest(self):
        assert self.ask("/switch", {"to": "guest"})["success"]
        assert self.status()["target"] == "guest"

    def deafen(self):
        body = b'{"fault":"deafen","what":"left"}'
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(str(self.dir / "s"))
            s.sendall(b"POST /simulate HTTP/1.0\r\nContent-Type: application/json\r\n"
                      b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            assert b" 200 " in s.makefile("rb").readline()

    def see_target(self, target):
        until(f"the seat is at {target}", lambda: self.status()["target"] == target)


def test_hotkey():
    """Win+Shift+/ brings the seat to the host"""
    with Daemon() as daemon, Agent(daemon.settings()) as agent:
        agent.see("connected")
        daemon.to_guest()
        windows.key("super+shift+slash")
        daemon.see_target("host")
        agent.see("switch to host: done")
        assert "notification" not in agent.log(), agent.log()
        assert daemon.status()["last"]["reason"] == "request from 127.0.0.1"


def test_other_hotkey():
    """another hotkey, from settings in UTF-16, takes its place"""
    with Daemon() as daemon, Agent(daemon.settings(hotkey="shift + Ctrl + f9"), encoding="utf-16") as agent:
        agent.see("connected")
        daemon.to_guest()
        windows.key("super+shift+slash")
        windows.key("ctrl+shift+F9")
        daemon.see_target("host")
        assert agent.log().count("asked") == 1, agent.log()


def test_modifiers():
    """modifiers that the keyboard took with it to the host are let go"""
    with Daemon() as daemon, Agent(daemon.settings()) as agent:
        agent.see("connected")
        daemon.to_guest()
        windows.focus()
        windows.xdotool("keydown", "super", "keydown", "shift", "key", "slash")
        try:
            daemon.see_target("host")
            agent.see("key 0x5b let go")
            agent.see("key 0xa0 let go")
        finally:
            windows.xdotool("keyup", "super", "keyup", "shift")


def test_menu():
    """the menu of the icon has the guest, and moves the seat there"""
    with Daemon() as daemon, Agent(daemon.settings()) as agent:
        agent.see("connected")
        windows.xdotool("mousemove", "1014", "758")
        # the icon may not be drawn yet
        for _ in range(DEADLINE):
            windows.xdotool("click", "3")
            time.sleep(1)
            windows.xdotool("key", "Down", "Down", "Return")
            time.sleep(1)
            if "asked" in agent.log():
                break
        agent.see("switch to guest: asked")
        daemon.see_target("guest")


def test_failure():
    """a switch that fails is told with hotseatd's reason"""
    with Daemon() as daemon, Agent(daemon.settings()) as agent:
        agent.see("connected")
        daemon.to_guest()
        daemon.deafen()
        windows.key("super+shift+slash")
        agent.see("notification: Switch to host failed: ")
        reason = daemon.status()["last"]["error"]
        assert "left" in reason, reason
        agent.see(f"notification: Switch to host failed: {reason}")


def test_late_host():
    """a host that is not there yet is asked again, and the presses until then are one"""
    daemon = Daemon()
    with Agent(daemon.settings()) as agent:
        agent.see("not connected")
        windows.key("super+shift+slash")
        agent.see("switch to host: asked")
        windows.key("super+shift+slash")
        agent.see("switch to host: under way already")
        with daemon:
            agent.see("switch to host: done")
            last = daemon.status()["last"]
            assert (last["id"], last["to"], last["outcome"]) == (1, "host", "done"), last


def test_no_host():
    """a host that does not come at all is told of"""
    with Agent(Daemon().settings()) as agent:
        agent.see("not connected")
        windows.key("super+shift+slash")
        agent.see("notification: Switch to host failed: 127.0.0.1:")
        agent.see("does not answer: nothing listens there")


def test_wrong_secret():
    """a wrong secret is told of, at the start and at a press, and moves nothing"""
    with Daemon() as daemon, Agent(daemon.settings(secret="guessed")) as agent:
        agent.see("notification: hotseat cannot connect: hotseatd refuses the secret")
        daemon.to_guest()
        windows.key("super+shift+slash")
        agent.see("notification: Switch to host failed: hotseatd refuses the secret")
        assert daemon.status()["target"] == "guest"
        assert agent.log().count("cannot connect") == 1, agent.log()


def test_reconnect():
    """when hotseatd has been away the agent connects again"""
    daemon = Daemon()
    with daemon, Agent(daemon.settings()) as agent:
        agent.see("connected")
        daemon.process.kill()
        daemon.process.wait()
        agent.see("not connected: ")
        with daemon:
            agent.see(" connected\n", 2)
            assert daemon.status()["target"] == "host"


def edid(manufacturer, model, number):
    block = bytearray(128)
    block[:8] = b"\0\xff\xff\xff\xff\xff\xff\0"
    letters = [ord(c) - 64 for c in manufacturer]
    block[8:10] = (letters[0] << 10 | letters[1] << 5 | letters[2]).to_bytes(2, "big")
    block[12:16] = number.to_bytes(4, "little")
    block[54:72] = b"\0\0\0\xfc\0" + (model.encode() + b"\n").ljust(13)
    block[127] = -sum(block) % 256
    return block.hex()


class FakeDaemon(http.server.ThreadingHTTPServer):
    """Sends events to who asks for them, and keeps what is posted: pairs of path and JSON."""

    def __init__(self, events=()):
        self.events = events
        self.posts = []
        self.secrets = set()
        self.paths = set()
        super().__init__(("127.0.0.1", 0), FakeHandler)
        self.thread = threading.Thread(target=self.serve_forever)

    def __enter__(self):
        self.over = threading.Event()
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """A connection that breaks is the client's business."""


class FakeHandler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.secrets.add(self.headers["X-Secret"])
        self.server.paths.add(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(b'event: status\ndata: {"target":"guest","guests":[]}\n\n: alive\n\n')
        for event in self.server.events:
            self.wfile.write(b"event: set-input\ndata: " + json.dumps(event).encode() + b"\n\n")
        self.wfile.flush()
        self.server.over.wait()

    def do_POST(self):
        self.server.secrets.add(self.headers["X-Secret"])
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.path, json.loads(body)))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")


def test_set_input():
    """monitors are set from inside when hotseatd asks, each request answered"""
    monitors = [edid("AOC", "2778X", 1234), edid("DEL", "U2720Q", 7) + " deaf", edid("AOC", "24G1", 5)]
    ask = {"display": "left", "manufacturer": "AOC", "model": "2778X", "serial": "1234", "feature": 96,
           "value": 15}
    asked = [{**ask, "id": 17}, {**ask, "id": 18, "model": "24G1", "serial": None, "value": 17},
             {**ask, "id": 19, "manufacturer": "DEL", "model": "U2720Q", "serial": None},
             {**ask, "id": 20, "serial": "99"}, {**ask, "id": 21, "feature": 999}]
    with FakeDaemon(asked) as fake, Agent(
            {"url": f"127.0.0.1:{fake.server_port}/", "secret": SECRET}, monitors=monitors) as agent:
        until("all are answered", lambda: len(fake.posts) == len(asked))
        assert {path for path, _ in fake.posts} == {"/set-input"}
        errors = {body["id"]: body["error"] for _, body in fake.posts}
        assert errors[17] is None and errors[18] is None, errors
        assert "U2720Q does not obey" in errors[19], errors
        assert "0 of the 3 monitors" in errors[20], errors
        assert '"feature" is no number from 0 to 255' in errors[21], errors
        done = agent.monitors.with_name("monitors.log").read_text().splitlines()
        assert done == ["96 15 2778X", "96 17 24G1"], done
        assert fake.paths == {"/events?agent=windows%200.1.0"}, fake.paths
        assert fake.secrets == {SECRET}, fake.secrets


def test_no_monitor():
    """where no monitor can be commanded, that is the answer"""
    asked = [{"id": 1, "manufacturer": "AOC", "model": "2778X", "feature": 96, "value": 15}]
    with FakeDaemon(asked) as fake, Agent(
            {"url": f"http://127.0.0.1:{fake.server_port}", "secret": SECRET}):
        until("it is answered", lambda: fake.posts)
        path, body = fake.posts[0]
        assert path == "/set-input" and body["id"] == 1 and "monitor" in body["error"], body


@contextlib.contextmanager
def https_daemon():
    """A FakeDaemon behind TLS, and its certificate's fingerprint."""
    with tempfile.TemporaryDirectory() as folder, FakeDaemon() as fake:
        key, certificate = f"{folder}/key", f"{folder}/certificate"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=hotseat",
                        "-keyout", key, "-out", certificate], check=True, stderr=subprocess.DEVNULL)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        fake.socket = context.wrap_socket(fake.socket, server_side=True)
        printed = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-fingerprint",
                                  "-sha256"], check=True, capture_output=True, text=True).stdout
        yield fake, printed.strip().split("=")[1]


def test_pin():
    """with the fingerprint of its certificate hotseatd is believed, with another or none it is not"""
    with https_daemon() as (fake, fingerprint):
        settings = {"url": f"https://127.0.0.1:{fake.server_port}", "secret": SECRET}
        with Agent({**settings, "fingerprint": fingerprint}) as agent:
            agent.see(" connected")
        assert fake.secrets == {SECRET}
        fake.secrets.clear()
        with Agent({**settings, "fingerprint": "00" * 32}) as agent:
            agent.see(f"notification: hotseat cannot connect: 127.0.0.1:{fake.server_port} shows another "
                      f"certificate than Settings say; its fingerprint is {fingerprint}")
        with Agent(settings) as agent:
            agent.see("notification: hotseat cannot connect: ")
            agent.see("its certificate is not trusted")


def type_over(text):
    windows.xdotool("key", "ctrl+a")
    windows.xdotool("type", "--delay", "20", text)


def test_first_start():
    """without settings it asks for them, keeps them in the profile, and begins"""
    with Daemon() as daemon, Agent(None) as agent:
        windows.see_window("hotseat: settings")
        type_over(f"http://127.0.0.1:{daemon.port}")
        windows.xdotool("key", "Tab")
        type_over(SECRET)
        windows.xdotool("key", "alt+l", "Return")
        windows.see_window("hotseat: settings", False)
        saved = next(windows.prefix.glob("drive_c/users/*/AppData/Roaming/hotseat/hotseat-agent.ini"))
        text = saved.read_text()
        saved.unlink()
        assert f"url = http://127.0.0.1:{daemon.port}\n" in text and f"secret = {SECRET}\n" in text, text
        assert "hotkey = Win+Shift+/\n" in text, text
        run = windows.wine("reg", "query", r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run")
        assert f'"{agent.windows_path(agent.exe)}"' in run, run
        assert not agent.ini.exists()
        daemon.to_guest()
        windows.key("super+shift+slash")
        daemon.see_target("host")


def test_settings():
    """started again it shows its settings; what is wrong is told and not saved, all else is kept"""
    with Daemon() as daemon, Agent(daemon.settings(secret="guessed")) as agent:
        agent.see("refuses the secret")
        before = agent.ini.read_text()
        agent.start()
        windows.see_window("hotseat: settings")
        windows.xdotool("key", "alt+h")
        type_over("Hyper+x")
        windows.xdotool("key", "Return")
        # the message is a window of the same name, in front
        time.sleep(2)
        assert agent.ini.read_text() == before
        windows.xdotool("key", "Return")
        time.sleep(1)
        type_over("Pause")
        windows.xdotool("key", "alt+s")
        type_over(SECRET)
        windows.xdotool("key", "Return")
        windows.see_window("hotseat: settings", False)
        agent.see(" connected")
        text = agent.ini.read_text()
        assert text == before.replace("guessed", SECRET) + "fingerprint = \nhotkey = Pause\n", text
        daemon.to_guest()
        windows.key("Pause")
        daemon.see_target("host")


def test_wrong_file():
    """a settings' file with a mistake is told of with its line"""
    with Agent({"url": "http://127.0.0.1:1", "hotkye": "Pause"}) as agent:
        windows.see_window("hotseat: the settings' file cannot be used")
        windows.xdotool("key", "Return")
        windows.see_window("hotseat: the settings' file cannot be used", False)
        assert next(windows.agents()) == agent.pid


def costs(pid):
    """ticks of CPU, and how often a thread was woken"""
    ticks = sum(map(int, pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]))
    woken = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                woken += int(line.split()[1])
    return ticks, woken


def test_quiet():
    """the secret is on no command line, and an idle agent idles"""
    with Daemon() as daemon, Agent(daemon.settings()) as agent:
        agent.see("connected")
        for process in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                assert SECRET.encode() not in process.read_bytes(), process
        time.sleep(2)
        before = costs(agent.pid)
        time.sleep(10)
        after = costs(agent.pid)
        print(f"# idle for 10 s: {after[0] - before[0]} ticks of CPU, {after[1] - before[1]} wake-ups",
              flush=True)


windows = Windows()
try:
    tap.main(sys.modules[__name__])
finally:
    windows.close()
