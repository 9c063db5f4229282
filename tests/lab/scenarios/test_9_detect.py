# SPDX-License-Identifier: GPL-3.0-or-later
"""hotseat detect, on a machine with real buses, devices and guests."""
import json

from begin import desk
from desk import GUEST, HOST, check, equal, read, sh

PASSED_THROUGH = """\
<domain type='qemu'><name>gamer</name><memory>65536</memory><os><type>hvm</type></os><devices>
<hostdev mode='subsystem' type='pci'><source>
<address domain='0x%s' bus='0x%s' slot='0x%s' function='0x%s'/></source></hostdev>
</devices></domain>
"""


def detect(user="root"):
    return json.loads(sh("setpriv --reuid=%s --clear-groups hotseat detect --json" % user))


@desk(config=None, guest="off")
def detect_all(desk):
    """detect: monitors, devices and guests as they are, and nothing is set"""
    desk.monitors[1]["input"] = GUEST
    found = detect()
    equal([m["bus"] for m in found["monitors"]], [m.bus for m in desk.monitors], "buses")
    left, right = found["monitors"]
    equal((left["manufacturer"], left["model"]), ("DEL", "DDCSIM A"), "left monitor")
    check(left["serial"] and left["serial"] != right["serial"], "serials", found["monitors"])
    equal((left["number"], right["number"]), (232, 233), "numbers in the EDIDs")
    equal([[c["bus"] for c in m["cables"]] for m in (left, right)], [[4], [6]], "cables that answer")
    equal((left["input"], right["input"]), (HOST, GUEST), "inputs shown")
    equal([i["code"] for i in left["inputs"]], [0x01, 0x03, 0x0F, 0x11], "inputs listed")
    equal(left["inputs"][3]["name"], "HDMI-1", "name of an input")
    check(left["answers"] and left["answer_ms"] >= 40, left)
    ids = {d["port"]: d for d in found["devices"]}
    keyboard, mouse = ids[desk.keyboard.port], ids[desk.mouse.port]
    equal((keyboard["kind"], keyboard["vendor"], keyboard["product"]), ("keyboard", 0x28DA, 0x1101),
          "keyboard")
    equal((mouse["kind"], mouse["name"]), ("mouse", "usbsim mouse mouse0"), "mouse")
    check(not keyboard["twin"], keyboard)
    kinds = [d["kind"] for d in found["devices"]]
    check(kinds == sorted(kinds) and "hub" not in kinds, "keyboards before mice, no hubs", kinds)
    equal([(g["name"], g["state"]) for g in found["guests"]], [("win10", "off")], "guests")
    equal(found["unseen"], [], "what could not be seen")
    for m in desk.monitors:
        equal(m.sets(), [], "Set VCP of " + m.name)


@desk(config=None, guest="off")
def detect_deaf(desk):
    """detect: a monitor that does not answer, a missing one, a second keyboard of the same model"""
    desk.monitors[0]["a/ddc_off"] = 1
    desk.monitors[1]["a/dead"] = 1
    desk.add("kbd", "kbd1", "28da:1101")
    found = detect()
    equal(len(found["monitors"]), 1, "monitors")
    check(not found["monitors"][0]["answers"] and found["monitors"][0]["trouble"], found)
    twins = [d["port"] for d in found["devices"] if d["twin"] and d["vendor"] == 0x28DA]
    equal(len(twins), 2, "twins")
    text = sh("hotseat detect")
    check("DDC/CI: no answer" in text and "same ID as another device (use the port)" in text, text)


@desk(config=None, guest="off")
def detect_ordinary(desk):
    """detect, as an ordinary user: sees what it may, and says what it may not and why"""
    found = detect(user="nobody")
    equal(found["monitors"], [], "monitors")
    check(any("permission" in u and "i2c" in u for u in found["unseen"]), found["unseen"])
    check(any(d["port"] == desk.keyboard.port for d in found["devices"]), found["devices"])
    equal([g["name"] for g in found["guests"]], ["win10"], "guests")


@desk(config=None, guest="off")
def detect_gpu(desk):
    """detect: a graphics card that is passed through to a guest, by its name or number"""
    cards = [d for d in sh("ls /sys/bus/pci/devices").split()
             if read("/sys/bus/pci/devices/%s/class" % d).startswith("0x03")]
    domain, bus, rest = cards[0].split(":")
    slot, function = rest.split(".")
    with open("/run/gamer.xml", "w") as f:
        f.write(PASSED_THROUGH % (domain, bus, slot, function))
    sh("virsh -q define /run/gamer.xml")
    try:
        guests = {g["name"]: g for g in detect()["guests"]}
        equal(len(guests["gamer"]["gpus"]), 1, "graphics cards")
        check(cards[0] in guests["gamer"]["gpus"][0], guests)
        equal(guests["win10"]["gpus"], [], "of the other guest")
    finally:
        sh("virsh -q undefine gamer")
