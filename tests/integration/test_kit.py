#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `hotseat guest-kit` writes, used as a guest does. TAP.

usage: test_kit.py HOTSEATD HOTSEAT
"""
import configparser
import json
import os
import pathlib
import ssl
import subprocess
import sys
import tempfile

import tap
from daemon import HOTSEAT, Daemon, until
from kit import NASTY, Kit, ahk_reason, make_config
from ports import reserve_port
from recorder import Recorder, answer

CURL = ["User-Agent: curl/.*", r"Accept: \*/\*"]
MONO = ["Connection: keep-alive"]


def certificate(folder, name="certificate.pem", key="key.pem"):
    """Makes a pair, as the config names it, and returns its paths."""
    folder = pathlib.Path(folder)
    subprocess.run([HOTSEAT, "certificate", "new", "--replace", "--config", folder / "config.yaml"],
                   check=True, stdout=subprocess.DEVNULL)
    for made, wanted in ("certificate.pem", name), ("key.pem", key):
        os.rename(folder / made, folder / wanted)
    return folder / name, folder / key


class Folder(tempfile.TemporaryDirectory):
    """A config with its secrets, and a certificate if over TLS."""

    def __init__(self, tls=False):
        super().__init__()
        self.config = make_config(self.name, tls=tls)
        self.pair = certificate(self.name) if tls else (None, None)

    def __enter__(self):
        return self

    def kit(self, recorder, **more):
        return Kit(HOTSEAT, "--url", recorder.url, config=self.config, **more)


def test_shell_bytes():
    """the Linux script sends just its request, however odd the secret is"""
    for tls in False, True:
        with Folder(tls) as f, Recorder(certificate=f.pair[0], key=f.pair[1]) as r, \
                f.kit(r, secret=NASTY) as kit:
            assert kit.secret == NASTY
            assert kit.shell(HTTP_PROXY="http://127.0.0.1:1", https_proxy="http://127.0.0.1:1") == (0, "")
            r.see_switch(NASTY, CURL)


def test_shell_command_line():
    """the secret is on no command line of the Linux script's"""
    with Folder() as f, Recorder() as r, f.kit(r, secret=NASTY) as kit:
        trace = kit.dir / "curl"
        trace.write_text('#!/bin/sh\nfor word; do printf "%s\\n" "$word"; done >"$0.said"\ncat >/dev/null\n')
        trace.chmod(0o700)
        kit.shell(PATH=f"{kit.dir}:{os.environ['PATH']}")
        said = (kit.dir / "curl.said").read_text()
        assert "--url" in said and "it's" not in said, said


def test_shell_reasons():
    """the Linux script says what went wrong: hotseatd's sentence, or its status, or curl's"""
    sentence = 'left says "no"; look at C:\\\\ and ü'
    cases = {
        answer("409 Conflict", json.dumps({"error": sentence, "steps": [{"error": "another"}]},
                                          ensure_ascii=False, separators=(",", ":"))): sentence,
        answer("502 Bad Gateway", "<html>"): "hotseatd answers 502",
        b"": "does not answer: curl: (52) Empty reply from server; check that hotseatd is "
             "running and that no firewall blocks the port",
    }
    for said, reason in cases.items():
        with Folder() as f, Recorder(said) as r, f.kit(r) as kit:
            status, text = kit.shell()
            assert status == 1 and text.startswith("Switch to host failed: "), text
            assert text.rstrip("\n").endswith(reason), (text, reason)
    with Folder() as f:
        nobody = f"http://127.0.0.1:{reserve_port()}"
        with Kit(HOTSEAT, "--url", nobody, config=f.config) as kit:
            assert f"{nobody}/switch does not answer: curl: (7) " in kit.shell()[1]


