# SPDX-License-Identifier: GPL-3.0-or-later
"""What is pressed, clicked and moved arrives in the guest, or at the host: all of it, once, and in its order."""
import random

from guest_desk import *  # noqa: F403


def test_all_keys(desk, options):
    desk.to_guest()
    codes = [c for c in all_keys() if c != KEY_MUTE]
    wrong = []
    # a few at a time: the guest's kernel keeps few events for a program that is slow
    for at in range(0, len(codes), 8):
        some, wanted = codes[at:at + 8], []
        for code in some:
            (desk.mouse if code >= BTN_LEFT and code < BTN_LEFT + 16 else desk.keyboard).tap(code)
            wanted += [(code, 1), (code, 0)]
        got = sorted(desk.events(len(wanted), 5), key=lambda r: r[4])
        got = [r[2:4] for r in got if r[1] == EV_KEY]
        if got != wanted:
            wrong += [(w, g) for w, g in zip(wanted, got + [None] * 16) if w != g]
    assert not wrong, f"pressed and arrived: {wrong}"
    # stays with the host
    desk.keyboard.tap(KEY_MUTE)
    desk.inputd.wait("arrived", guest="host", code=KEY_MUTE, value=1)
    desk.inputd.wait("arrived", guest="host", code=KEY_MUTE, value=0)
    desk.works()
    desk.to_host()
    print(f"  {len(codes)} keys and buttons")


def test_ten_keys_at_once(desk, options):
    desk.to_guest()
    codes = [30, 48, 46, 32, 18, 33, 34, 35, 23, 36]
    for code in codes:
        desk.keyboard.key(code, 1)
    for code in codes:
        desk.keyboard.key(code, 0)
    assert desk.keys(20) == [(c, 1) for c in codes] + [(c, 0) for c in codes]
    desk.to_host()


def turns(desk, wanted):
    """The wheels turn by so much in the guest, and by no more: {code: sum}."""
    found = dict.fromkeys(wanted, 0)

    def add():
        for code, value in sums(desk.events(1, 1)).items():
            found[code] = found.get(code, 0) + value
        return found == wanted
    wait_for(f"the wheels' sums {wanted}, not {found}", add, 20)
    assert not desk.events(1, 0.2)


def test_motion_and_wheels(desk, options):
    desk.to_guest()
    x = y = 0
    for i in range(3000):
        dx, dy = random.randint(-40, 40), random.randint(-40, 40)
        desk.mouse.emit((EV_REL, 0, dx), (EV_REL, 1, dy))
        x, y = x + dx, y + dy
    desk.mouse.emit((EV_REL, 0, 40000))
    found = {}

    def add():
        for code, value in sums(desk.events(1, 1)).items():
            found[code] = found.get(code, 0) + value
        return found.get(0, 0) == x + 40000 and found.get(1, 0) == y
    wait_for(f"the motion's sum ({x + 40000}, {y}), not {found}", add, 20)
    for steps, wheel, parts in (((8, 11), 3, [(1, 120), (1, 120), (1, 120)]), ((6, 12), -1, [(0, -30), (-1, -90)]),
                                ((8, 11), 0, [(0, 30), (0, -30)])):
        for notch, part in parts:
            desk.mouse.emit(*([(EV_REL, steps[0], notch)] if notch else []), (EV_REL, steps[1], part))
        turns(desk, {steps[1]: sum(p for _, p in parts), steps[0]: wheel})
    # a mouse without fine steps
    desk.mouse.emit((EV_REL, 8, -2))
    turns(desk, {8: -2, 11: -240})
    desk.to_host()


def test_leds(desk, options):
    desk.to_guest()
    nodes = [n for n, (keys, relative) in desk.nodes.items() if keys > 100 and not relative & 3]
    assert nodes
    for led, value in ((1, 1), (0, 1), (1, 0)):
        for node in nodes:
            desk.guest.command_guest(f"led {node} {led} {value}")
        wait_for(f"LED {led}", lambda: desk.look() or desk.keyboard.leds.get(led) == value, 20)
    desk.to_host()
    assert desk.keyboard.leds == {led: 0 for led in range(5)}, desk.keyboard.leds
    desk.to_guest()
    assert desk.keyboard.leds[0] == 1
    for node in nodes:
        desk.guest.command_guest(f"led {node} 0 0")
    wait_for("the LED off", lambda: desk.look() or desk.keyboard.leds[0] == 0, 20)
    desk.to_host()


def test_order_of_ctrl_and_click(desk, options):
    desk.to_guest()
    wanted = [(KEY_LEFTCTRL, 1), (BTN_LEFT, 1), (BTN_LEFT, 0), (KEY_LEFTCTRL, 0)]
    for i in range(40):
        desk.keyboard.key(KEY_LEFTCTRL, 1)
        # hotseat-inputd reads two nodes: what came first is only certain once it has been read
        wait_for("Ctrl to be read", desk.keyboard.is_read)
        desk.mouse.tap(BTN_LEFT)
        wait_for("the click to be read", desk.mouse.is_read)
        desk.keyboard.key(KEY_LEFTCTRL, 0)
        got = sorted((r for r in desk.events(4) if r[1] == EV_KEY), key=lambda r: r[4])
        assert [r[2:4] for r in got] == wanted, got
    desk.to_host()


