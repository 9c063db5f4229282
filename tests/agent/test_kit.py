#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `hotseat guest-kit` writes for Windows, under Wine. TAP.

usage: test_kit.py HOTSEATD HOTSEAT-AGENT.EXE HOTSEAT

Debian does not have AutoHotkey: its scripts' calls of WinHttpRequest are run by Wine's script
host, and what is in its own language is looked at in ../integration/test_kit.py.
"""
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
import tap
from desk import Agent, until, windows
from kit import NASTY, Kit, jscript, make_config
from ports import reserve_port
from recorder import DONE, Recorder

# daemon.py takes its two programs from the command line as well
sys.argv[1:3] = sys.argv[1], sys.argv[3]
from daemon import HOTSEAT, Daemon

SCRIPTS = {1: "switch-to-host-v1.ahk", 2: "switch-to-host.ahk"}
OWN = [r"Accept: \*/\*", "Connection: Keep-Alive",
       r"User-Agent: Mozilla/4.0 \(compatible; Win32; WinHttp.WinHttpRequest.5\)"]


def ask(kit, version, wait):
    """Has Wine do what a script does, and returns what it prints."""
    script = kit.dir / "kit.js"
    script.write_text(jscript(kit.text(SCRIPTS[version]), version, wait))
    return windows.wine("cscript", "//nologo", Agent.windows_path(script)).strip()


def test_bytes():
    """both AutoHotkey scripts' calls send just their request, however odd the secret is"""
    for version in SCRIPTS:
        for wait in False, True:
            with tempfile.TemporaryDirectory() as folder, Recorder() as r, \
                    Kit(HOTSEAT, "--url", r.url, config=make_config(folder), secret=NASTY) as kit:
                said = ask(kit, version, wait)
                assert said == "200 " + DONE.split(b"\r\n\r\n")[1].decode(), said
                r.see_switch(NASTY, OWN, *[None] * wait)


@contextlib.contextmanager
def desk(tls):
    """A daemon, and a kit for it."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"127.0.0.1:{reserve_port()}"
        config = make_config(folder, address, tls)
        if tls:
            subprocess.run([HOTSEAT, "certificate", "new", "--config", config], check=True,
                           stdout=subprocess.DEVNULL)
        with Kit(HOTSEAT, "--url", f"http{'s' * tls}://{address}", config=config) as kit, \
                Daemon("--config", str(config)) as daemon:
            yield kit, daemon


def test_home():
    """with the calls of either AutoHotkey script the seat comes back"""
    with desk(tls=False) as (kit, daemon):
        for version in SCRIPTS:
            daemon.hotseat("switch", "linux")
            assert ask(kit, version, False).startswith('200 {"error":null'), version
            assert daemon.status()["target"] == "host"


def test_agent():
    """with the kit's settings beside it the Windows agent asks for none, plain and over TLS"""
    for tls in False, True:
        agent = Agent(None)
        with desk(tls) as (kit, daemon):
            shutil.copy(kit.files / "hotseat-agent.ini", agent.ini)
            with agent.ini.open("a") as f:
                f.write(f"log = {agent.windows_path(agent.log_file)}\r\n")
            with agent:
                agent.see(" connected\n")
                daemon.hotseat("switch", "linux")
                windows.key("super+shift+slash")
                until("the seat is home", lambda: daemon.status()["target"] == "host")


try:
    tap.main(sys.modules[__name__])
finally:
    windows.close()
