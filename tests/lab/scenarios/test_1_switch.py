# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job, and when it is refused."""
import contextlib
import json
import os
import subprocess
import threading

from begin import BOTH_DEVICES, BOTH_DISPLAYS, HEAD, NAMED, VIRTKVM, desk
from desk import GUEST, HOST, check, equal, eventually, request, sh, steps, write

CURL = ("curl -sS -w '\\n%%{http_code}' -X POST -H 'Content-Type: application/json' "
        "-H 'X-Secret: %s' -d '{\"to\": \"%s\"}' http://127.0.0.1:5001/switch")


def curl(to, secret="x" * 16):
    body, status = sh(CURL % (secret, to)).rsplit("\n", 1)
    return int(status), json.loads(body)


def cli(*args):
    r = subprocess.run(["hotseat", *args], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return r.returncode, r.stdout, r.stderr


@desk(config=VIRTKVM)
def guide_curl(desk):
    """virtkvm's example config and its guide's curl command move everything, and back"""
    for to, code in (("guest", GUEST), ("host", HOST)):
        status, body = curl(to)
        equal(status, 200, "status of %r" % body)
        equal((body["success"], body["error"], body["target"]), (True, None, to), "answer")
        equal(set(steps(body).values()), {"done"}, "outcomes in %r" % body)
        desk.seat_at(to)
        for m in desk.monitors:
            equal(m.witness(), code, "ddcutil's reading of " + m.name)
            equal(m.sets()[-1:], [code], "last Set VCP of " + m.name)
        check(desk.keyboard.key_arrives() == (to == "host"), "key events at the host")
    for m in desk.monitors:
        equal(m.sets(), [GUEST, HOST], "all Set VCP of " + m.name)


@desk(config=VIRTKVM)
def wrong_secret(desk):
    """a wrong secret is refused before anything else and moves nothing"""
    before = desk.whereabouts()
    equal(curl("guest", "wrong")[0], 403, "status")
    equal(curl("nonsense", "wrong")[0], 403, "status of nonsense")
    equal(curl("nonsense")[0], 400, "status of nonsense with the secret")
    desk.nothing_moved(before)


def refused(desk, why):
    before = desk.whereabouts()
    status, body = desk.switch("guest")
    equal(status, 409, "status of %r" % body)
    equal((body["success"], body["target"]), (False, "host"), "answer")
    check(why in body["error"], "error does not say", why, body)
    desk.nothing_moved(before)
    check(desk.keyboard.key_arrives(), "no key event from the keyboard at the host")


@desk(guest="off")
def refused_guest_off(desk):
    """a guest that is off: refused, nothing moves"""
    refused(desk, "off")


@desk(guest="paused")
def refused_guest_paused(desk):
    """a paused guest: refused, nothing moves"""
    refused(desk, "paused")


@desk(guest="absent")
def refused_guest_absent(desk):
    """a guest that is not defined: refused, nothing moves"""
    refused(desk, "win10")


@desk()
def refused_device_missing(desk):
    """a required device that is not plugged in: refused, nothing moves"""
    desk.mouse.unplug()
    refused(desk, "mouse")


@desk(config=HEAD + BOTH_DEVICES + "    optional: true\n" + BOTH_DISPLAYS)
def optional_device_missing(desk):
    """an optional device that is not plugged in keeps nothing back"""
    desk.mouse.unplug()
    desk.switched("guest")
    desk.seat_at("guest", devices=[desk.keyboard])
    desk.switched("host")
    desk.seat_at("host", devices=[desk.keyboard])


@desk()
def already_there(desk):
    """what is right already is not written again"""
    before = desk.whereabouts()
    body = desk.switched("host")
    equal(set(steps(body).values()), {"already"}, "outcomes")
    desk.nothing_moved(before)
    desk.switched("guest")
    body = desk.switched("guest")
    equal(set(steps(body).values()), {"already"}, "outcomes")
    for m in desk.monitors:
        equal(m.sets(), [GUEST], "Set VCP at " + m.name)
    desk.seat_at("guest")


@desk()
def switched_by_hand(desk):
    """a monitor that was switched with its buttons is corrected"""
    desk.switched("guest")
    desk.monitors[0]["input"] = "0x%02x" % HOST
    desk.switched("guest")
    desk.seat_at("guest")
    desk.switched("host")
    desk.seat_at("host")


def several(desk, *targets, then=lambda: None):
    """Asks for them one just after the other, without waiting; the answers."""
    answers, threads = [None] * len(targets), []

    def ask(n, to):
        answers[n] = desk.switch(to)

    for n, to in enumerate(targets):
        threads.append(threading.Thread(target=ask, args=(n, to)))
        threads[-1].start()
        if len(set(targets)) > 1:
            eventually(lambda: desk.status()["wanted"] == to, "wanted is " + to)
    then()
    for t in threads:
        t.join()
    return answers


@desk()
def requests_join(desk):
    """four equal requests at once are one switch"""
    answers = several(desk, *["guest"] * 4)
    equal([status for status, _ in answers], [200] * 4, "statuses of %r" % answers)
    desk.seat_at("guest")
    for m in desk.monitors:
        equal(m.sets(), [GUEST], "Set VCP at " + m.name)


GATE = "/run/hotseat-lab-gate"
GATED = NAMED + """\
commands:
  guest:
    - {run: "until [ -e %s ]; do sleep 0.1; done", timeout: 600}
""" % GATE


@desk(config=GATED)
def newest_wins(desk):
    """the newest of different requests wins, and the older one gets an answer"""
    with contextlib.suppress(FileNotFoundError):
        os.remove(GATE)
    # the older one is not over before the newest has come
    (status, body), (last, _) = several(desk, "guest", "host", then=lambda: write(GATE, ""))
    equal(status, 409, "status of the older one, %r" % body)
    check(not body["success"] and body["error"], body)
    equal(last, 200, "status of the newest")
    desk.seat_at("host")
    desk.switched("guest")
    desk.seat_at("guest")


@desk()
def command_line(desk):
    """hotseat switch, status and their exit statuses"""
    code, out, err = cli("switch", "guest")
    equal(code, 0, out + err)
    desk.seat_at("guest")
    code, out, err = cli("switch", "toggle", "--json")
    equal((code, json.loads(out)["target"]), (0, "host"), out + err)
    desk.seat_at("host")
    code, out, err = cli("status", "--json")
    equal((code, json.loads(out)["target"]), (0, "host"), out + err)
    code, out, err = cli("status")
    check(code == 0 and "keyboard" in out and "left" in out and "\x1b" not in out, out)
    equal(cli("switch", "nobody")[0] in (1, 2), True, "unknown target is an error")
    desk.guest.domain().destroy()
    code, out, err = cli("switch", "guest")
    check(code == 1 and "off" in out + err, code, out, err)
    desk.stop_daemon()
    check(not os.path.exists("/run/hotseat/hotseat.sock"), "the socket is left behind")
    code, out, err = cli("switch", "guest")
    check(code == 3 and "sudo hotseat setup" in err, code, out, err)


@desk()
def status_tells(desk):
    """GET /status says where everything is"""
    for to in ("guest", "host"):
        desk.switched(to)
        s = desk.status()
        equal((s["target"], s["wanted"], s["switching"]), (to, to, None), "status")
        where = {r["name"]: r["at"] for r in s["displays"] + s["devices"]}
        equal(where, dict.fromkeys(("left", "right", "keyboard", "mouse"), to), "where")
        equal([(g["domain"], g["state"]) for g in s["guests"]], [("win10", "running")], "guests")
    equal(request("GET", "/nothing")[0], 404, "unknown path")
