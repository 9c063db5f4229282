#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Windows agent as a person meets it: under Wine, its keys pressed with xdotool. TAP.

usage: test_windows.py HOTSEATD HOTSEAT-AGENT.EXE
"""
import contextlib
import os
import pathlib
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
import tap
from desk import SECRET, Agent, Daemon, FakeDaemon, edid, until, windows


def test_hotkey():
    """Win+Shift+/ brings the seat to the host"""
    with Daemon() as daemon, Agent(daemon.settings()) as agent:
        agent.see(" connected\n")
        daemon.to_guest()
        windows.key("super+shift+slash")
        daemon.see_target("host")
        agent.see("switch to host: done")
        assert "notification" not in agent.log(), agent.log()
        assert daemon.status()["last"]["reason"] == "request from 127.0.0.1"


def test_other_hotkey():
    """another hotkey, from settings in UTF-16, takes its place"""
    with Daemon() as daemon, Agent(daemon.settings(hotkey="shift + Ctrl + f9"), encoding="utf-16") as agent:
        agent.see(" connected\n")
        daemon.to_guest()
        windows.key("super+shift+slash")
        windows.key("ctrl+shift+F9")
        daemon.see_target("host")
        assert agent.log().count("requested") == 1, agent.log()


def test_modifiers():
    """modifiers that the keyboard took with it to the host are let go"""
    with Daemon() as daemon, Agent(daemon.settings()) as agent:
        agent.see(" connected\n")
        daemon.to_guest()
        windows.focus()
        windows.xdotool("keydown", "super", "keydown", "shift", "key", "slash")
        try:
            daemon.see_target("host")
            agent.see("key 0x5b released")
            agent.see("key 0xa0 released")
        finally:
            windows.xdotool("keyup", "super", "keyup", "shift")


def test_menu():
    """the menu of the icon has the guest, and moves the seat there"""
    with Daemon() as daemon, Agent(daemon.settings()) as agent:
        agent.see(" connected\n")
        # the icon may move while it is drawn; but there is one click for a menu: the next would choose from it
        for _ in range(5):
            x, y = until("the icon", windows.find_icon)
            windows.xdotool("mousemove", str(x), str(y), "click", "3")
            with contextlib.suppress(AssertionError):
                until("the menu", windows.menu, 20)
                break
        windows.choose(until("the menu", windows.menu), 1)
        agent.see("switch to guest: requested")
        daemon.see_target("guest")


def test_failure():
    """a switch that fails is told with hotseatd's reason"""
    with Daemon() as daemon, Agent(daemon.settings()) as agent:
        agent.see(" connected\n")
        daemon.to_guest()
        daemon.deafen()
        windows.key("super+shift+slash")
        agent.see("notification: Switch to host failed: ")
        reason = daemon.status()["last"]["error"]
        assert "left" in reason, reason
        agent.see(f"notification: Switch to host failed: {reason}")


def test_late_host():
    """a host that is not there yet is asked again, and the presses until then are one"""
    daemon = Daemon()
    with Agent(daemon.settings()) as agent:
        agent.see("not connected")
        # both at once: for ten seconds it is asked again
        windows.key("super+shift+slash", "super+shift+slash")
        agent.see("switch to host: requested")
        agent.see("switch to host: already in progress")
        with daemon:
            agent.see("switch to host: done")
            last = daemon.status()["last"]
            assert (last["id"], last["to"], last["outcome"]) == (1, "host", "done"), last


def test_no_host():
    """a host that never answers is reported"""
    with Agent(Daemon().settings()) as agent:
        agent.see("not connected")
        windows.key("super+shift+slash")
        agent.see("notification: Switch to host failed: 127.0.0.1:")
        agent.see("does not answer: no program listens there")


def test_wrong_secret():
    """a wrong secret is reported, at the start and at a press, and moves nothing"""
    with Daemon() as daemon, Agent(daemon.settings(secret="guessed")) as agent:
        agent.see("notification: hotseat cannot connect: hotseatd rejected the secret")
        daemon.to_guest()
        windows.key("super+shift+slash")
        agent.see("notification: Switch to host failed: hotseatd rejected the secret")
        assert daemon.status()["target"] == "guest"
        assert agent.log().count("cannot connect") == 1, agent.log()


