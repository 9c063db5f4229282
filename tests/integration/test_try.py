#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""./try and scripts/packages with stand-ins for meson, ninja and apt: what they show while one waits, and what an
earlier attempt may have left in build/. TAP.

usage: test_try.py SOURCE
"""
import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import tap

SOURCE = pathlib.Path(sys.argv[1])

# a build directory works if "good" is written into its build.ninja
MESON = """#!/bin/sh
[ "$1" = setup ] || exit 9
[ ! -e "$2/broken" ] || { echo "coredata is corrupt" >&2; exit 1; }
mkdir -p "$2" && echo good >"$2/build.ninja"
"""
NINJA = """#!/bin/sh
[ "$1" = -C ] || exit 9
cd "$2" || exit 9
grep -q good build.ninja || { echo "ninja: error: cc-of-yesterday: not found"; exit 1; }
[ -z "$SOURCE_IS_WRONG" ] || { echo "[1/2] Compiling x.c"; echo "x.c:1: error: expected ;"; exit 1; }
[ ! -e hotseatd ] || { echo "ninja: no work to do."; exit 0; }
shift 2
echo "[1/2] Compiling x.c"
for program; do cp "$FAKES/$program" . 2>/dev/null || cp "$FAKES/hotseat" "$program"; done
echo "[2/2] Linking $*"
"""
HOTSEATD = """#!/usr/bin/env python3
import signal, socket, sys
print(*sys.argv[1:], file=open("hotseatd.arguments", "w"))
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[sys.argv.index("--socket") + 1])
signal.pause()
"""
HOTSEAT = "#!/bin/sh\necho \"it ran: $*\"\n"


def write(path, text):
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


@contextlib.contextmanager
def project():
    """A folder with ./try in it, and an environment in which it finds the stand-ins."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name) / "hotseat"
        fakes = pathlib.Path(name) / "fakes"
        (folder / "scripts").mkdir(parents=True)
        fakes.mkdir()
        shutil.copy(SOURCE / "try", folder)
        shutil.copy(SOURCE / "scripts/progress", folder / "scripts")
        write(folder / "scripts/packages", "#!/bin/sh\n")
        for name, text in ("meson", MESON), ("ninja", NINJA), ("hotseatd", HOTSEATD), ("hotseat", HOTSEAT):
            write(fakes / name, text)
        yield folder, {**os.environ, "PATH": f"{fakes}:{os.environ['PATH']}", "FAKES": str(fakes)}


def run(folder, env, *arguments, status=0, program="./try"):
    """What ./try wrote to stdout and stderr."""
    done = subprocess.run([program, *arguments], cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=60, check=False)
    assert done.returncode == status, done
    return done.stdout, done.stderr


def test_first():
    """the first time it says that it configures and builds, and how far it is"""
    with project() as (folder, env):
        out, err = run(folder, env)
        assert "it ran: switch guest" in out, out
        assert err.splitlines() == ["Configuring the build", "Building 1/2", "Building 2/2"], err
        out, err = run(folder, env)
        assert "it ran: switch guest" in out and err == "", (out, err)


def test_half_configured():
    """a build/ that an interrupted configuration has left"""
    with project() as (folder, env):
        (folder / "build/meson-private").mkdir(parents=True)
        assert "it ran: switch guest" in run(folder, env)[0]
        assert not list(folder.glob("build.unusable*"))


def leave(folder, ninja=None, broken=False):
    (folder / "build").mkdir()
    if ninja is not None:
        (folder / "build/build.ninja").write_text(ninja, encoding="utf-8")
    if broken:
        (folder / "build/broken").touch()


def test_unusable():
    """a build/ that cannot be used is kept under another name, and does not block"""
    for left in {"broken": True}, {"ninja": "compiler is gone\n"}, {"ninja": "", "broken": True}:
        with project() as (folder, env):
            leave(folder, **left)
            # one that was kept before gives way
            (folder / "build.unusable").mkdir()
            out, err = run(folder, env)
            assert "it ran: switch guest" in out, (left, out, err)
            assert "build/ cannot be used" in err and "build.unusable/" in err, err
            assert (folder / "build.unusable/build.ninja").exists() or left.get("ninja") is None
            assert (folder / "out/try.log.before").read_text(encoding="utf-8") != ""
            assert run(folder, env)[1] == ""


def test_file():
    """a file that is called build"""
    with project() as (folder, env):
        (folder / "build").write_text("", encoding="utf-8")
        assert "it ran: switch guest" in run(folder, env)[0]


def test_source():
    """what does not compile from nothing either is shown"""
    with project() as (folder, env):
        out, err = run(folder, {**env, "SOURCE_IS_WRONG": "yes"}, status=1)
        assert "x.c:1: error: expected ;" in err and "it ran" not in out, (out, err)


def test_config():
    """the desk of a config, wherever ./try is called from"""
    with project() as (folder, env):
        (folder.parent / "desk.yaml").write_text("", encoding="utf-8")
        out, err = run(folder.parent, env, "desk.yaml", program="hotseat/try")
        assert "it ran: switch toggle" in out, (out, err)
        arguments = (folder / "hotseatd.arguments").read_text(encoding="utf-8")
        assert f"--simulate --config {folder.parent / 'desk.yaml'} --socket" in arguments, arguments
        for wrong in ("nowhere.yaml",), ("--help",), ("desk.yaml", "more"):
            out, err = run(folder.parent, env, *wrong, status=2, program="hotseat/try")
            assert out == "" and ("no file nowhere.yaml" in err or "try [CONFIG]" in err), (wrong, out, err)


# -- packages ---------------------------------------------------------------------------------------------------------

APT = """#!/bin/sh
case " $* " in
*" -s "*) echo "Inst gcc (1)"; echo "Inst libc6-dev (1)"; exit 0 ;;
esac
if [ -n "$APT_FAILS" ]; then echo "Get:1 http://deb gcc"; echo "E: no such package" >&2; exit 100; fi
for package in gcc libc6-dev; do
	echo "Get:1 http://deb $package"; echo "Unpacking $package (1) ..."; echo "Setting up $package (1) ..."
done
"""


def packages(**more):
    with tempfile.TemporaryDirectory() as fakes:
        fakes = pathlib.Path(fakes)
        write(fakes / "apt-get", APT)
        write(fakes / "dpkg-query", "#!/bin/sh\ncase $* in *gcc) exit 1 ;; esac\necho install ok installed\n")
        write(fakes / "sudo", "#!/bin/sh\n[ \"$1\" != -v ] || exit 0\nexec \"$@\"\n")
        done = subprocess.run([SOURCE / "scripts/packages", "build"], capture_output=True, text=True, timeout=60,
                              env={**os.environ, "PATH": f"{fakes}:{os.environ['PATH']}", **more}, check=False)
        return done.returncode, done.stderr


def test_packages():
    """what is installed is named, and how far that is"""
    status, err = packages()
    assert status == 0, err
    lines = [line for line in err.splitlines() if not line.startswith("Updating")]
    assert lines[0] == "Installing gcc, and what they need", err
    assert lines[1] == "Installing 1/6" and lines[-1] == "Installing 6/6", err


def test_packages_fail():
    """if apt fails, what it said is shown"""
    status, err = packages(APT_FAILS="yes")
    assert status != 0 and "E: no such package" in err, (status, err)


tap.main(sys.modules[__name__])