def test_shell_notifies():
    """started without a terminal, the Linux script notifies the desktop"""
    with Folder() as f, Recorder(answer("409 Conflict", '{"error":"no"}')) as r, f.kit(r) as kit:
        tool = kit.dir / "notify-send"
        tool.write_text('#!/bin/sh\nprintf "%s|" "$@" >"$0.said"\n')
        tool.chmod(0o700)
        kit.shell(PATH=f"{kit.dir}:{os.environ['PATH']}")
        assert (kit.dir / "notify-send.said").read_text() == \
            "--app-name=hotseat|Switch to host failed|no|"


def other_server(f, **more):
    """One with another certificate than the kit is made for."""
    pair = f.pair
    other = certificate(f.name, "other.pem", "other-key.pem")
    # the config's own are what the kit is made for
    certificate(f.name)
    assert pair[0].read_text() != other[0].read_text()
    return Recorder(certificate=other[0], key=other[1], **more)


def test_shell_pin():
    """another certificate: the Linux script says so, and the secret has not been sent"""
    with Folder(tls=True) as f, other_server(f) as r, f.kit(r) as kit:
        status, text = kit.shell()
        assert status == 1 and "presents another certificate than the one in this file" in text, text
        assert r.connections == 1 and not any(r.seen), r.seen


def test_powershell_bytes():
    """the PowerShell script's calls send just its request, however odd the secret is"""
    for tls in False, True:
        with Folder(tls) as f, Recorder(certificate=f.pair[0], key=f.pair[1]) as r, \
                f.kit(r, secret=NASTY) as kit:
            assert kit.powershell() == (0, ""), kit.powershell()
            r.see_switch(NASTY, MONO)


def test_powershell_pin():
    """another certificate: the PowerShell script's pin refuses it, and the secret has not been sent"""
    with Folder(tls=True) as f, other_server(f) as r, f.kit(r) as kit:
        status, text = kit.powershell()
        assert status == 1 and "refused: True" in text, text
        assert r.connections >= 1 and not any(r.seen), r.seen


def test_powershell_quotes():
    """what is filled into the PowerShell script is nothing but literals in single quotes"""
    with Folder() as f, Recorder() as r, f.kit(r, secret=NASTY) as kit:
        script = kit.text("Switch-ToHost.ps1")
        assert f"$secret = '{NASTY.replace(chr(39), chr(39) * 2)}'\n" in script, script
        assert script.isascii() and script.count("\n'@\n") == 1


def test_others():
    """settings, secret, certificate and README say what the daemon's config says"""
    with Folder(tls=True) as f, Kit(HOTSEAT, config=f.config) as kit:
        shown = json.loads(kit.run("certificate", "show", "--json"))
        ini = configparser.ConfigParser(interpolation=None)
        ini.read_string(kit.text("hotseat-agent.ini"))
        assert dict(ini["hotseat"]) == {
            "url": "https://192.168.122.1:5001", "secret": kit.secret,
            "fingerprint": shown["fingerprint"], "hotkey": "Win+Shift+/",
            "start_at_login": "yes"}
        assert ssl.PEM_cert_to_DER_cert(kit.text("hotseat.crt")) == \
            ssl.PEM_cert_to_DER_cert(f.pair[0].read_text())
        assert (f"hotseat switch host --url https://192.168.122.1:5001 --secret-file secret "
                f"--fingerprint {shown['fingerprint']}\n") in kit.text("README.txt")
        for name in "switch-to-host.ahk", "switch-to-host-v1.ahk":
            assert kit.secret not in kit.text(name) and "Switch-ToHost.ps1" in kit.text(name)
        for name in kit.made["files"]:
            assert name == "README.txt" or name in kit.text("README.txt") or name == "hotseat.crt", name


