# SPDX-License-Identifier: GPL-3.0-or-later
"""The seat moves when the guest starts: follow, and libvirt's hooks."""
import contextlib
import os

from begin import NAMED, desk
from desk import check, equal, eventually, sh, write

FOLLOW = NAMED.replace('domain: "win10"\n', 'domain: "win10"\n  follow: true\n')
HOOK = "/etc/libvirt/hooks/qemu"


@contextlib.contextmanager
def hook(phase, command):
    """libvirt calls the command at this phase of win10's start, and waits for it."""
    os.makedirs(os.path.dirname(HOOK), exist_ok=True)
    write(HOOK, "#!/bin/sh\nif [ \"$1 $2 $3\" = 'win10 %s begin' ]; then\n"
                "\t%s >/run/hook.log 2>&1; echo \"exit $?\" >>/run/hook.log\nfi\nexit 0\n" % (phase, command))
    sh("chmod 755 %s; systemctl restart libvirtd" % HOOK)
    try:
        yield
    finally:
        sh("rm %s /run/hook.log; systemctl restart libvirtd" % HOOK, ok=False)


def follows(desk):
    eventually(lambda: desk.status()["target"] == "guest", "the seat at the guest")
    desk.seat_at("guest")
    last = desk.status()["last"]
    check(last["success"], last)
    desk.switched("host")
    desk.seat_at("host")


@desk(config=FOLLOW, guest="off")
def guest_followed(desk):
    """follow: true: the guest starts, and the seat goes there; a second start does it again"""
    for _ in range(2):
        desk.guest.domain().create()
        follows(desk)
        desk.guest.domain().destroy()
        desk.sees_guest("off")


@desk(guest="off")
def hook_no_wait(desk):
    """a hook at the guest's start that runs hotseat switch --no-wait: the guest starts, and the seat follows"""
    for phase in ("prepare", "start", "started"):
        with hook(phase, "hotseat switch --no-wait guest"):
            desk.sees_guest("off")
            desk.guest.domain().create()
            follows(desk)
            with open("/run/hook.log") as f:
                said = f.read()
            equal(said.splitlines()[-1], "exit 0", said)
            desk.guest.domain().destroy()
            desk.sees_guest("off")


@desk(guest="off")
def hook_waits_for_nothing(desk):
    """plain hotseat switch in a hook says what is wrong with that, and does not wait for what cannot be"""
    with hook("started", "hotseat switch guest"):
        desk.sees_guest("off")
        desk.guest.domain().create()
        with open("/run/hook.log") as f:
            said = f.read()
        check("--no-wait" in said and HOOK in said, said)
        follows(desk)
