# SPDX-License-Identifier: GPL-3.0-or-later
"""Monitors that misbehave."""
from begin import BOTH_DEVICES, HEAD, desk, display
from desk import GUEST, HOST, check, equal, step, steps


def displays(*entries):
    return HEAD + BOTH_DEVICES + "displays:\n" + "".join(entries)


@desk()
def naks(desk):
    """a monitor that does not acknowledge three times is asked again"""
    for to in ("guest", "host"):
        desk.monitors[0]["a/nak"] = 3
        desk.switched(to)
        desk.seat_at(to)


@desk()
def garbled_replies(desk):
    """replies with a wrong checksum are not believed, and asked for again"""
    for to in ("guest", "host"):
        desk.monitors[0]["a/garble"] = 2
        desk.switched(to)
        desk.seat_at(to)
        equal(len(desk.monitors[1].sets()), 1 + (to == "host"), "Set VCP of the other one")


@desk()
def never_answers(desk):
    """a monitor that never answers reads is written all the same"""
    desk.monitors[0]["reply_ms"] = 3600000
    for to, code in (("guest", GUEST), ("host", HOST)):
        desk.switched(to)
        desk.seat_at(to)
        equal(desk.monitors[0].sets()[-1], code, "last Set VCP")


@desk()
def busy_while_switching(desk):
    """monitors that are deaf for five seconds after a change of input come back when they answer"""
    for m in desk.monitors:
        m["switch_ms"] = 5000
    desk.switched("guest")
    desk.seat_at("guest")
    status, body = desk.switch("host")
    check(status in (200, 502), "status of", body)
    desk.seat_at("host", monitors=[])
    desk.comes_home()


@desk()
def dead_monitor(desk):
    """a dead monitor is named, the rest moves, and comes back"""
    desk.monitors[1]["a/dead"] = 1
    for to in ("guest", "host"):
        status, body = desk.switch(to)
        equal((status, body["success"]), (502, False), "answer %r" % body)
        outcomes = steps(body)
        equal(outcomes.pop("right"), "failed", "outcome of the dead one")
        equal(set(outcomes.values()), {"done"}, "the others' outcomes")
        check(step(body, "display", 1)["error"], "no reason given", body)
        desk.seat_at(to, monitors=desk.monitors[:1])
    check(desk.keyboard.key_arrives(), "no key event from the keyboard at the host")


@desk()
def dead_monitor_comes_back(desk):
    """a monitor that failed on the way back is brought back later, by itself"""
    desk.switched("guest")
    desk.monitors[1]["a/dead"] = 1
    status, body = desk.switch("host")
    equal((status, steps(body)["right"]), (502, "failed"), "answer %r" % body)
    desk.seat_at("host", monitors=desk.monitors[:1])
    equal(desk.monitors[1].input, GUEST, "the dead one")
    desk.monitors[1]["a/dead"] = 0
    desk.comes_home()


@desk()
def does_not_follow(desk):
    """a monitor that acknowledges and ignores is found out"""
    desk.monitors[0]["ignore_set"] = 1
    status, body = desk.switch("guest")
    equal((status, body["success"]), (502, False), "answer %r" % body)
    equal(steps(body)["left"], "failed", "outcome")
    check("still shows" in step(body, "display")["error"], body)
    desk.seat_at("guest", monitors=desk.monitors[1:])


@desk()
def hears_only_active_input(desk):
    """monitors that listen only on the active input: the devices come back anyway"""
    for m in desk.monitors:
        m["active_only"] = 1
    desk.switched("guest")
    desk.seat_at("guest")
    status, body = desk.switch("host")
    equal((status, body["success"]), (502, False), "answer %r" % body)
    desk.seat_at("host", monitors=[])
    check(desk.keyboard.key_arrives(), "no key event from the keyboard at the host")
    for m in desk.monitors:
        m["active_only"] = 0
    desk.comes_home()


BY_EDID = displays(
    display("left", 'monitor: "DDCSIM A"'),
    display("right", "monitor: {manufacturer: DEL, model: \"DDCSIM B\", serial: SIM1001}"))


@desk(config=BY_EDID)
def by_edid(desk):
    """monitors chosen by their EDID are found whatever their bus numbers are today"""
    desk.switched("guest")
    desk.seat_at("guest")
    desk.load_monitors("base=10")
    for m in desk.monitors:
        m["input"] = "0x%02x" % GUEST
    equal(desk.monitors[0].bus, 10, "bus after the move")
    for to in ("host", "guest", "host"):
        desk.switched(to)
        desk.seat_at(to)


@desk(config=displays(display("left", 'monitor: "DDCSIM A"')), module="twins=1")
def identical_monitors(desk):
    """two monitors that cannot be told apart are an error that says so, and stay as they are"""
    status, body = desk.switch("guest")
    check(status in (409, 502) and not body["success"], body)
    error = body["error"] + " ".join(s["error"] or "" for s in body["steps"])
    check("4" in error and "6" in error, "the error does not name the buses:", error)
    for m in desk.monitors:
        equal((m.input, m.sets()), (HOST, []), m.name)


@desk(config=displays(display("lg", "bus: 4", "feature: 0xf4\nsource_address: 0x50\n"
                                              "host: 0xd0\nguest: 0x90"),
                      display("right", "bus: 6")))
def lg(desk):
    """an LG monitor, which switches by feature F4 from source address 0x50"""
    desk.monitors[0]["lg"] = 1
    for to, code in (("guest", 0x90), ("host", 0xD0)):
        desk.switch(to)
        desk.seat_at(to)
        equal(desk.monitors[0].sets(0xF4)[-1], code, "last Set VCP F4")
        equal(desk.monitors[0].sets(0x60), [], "Set VCP 60")
