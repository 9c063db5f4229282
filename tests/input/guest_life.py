# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to keyboard and mouse when a process or the guest ends, hangs, is stopped, reset or saved; and which
connections are taken."""
import os
import random
import signal
import socket
import subprocess
import sys
import time

from guest_desk import *  # noqa: F403


def restart(desk):
    desk.inputd.start()
    desk.configure()
    desk.keyboard = desk.inputd.plug("keyboard")
    desk.mouse = desk.inputd.plug("mouse")
    desk.inputd.expect("linux")
    desk.inputd.wait("guest", guest="linux", state="ready")


def test_killed_while_typing(desk, options):
    for i in range(options.kills):
        desk.to_guest()
        desk.keyboard.key(KEY_A, 1)
        time.sleep(random.random() * 0.02)
        desk.inputd.stop(kill=True)
        # the guest's kernel releases what was down when the device goes
        desk.guest.wait("the nodes to go", lambda rs: any(r[1] == NODE_GONE for r in rs))
        restart(desk)
        desk.wait_for_mouse()
    desk.to_guest()
    desk.works()
    desk.to_host()
    print(f"  {options.kills} kills")


def test_hotseatd_gone(desk, options):
    desk.to_guest()
    desk.keyboard.key(KEY_A, 1)
    desk.inputd.socket.close()
    # hotkeys for the host work
    desk.keyboard.key(KEY_LEFTCTRL, 1)
    desk.keyboard.key(KEY_F12, 1)
    wait_for("the keyboard at the host", lambda: desk.look() or not (desk.keyboard.grabbed or desk.mouse.grabbed), 5)
    for code in (KEY_F12, KEY_LEFTCTRL, KEY_A):
        desk.keyboard.key(code, 0)
    assert sorted(desk.keys(4)) == [(KEY_LEFTCTRL, 0), (KEY_LEFTCTRL, 1), (KEY_A, 0), (KEY_A, 1)]
    desk.inputd.connect()
    desk.configure()
    desk.to_guest()
    # without a guest that configures it, it comes back after a while
    desk.inputd.socket.close()

    def comes_and_goes():
        time.sleep(0.5)
        desk.inputd.connect()
        desk.inputd.socket.close()
        return desk.look() or not desk.keyboard.grabbed
    wait_for("the keyboard at the host", comes_and_goes, 20)
    time.sleep(0.5)
    # and at once if it sends what is not a message
    desk.inputd.connect()
    desk.configure()
    desk.to_guest()
    desk.inputd.send("nonsense")
    wait_for("the keyboard at the host", lambda: desk.look() or not desk.keyboard.grabbed, 5)
    # one that comes back in time finds everything where it was
    desk.inputd.connect()
    desk.configure()
    desk.to_guest()
    desk.inputd.socket.close()
    time.sleep(0.5)
    desk.inputd.connect()
    desk.configure()
    desk.inputd.wait("device", device="keyboard", at="linux")
    desk.works()
    desk.to_host()


def test_panic(desk, options):
    desk.to_guest()
    desk.inputd.messages.clear()
    for code in (KEY_A, KEY_LEFTCTRL, 56, 42, 1):
        desk.keyboard.key(code, 1)
    desk.inputd.wait("device", device="keyboard", at="host")
    desk.inputd.wait("home")
    desk.inputd.wait("hotkey", action="panic")
    for code in (KEY_A, KEY_LEFTCTRL, 56, 42, 1):
        desk.keyboard.key(code, 0)
    desk.look()
    assert not desk.keyboard.grabbed and not desk.mouse.grabbed
    # without an answer, a hotkey for the host does it alone
    desk.to_guest()
    desk.keyboard.key(KEY_LEFTCTRL, 1)
    desk.keyboard.key(KEY_F12, 1)
    desk.inputd.wait("home", seconds=5)
    desk.keyboard.key(KEY_LEFTCTRL, 0)
    desk.keyboard.key(KEY_F12, 0)
    desk.events(1, 1)


def test_qemu_stopped(desk, options):
    desk.to_guest()
    desk.guest.process.send_signal(signal.SIGSTOP)
    for i in range(50):
        desk.keyboard.tap(KEY_B)
    desk.mouse.emit((EV_REL, 0, 1))
    if options.mode == "pull":
        # paced, the kernel takes what QEMU does not read
        desk.inputd.wait("guest", guest="linux", state="unresponsive", seconds=30)
        refused = desk.inputd.move("mouse", "host") and desk.inputd.move("mouse", "linux")
        assert "has not asked for keys" in refused["error"], refused
    desk.inputd.move("keyboard", "host")
    desk.keyboard.key(KEY_END, 1)
    desk.guest.process.send_signal(signal.SIGCONT)
    if options.mode == "pull":
        desk.inputd.wait("guest", guest="linux", state="ready", seconds=30)
    desk.keyboard.key(KEY_END, 0)
    got = [k for k in desk.keys(1) if k[0] == KEY_END]
    assert not got, "typed at the host, and arrived in the guest"
    desk.to_guest()
    desk.events(200, 2)
    desk.works()
    desk.to_host()


def test_suspended(desk, options):
    desk.to_guest()
    desk.guest.qmp("stop")
    for i in range(300):
        desk.mouse.emit((EV_REL, 0, 1))
    desk.guest.qmp("cont")
    assert sums(desk.events(2, 3)).get(0, 0) == 300
    desk.works()
    desk.to_host()


def test_saved_and_restored(desk, options):
    """hotseat-inputd is not even running while it is restored."""
    state = os.path.join(desk.folder, "state")
    desk.guest.qmp("migrate", uri=f"exec:cat >{state}")
    wait_for("the guest to be saved", lambda: desk.guest.qmp("query-migrate")["return"].get("status") == "completed")
    desk.guest.stop()
    desk.inputd.wait("guest", guest="linux", state="waiting")
    desk.inputd.stop()
    listener = socket.create_server(("127.0.0.1", desk.port))  # as systemd holds it
    desk.guest = Guest(options.kit, desk.folder, desk.port, name="restored", controller=options.controller,
                       arguments=["-incoming", f"exec:cat {state}"])
    wait_for("the restored guest to run", lambda: desk.guest.qmp("query-status")["return"]["status"] == "running")
    listener.close()
    restart(desk)
    desk.wait_for_mouse()
    desk.to_guest()
    desk.works()
    desk.to_host()


def test_no_hello(desk, options):
    """A QEMU that was restored sends no hello: it is disconnected, and may try again."""
    desk.inputd.expect("other")
    for _ in range(2):
        with socket.create_connection(("127.0.0.1", desk.other_port)) as s:
            s.settimeout(10)
            assert s.recv(4096), "refused"
            assert s.recv(4096) == b"", "more than a hello"
    desk.inputd.expect("other", -1)


def test_reset(desk, options):
    desk.guest.qmp("system_reset")
    desk.guest.wait("the guest's start", lambda rs: any(r[1] == STARTED for r in rs), BOOT_S)
    desk.wait_for_mouse()
    # it was ready before, too
    wait_for("the guest to ask for keys", lambda: "error" not in desk.inputd.move("keyboard", "linux"))
    desk.to_guest()
    desk.works()
    desk.to_host()


def knock(port, uid):
    """Connects as that user; how many bytes come before the end."""
    code = ("import encodings.idna, os, socket\n"
            f"os.setuid({uid})\n"
            f"s = socket.create_connection(('127.0.0.1', {port})); s.settimeout(5)\n"
            "try: print(len(s.recv(4096)))\n"
            "except ConnectionError: print(0)\n")
    return int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def test_foreign_connections(desk, options):
    if os.getuid() != 0:
        print("  skipped: only root can connect as other users")
        return
    desk.inputd.expect("other", 65534)
    assert knock(desk.other_port, 0) == 0
    assert knock(desk.other_port, 65534) > 0
    desk.inputd.expect("other", -1)
    assert knock(desk.other_port, 65534) == 0
    # one at a time
    assert knock(desk.port, 0) == 0
    log = open(desk.inputd.log_path).read()
    for why in ("it is not this guest's QEMU", "QEMU is connected already"):
        assert why in log, f"not logged: {why}"
    desk.to_guest()
    desk.works()
    desk.to_host()


def test_two_guests(desk, options):
    desk.inputd.expect("other")
    second = Guest(options.kit, desk.folder, desk.other_port, name="second", controller=options.controller)
    first, desk.guest = desk.guest, second
    second.wait("its start", lambda rs: any(r[1] == STARTED for r in rs), BOOT_S)
    desk.wait_for_mouse()
    for name, guest in (("linux", first), ("other", second), ("linux", first), ("other", second)):
        desk.guest = guest
        desk.keyboard.key(KEY_LEFTCTRL, 1)  # held on the way: no side sees it
        desk.to_guest(name)
        desk.keyboard.key(KEY_LEFTCTRL, 0)
        desk.works()
        desk.keyboard.key(KEY_B, 1)
        assert desk.keys(1) == [(KEY_B, 1)]
        other = "other" if name == "linux" else "linux"
        assert "error" not in desk.inputd.move("keyboard", other)
        assert desk.keys(1) == [(KEY_B, 0)], "not released in the guest that lost the keyboard"
        desk.keyboard.key(KEY_B, 0)
        desk.to_host()
    first.read(0.2), second.read(0.2)
    assert not [r for r in first.take() + second.take() if r[1] == EV_KEY]
    desk.guest = first
    second.stop()


TESTS = [test_panic, test_hotseatd_gone, test_foreign_connections, test_qemu_stopped, test_suspended,
         test_killed_while_typing, test_no_hello, test_reset, test_two_guests, test_saved_and_restored]
