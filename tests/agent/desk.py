# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the Windows agent need: a Windows, the agent in it, and who it talks to."""
import contextlib
import http.server
import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from ports import reserve_port  # noqa: E402

HOTSEATD, AGENT = map(os.path.abspath, sys.argv[1:3])
SECRET = "a secret of many words"
DEADLINE = 180  # for what must happen; never for how fast
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


def until(what, condition, seconds=DEADLINE):
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.05)
    return value


class Windows:
    """A screen and a Windows without anything running in it, for all tests: it takes long to make."""

    DESKTOP = "hotseat,1024x768"
    ARROW = b"\xe6\x61\x00"  # the colour of the arrow in data/icons/hotseat.svg

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

    def in_front(self, name, but=None):
        """Waits until keys go to a window of this name, and not to but; returns it."""
        def front():
            window = self.xdotool("getwindowfocus", check=False).strip()
            named = window and self.xdotool("getwindowname", window, check=False).strip() == name
            return named and window != but and window
        return until(f"{name!r} in front", front)

    def screen(self):
        """What is drawn: rows of RGB. Xvfb keeps it in a file of xwd's format."""
        raw = (self.dir / "Xvfb_screen0").read_bytes()
        header = struct.unpack(">25I", raw[:100])
        size, width, height, line, colors = header[0], header[4], header[5], header[12], header[19]
        assert header[1] == 7 and header[11] == 32, "not 32 bits for a pixel"
        pixels = memoryview(raw)[size + colors * 12:]
        rows = []
        for y in range(height):
            row = pixels[y * line:y * line + width * 4]
            rgb = bytearray(width * 3)
            rgb[0::3], rgb[1::3], rgb[2::3] = row[2::4], row[1::4], row[0::4]
            rows.append(rgb)
        return rows

    def find_icon(self):
        """(x, y) of a pixel of the agent's icon, or None while it is not drawn. Wine 8 shows it in a task bar at the
        bottom, Wine 10 in a small window at the top."""
        return next(((x // 3, y) for y, row in enumerate(self.screen()) if self.ARROW in row
                     for x in range(0, len(row), 3) if row[x:x + 3] == self.ARROW), None)

    def menu(self):
        """The window of the icon's menu, or None. No other visible window of the agent is without a name."""
        return next((window for window in self.xdotool(
            "search", "--onlyvisible", "--class", "hotseat-agent", check=False).split()
            if not self.xdotool("getwindowname", window, check=False).strip()), None)

    def choose(self, menu, item):
        """Clicks on the item with this number, from 0. Keys would not do: in Wine 10, a click on the icon gives the
        keyboard's focus to the window that shows it."""
        # the menu's border has 3 pixels, an item 17; all in Wine's own font
        self.xdotool("mousemove", "--window", menu, "40", str(3 + 17 * item + 8), "click", "1")

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

    def __init__(self):
        self.port = reserve_port()
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
        until(f"{target} has the seat", lambda: self.status()["target"] == target)


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
    """Sends events to clients that ask for them, and keeps what is posted: pairs of path and JSON."""

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

    def do_HEAD(self):
        self.server.secrets.add(self.headers["X-Secret"])
        self.send_response(403)
        self.end_headers()

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


windows = Windows()
