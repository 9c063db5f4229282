# SPDX-License-Identifier: GPL-3.0-or-later
"""The daemon's own comings and goings, under systemd."""
import json
import subprocess

from begin import BOTH_DEVICES, HEAD, NAMED, desk, display
from desk import UNIT, check, equal, eventually, read, sh


def show(what):
    return sh("systemctl show -P %s %s" % (what, UNIT)).strip()


@desk()
def sighup_bad_config(desk):
    """SIGHUP with a config that has mistakes keeps the old one and says where they are"""
    desk.configure(NAMED + "nonsense: true\n")
    sh("systemctl reload " + UNIT)
    line = NAMED.count("\n") + 1
    eventually(lambda: ":%d:1:" % line in desk.journal(), "the mistake in the journal")
    for to in ("guest", "host"):
        desk.switched(to)
        desk.seat_at(to)
    equal(show("SubState"), "running", "the unit")


@desk()
def sighup_good_config(desk):
    """SIGHUP with a good config uses it"""
    desk.configure(HEAD + BOTH_DEVICES + "displays:\n" + display("only", "bus: 6"))
    sh("systemctl reload " + UNIT)
    eventually(lambda: [d["name"] for d in desk.status()["displays"]] == ["only"], "the new config")
    desk.switched("guest")
    desk.seat_at("guest", monitors=desk.monitors[1:])
    equal(desk.monitors[0].sets(), [], "Set VCP of the one that is not in it")


@desk()
def sigterm(desk):
    """SIGTERM: exit status 0, and nothing moves"""
    desk.switched("guest")
    pid = show("MainPID")
    sh("kill -TERM " + pid)
    eventually(lambda: show("ActiveState") == "inactive", "the unit is inactive")
    desk.seat_at("guest")
    check("status=" not in desk.journal().replace("status=0", ""), "exit status", desk.journal())


@desk()
def restarted_in_guest(desk):
    """the daemon restarted while the guest has the seat changes nothing, and can switch home"""
    desk.switched("guest")
    desk.stop_daemon()
    desk.start_daemon()
    eventually(lambda: desk.status()["target"] == "guest", "the daemon sees the seat in the guest")
    desk.seat_at("guest")
    for m in desk.monitors:
        equal(len(m.sets()), 1, "Set VCP of " + m.name)
    desk.switched("host")
    desk.seat_at("host")


@desk(config=None)
def bad_config(desk):
    """a config with mistakes: every one is reported, nothing starts, exit status 2"""
    desk.configure(NAMED.replace("vendor: 0x28da", "vendor: 28da") + "commandz: {}\n")
    config = "/run/hotseat-lab.yaml"
    for command in ("hotseat check-config " + config, "hotseatd --config " + config):
        r = subprocess.run(command, shell=True, capture_output=True, text=True)
        equal(r.returncode, 2, command + ": " + r.stdout + r.stderr)
        said = r.stdout + r.stderr
        line = read(config).split("28da")[0].count("\n") + 1
        check(":%d:" % line in said and "commandz" in said and "commands" in said, said)


@desk()
def events(desk):
    """GET /events reports a switch as it happens"""
    curl = subprocess.Popen(["curl", "-sN", "--unix-socket", "/run/hotseat/hotseat.sock",
                             "http://hotseat/events"], stdout=subprocess.PIPE, text=True)
    try:
        eventually(lambda: curl.poll() is None and curl.stdout.readline(), "the stream has begun")
        desk.switched("guest")
        seen = []
        while not any("finish" in line for line in seen):
            line = curl.stdout.readline()
            check(line, "the stream ended", seen)
            seen.append(line)
        text = "".join(seen)
        check("keyboard" in text and "left" in text, text)
        for line in seen:
            if line.startswith("data:"):
                json.loads(line[5:])
    finally:
        curl.kill()
