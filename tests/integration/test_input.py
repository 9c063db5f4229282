#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""hotseat-inputd as hotseatd uses it, with simulated event nodes and guests. TAP.

usage: test_input.py HOTSEAT_INPUTD
"""
import contextlib
import os
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "input"))
import tap  # noqa: E402
from inputd import EV_KEY, EV_REL, Inputd, free_port, wait_for  # noqa: E402

PROGRAM = sys.argv[1]
KEY_A, KEY_LEFTCTRL, KEY_F12, KEY_SCROLLLOCK, KEY_MUTE = 30, 29, 88, 70, 113
CONFIG = ("keep=mute\nguest=one\nguest=two\ndevice=keyboard\nvendor=046d\ndevice=mouse\ninput=m\n"
          "hotkey=scrolllock scrolllock\naction=toggle\nhotkey=ctrl+f12\naction=go\nto=host\n")


@contextlib.contextmanager
def desk(config=CONFIG, ports=()):
    with tempfile.TemporaryDirectory() as folder:
        inputd = Inputd(PROGRAM, folder, ports)
        try:
            result = inputd.configure(config)
            assert "error" not in result, result
            yield inputd
        finally:
            if inputd.process.poll() is None:
                assert inputd.stop() == 0


def arrived(inputd, guest, *events):
    """Exactly these are the next that arrive: (type, code, value)."""
    for kind, code, value in events:
        got = inputd.wait("arrived", seconds=5)
        assert got == {"guest": guest, "type": str(kind), "code": str(code), "value": str(value)}, got


def move(inputd, device, to):
    result = inputd.move(device, to)
    assert "error" not in result and result["at"] == to, result
    return result["changed"]


def home(inputd, *nodes):
    wait_for("everything at home", lambda: [n.look() for n in nodes] and not any(n.grabbed for n in nodes), 15)


def test_welcome():
    """it says its version, the ports that it holds, and what it knows of devices and guests"""
    port = free_port()
    with desk(ports=[port]) as inputd:
        inputd.messages.clear()
        wait_for("a place", lambda: connects_again(inputd))
        assert inputd.held == str(port)
        inputd.configure(CONFIG)
        inputd.wait("device", device="mouse", presence="absent", at="host")
        inputd.wait("guest", guest="one", state="ready")
        inputd.wait("guest", guest="two", state="ready")


def connects_again(inputd):
    inputd.socket.close()
    inputd.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    inputd.socket.connect(inputd.path)
    inputd.read(1)
    verb, fields = inputd.messages.pop(0)
    if verb == "welcome":
        assert fields["version"] == "1" and fields["simulated"] == "yes", fields
        inputd.held = fields.get("port")
    return verb == "welcome"


def test_there_and_back():
    """keys and motion go where the device is; what is held stays behind"""
    with desk() as inputd:
        keyboard, mouse = inputd.plug("keyboard"), inputd.plug("mouse")
        assert move(inputd, "keyboard", "one") == "yes"
        assert move(inputd, "keyboard", "one") == "no"
        keyboard.tap(KEY_A)
        arrived(inputd, "one", (EV_KEY, KEY_A, 1), (EV_KEY, KEY_A, 0))
        keyboard.key(KEY_A, 1)
        move(inputd, "keyboard", "two")
        keyboard.key(KEY_A, 0)
        keyboard.tap(KEY_LEFTCTRL)
        arrived(inputd, "two", (EV_KEY, KEY_LEFTCTRL, 1), (EV_KEY, KEY_LEFTCTRL, 0))
        move(inputd, "mouse", "two")
        mouse.emit((EV_REL, 0, 4), (EV_REL, 8, -1))
        arrived(inputd, "two", (EV_REL, 0, 4), (EV_REL, 11, -120))
        move(inputd, "keyboard", "host")
        move(inputd, "mouse", "host")
        keyboard.look(), mouse.look()
        assert not keyboard.grabbed and not mouse.grabbed
        assert mouse.written[-2:] == [(EV_REL, 0, 1), (EV_REL, 0, -1)], "a blank screen stays blank"


def test_released():
    """a key that is held is released on the side that loses it, and a press is on one side only"""
    with desk() as inputd:
        keyboard = inputd.plug("keyboard")
        keyboard.key(KEY_LEFTCTRL, 1)
        move(inputd, "keyboard", "one")
        keyboard.look()
        assert (EV_KEY, KEY_LEFTCTRL, 0) in keyboard.written
        keyboard.key(KEY_LEFTCTRL, 0)
        keyboard.key(KEY_A, 1)
        arrived(inputd, "one", (EV_KEY, KEY_A, 1))
        inputd.id += 1
        inputd.send(f"move\nid={inputd.id}\ndevice=keyboard\nto=two\n")
        arrived(inputd, "one", (EV_KEY, KEY_A, 0))
        inputd.wait("result", id=inputd.id)


def test_hotkeys():
    """hotkeys are reported from wherever the keyboard is, and their last key arrives nowhere"""
    with desk() as inputd:
        keyboard = inputd.plug("keyboard")
        keyboard.tap(KEY_SCROLLLOCK)
        keyboard.tap(KEY_SCROLLLOCK)
        assert inputd.wait("hotkey") == {"action": "toggle"}
        move(inputd, "keyboard", "one")
        keyboard.key(KEY_LEFTCTRL, 1)
        keyboard.tap(KEY_F12)
        arrived(inputd, "one", (EV_KEY, KEY_LEFTCTRL, 1))
        assert inputd.wait("hotkey") == {"action": "go", "to": "host"}
        move(inputd, "keyboard", "host")


def test_two_keyboards():
    """a chord may be pressed on two keyboards, one of which is at a guest"""
    config = "guest=one\ndevice=a\ninput=a\ndevice=b\ninput=b\nhotkey=ctrl+f12\naction=next\n"
    with desk(config) as inputd:
        a, b = inputd.plug("a"), inputd.plug("b")
        move(inputd, "a", "one")
        a.key(KEY_LEFTCTRL, 1)
        arrived(inputd, "one", (EV_KEY, KEY_LEFTCTRL, 1))
        b.key(KEY_F12, 1)
        assert inputd.wait("hotkey") == {"action": "next"}


def test_same_key_on_two_keyboards():
    """a key that two keyboards hold is released in the guest when both have released it"""
    config = "guest=one\ndevice=a\ninput=a\ndevice=b\ninput=b\n"
    with desk(config) as inputd:
        a, b = inputd.plug("a"), inputd.plug("b")
        move(inputd, "a", "one"), move(inputd, "b", "one")
        a.key(KEY_A, 1)
        arrived(inputd, "one", (EV_KEY, KEY_A, 1))
        b.key(KEY_A, 1)
        b.tap(KEY_LEFTCTRL)
        arrived(inputd, "one", (EV_KEY, KEY_LEFTCTRL, 1), (EV_KEY, KEY_LEFTCTRL, 0))
        a.key(KEY_A, 0)
        a.tap(KEY_LEFTCTRL)
        arrived(inputd, "one", (EV_KEY, KEY_LEFTCTRL, 1), (EV_KEY, KEY_LEFTCTRL, 0))
        b.unplug()
        arrived(inputd, "one", (EV_KEY, KEY_A, 0))


def test_kept_keys():
    """keys of keep: go to the host while a guest has the keyboard"""
    with desk() as inputd:
        keyboard = inputd.plug("keyboard")
        move(inputd, "keyboard", "one")
        keyboard.tap(KEY_MUTE)
        arrived(inputd, "host", (EV_KEY, KEY_MUTE, 1), (EV_KEY, KEY_MUTE, 0))


def test_panic():
    """the panic chord brings everything to the host, even while other keys are held, and that is reported"""
    with desk() as inputd:
        keyboard, mouse = inputd.plug("keyboard"), inputd.plug("mouse")
        move(inputd, "keyboard", "one"), move(inputd, "mouse", "two")
        for code in (KEY_A, KEY_LEFTCTRL, 56, 42, 1):
            keyboard.key(code, 1)
        inputd.wait("home", detail="the panic chord was pressed")
        assert inputd.wait("hotkey") == {"action": "panic"}
        home(inputd, keyboard, mouse)


def test_alone():
    """without hotseatd a hotkey for the host works at once, and everything comes back after ten seconds"""
    with desk() as inputd:
        keyboard, mouse = inputd.plug("keyboard"), inputd.plug("mouse")
        move(inputd, "keyboard", "one"), move(inputd, "mouse", "one")
        inputd.socket.close()
        keyboard.key(KEY_LEFTCTRL, 1)
        keyboard.key(KEY_F12, 1)
        home(inputd, keyboard, mouse)
        keyboard.key(KEY_F12, 0)
        keyboard.key(KEY_LEFTCTRL, 0)
        wait_for("a place", lambda: connects_again(inputd))
        inputd.configure(CONFIG)
        move(inputd, "keyboard", "one"), move(inputd, "mouse", "one")
        inputd.socket.close()
        home(inputd, keyboard, mouse)


def test_no_answer():
    """a hotkey for the host works even if hotseatd does not answer"""
    with desk() as inputd:
        keyboard = inputd.plug("keyboard")
        move(inputd, "keyboard", "one")
        keyboard.tap(KEY_SCROLLLOCK)
        keyboard.tap(KEY_SCROLLLOCK)
        inputd.wait("home", seconds=5)
        home(inputd, keyboard)


def test_unplugged():
    """what is unplugged is released in the guest, and goes on there when it is plugged in again"""
    with desk() as inputd:
        keyboard = inputd.plug("keyboard")
        move(inputd, "keyboard", "one")
        keyboard.key(KEY_A, 1)
        arrived(inputd, "one", (EV_KEY, KEY_A, 1))
        keyboard.unplug()
        arrived(inputd, "one", (EV_KEY, KEY_A, 0))
        inputd.wait("device", device="keyboard", presence="absent", at="one")
        result = inputd.move("keyboard", "two")
        assert result["error"].startswith("it is not plugged in") and result["at"] == "one", result
        again = inputd.plug("keyboard")
        again.tap(KEY_A)
        arrived(inputd, "one", (EV_KEY, KEY_A, 1), (EV_KEY, KEY_A, 0))
        again.look()
        assert again.grabbed


def test_configured_again():
    """a new configuration leaves what it keeps where it is, and takes the rest home"""
    with desk() as inputd:
        keyboard, mouse = inputd.plug("keyboard"), inputd.plug("mouse")
        move(inputd, "keyboard", "one"), move(inputd, "mouse", "two")
        keyboard.look(), mouse.look()
        inputd.configure("guest=one\ndevice=keyboard\nvendor=046d\ndevice=mouse\ninput=m\n")
        inputd.wait("device", device="keyboard", at="one")
        inputd.wait("device", device="mouse", at="host")
        home(inputd, mouse)
        keyboard.tap(KEY_A)
        arrived(inputd, "one", (EV_KEY, KEY_A, 1), (EV_KEY, KEY_A, 0))
        inputd.configure("guest=one\ndevice=mouse\ninput=m\n")
        home(inputd, keyboard)
        result = inputd.move("keyboard", "one")
        assert result["error"] == "hotseat-inputd has no such device", result


def test_bad_configuration():
    """a configuration with a mistake changes nothing, and the answer says what is wrong"""
    with desk() as inputd:
        keyboard = inputd.plug("keyboard")
        move(inputd, "keyboard", "one")
        for config, why in (("hotkey=super+supr\naction=toggle\n", 'did you mean "super"?'),
                            ("keep=volume\n", "unknown key name"),
                            ("guest=x\nport=1\n", "does not hold this guest's port")):
            result = inputd.configure(config)
            assert why in result["error"], result
        keyboard.tap(KEY_A)
        arrived(inputd, "one", (EV_KEY, KEY_A, 1), (EV_KEY, KEY_A, 0))


def test_unknown():
    """orders for unknown devices and guests are answered"""
    with desk() as inputd:
        inputd.plug("keyboard")
        assert inputd.move("piano", "one")["error"] == "hotseat-inputd has no such device"
        assert inputd.move("keyboard", "three")["error"] == 'hotseat-inputd has no guest "three"'
        assert "error" in inputd.expect("three")


def test_second_client():
    """one hotseatd at a time; one that sends what is no message is disconnected"""
    with desk() as inputd:
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
            s.connect(inputd.path)
            assert s.recv(65536) == b"refused\nerror=another hotseatd is connected; stop one of them\n"
            assert s.recv(65536) == b""
        inputd.send("move\nid=1\n")
        wait_for("the end", lambda: inputd.socket.recv(65536) == b"", 5)


def test_many_messages():
    """a client that is slow gets everything, in order"""
    with desk() as inputd:
        keyboard = inputd.plug("keyboard")
        move(inputd, "keyboard", "one")
        for i in range(400):
            keyboard.tap(KEY_A)
        arrived(inputd, "one", *([(EV_KEY, KEY_A, 1), (EV_KEY, KEY_A, 0)] * 400))


def test_other_users():
    """no other user can connect"""
    if os.getuid() != 0:
        return
    with desk() as inputd:
        os.chmod(os.path.dirname(inputd.path), 0o755)
        os.chmod(inputd.path, 0o666)
        code = ("import os, socket\nos.setuid(65534)\ns = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)\n"
                f"s.connect({inputd.path!r})\nprint(s.recv(65536).decode(), end='')\n")
        r = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert r.stdout == "refused\nerror=only hotseatd's user may connect\n", r


def test_command_line():
    """mistakes on the command line are named"""
    for arguments, status, said in (
            (["--nonsense"], 2, "Unknown option --nonsense"),
            (["--listen", "70000"], 2, "70000"),
            (["nonsense"], 2, '"nonsense" is not an option'),
            (["--simulate"], 2, "no control socket"),
            (["--simulate", "--control", "/nowhere/at/all"], 2, "/nowhere/at/all: No such file or directory")):
        r = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False, timeout=20)
        assert r.returncode == status and said in r.stderr, (arguments, r)
    r = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True)
    assert r.stdout.startswith("hotseat-inputd "), r


tap.main(sys.modules[__name__])
