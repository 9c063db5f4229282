# SPDX-License-Identifier: GPL-3.0-or-later
"""How a scenario begins, and the configs that several use."""

# virtkvm's example config, with the lab's ids: it has to load unchanged
VIRTKVM = """\
kvm:
  usesudo: false
  checkguest: true
libvirt:
  uri: "qemu:///system"
  domain: "win10"
http:
  address: "127.0.0.1:5001"
  security:
    enabled: true
    secret: "xxxxxxxxxxxxxxxx"
devices:
  # keyboard
  - vendor: 0x28da
    product: 0x1101
  # mouse
  - vendor: 0x046d
    product: 0xc08d
displays:
  # main display
  - bus: 4
    feature: 0x60
    host: 0x0f
    guest: 0x11
  # secondary display
  - bus: 6
    feature: 0x60
    host: 0x0f
    guest: 0x11
commands:
  guest:
    - echo switch to guest
  host:
    - echo switch to host
"""

HEAD = """\
libvirt:
  uri: "qemu:///system"
  domain: "win10"
"""

BOTH_DEVICES = """\
devices:
  - name: keyboard
    vendor: 0x28da
    product: 0x1101
  - name: mouse
    vendor: 0x046d
    product: 0xc08d
"""


def display(name, which, more=""):
    """One entry of displays[]; which as in 'bus: 4'. For the lines of a list."""
    lines = ["name: " + name, which, "feature: 0x60", "host: 0x0f", "guest: 0x11"]
    replaced = {line.split(":")[0] for line in more.splitlines()}
    lines = [line for line in lines if line.split(":")[0] not in replaced] + more.splitlines()
    return "  - " + "\n    ".join(lines) + "\n"


BOTH_DISPLAYS = "displays:\n" + display("left", "bus: 4") + display("right", "bus: 6")

# names to speak of in the answers, and no TCP
NAMED = HEAD + BOTH_DEVICES + BOTH_DISPLAYS


def desk(config=NAMED, guest="running", module=""):
    """config: the daemon's, None to begin without it. guest: running, paused, off, absent.
    module: ddcsim's options."""
    def mark(f):
        f.begins = {"config": config, "guest": guest, "module": module}
        return f
    return mark
