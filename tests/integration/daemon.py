# SPDX-License-Identifier: GPL-3.0-or-later
"""hotseatd as a process, for the tests that take HOTSEATD and HOTSEAT as their arguments."""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

HOTSEATD, HOTSEAT = map(os.path.abspath, sys.argv[1:3])
DEADLINE = 180  # for what must happen; never for how fast


def until(what, condition):
    end = time.monotonic() + DEADLINE
    while not (value := condition()):
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.02)
    return value


class Daemon:
    """hotseatd with a systemd that listens to it."""

    def __init__(self, *args, config=None, wait=True, env=None, prepare=None, limit=None):
        self.dir = pathlib.Path(tempfile.mkdtemp())
        self.socket = self.dir / "hotseat.sock"
        self.config = self.dir / "config.yaml"
        self.trace = self.dir / "trace"
        self.log = self.dir / "log"
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(str(self.dir / "notify"))
        self.notify.settimeout(DEADLINE)
        self.told = []
        args = list(args)
        if config is not None:
            self.config.write_text(config)
            self.config.chmod(0o600)
            args += ["--config", str(self.config)]
        if prepare:
            prepare()
        environment = {k: v for k, v in os.environ.items() if k != "G_DEBUG"}
        environment.update(NOTIFY_SOCKET=str(self.dir / "notify"), TRACE=str(self.trace), LC_ALL="C.UTF-8")
        environment.update(env or {})
        self.process = subprocess.Popen(
            [HOTSEATD, "--simulate", "--socket", str(self.socket), *args],
            stderr=self.log.open("w"), env=environment, preexec_fn=limit)
        if wait:
            self.hear("READY=1")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.notify.close()
        shutil.rmtree(self.dir)

    def hear(self, line):
        """Waits until the daemon has sent line to systemd."""
        while True:
            message = self.notify.recv(4096).decode()
            self.told.append(message)
            if any(part.startswith(line) for part in message.split("\n")):
                return

    def hotseat(self, *args, status=0):
        done = subprocess.run([HOTSEAT, *args, "--socket", str(self.socket)],
                              capture_output=True, text=True, timeout=DEADLINE)
        assert done.returncode == status, (args, done)
        return done.stdout

    def status(self):
        return json.loads(self.hotseat("status", "--json"))

    def break_it(self, fault, what):
        body = json.dumps({"fault": fault, "what": what}).encode()
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(str(self.socket))
            s.sendall(b"POST /simulate HTTP/1.0\r\nContent-Type: application/json\r\n"
                      b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            answer = b""
            while data := s.recv(65536):
                answer += data
        assert b" 200 " in answer.split(b"\r\n")[0], answer

    def log_has(self, text):
        until(f"{text!r} in the log", lambda: text in self.log.read_text())