def test_command():
    """the command says what it needs, and what it has made belongs to who called sudo"""
    with Folder() as f:
        kit = pathlib.Path(f.name) / "kit"
        me = 12345 if os.geteuid() == 0 else os.geteuid()

        def run(*args):
            done = subprocess.run([HOTSEAT, "guest-kit", *args, "--config", f.config], text=True,
                                  capture_output=True, env={**os.environ, "SUDO_UID": str(me)})
            return done.returncode, done.stdout + done.stderr

        assert run() == (2, "hotseat: guest-kit needs DIR; see `hotseat help guest-kit`\n"), run()
        status, said = run(str(kit))
        assert status == 2 and "guest, linux; choose one with --guest" in said, said
        status, said = run(str(kit), "--guest", "linux")
        assert status == 0 and "It sends requests to http://192.168.122.1:5001." in said, said
        assert "Created a secret for linux." in said, said
        assert {file.stat().st_uid for file in [kit, *kit.iterdir()]} == {me}
        # the secret's own file stays the config's owner's
        assert (f.config.parent / "secrets" / "linux").stat().st_uid == f.config.stat().st_uid
        status, said = run(str(kit), "--guest", "linux")
        assert status == 1 and "already exists" in said, said
        status, said = run(str(kit), "--guest", "linux", "--replace")
        assert status == 0 and "Created a secret" not in said, said


SETUP_FROM = """\
libvirt: {domain: win11}
devices:
  - {name: keyboard, vendor: 0x28da, product: 0x1101}
http:
  address: 192.168.122.1:5001
  security: {enabled: true, secret: known to the guests}
"""


def setup(folder, start, *more):
    """Runs it with what it is to begin with, and returns its config and what it says."""
    config = folder / f"after-{start.stem}.yaml"
    done = subprocess.run(
        [HOTSEAT, "setup", "--yes", "--no-root", "--from", start, "--output", config, *more],
        capture_output=True, text=True, check=True)
    return config, done.stdout


def test_setup():
    """with --tls setup names the step for the certificate, then for the kit; begun with TLS, it stays"""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        start = folder / "start.yaml"
        start.write_text(SETUP_FROM)
        first, said = setup(folder, start, "--tls")
        step = f"hotseat certificate new --config {first}"
        assert f"  {step}\n" in said and f"  hotseat guest-kit win11-kit --config {first}\n" in said, said
        subprocess.run([HOTSEAT, *step.split()[1:]], check=True, stdout=subprocess.DEVNULL)
        second, said = setup(folder, first)
        assert "certificate new" not in said, said
        for config in first, second:
            with Kit(HOTSEAT, config=config) as kit:
                assert kit.made["url"] == "https://192.168.122.1:5001", kit.made
                assert kit.secret != "known to the guests"


def test_daemon():
    """with a kit's scripts the seat comes back, plain and over TLS; if not, they show the reason"""
    for tls in False, True:
        port = reserve_port()
        with Folder(tls) as f:
            make_config(f.name, f"127.0.0.1:{port}", tls)
            scheme = "https" if tls else "http"
            with Kit(HOTSEAT, "--url", f"{scheme}://127.0.0.1:{port}", config=f.config) as kit, \
                    Daemon("--config", str(f.config)) as daemon:
                for run in kit.shell, kit.powershell:
                    daemon.hotseat("switch", "linux")
                    assert run()[0] == 0 and daemon.status()["target"] == "host"
                daemon.hotseat("switch", "linux")
                daemon.break_it("deafen", "left")
                status, text = kit.shell()
                # a guest is told what kind of thing went wrong, and the host's log the rest
                reason = "something failed on the host; see the host's log"
                assert daemon.status()["last"]["error"] != reason
                assert status == 1 and text == f"Switch to host failed: {reason}\n", (text, reason)
                said = kit.powershell()[1]
                assert reason in said, said
                for version, name in (1, "switch-to-host-v1.ahk"), (2, "switch-to-host.ahk"):
                    assert tls or ahk_reason(kit.text(name), version, said) == reason, said
                kit.run("secret", "revoke", "guest")
                until("refused", lambda: "missing or wrong secret" in kit.shell()[1])


tap.main(sys.modules[__name__])
