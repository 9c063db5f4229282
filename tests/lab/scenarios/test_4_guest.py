# SPDX-License-Identifier: GPL-3.0-or-later
"""libvirtd and the guest stop and start."""
import os
import signal
import time

from begin import NAMED, desk
from desk import HOST, check, equal, eventually, qemu_pid, sh


@desk()
def libvirtd_restarted(desk):
    """libvirtd restarted with the seat at the host, and with the seat in the guest"""
    for to in ("guest", "host"):
        sh("systemctl restart libvirtd")
        desk.sees_guest()
        desk.switched(to)
        desk.seat_at(to)


@desk()
def libvirtd_killed(desk):
    """libvirtd killed while the guest has the seat moves nothing, and is no obstacle"""
    desk.switched("guest")
    sh("systemctl kill -s KILL libvirtd")
    for m in desk.monitors:
        equal(len(m.sets()), 1, "Set VCP of " + m.name)
    desk.sees_guest()
    desk.seat_at("guest")
    desk.switched("host")
    desk.seat_at("host")


@desk()
def libvirtd_hangs(desk):
    """libvirtd hangs: the request is answered, the host has the seat, and keeps it"""
    before = eventually(lambda: desk.keyboard.inputs, "an input device")
    sh("systemctl kill -s STOP libvirtd")
    try:
        status, body = desk.switch("guest")
        check(status in (409, 502) and not body["success"], body)
        eventually(lambda: all(m.input == HOST for m in desk.monitors), "monitors at the host")
        check(desk.keyboard.key_arrives(), "no key event from the keyboard at the host")
    finally:
        sh("systemctl kill -s CONT libvirtd")
    # what libvirtd was asked for before it hung is done now, and has to be undone; that may be over
    # before the daemon looks
    eventually(lambda: desk.keyboard.inputs not in ([], before), "the late attach, undone")
    desk.comes_home()
    for to in ("guest", "host"):
        desk.switched(to)
        desk.seat_at(to)


@desk(config=None)
def libvirtd_late(desk):
    """the daemon starts without libvirtd, says so, and works when it is there"""
    sockets = "libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket"
    sh("systemctl stop libvirtd.service " + sockets)
    try:
        desk.start_daemon(NAMED)
        before = desk.whereabouts()
        status, body = desk.switch("guest")
        equal((status, body["success"]), (409, False), "answer %r" % body)
        desk.nothing_moved(before)
    finally:
        sh("systemctl start " + sockets)
    desk.sees_guest()
    for to in ("guest", "host"):
        desk.switched(to)
        desk.seat_at(to)


def lose_guest(desk, lose):
    desk.switched("guest")
    desk.seat_at("guest")
    lose()
    desk.comes_home()
    eventually(lambda: desk.status()["target"] == "host", "the daemon knows")


@desk()
def guest_destroyed(desk):
    """the guest is destroyed while it has the seat: the seat comes back, and can go there again"""
    lose_guest(desk, lambda: desk.guest.domain().destroy())
    status, body = desk.switch("guest")
    equal(status, 409, "status of %r" % body)
    desk.guest.domain().create()
    desk.sees_guest()
    desk.switched("guest")
    desk.seat_at("guest")


@desk()
def guest_killed(desk):
    """QEMU is killed with -9: the seat comes back, devices without a driver get theirs"""
    lose_guest(desk, lambda: os.kill(qemu_pid(), signal.SIGKILL))


@desk()
def guest_killed_twice(desk):
    """QEMU is killed twice, and nothing is unplugged in between: the devices get their driver each time"""
    for _ in range(2):
        lose_guest(desk, lambda: os.kill(qemu_pid(), signal.SIGKILL))
        check(desk.keyboard.key_arrives(), "no key event from the keyboard that came back")
        eventually(lambda: not desk.guest.domain().isActive(), "the domain is off")
        desk.guest.domain().create()
        desk.sees_guest()


@desk()
def guest_reset(desk):
    """the guest is reset while it has the seat: it keeps the seat, and the seat can come back"""
    desk.switched("guest")
    desk.guest.domain().reset()
    desk.sees_guest()
    desk.seat_at("guest")
    desk.switched("host")
    desk.seat_at("host")


@desk()
def guest_saved(desk):
    """the guest is saved while it has the seat, which comes back; restored, it takes nothing with it"""
    desk.switched("guest")
    domain = desk.guest.domain()
    try:
        domain.managedSave()
        desk.comes_home()
        domain.create()
        desk.sees_guest()
        eventually(lambda: not desk.guest.hostdevs(), "the guest has released what it was saved with")
        desk.comes_home()
        desk.switched("guest")
        desk.seat_at("guest")
    finally:
        if domain.hasManagedSaveImage():
            domain.managedSaveRemove()


@desk()
def host_suspended(desk):
    """the host sleeps while the guest has the seat: everything is where it was, and comes back when asked"""
    desk.switched("guest")
    sh("rtcwake -m mem -s 3")
    desk.seat_at("guest")
    desk.switched("host")
    desk.seat_at("host")


@desk()
def clock_jumps(desk):
    """the clock jumps a day ahead and back: switches take no notice"""
    behind = time.time() - time.monotonic()
    try:
        for to, jump in (("guest", 86400), ("host", -86400)):
            time.clock_settime(time.CLOCK_REALTIME, time.time() + jump)
            desk.switched(to)
            desk.seat_at(to)
    finally:
        time.clock_settime(time.CLOCK_REALTIME, time.monotonic() + behind)


@desk()
def guest_suspended(desk):
    """the guest is suspended: the seat comes back"""
    lose_guest(desk, lambda: desk.guest.domain().suspend())
    eventually(lambda: desk.guest.hostdevs() == [], "no hostdev in the guest")


@desk()
def guest_suspended_unwatched(desk):
    """the guest is suspended while the daemon is away: the seat comes back when the daemon does"""
    desk.switched("guest")
    desk.stop_daemon()
    desk.guest.domain().suspend()
    desk.start_daemon()
    desk.comes_home()


@desk()
def guest_killed_unwatched(desk):
    """QEMU dies while the daemon is away: the next switch home gives the devices their driver"""
    desk.switched("guest")
    desk.stop_daemon()
    os.kill(qemu_pid(), signal.SIGKILL)
    desk.qemu_is_dead()
    desk.start_daemon()
    status, body = desk.switch("host")
    equal(status, 200, "status of %r" % body)
    desk.comes_home()


@desk()
def guest_unfreezes(desk):
    """a guest that was suspended and resumed can be switched to"""
    desk.guest.domain().suspend()
    desk.sees_guest("paused")
    desk.guest.domain().resume()
    desk.sees_guest()
    desk.switched("guest")
    desk.seat_at("guest")
    check(not desk.keyboard.key_arrives(), "the host still hears the keyboard")
