# SPDX-License-Identifier: GPL-3.0-or-later
"""Keyboards and mice that look alike, and that are unplugged and plugged in."""
from begin import BOTH_DISPLAYS, HEAD, desk
from desk import BehindHub, check, equal, eventually, sh, write


def add_keyboards(desk, *serials):
    """More keyboards with kbd0's vendor:product."""
    for n, serial in enumerate(serials):
        yield desk.add("kbd", "twin%d" % n, "28da:1101", serial)


def one_of_twins(desk, which, others):
    for to in ("guest", "host"):
        desk.switched(to)
        desk.seat_at(to, devices=[which])
        for d in others:
            equal(d.at, "host", "who has " + d.name)
            check(d.key_arrives(), "no key event from", d.name)
    check(which.key_arrives(), "no key event from the twin that came back")


@desk(config=None)
def twins_by_serial(desk):
    """of three keyboards with one vendor:product, the one with the serial number goes"""
    first, second = add_keyboards(desk, "K-ONE", "K-TWO")
    desk.start_daemon(HEAD + BOTH_DISPLAYS + """\
devices:
  - name: keyboard
    vendor: 0x28da
    product: 0x1101
    serial: K-TWO
""")
    one_of_twins(desk, second, [first, desk.keyboard])


@desk(config=None)
def twins_by_port(desk):
    """of two keyboards that are the same, the one in the port goes, replugged or not"""
    twin, = add_keyboards(desk, "")
    desk.start_daemon(HEAD + BOTH_DISPLAYS + """\
devices:
  - name: keyboard
    port: "%s"
""" % twin.port)
    one_of_twins(desk, twin, [desk.keyboard])
    before = twin.address
    twin.unplug()
    twin.plug()
    eventually(lambda: twin.at == "host", "twin at the host")
    check(twin.address != before, "the address did not change")
    one_of_twins(desk, twin, [desk.keyboard])


@desk(config=None)
def twins_undecided(desk):
    """two keyboards that the config does not tell apart: refused with both named, nothing moves"""
    twin, = add_keyboards(desk, "")
    desk.start_daemon(HEAD + BOTH_DISPLAYS + """\
devices:
  - name: keyboard
    vendor: 0x28da
    product: 0x1101
""")
    before = desk.whereabouts()
    status, body = desk.switch("guest")
    equal((status, body["success"]), (409, False), "answer %r" % body)
    check(twin.port in body["error"] and desk.keyboard.port in body["error"], body["error"])
    desk.nothing_moved(before)
    equal(twin.at, "host", "who has the twin")


@desk()
def twin_plugged_later(desk):
    """an identical device plugged in while the keyboard is in the guest: the keyboard comes back, and stays there"""
    desk.switched("guest")
    twin, = add_keyboards(desk, "")
    desk.switched("host")
    desk.seat_at("host")
    check(desk.keyboard.key_arrives(), "no key event from the keyboard that came back")
    status, body = desk.switch("guest")
    equal((status, body["success"]), (409, False), "answer %r" % body)
    check(twin.port in body["error"], body["error"])


def pull_from_guest(desk):
    desk.switched("guest")
    desk.seat_at("guest")
    desk.keyboard.unplug()
    equal(desk.keyboard.at, "nowhere", "the keyboard")


@desk()
def replugged_in_guest(desk):
    """pulled out and plugged in again while in the guest: back in the guest, and then back to the host"""
    for _ in range(2):
        pull_from_guest(desk)
        desk.keyboard.plug()
        eventually(lambda: desk.keyboard.at == "guest", "the keyboard back in the guest")
        eventually(lambda: desk.guest.hostdevs() == sorted(d.address for d in desk.devices),
                   "no stale hostdev")
        desk.seat_at("guest")
    desk.switched("host")
    desk.seat_at("host")
    check(desk.keyboard.key_arrives(), "no key event from the keyboard at the host")


@desk()
def pulled_then_home(desk):
    """pulled out in the guest, plugged in again at the host: the host's, and goes again"""
    pull_from_guest(desk)
    desk.switch("host")
    desk.seat_at("host", devices=[desk.mouse])
    # what is left of the keyboard goes when udev has told of it
    eventually(lambda: desk.guest.hostdevs() == [], "no hostdev in the guest")
    desk.keyboard.plug()
    desk.comes_home()
    desk.switched("guest")
    desk.seat_at("guest")


@desk()
def readdressed(desk):
    """a device that was plugged in again at the host has another address, and moves"""
    before = desk.keyboard.address
    desk.keyboard.unplug()
    desk.keyboard.plug()
    eventually(lambda: desk.keyboard.at == "host", "the keyboard at the host")
    check(desk.keyboard.address != before, "the address did not change")
    for to in ("guest", "host"):
        desk.switched(to)
        desk.seat_at(to)


@desk()
def stale_hostdev(desk):
    """a hostdev that was left in the guest by a device that is gone is no obstacle"""
    bus, device = desk.keyboard.address
    desk.guest.domain().attachDevice(
        "<hostdev mode='subsystem' type='usb'><source><address bus='%d' device='%d'/></source>"
        "</hostdev>" % (bus, device))
    eventually(lambda: desk.keyboard.at == "guest", "the keyboard in the guest")
    desk.keyboard.unplug()
    desk.keyboard.plug()
    eventually(lambda: desk.keyboard.at in ("host", "guest"), "the keyboard is back")
    for to in ("guest", "host"):
        desk.switched(to)
        desk.seat_at(to)


@desk(config=None)
def everything_behind_a_hub(desk):
    """what is behind the hub goes and comes back, and the hub itself stays"""
    mouse = BehindHub()
    desk.start_daemon(HEAD + BOTH_DISPLAYS + """\
devices:
  - name: dock
    hub: "%s"
""" % mouse.hub)
    for to in ("guest", "host"):
        desk.switched(to)
        eventually(lambda: mouse.at == to, "the mouse at the " + to)
        equal(mouse.hub_driver, "hub", "the driver of the hub")
        equal(desk.guest.hostdevs().count(mouse.address), int(to == "guest"), "hostdevs")
    equal(desk.keyboard.at, "host", "what is not behind the hub")


@desk(config=None)
def hub_as_a_device(desk):
    """a hub as a device is an error that names what is behind it"""
    mouse = BehindHub()
    config = "/run/hub-as-a-device.yaml"
    write(config, HEAD + "devices:\n  - port: \"%s\"\n" % mouse.hub)
    out = sh("hotseat check-config " + config, ok=False)
    equal(out.returncode, 2, "exit status")
    check("it is a hub; name the devices behind it: " + mouse.port in out.stdout + out.stderr, out)
    equal(mouse.at, "host", "the mouse")
