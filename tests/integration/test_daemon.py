#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs as a person meets them: hotseatd on a simulated desk, and hotseat. TAP.

usage: test_daemon.py HOTSEATD HOTSEAT
"""
import json
import resource
import signal
import socket
import subprocess
import sys

import tap
from daemon import DEADLINE, HOTSEAT, HOTSEATD, Daemon, until
from ports import reserve_port

CONFIG = """\
libvirt: {domain: win11}
devices:
  - {name: keyboard, vendor: 0x28da, product: 0x1101}
displays:
  - {name: left, bus: 4, host: 0x0f, guest: 0x11}
commands:
  guest: ['echo "$HOTSEAT_TARGET" >> "$TRACE"']
  host: ['echo "$HOTSEAT_TARGET" >> "$TRACE"']
"""


def test_there_and_back():
    """a switch each way moves everything and runs the commands"""
    with Daemon(config=CONFIG) as d:
        until("found at the host", lambda: d.status()["target"] == "host")
        d.hotseat("switch", "guest")
        status = d.status()
        assert status["target"] == "guest" == status["wanted"], status
        assert [x["at"] for x in status["displays"] + status["devices"]] == ["guest", "guest"]
        d.hotseat("switch", "toggle")
        assert d.status()["target"] == "host"
        assert d.trace.read_text() == "guest\nhost\n"


def test_builtin_desk():
    """without a config the simulated desk has two monitors, keyboard, mouse and a guest"""
    with Daemon() as d:
        status = d.status()
        assert [x["name"] for x in status["displays"]] == ["left", "right"]
        assert [x["name"] for x in status["devices"]] == ["keyboard", "mouse"]
        faults = {(x["fault"], x["what"]) for x in status["simulated"]}
        assert faults == {("unplug", "keyboard"), ("unplug", "mouse"), ("deafen", "left"), ("deafen", "right"),
                          ("kill", "guest"), ("type", "keyboard"), ("type", "mouse"), ("press", "toggle")}, faults
        assert len({x["key"] for x in status["simulated"]}) == len(faults)


def test_hotkey_and_typing():
    """a hotkey moves the seat there and back, and what is typed arrives where the seat is"""
    with Daemon() as d:
        assert d.status()["guests"][0]["input"] == "ready"
        d.break_it("type", "keyboard")
        d.break_it("press", "toggle")
        until("in the guest", lambda: d.status()["target"] == "guest")
        for what in "keyboard", "keyboard", "mouse":
            d.break_it("type", what)
        d.break_it("press", "toggle")
        until("home", lambda: d.status()["target"] == "host")
        d.break_it("type", "keyboard")
        arrived = {x["at"]: x["keys"] for x in d.status()["arrived"]}
        assert arrived == {"host": "h s", "guest": "o t click"}, arrived


def test_guest_killed():
    """the seat comes back when the guest crashes, and cannot go there before it runs"""
    with Daemon() as d:
        d.hotseat("switch", "guest")
        d.break_it("kill", "guest")
        until("home", lambda: d.status()["target"] == "host")
        answer = json.loads(d.hotseat("switch", "guest", "--json", status=1))
        assert answer["outcome"] == "refused" and "crashed" in answer["error"], answer
        assert d.status()["target"] == "host"
        d.break_it("kill", "guest")
        d.hotseat("switch", "guest")


def test_keyboard_pulled():
    """a keyboard plugged in again goes where the seat is"""
    with Daemon() as d:
        d.hotseat("switch", "guest")
        d.break_it("unplug", "keyboard")
        until("gone", lambda: d.status()["devices"][0]["at"] is None)
        d.break_it("unplug", "keyboard")
        until("back in the guest", lambda: d.status()["devices"][0]["at"] == "guest")
        d.hotseat("switch", "host")
        d.break_it("unplug", "keyboard")
        answer = json.loads(d.hotseat("switch", "guest", "--json", status=1))
        assert answer["outcome"] == "refused" and "keyboard" in answer["error"], answer


def test_deaf_monitor():
    """a deaf monitor does not hold up the rest, and is reported"""
    with Daemon() as d:
        until("looked", lambda: all(x["at"] for x in d.status()["displays"]))
        d.break_it("deafen", "right")
        answer = json.loads(d.hotseat("switch", "guest", "--json", status=1))
        assert answer["outcome"] == "incomplete" and "right" in answer["error"], answer
        assert [x["at"] for x in d.status()["devices"]] == ["guest", "guest"]


def test_bad_config():
    """a bad config: every mistake with its place, exit status 2, nothing started"""
    bad = CONFIG.replace("bus: 4", "bus: four").replace("keyboard", "keyboard, sreial: 7", 1)
    with Daemon(config=bad, wait=False) as d:
        assert d.process.wait(DEADLINE) == 2
        log = d.log.read_text()
        assert f"{d.config}:3:" in log and f"{d.config}:5:" in log, log
        assert not d.socket.exists()


def test_reload():
    """SIGHUP takes a good config and keeps the old one when the new one is bad"""
    with Daemon(config=CONFIG) as d:
        d.hotseat("switch", "guest")
        d.config.write_text(CONFIG.replace("name: left", "name: middle"))
        d.process.send_signal(signal.SIGHUP)
        d.hear("RELOADING=1")
        d.hear("READY=1")
        status = d.status()
        assert [x["name"] for x in status["displays"]] == ["middle"], status
        assert status["wanted"] == "guest", status
        d.config.write_text("displays: 7\n")
        d.process.send_signal(signal.SIGHUP)
        d.hear("RELOADING=1")
        d.hear("READY=1")
        assert [x["name"] for x in d.status()["displays"]] == ["middle"]
        d.log_has("the old config stays in force")


def test_reload_during_switch():
    """a switch under way is answered before the config is read again"""
    slow = CONFIG.replace("echo", "until [ -e \"$TRACE.go\" ]; do sleep 0.1; done; echo")
    with Daemon(config=slow) as d:
        switch = subprocess.Popen([HOTSEAT, "switch", "guest", "--socket", str(d.socket)],
                                  stdout=subprocess.DEVNULL)
        until("begun", lambda: d.status()["switching"])
        d.process.send_signal(signal.SIGHUP)
        assert d.status()["switching"], d.told
        (d.dir / "trace.go").touch()
        assert switch.wait(DEADLINE) == 0
        d.hear("RELOADING=1")
        d.hear("READY=1")
        assert d.trace.read_text() == "guest\n"


def test_reload_behind():
    """what has not followed is tried again with the new config"""
    two = CONFIG.replace("displays:", "displays:\n  - {name: right, bus: 5, host: 0x0f, guest: 0x11}")
    with Daemon(config=two) as d:
        until("looked", lambda: all(x["at"] for x in d.status()["displays"]))
        d.break_it("deafen", "left")
        answer = json.loads(d.hotseat("switch", "guest", "--json", status=1))
        assert answer["outcome"] == "incomplete", answer
        d.process.send_signal(signal.SIGHUP)
        d.hear("RELOADING=1")
        # the new desk's monitor hears again, and everything of it is at the host
        until("brought to the guest", lambda: d.status()["target"] == "guest")


def test_reload_toggle():
    """after a reload at the host, toggle goes to the guest that last had the seat"""
    guests = "guests: [{domain: win11}, {domain: linux}]\n" + CONFIG.split("\n", 1)[1].replace(
        "host: 0x0f, guest: 0x11", "inputs: {host: 0x0f, win11: 0x11, linux: 0x12}").replace("  guest: [", "  linux: [")
    with Daemon(config=guests) as d:
        d.hotseat("switch", "linux")
        d.hotseat("switch", "toggle")
        assert d.status()["target"] == "host"
        d.process.send_signal(signal.SIGHUP)
        d.hear("RELOADING=1")
        d.hear("READY=1")
        d.hotseat("switch", "toggle")
        assert d.status()["target"] == "linux", d.status()


def test_term():
    """SIGTERM ends it with status 0, and the socket is gone"""
    with Daemon() as d:
        d.process.send_signal(signal.SIGTERM)
        assert d.process.wait(DEADLINE) == 0
        d.hear("STOPPING=1")
        assert not d.socket.exists()


def test_hangup_at_once():
    """SIGHUP as soon as the socket exists reloads the config, and does not kill the daemon"""
    for _ in range(20):
        with Daemon(wait=False) as d:
            while not d.socket.exists():
                assert d.process.poll() is None
            d.process.send_signal(signal.SIGHUP)
            d.hear("READY=1")
            d.hear("RELOADING=1")
            d.hear("READY=1")
            d.process.send_signal(signal.SIGTERM)
            assert d.process.wait(DEADLINE) == 0


def test_no_descriptors_left():
    """clients that take all file descriptors do not keep the host's own command out"""
    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
    config = CONFIG + "http:\n  address: 127.0.0.1:%d\n  security: {enabled: false}\n"
    port = reserve_port()
    with Daemon(config=config % port, limit=few) as d:
        clients = []
        for _ in range(60):
            client = socket.socket()
            client.settimeout(DEADLINE)
            client.connect(("127.0.0.1", port))
            clients.append(client)
        for to in "guest", "host":
            d.hotseat("switch", to)
            assert d.status()["target"] == to
        # it did not have to wait until one of them was given up
        assert "cannot accept" not in d.log.read_text()
        for client in clients:
            client.close()


def test_second_daemon():
    """a second daemon on the same socket is refused, and does not harm the first"""
    with Daemon() as d:
        second = subprocess.run([HOTSEATD, "--simulate", "--socket", str(d.socket)],
                                capture_output=True, text=True, timeout=DEADLINE)
        assert second.returncode == 1 and "already" in second.stderr, second
        d.hotseat("switch", "guest")


def test_watchdog():
    """the daemon notifies the watchdog"""
    with Daemon(env={"WATCHDOG_USEC": "200000"}) as d:
        d.hear("WATCHDOG=1")
        d.hear("WATCHDOG=1")


def test_usage():
    """--help, --version, and mistakes on the command line"""
    def run(*args):
        return subprocess.run([HOTSEATD, *args], capture_output=True, text=True, timeout=DEADLINE)
    assert run("--help").returncode == 0 and "--simulate" in run("--help").stdout
    assert run("--version").stdout.startswith("hotseatd ")
    for wrong in ("--nonsense",), ("nonsense",):
        assert run(*wrong).returncode == 2 and "nonsense" in run(*wrong).stderr


tap.main(sys.modules[__name__])
