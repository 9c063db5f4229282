#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guests, strangers and users that mean harm, against whole programs. TAP.

usage: test_hostile.py HOTSEATD HOTSEAT
"""
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

import tap
from daemon import HOTSEAT, Daemon, until
from kit import CONFIG, TLS
from ports import reserve_port

NOBODY = 65534
HALF_HELLO = bytes.fromhex("1603010200010001fc0303")


class Desk(Daemon):
    """A daemon on a port of its own; "guest" may send the seat to the host, "linux" may also take it."""

    def __init__(self, tls=False, security="security: {enabled: true, secret: the administrator's own}"):
        self.port = reserve_port()
        self.tls = tls
        text = CONFIG.format(address=f"127.0.0.1:{self.port}") + (TLS if tls else "")
        text = text.replace("domain: debian}", "domain: debian, may_switch_to: [host, self]}")
        text = text.replace("security: {enabled: true}", security)
        super().__init__(config=text, prepare=self.make_certificate if tls else None)
        # so many switches would fill what systemd is told
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        try:
            while self.notify.recv(4096):
                pass
        except OSError:
            pass

    def make_certificate(self):
        self.own("certificate", "new")

    def own(self, *args):
        done = subprocess.run([HOTSEAT, *args, "--config", str(self.config)], check=True,
                              capture_output=True, text=True, timeout=60)
        return done.stdout

    def secret(self, guest):
        made = json.loads(self.own("secret", "new", guest, "--show", "--json"))["secret"]
        until("the secret is read", lambda: self.ask("GET", "/status", secret=made)[0] == 200)
        return made

    def connect(self, address="127.0.0.1"):
        return socket.create_connection(("127.0.0.1", self.port), 60, (address, 0))

    def ask(self, method, path, body=None, secret="the administrator's own", host="x"):
        """The status, and the answer; 0: there was none."""
        text = "" if body is None else json.dumps(body)
        request = (f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nX-Secret: {secret}\r\n"
                   f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n{text}")
        answer = b""
        with self.connect() as plain:
            stream = plain
            if self.tls:
                context = ssl.create_default_context()
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
                stream = context.wrap_socket(plain)
            stream.sendall(request.encode())
            while data := stream.recv(65536):
                answer += data
        return int(answer[9:12] or 0), answer.partition(b"\r\n\r\n")[2].decode()

    def open_files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def threads(self):
        return len(os.listdir(f"/proc/{self.process.pid}/task"))


class Flood:
    """Does something again and again, from several threads, for as long as it is entered."""

    def __init__(self, act, threads=4):
        self.act, self.over, self.times = act, False, 0
        self.threads = [threading.Thread(target=self.run) for _ in range(threads)]

    def run(self):
        while not self.over:
            try:
                self.act()
            except OSError:
                pass
            self.times += 1

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over = True
        for thread in self.threads:
            thread.join()


def test_hostage():
    """a guest that asks for itself without end keeps the host from nothing"""
    with Desk() as d:
        linux = d.secret("linux")
        with Flood(lambda: d.ask("POST", "/switch", {"to": "linux"}, secret=linux), threads=2) as flood:
            for _ in range(10):
                d.hotseat("switch", "host")  # status 0: done, and not superseded
                assert d.ask("POST", "/switch", {"to": "host"})[0] == 200
            assert flood.times > 0
        assert not re.search(r"switch \d+ to host: superseded", d.log.read_text())


def test_waiting():
    """40 requests of one guest at a time, while a switch lasts, leave room for others"""
    config = "  guest: ['while [ ! -e \"$GO\" ]; do sleep 0.05; done']\n"
    with tempfile.TemporaryDirectory() as folder:
        go = pathlib.Path(folder) / "go"
        os.environ["GO"] = str(go)
        with Desk(security="security: {enabled: true, secret: the administrator's own}\n"
                           f"commands:\n{config}") as d:
            del os.environ["GO"]
            guest = d.secret("guest")
            with Flood(lambda: d.ask("POST", "/switch", {"to": "host"}, secret=guest), threads=40):
                first = threading.Thread(target=d.ask, args=("POST", "/switch", {"to": "guest"}))
                first.start()
                for _ in range(20):
                    assert d.ask("GET", "/status")[0] == 200
                go.touch()
                first.join()
            assert d.ask("POST", "/switch", {"to": "host"})[0] == 200


def test_half_handshakes():
    """half TLS handshakes and silent connections of another address do not crowd out other clients"""
    with Desk(tls=True) as d:
        held = []
        for i in range(400):
            stream = d.connect("127.0.0.2")
            if i % 2 == 0:
                stream.sendall(HALF_HELLO)
            held.append(stream)
            if i % 40 == 0:
                assert d.ask("GET", "/status")[0] == 200
        assert d.ask("POST", "/switch", {"to": "host"})[0] == 200
        for stream in held:
            stream.close()


def test_rebinding():
    """with security off, a page whose name leads here is refused, and this machine's names are not"""
    with Desk(security="security: {enabled: false, secret: ''}") as d:
        for host, status in (("evil.example", 403), (f"evil.example:{d.port}", 403),
                             (f"127.0.0.1:{d.port}", 200), ("localhost", 200)):
            assert d.ask("GET", "/status", host=host)[0] == status, host
            assert d.ask("POST", "/switch", {"to": "host"}, host=host)[0] == status, host


def test_many():
    """after many switches there are as many threads and open files as after a few"""
    with Desk() as d:
        counts = []
        for _ in range(3):
            for _ in range(20):
                for to in "guest", "host":
                    assert d.ask("POST", "/switch", {"to": to})[0] == 200
            until("all is closed", lambda: d.open_files() <= (counts[0][0] if counts else 1000))
            counts.append((d.open_files(), d.threads()))
        assert counts[2][1] <= counts[0][1], counts


def test_log():
    """strangers have ten lines a minute of the log, however many addresses they ask from"""
    with Desk() as d:
        for i in range(1, 101):
            with d.connect(f"127.2.0.{i}") as stream:
                stream.sendall(b"GET /status HTTP/1.1\r\nX-Secret: guess\r\n\r\n")
                assert b" 403 " in stream.recv(1000)
        assert d.log.read_text().count("missing or wrong secret") <= 20  # of two minutes, at most


def planted_kit(folder):
    """What root leaves in a folder of root's, where a user's link leads it."""
    trap, home = folder / "cron.hourly", folder / "home"
    trap.mkdir()
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    (home / "win11-kit").symlink_to("../cron.hourly")
    os.chown(home / "win11-kit", NOBODY, NOBODY, follow_symlinks=False)
    config = folder / "config.yaml"
    config.write_text(CONFIG.format(address="192.168.122.1:5001"))
    for environment in {"SUDO_UID": str(NOBODY), "SUDO_GID": str(NOBODY)}, {}:
        done = subprocess.run(
            [HOTSEAT, "guest-kit", "win11-kit", "--guest", "guest", "--config", str(config)],
            cwd=home, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
        assert done.returncode == 1 and "Permission denied" in done.stderr, done
    return list(trap.iterdir())


def test_planted():
    """a link in a user's folder gets nothing of `sudo hotseat guest-kit` into one of root's"""
    if os.geteuid() != 0:
        return
    folder = pathlib.Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        assert planted_kit(folder) == []
    finally:
        shutil.rmtree(folder)


tap.main(sys.modules[__name__])