def test_reconnect():
    """when hotseatd has been away the agent connects again"""
    daemon = Daemon()
    with daemon, Agent(daemon.settings()) as agent:
        agent.see(" connected\n")
        daemon.process.kill()
        daemon.process.wait()
        agent.see("not connected: ")
        with daemon:
            agent.see(" connected\n", 2)
            assert daemon.status()["target"] == "host"


def test_set_input():
    """monitors are set from inside when hotseatd asks, each request answered"""
    monitors = [edid("AOC", "2778X", 1234), edid("DEL", "U2720Q", 7) + " deaf", edid("AOC", "24G1", 5)]
    ask = {"display": "left", "manufacturer": "AOC", "model": "2778X", "serial": "1234", "feature": 96,
           "value": 15}
    asked = [{**ask, "id": 17}, {**ask, "id": 18, "model": "24G1", "serial": None, "value": 17},
             {**ask, "id": 19, "manufacturer": "DEL", "model": "U2720Q", "serial": None},
             {**ask, "id": 20, "serial": "99"}, {**ask, "id": 21, "feature": 999}]
    with FakeDaemon(asked) as fake, Agent(
            {"url": f"127.0.0.1:{fake.server_port}/", "secret": SECRET}, monitors=monitors) as agent:
        until("all are answered", lambda: len(fake.posts) == len(asked))
        assert {path for path, _ in fake.posts} == {"/set-input"}
        errors = {body["id"]: body["error"] for _, body in fake.posts}
        assert errors[17] is None and errors[18] is None, errors
        assert "U2720Q did not accept the command" in errors[19], errors
        assert "0 of the 3 monitors" in errors[20], errors
        assert '"feature" in the request is not a number from 0 to 255' in errors[21], errors
        done = agent.monitors.with_name("monitors.log").read_text().splitlines()
        assert done == ["96 15 2778X", "96 17 24G1"], done
        assert fake.paths == {"/events?agent=windows%200.1.0"}, fake.paths
        assert fake.secrets == {SECRET}, fake.secrets


def test_set_input_for_daemon():
    """hotseatd asks it for a monitor that has gone deaf, and believes that monitor, not the agent"""
    with Daemon() as daemon, Agent(daemon.settings(), monitors=[edid("SIM", "left", 1)]) as agent:
        daemon.to_guest()
        until("hotseatd knows the agent", lambda: daemon.status()["agents"])
        daemon.deafen()
        with contextlib.suppress(urllib.error.HTTPError):
            daemon.ask("/switch", {"to": "host"})
        # once, and again a second after each time that it has failed
        done = agent.monitors.with_name("monitors.log").read_text().splitlines()
        assert set(done) == {"96 15 left"}, done
        error = daemon.status()["last"]["error"]
        assert "agent: the agent set the monitor, but it does not answer the host" in error, error


def test_no_monitor():
    """where no monitor can be commanded, that is the answer"""
    asked = [{"id": 1, "manufacturer": "AOC", "model": "2778X", "feature": 96, "value": 15}]
    with FakeDaemon(asked) as fake, Agent(
            {"url": f"http://127.0.0.1:{fake.server_port}", "secret": SECRET}):
        until("it is answered", lambda: fake.posts)
        path, body = fake.posts[0]
        assert path == "/set-input" and body["id"] == 1 and "monitor" in body["error"], body


@contextlib.contextmanager
def https_daemon():
    """A FakeDaemon behind TLS, and its certificate's fingerprint."""
    with tempfile.TemporaryDirectory() as folder, FakeDaemon() as fake:
        key, certificate = f"{folder}/key", f"{folder}/certificate"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=hotseat",
                        "-keyout", key, "-out", certificate], check=True, stderr=subprocess.DEVNULL)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        fake.socket = context.wrap_socket(fake.socket, server_side=True)
        printed = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-fingerprint",
                                  "-sha256"], check=True, capture_output=True, text=True).stdout
        yield fake, printed.strip().split("=")[1]


