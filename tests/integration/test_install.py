#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `meson install` puts where, and the units as systemd reads them. TAP.

usage: test_install.py BUILD PREFIX HOTSEATD
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

import tap

BUILD, PREFIX, HOTSEATD = sys.argv[1:]
INSTALLED = """\
bin/hotseat
bin/hotseatd
lib/modules-load.d/hotseat.conf
lib/systemd/system/hotseat-inputd.service
lib/systemd/system/hotseat-inputd.socket
lib/systemd/system/hotseatd.service
lib/systemd/user/hotseat-agent.service
lib/systemd/user/hotseat-inputd.service
lib/systemd/user/hotseat-inputd.socket
lib/systemd/user/hotseatd.service
lib/sysusers.d/hotseat.conf
lib/tmpfiles.d/hotseat.conf
lib/udev/rules.d/74-hotseat.rules
libexec/hotseat-agent
libexec/hotseat-inputd
libexec/hotseat-setup
share/applications/hotseat-guest.desktop
share/applications/hotseat-host.desktop
share/bash-completion/completions/hotseat
share/doc/hotseat/NEWS
share/doc/hotseat/README.md
share/doc/hotseat/SECURITY.md
share/doc/hotseat/docs/README.md
share/doc/hotseat/docs/api.md
share/doc/hotseat/docs/deaf-monitors.md
share/doc/hotseat/docs/desktop.md
share/doc/hotseat/docs/faq.md
share/doc/hotseat/docs/first-desk.md
share/doc/hotseat/docs/guest-kit.md
share/doc/hotseat/docs/guests.md
share/doc/hotseat/docs/hotkeys.md
share/doc/hotseat/docs/linux-guest.md
share/doc/hotseat/docs/migration.md
share/doc/hotseat/docs/monitors.md
share/doc/hotseat/docs/network.md
share/doc/hotseat/docs/pictures/desk.svg
share/doc/hotseat/docs/pictures/setup.svg
share/doc/hotseat/docs/pictures/windows-agent.png
share/doc/hotseat/docs/reliability.md
share/doc/hotseat/docs/sound-and-commands.md
share/doc/hotseat/docs/support.md
share/doc/hotseat/docs/troubleshooting.md
share/doc/hotseat/docs/uninstall.md
share/doc/hotseat/docs/windows-agent.md
share/doc/hotseat/examples/config.yaml
share/doc/hotseat/examples/qemu.yaml
share/doc/hotseat/examples/two-guests.yaml
share/doc/hotseat/examples/usb.yaml
share/fish/vendor_completions.d/hotseat.fish
share/icons/hicolor/scalable/apps/hotseat.svg
share/icons/hicolor/symbolic/apps/hotseat-symbolic.svg
share/man/man1/hotseat.1
share/man/man5/hotseat.yaml.5
share/man/man8/hotseat-inputd.8
share/man/man8/hotseatd.8
share/metainfo/org.example.hotseat.metainfo.xml
share/zsh/site-functions/_hotseat
"""
TREE = tempfile.TemporaryDirectory()
ROOT = TREE.name + PREFIX


def run(*command):
    r = subprocess.run(command, capture_output=True, text=True, check=False,
                       env={**os.environ, "DESTDIR": TREE.name, "XDG_RUNTIME_DIR": TREE.name})
    assert r.returncode == 0 and not r.stderr, f"{command}: {r.returncode} {r.stdout} {r.stderr}"


def test_places():
    """every file is installed where systemd, udev, shells and man look for it, and no other"""
    run("meson", "install", "-C", BUILD, "--no-rebuild", "--quiet")
    found = [os.path.relpath(os.path.join(where, name), TREE.name)
             for where, _, names in os.walk(TREE.name) for name in names]
    wanted = [PREFIX.lstrip("/") + "/" + line for line in INSTALLED.split()]
    if os.path.exists(f"{BUILD}/hotseat-agent.exe"):  # where MinGW is
        wanted = sorted([*wanted, PREFIX.lstrip("/") + "/share/hotseat/windows/hotseat-agent.exe"])
    assert sorted(found) == wanted, f"differs: {set(found) ^ set(wanted)}"


def unit(manager, name="hotseatd", program="hotseatd", folder="bin"):
    """The installed unit, with the program where it is now."""
    with open(f"{ROOT}/lib/systemd/{manager}/{name}.service", encoding="utf-8") as f:
        text = f.read()
    start = f"ExecStart={PREFIX}/{folder}/{program}"
    assert start in text, text
    path = f"{TREE.name}/{manager}/{name}.service"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(start, f"ExecStart={os.path.dirname(os.path.abspath(HOTSEATD))}/{program}"))
    socket = f"{ROOT}/lib/systemd/{manager}/{name}.socket"
    if os.path.exists(socket):
        shutil.copy(socket, os.path.dirname(path))
    return path


