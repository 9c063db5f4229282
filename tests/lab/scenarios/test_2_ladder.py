# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways back of monitors that listen only on the input they show.

The guest's agent runs beside the daemon, and has nothing of the machine but the guest's cables: the
monitors tell by which cable they were set.
"""
import contextlib
import os

from begin import BOTH_DEVICES, HEAD, desk, display
from desk import CONFIG, GUEST, HOST, check, equal, eventually, sh, step, steps

AGENT = "hotseat-lab-agent"
SECRET = "/run/hotseat-lab-secret"
HTTP = "http: {address: '127.0.0.1:5001', security: {secret: xxxxxxxxxxxxxxxx}}\n"


def deaf_desk(left="", right=""):
    return (HEAD + BOTH_DEVICES + HTTP + "displays:\n" + display("left", "bus: 4", left) +
            display("right", "bus: 6", right))


def make_deaf(desk):
    for m in desk.monitors:
        m["active_only"] = 1
        m["b/dead"] = 0  # the guest's card has the cable


@contextlib.contextmanager
def agent(desk, secret="guest"):
    """hotseat agent in the guest, with the guest's own secret; once the daemon knows it"""
    sh("rm -rf %s/secrets; hotseat secret new guest --config %s" % (os.path.dirname(CONFIG), CONFIG))
    sh("install -m 600 -o nobody %s/secrets/%s %s" % (os.path.dirname(CONFIG), secret, SECRET))
    sh("systemd-run -q --collect --unit=%s -p User=nobody -p SupplementaryGroups=i2c "
       "-p 'InaccessiblePaths=/dev/i2c-4 /dev/i2c-6' "
       "/usr/local/bin/hotseat agent --url http://127.0.0.1:5001 --secret-file %s" % (AGENT, SECRET))
    try:
        eventually(lambda: desk.status()["agents"], "the daemon knows the agent")
        equal([a["guest"] for a in desk.status()["agents"]], ["guest"], "the agent's guest")
        yield
    finally:
        sh("systemctl stop " + AGENT, ok=False)
        sh("rm -rf %s %s/secrets" % (SECRET, os.path.dirname(CONFIG)))


def cables(desk):
    return [m.cable() for m in desk.monitors]


@desk(config=deaf_desk())
def ladder_agent(desk):
    """monitors that listen only to the guest are brought back from inside it, over its cable"""
    make_deaf(desk)
    with agent(desk):
        for _ in range(2):  # the second time it is known what works
            desk.switched("guest")
            desk.seat_at("guest")
            equal(cables(desk), [4, 6], "cables on the way there")
            body = desk.switched("host")
            desk.seat_at("host")
            equal(cables(desk), [5, 7], "cables on the way back")
            check("by the agent in the guest" in step(body, "display")["detail"], body)


@desk(config=deaf_desk())
def ladder_agent_comes(desk):
    """an agent that is started too late: the monitors come back by themselves when it connects"""
    make_deaf(desk)
    desk.switched("guest")
    status, body = desk.switch("host")
    equal((status, steps(body)["left"]), (502, "failed"), "answer %r" % body)
    check("not connected; start it in the guest" in step(body, "display")["error"], body)
    desk.seat_at("host", monitors=[])
    with agent(desk):
        desk.comes_home()
        equal(cables(desk), [5, 7], "cables")


@desk(config=deaf_desk("return_command: raw-ddc 5 60 0f", "return_command: [raw-ddc, '7', '60', 0f]"))
def ladder_command(desk):
    """without an agent, the user's command brings them back"""
    make_deaf(desk)
    desk.switched("guest")
    desk.seat_at("guest")
    body = desk.switched("host")
    desk.seat_at("host")
    equal(cables(desk), [5, 7], "cables")
    check("return_command" in step(body, "display")["detail"], body)


@desk(config=deaf_desk("return: [agent]", "return: [agent]"))
def ladder_order(desk):
    """a monitor that might not come back does not leave when the keyboard does not"""
    make_deaf(desk)
    desk.guest.fill_ports(1)  # for keyboard and mouse
    try:
        status, body = desk.switch("guest")
        equal((status, body["outcome"]), (502, "rolled-back"), "answer %r" % body)
        check("No free USB port" in body["error"], body)
        desk.seat_at("host")
        equal([m.sets() for m in desk.monitors], [[], []], "Set VCP")
        equal(step(body, "display")["outcome"], "skipped", "the display's step")
    finally:
        desk.guest.domain().destroy()
