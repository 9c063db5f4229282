# SPDX-License-Identifier: GPL-3.0-or-later
"""hotseat setup at a desk where most things can be mistaken for others: two keyboards of one make, a security key that
types, a hub with devices behind it, and monitors that are connected to both graphics cards.
"""
import re

from begin import desk
from desk import GUEST, HOST, BehindHub, OwnMouse, check, equal, eventually, read, sh
from test_6_input import firmware_takes_input, key_arrives_in_firmware, keys_in_firmware
from test_7_setup import CONFIG, buttons, happening, newcomer, nothing_set, setup

SECURITY_KEY = "1209:5afe"      # of a maker that hotseat does not know
INPUTS = "=dp1,hdmi1"


class FullDesk:
    """What is plugged in. The kernel has four HID gadgets at most, two of which make the security key, so usbsim's mouse
    is not there."""

    def __init__(self, desk):
        self.desk = desk
        sh("usbsim remove mouse0")
        self.mouse = OwnMouse()
        self.chosen = desk.add("kbd", "kbd1", "28da:1101")      # the twin of kbd0
        self.security_key = desk.add("seckey", "seckey0", SECURITY_KEY)
        self.behind = [BehindHub(1), BehindHub(2)]
        self.forwarded = []         # of these, those with an entry of their own
        self.hub = self.behind[0].hub
        self.both_cables(True)

    def both_cables(self, answer):
        """Does the guest's graphics card answer here?"""
        for m in self.desk.monitors:
            m["b/dead"] = int(not answer)

    def config_is_right(self):
        sh("hotseat check-config " + CONFIG)
        text = read(CONFIG)
        for part in ("monitor: DEL DDCSIM A", "monitor: DEL DDCSIM B", 'port: "%s"' % self.chosen.port,
                     'hub: "%s"' % self.hub, "-%s\"" % self.mouse.port.split("-")[1]):
            equal(text.count(part), 1, "%s in %s" % (part, text))
        equal(len(re.findall("^ *- name:", text, re.M)), 5 + len(self.forwarded),
              "two displays, keyboard, mouse, hub and what is forwarded in " + text)
        check("bus:" not in text and SECURITY_KEY.split(":")[0] not in text, text)

    def is_at(self, target):
        """Where each device is, and whom the keyboards reach."""
        self.desk.seat_at(target, devices=[])
        through_hub = [d for d in self.behind if d not in self.forwarded]
        for d in through_hub:
            eventually(lambda: d.is_in_guest == (target == "guest"), "%s at the %s" % (d.name, target))
        equal(self.behind[0].hub_driver, "hub", "the driver of the hub")
        equal(sorted(self.desk.guest.hostdevs()),
              sorted(d.address for d in through_hub) if target == "guest" else [], "hostdevs")
        for d in (self.chosen, self.desk.keyboard, self.mouse, self.security_key, *self.forwarded):
            equal(d.at, "host", "the driver of " + d.name)
        if target == "guest":
            key_arrives_in_firmware(self.chosen)
        else:
            check(self.chosen.key_arrives(), "no key of the keyboard at the host")
        before = keys_in_firmware()
        for d in (self.desk.keyboard, self.security_key):
            check(d.key_arrives(), "no key at the host from", d.name)
        equal(keys_in_firmware(), before, "keys in the guest from what stays with the host")

    def there_and_back(self):
        for target in ("guest", "host"):
            sh("hotseat switch " + target)
            self.is_at(target)


def number_of(terminal, name):
    """Its number among the choices that were shown last."""
    found = re.findall(r"^ +(\d+)  .*%s.*$" % re.escape(name), terminal.all, re.M)
    check(found, name, "is not among the choices:", terminal.all)
    return found[-1]


@desk(config=None, guest="off")
def setup_full_desk(desk):
    """twins, a security key, a hub and monitors with two cables: each is one, and what it is"""
    full = FullDesk(desk)
    with newcomer(), setup() as t:
        t.ask("win10 is off. Start it now? [yes]", "")
        t.expect("It may take a minute")
        full.both_cables(False)             # the guest has its card now
        for m in desk.monitors:
            t.expect("It has 2 cables")
            buttons(t, m)
        equal(t.all.count("Monitor: "), 2, "monitors in " + t.all)
        t.expect("Press a key on the keyboard")
        with happening(["usbsim", "key", "kbd1", "04"]):
            t.expect("The keyboard: usbsim kbd kbd1")
        t.expect("Move the mouse")
        t.answer("")                        # nothing moves this one: it is chosen from the list
        t.expect("Which is the mouse?")
        t.answer(number_of(t, "port " + full.mouse.port))
        t.expect("The mouse: QEMU USB Mouse")
        t.expect("Which of these move too?")
        check("(security key), " + SECURITY_KEY in t.all, "the security key in", t.all)
        t.answer(" ".join(number_of(t, name) for name in ("port " + full.behind[0].port, "USB CCID")))
        t.ask("that are not USB devices", "none")
        t.ask("are behind the hub", "yes")
        full.forwarded = full.behind[:1]    # a mouse keeps its entry, which moves in milliseconds
        nothing_set(desk)
        t.ask("Write this to /etc/hotseat/config.yaml? [yes]", "")
        t.ask("Run these commands now? [yes]", "")
        t.expect("Try a switch to win10 now")
        firmware_takes_input(desk)
        t.answer("")
        t.expect("There and back: success.")
        equal(t.end(), 0, "exit status")
        for m in desk.monitors:
            equal(m.sets(), [GUEST, HOST], "Set VCP in the trial at " + m.name)
        full.config_is_right()
        full.there_and_back()


@desk(config=None)
def setup_full_desk_yes(desk):
    """the same with --yes: what is not certain is asked for, and the options that it names are enough"""
    full = FullDesk(desk)
    with newcomer():
        out = sh("hotseat setup --yes", ok=False)
        equal(out.returncode, 2, "exit status: %s" % out.stderr)
        lines = {name: [line for line in out.stderr.splitlines() if name in line]
                 for name in ("which is the keyboard", "which is the mouse", "DDCSIM A", "DDCSIM B")}
        equal([len(found) for found in lines.values()], [1, 1, 1, 1], "what is missing: " + out.stderr)
        keyboards = lines["which is the keyboard"][0]
        for d in (full.chosen, desk.keyboard):
            check("port " + d.port in keyboards, keyboards)
        check("it speaks FIDO" in keyboards, keyboards)
        nothing_set(desk)
        options = ["--display '%s%s'" % (name, INPUTS) for name in ("DDCSIM A", "DDCSIM B")]
        options += ["--device " + name for name in (full.chosen.port, full.mouse.port, "hub:" + full.hub)]
        command = "hotseat setup --yes " + " ".join(options)
        sh(command)
        nothing_set(desk)
        full.config_is_right()
        firmware_takes_input(desk)
        full.there_and_back()
        text = read(CONFIG)
        check("is already up to date" in sh("hotseat setup --yes --from " + CONFIG), "the same again")
        equal(read(CONFIG), text, "the config")