def test_hotkey_there_and_back(desk, options):
    desk.to_host()
    desk.inputd.read()
    desk.inputd.messages.clear()
    desk.keyboard.tap(KEY_SCROLLLOCK)
    desk.keyboard.key(KEY_SCROLLLOCK, 1)
    desk.inputd.wait("hotkey", action="toggle")
    desk.to_guest()
    assert (EV_KEY, KEY_SCROLLLOCK, 0) in desk.keyboard.written, "not released at the host"
    desk.keyboard.key(KEY_SCROLLLOCK, 0)
    desk.works()
    desk.keyboard.key(KEY_LEFTCTRL, 1)
    desk.keyboard.key(KEY_F12, 1)
    desk.inputd.wait("hotkey", action="go", to="host")
    desk.to_host()
    assert not desk.keyboard.grabbed and not desk.mouse.grabbed
    desk.keyboard.key(KEY_F12, 0)
    desk.keyboard.key(KEY_LEFTCTRL, 0)
    # the chord's last key reaches neither side, its first one is released
    assert desk.keys(2) == [(KEY_LEFTCTRL, 1), (KEY_LEFTCTRL, 0)]


class Host:
    """What the host's programs see of a node: all while it is not grabbed."""

    def __init__(self, node):
        self.node, self.down, self.pressed = node, set(), []

    def see(self, code, value):
        if self.node.grabbed:
            return
        if value:
            self.down.add(code)
        else:
            self.down.discard(code)

    def look(self):
        """In the order in which it was written."""
        grabbed = self.node.grabbed
        for kind, code, value in self.node.look():
            if kind == SIM_GRAB:
                grabbed = value == 1
            elif kind == EV_KEY and not grabbed:
                (self.down.add if value else self.down.discard)(code)


def presses(records):
    return sum(r[1] == EV_KEY and r[3] == 1 for r in records)


def test_round_trips_while_typing(desk, options):
    """Each press on exactly one side, and each is released there."""
    desk.to_host()
    host, at, down, expected = Host(desk.keyboard), "host", set(), []
    rng = random.Random(1)
    keys = [30, 31, 32, 33, 16, 17, KEY_LEFTCTRL, 42, 56, 125]
    trips = 0
    while trips < options.trips:
        if rng.random() < 0.3:
            at = "linux" if at == "host" else "host"
            assert "error" not in desk.inputd.move("keyboard", at)
            host.look()
            if at == "linux":
                assert not host.down, f"still down at the host: {host.down}"
                continue
            trips += 1
            # the guest's kernel keeps few events for a program that is slow
            desk.guest.wait("what was typed", lambda rs: presses(rs) >= len(expected), 10)
            continue
        code = rng.choice(keys)
        value = 0 if code in down else 1
        (down.add if value else down.discard)(code)
        host.see(code, value)
        desk.keyboard.key(code, value)
        if value and at == "linux":
            expected.append(code)
    for code in sorted(down):
        host.see(code, 0)
        desk.keyboard.key(code, 0)
    host.look()
    desk.to_host()
    host.look()
    got = [r for r in desk.events(1, 1) if r[1] == EV_KEY]
    assert [r[2] for r in got if r[3] == 1] == expected
    state = {}
    for r in got:
        assert state.get(r[2], 0) != r[3], f"twice in a row: {r}"
        state[r[2]] = r[3]
    assert not any(state.values()), f"stuck in the guest: {state}"
    assert not host.down, f"stuck at the host: {host.down}"
    print(f"  {trips} round trips, {len(expected)} presses in the guest")


def test_unplugged_in_the_guest(desk, options):
    desk.to_guest()
    desk.keyboard.key(KEY_A, 1)
    desk.keyboard.key(KEY_LEFTCTRL, 1)
    assert desk.keys(2) == [(KEY_A, 1), (KEY_LEFTCTRL, 1)]
    desk.keyboard.unplug()
    desk.inputd.wait("device", device="keyboard", presence="absent", at="linux")
    assert sorted(desk.keys(2)) == [(KEY_LEFTCTRL, 0), (KEY_A, 0)]
    desk.keyboard = desk.inputd.plug("keyboard")
    desk.look()
    assert desk.keyboard.grabbed
    desk.works()
    desk.to_host()


TESTS = [test_all_keys, test_ten_keys_at_once, test_motion_and_wheels, test_leds, test_order_of_ctrl_and_click,
         test_hotkey_there_and_back, test_round_trips_while_typing, test_unplugged_in_the_guest]
