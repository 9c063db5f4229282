#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hotseat advises a user for whom nothing is set up yet. TAP.

usage: test_newcomer.py HOTSEATD HOTSEAT
"""
import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import tap

HOTSEAT = pathlib.Path(sys.argv[2]).resolve()
CONFIG = """libvirt: {domain: win11}
displays:
  - {monitor: AOC 2778X, host: dp1, guest: hdmi1}
http:
  address: 127.0.0.1:5001
  security: {enabled: true}
"""
# the tests are for a computer without them
HAS_OWN = os.path.exists("/etc/hotseat/config.yaml") or os.path.exists("/run/hotseat/hotseat.sock")


@contextlib.contextmanager
def home(config=None):
    """An empty home, and the environment of a user whose home it is."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        (folder / "hotseat").mkdir(mode=0o755)
        if config is not None:
            (folder / "hotseat/config.yaml").write_text(config, encoding="utf-8")
            (folder / "hotseat/config.yaml").chmod(0o600)
        env = {name: value for name, value in os.environ.items() if not name.startswith("HOTSEAT_")}
        yield folder, {**env, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_RUNTIME_DIR": str(folder),
                       "LC_ALL": "C.UTF-8"}


def ask(env, *words, hotseat=HOTSEAT, before=()):
    """Exit status, and what it wrote to stderr."""
    done = subprocess.run([*before, hotseat, *words], env=env, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stderr


def test_no_configuration():
    """without a configuration every command that needs the daemon says how to make one"""
    if HAS_OWN:
        return
    with home() as (_, env):
        for words in ("status",), ("switch", "guest"), ("watch",), ("status", "--json"):
            status, err = ask(env, *words)
            assert status == 3 and "sudo hotseat setup" in err and "systemctl" not in err, (words, err)
        # so do those that need the file
        for words in ("check-config",), ("secret", "list"), ("certificate", "show"), ("guest-kit", "kit"):
            status, err = ask(env, *words)
            assert status == 2 and "sudo hotseat setup" in err, (words, err)
        status, err = ask(env, "status", "--socket", "/nonexistent/a b")
        assert "sudo hotseat setup" in err and "hotseatd --socket '/nonexistent/a b'" in err, err


def test_configuration():
    """with a configuration of one's own it is that service that has to be started"""
    if HAS_OWN:
        return
    with home(CONFIG) as (_, env):
        status, err = ask(env, "status")
        assert status == 3 and "systemctl --user start hotseatd" in err and "setup" not in err, err


def test_may_not_read():
    """no permission to read the configuration: the same command with sudo"""
    nobody = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups") if os.geteuid() == 0 else ()
    with home(CONFIG) as (folder, env):
        (folder / "hotseat/config.yaml").chmod(0o600 if nobody else 0)
        hotseat = folder / "hotseat-here"
        shutil.copy(HOTSEAT, hotseat)
        # what the command becomes, where another user gets at it
        shutil.copy(HOTSEAT.parent / "hotseat-setup", folder)
        for words in ("secret", "list"), ("secret", "new", "guest"), ("check-config",), ("guest-kit", "a b"):
            status, err = ask(env, *words, hotseat=hotseat, before=nobody)
            again = " ".join(f"'{word}'" if " " in word else word for word in words)
            assert status == 2 and f"run `sudo {hotseat} {again}`" in err, (words, err)


def test_sibling():
    """in a build directory it starts what was built there, and says how to build what was not"""
    with home() as (folder, env):
        hotseat = folder / "hotseat-here"
        shutil.copy(HOTSEAT, hotseat)
        (folder / "build.ninja").touch()
        status, err = ask(env, "status", "--url", "http://127.0.0.1:1", hotseat=hotseat)
        assert status == 1 and f"ninja -C {folder} hotseat-agent" in err, err
        (folder / "hotseat-agent").write_text("#!/bin/sh\necho \"$*\" >&2\n", encoding="utf-8")
        (folder / "hotseat-agent").chmod(0o755)
        status, err = ask(env, "status", "--url", "http://127.0.0.1:1", hotseat=hotseat)
        assert status == 0 and err == "status --url http://127.0.0.1:1\n", err


tap.main(sys.modules[__name__])