def test_units():
    """systemd finds no fault in the units, and the system's exposure is under 1.5"""
    system = unit("system")
    run("systemd-analyze", "verify", "--man=no", system)
    run("systemd-analyze", "verify", "--man=no", "--user", unit("user"))
    run("systemd-analyze", "verify", "--man=no", "--user", unit("user", "hotseat-agent", "hotseat"))
    run("systemd-analyze", "security", "--offline=true", "--threshold=14", system)
    inputd = unit("system", "hotseat-inputd", "hotseat-inputd", "libexec")
    run("systemd-analyze", "verify", "--man=no", inputd)
    run("systemd-analyze", "verify", "--man=no", "--user",
        unit("user", "hotseat-inputd", "hotseat-inputd", "libexec"))
    run("systemd-analyze", "security", "--offline=true", "--threshold=14", inputd)


def text_of(*names):
    with open(os.path.join(ROOT, *names), encoding="utf-8") as f:
        return f.read()


def test_rights():
    """hotseatd reads no keyboard and makes none; hotseat-inputd has no network; neither leaves a core"""
    system = text_of("lib/systemd/system/hotseatd.service")
    assert "\nSupplementaryGroups=i2c\n" in system
    assert "input" not in "".join(line for line in system.splitlines() if not line.startswith("#"))
    # libvirt's group has one of two names
    assert sorted(line.replace("libvirtd", "libvirt") for line in text_of("lib/sysusers.d/hotseat.conf").splitlines()
                  if line.startswith("m ")) == ["m hotseat i2c", "m hotseat libvirt", "m hotseat-input input"]
    assert 'KERNEL=="uinput"' in text_of("lib/udev/rules.d/74-hotseat.rules")
    inputd = text_of("lib/systemd/system/hotseat-inputd.service")
    assert "\nSupplementaryGroups=input\n" in inputd
    assert "\nPrivateNetwork=yes\n" in inputd and "\nRestrictAddressFamilies=AF_UNIX\n" in inputd
    ports = re.findall(r"\nListenStream=(.*):(\d+)(?=\n)", text_of("lib/systemd/system/hotseat-inputd.socket"))
    assert ports == [("127.0.0.1", str(port)) for port in range(49201, 49217)], ports
    for unit_file in ("system/hotseatd", "system/hotseat-inputd", "user/hotseatd", "user/hotseat-agent",
                      "user/hotseat-inputd"):
        assert "\nLimitCORE=0\n" in text_of(f"lib/systemd/{unit_file}.service"), unit_file


def test_accounts():
    """the accounts that the files name are those that sysusers makes: meson's options say which"""
    users = re.findall(r"^u (\S+) ", text_of("lib/sysusers.d/hotseat.conf"), re.M)
    assert len(users) == 2, users
    for file, named in (("lib/systemd/system/hotseatd.service", f"\nUser={users[0]}\nGroup=hotseat\n"),
                        ("lib/systemd/system/hotseat-inputd.service", f"\nUser={users[1]}\nGroup={users[1]}\n"),
                        ("lib/systemd/system/hotseat-inputd.socket", f"\nSocketUser={users[0]}\n"),
                        ("lib/tmpfiles.d/hotseat.conf", f"/etc/hotseat/config.yaml 0600 {users[0]} hotseat -"),
                        ("lib/udev/rules.d/74-hotseat.rules", f" u:{users[0]}:rw |"),
                        ("lib/udev/rules.d/74-hotseat.rules", f" u:{users[1]}:rw |"),
                        ("share/man/man8/hotseatd.8", "install -o " + users[0])):
        assert named in text_of(file), (file, named)


def test_examples():
    """the example configs are valid"""
    folder = f"{ROOT}/share/doc/hotseat/examples"
    hotseat = os.path.join(os.path.dirname(os.path.abspath(HOTSEATD)), "hotseat")
    assert len(os.listdir(folder)) > 3
    for name in os.listdir(folder):
        run(hotseat, "check-config", f"{folder}/{name}")


def completed(*words):
    """What bash offers for the last word, with a daemon whose guest is win10."""
    script = """
hotseat() { echo '{"guests":[{"name":"win10","domain":"win10"}]}'; }
. "$0"
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_hotseat
echo "${COMPREPLY[@]}"
"""
    file = f"{ROOT}/share/bash-completion/completions/hotseat"
    r = subprocess.run(["bash", "-uc", script, file, "hotseat", *words], capture_output=True,
                       text=True, check=False)
    assert r.returncode == 0 and not r.stderr, f"{words}: {r.returncode} {r.stderr}"
    return r.stdout.split()


def test_bash_completes():
    """bash completes commands, options and what belongs to them, also behind other options"""
    for words, wanted in ((("sw",), "switch"),
                          (("--he",), "--help"),
                          (("switch", ""), "host toggle win10"),
                          (("--socket", "/nowhere", "switch", "w"), "win10"),
                          (("watch", "--format", "w"), "waybar"),
                          (("watch", "--format", "=", "w"), "waybar"),
                          (("watch", "--format", "="), "waybar i3blocks plain"),
                          (("secret", ""), "new show list revoke"),
                          (("secret", "new", "--replace", ""), "win10"),
                          (("guest-kit", "--guest", "w"), "win10"),
                          (("guest-kit", "--r"), "--replace")):
        assert completed(*words) == wanted.split(), (words, completed(*words))


tap.main(sys.modules[__name__])
