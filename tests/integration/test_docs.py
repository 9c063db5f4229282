#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the newcomer is promised: ./try, without a terminal and on one, as the README shows it. TAP.

usage: test_docs.py (in the project's folder, after ./try has built)
"""
import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import time

import tap

DEADLINE = 300


def normal(line):
    """A line of output without what differs from run to run."""
    return re.sub(r"\s+", " ", re.sub(r"[0-9.]+ ms", "N ms", line)).strip()


def test_session():
    """the README's session is what ./try prints"""
    printed = subprocess.run(["./try"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             timeout=DEADLINE, check=True).stdout
    printed = [normal(line) for line in printed.splitlines()]
    readme = open("README.md", encoding="utf-8").read()
    session = readme[readme.index("\t$ hotseat switch guest"):]
    session = session[:session.index("\n(")]
    for line in session.splitlines():
        assert normal(line) in printed, line
    assert len(printed) > 30


def test_own_config():
    """the README's commands for a config of one's own work, and move what it names"""
    readme = open("README.md", encoding="utf-8").read()
    commands = re.search(r"^\tcp data/config.yaml (\S+)\n(?:\t.*\n)+", readme, re.M)
    with tempfile.TemporaryDirectory() as folder:
        text = commands[0].replace(commands[1], os.path.join(folder, "desk.yaml"))
        printed = subprocess.run(["sh", "-ec", text], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                 timeout=DEADLINE, check=True).stdout
    assert "desk.yaml is fine" in printed and "win10 has the seat." in printed, printed
    assert "The host has the seat." in printed, printed


class Terminal:
    """./try on a terminal of 80 x 24, and what it wrote so far."""

    def __enter__(self):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm", LC_ALL="C.UTF-8", LINES="24", COLUMNS="80")
            os.execv("./try", ["./try"])
        self.text = ""
        return self

    def __exit__(self, *_):
        os.close(self.fd)
        os.waitpid(self.pid, 0)

    def type(self, keys):
        self.text = ""
        os.write(self.fd, keys.encode())

    def see(self, wanted):
        end = time.monotonic() + DEADLINE
        while wanted not in self.text:
            ready = select.select([self.fd], [], [], end - time.monotonic())[0]
            assert ready, f"{wanted!r} never came; seen: {self.text[-3000:]!r}"
            self.text += os.read(self.fd, 65536).decode(errors="replace")


def test_terminal():
    """on a terminal ./try draws the desk, switches at a key, and breaks things"""
    with Terminal() as t:
        t.see("The host has the seat")
        t.type("g")
        t.see("win11 has the seat")
        t.type("u")  # kill the guest: home by itself
        t.see("The host has the seat")
        t.type("q")


def test_example():
    """the example config and the manual pages are valid, and fit into 80 columns"""
    subprocess.run(["build/hotseat", "check-config", "data/config.yaml"], check=True,
                   stdout=subprocess.DEVNULL)
    for page in "hotseat.1", "hotseatd.8", "hotseat-inputd.8", "hotseat.yaml.5":
        with open(f"man/{page}.scd", "rb") as source:
            made = subprocess.run(["scdoc"], stdin=source, capture_output=True, check=True).stdout
        said = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-"], input=made,
                              capture_output=True, check=True,
                              env={**os.environ, "MANWIDTH": "80", "LC_ALL": "C.UTF-8"})
        # about looks: words too long for a line, which groff 1.23 reports
        faults = [line for line in said.stderr.decode().splitlines() if "cannot adjust line" not in line]
        assert not faults, faults
        wide = [line for line in said.stdout.decode().splitlines() if len(line) > 80]
        assert not wide, wide


tap.main(sys.modules[__name__])
