# SPDX-License-Identifier: GPL-3.0-or-later
"""Monitors with two cables, and monitors that report what is not so, or need their time."""
import json
import subprocess

from begin import BOTH_DEVICES, HEAD, desk, display
from desk import GUEST, HOST, check, equal, eventually, sh, step

BY_EDID = (HEAD + BOTH_DEVICES + "displays:\n" + display("left", 'monitor: "DDCSIM A"') +
           display("right", 'monitor: "DDCSIM B"'))


def shown(desk, nth=0):
    """What the daemon says of a display."""
    return desk.status()["displays"][nth]


@desk(config=None, guest="off")
def two_cables(desk):
    """a monitor that the host sees over two cables is one, and comes back over the one on which it answers"""
    for m in desk.monitors:
        m["b/dead"] = 0     # the guest is off, and its card is the host's
        m["input"] = "0x%02x" % GUEST
    desk.monitors[1]["active_only"] = 1
    found = json.loads(sh("hotseat detect --json"))["monitors"]
    equal([[cable["bus"] for cable in m["cables"]] for m in found], [[4, 5], [7, 6]], "cables of each")
    for m in found:
        equal(len({cable["address"] for cable in m["cables"]}), 2, "cards of %r" % m)
        check(not m["twin"], m)
    desk.start_daemon(BY_EDID)
    desk.comes_home()
    equal([m.cable() for m in desk.monitors], [4, 7], "cables by which they were set")
    eventually(lambda: [shown(desk, n)["at"] for n in (0, 1)] == ["host", "host"], "status says so")
    for n in (0, 1):
        says = shown(desk, n)
        equal(says["error"], None, "error")
        check("2 cables" in says["detail"], says)


@desk(config=BY_EDID, module="byte_us=300")
def one_transfer_per_card(desk):
    """scans, switches and `hotseat detect` beside the daemon: a card has one transfer at a time"""
    for to in ("guest", "host", "guest", "host"):
        beside = subprocess.Popen(["hotseat", "detect", "--json"], stdout=subprocess.PIPE, text=True)
        desk.switched(to)
        desk.seat_at(to)
        out, _ = beside.communicate()
        equal(len(json.loads(out)["monitors"]), 2, "monitors found beside the daemon")
    equal([desk.peak(card) for card in "ab"], [1, 1], "most transfers at the same time, for each card")


@desk()
def reports_own_input(desk):
    """monitors that report the input of the cable that asks come back, and their reports are ignored after that"""
    for m in desk.monitors:
        m["own_input"] = 1
    status, body = desk.switch("guest")     # seems to have failed, the first time
    equal((status, body["outcome"]), (502, "rolled-back"), "answer %r" % body)
    desk.seat_at("host")
    for to, code in (("guest", GUEST), ("host", HOST), ("guest", GUEST), ("host", HOST)):
        body = desk.switched(to)
        desk.seat_at(to)
        equal(desk.monitors[0].sets()[-1], code, "last Set VCP")
        check("not reliable" in step(body, "display")["detail"], body)
    desk.stop_daemon()      # what was learned is kept
    desk.start_daemon()
    for to in ("guest", "host"):
        desk.switched(to)
        desk.seat_at(to)


@desk()
def slow_reply(desk):
    """monitors whose reply takes its time are waited for, and what they say counts"""
    for m in desk.monitors:
        m["reply_ms"] = 120
    for to in ("guest", "host"):
        body = desk.switched(to)
        desk.seat_at(to)
        for nth in (0, 1):
            detail = step(body, "display", nth)["detail"]
            check("not confirmed" not in detail and "does not report" not in detail, detail)


@desk()
def lost_after_reply(desk):
    """monitors that lose what comes right after a reply are left alone for so long"""
    eventually(lambda: shown(desk)["at"] == "host", "the daemon has looked")
    for m in desk.monitors:
        m["lost_ms"] = 40
        m["input"] = "0x%02x" % GUEST       # by its buttons: it is asked before it is written
    desk.switched("host")
    desk.seat_at("host")
    for m in desk.monitors:
        equal((m.lost, m.sets()), (0, [HOST]), "lost and taken Set VCP of " + m.name)


@desk()
def springs_back(desk):
    """a monitor that goes back by itself some seconds after a switch is reported, with the reason"""
    desk.monitors[0]["spring_ms"] = 4000
    desk.switched("guest")
    says = eventually(lambda: shown(desk)["error"] and shown(desk), "reported")
    equal((desk.monitors[0].input, says["at"]), (HOST, "host"), "where it is, and is said to be")
    check("went back to DisplayPort-1" in says["error"] and "no signal" in says["error"], says)
    equal(shown(desk, 1)["error"], None, "error of the other one")
    desk.switched("host")
    desk.seat_at("host")
    equal(shown(desk)["error"], None, "error, once it is home")