def test_pin():
    """with the fingerprint of its certificate hotseatd is believed, with another or none it is not"""
    with https_daemon() as (fake, fingerprint):
        settings = {"url": f"https://127.0.0.1:{fake.server_port}", "secret": SECRET}
        with Agent({**settings, "fingerprint": fingerprint}) as agent:
            agent.see(" connected")
        assert SECRET in fake.secrets
        fake.secrets.clear()
        with Agent({**settings, "fingerprint": "00" * 32}) as agent:
            agent.see(f"notification: hotseat cannot connect: 127.0.0.1:{fake.server_port} presents another "
                      f"certificate than the one in Settings; its fingerprint is {fingerprint}")
        with Agent(settings) as agent:
            agent.see("notification: hotseat cannot connect: ")
            agent.see("its certificate is missing or not trusted")
        assert SECRET not in fake.secrets


def type_over(text):
    windows.xdotool("key", "ctrl+a")
    windows.xdotool("type", "--delay", "20", text)


def test_first_start():
    """without settings it asks for them, keeps them in the profile, and begins"""
    with Daemon() as daemon, Agent(None) as agent:
        windows.in_front("hotseat: settings")
        type_over(f"http://127.0.0.1:{daemon.port}")
        windows.xdotool("key", "Tab")
        type_over(SECRET)
        # "Start at login" is ticked
        windows.xdotool("key", "Return")
        windows.see_window("hotseat: settings", False)
        saved = next(windows.prefix.glob("drive_c/users/*/AppData/Roaming/hotseat/hotseat-agent.ini"))
        text = saved.read_text()
        saved.unlink()
        assert f"url = http://127.0.0.1:{daemon.port}\n" in text and f"secret = {SECRET}\n" in text, text
        assert "hotkey = Win+Shift+/\nstart_at_login = yes\n" in text, text
        run = windows.wine("reg", "query", r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run")
        assert f'"{agent.windows_path(agent.exe)}"' in run, run
        assert not agent.ini.exists()
        daemon.to_guest()
        windows.key("super+shift+slash")
        daemon.see_target("host")


def test_settings():
    """started again it shows its settings; what is wrong is told and not saved, all else is kept"""
    with Daemon() as daemon, Agent(daemon.settings(secret="guessed")) as agent:
        agent.see("rejected the secret")
        before = agent.ini.read_text()
        agent.start()
        dialog = windows.in_front("hotseat: settings")
        windows.xdotool("key", "alt+h")
        type_over("Hyper+x")
        windows.xdotool("key", "Return")
        # the message is a window of the same name
        message = windows.in_front("hotseat: settings", but=dialog)
        assert agent.ini.read_text() == before
        windows.xdotool("key", "Return")
        windows.in_front("hotseat: settings", but=message)
        type_over("Pause")
        windows.xdotool("key", "alt+s")
        type_over(SECRET)
        windows.xdotool("key", "Return")
        windows.see_window("hotseat: settings", False)
        agent.see(" connected")
        text = agent.ini.read_text()
        kept, login = text.rsplit("start_at_login = ", 1)
        assert kept == before.replace("guessed", SECRET) + "fingerprint = \nhotkey = Pause\n", text
        assert login in ("yes\n", "no\n"), text
        daemon.to_guest()
        windows.key("Pause")
        daemon.see_target("host")


def test_wrong_file():
    """a mistake in the settings file is reported with its line"""
    with Agent({"url": "http://127.0.0.1:1", "hotkye": "Pause"}) as agent:
        windows.in_front("hotseat: cannot use the settings file")
        windows.xdotool("key", "Return")
        windows.see_window("hotseat: cannot use the settings file", False)
        assert next(windows.agents()) == agent.pid


def costs(pid):
    """ticks of CPU, and how often each thread was woken"""
    ticks = sum(map(int, pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]))
    woken = {}
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                woken[task.name] = int(line.split()[1])
    return ticks, woken


def test_quiet():
    """the secret is on no command line, and an idle agent idles"""
    with Daemon() as daemon, Agent(daemon.settings()) as agent:
        agent.see(" connected\n")
        for process in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                assert SECRET.encode() not in process.read_bytes(), process
        time.sleep(2)
        before = costs(agent.pid)
        time.sleep(10)
        after = costs(agent.pid)
        woken = sum(times - before[1].get(task, 0) for task, times in after[1].items())
        print(f"# idle for 10 s: {after[0] - before[0]} ticks of CPU, {woken} wake-ups", flush=True)


try:
    tap.main(sys.modules[__name__])
finally:
    windows.close()
