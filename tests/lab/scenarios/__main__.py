# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs scenarios, inside the lab's machine, and prints TAP: `lab test [NAME...]`.

A scenario is a function of a test_*.py here (or of package.py, which needs .debs and runs by name only) whose parameter is the desk; its docstring is what it
shows, and @desk(...) says in what state it begins. -l lists them, -n prints their names in the
order in which they run best.
"""
import ast
import glob
import importlib
import os
import sys
import time
import traceback
from typing import NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))


class Scenario(NamedTuple):
    module: str
    shows: str
    guest: str                  # as in begin.desk()


def decorator(node):
    """@desk(...) before node, or None; what scenarios share may have other decorators"""
    for d in getattr(node, "decorator_list", ()):
        if isinstance(d, ast.Call) and getattr(d.func, "id", None) == "desk":
            return d
    return None


def guest_at_begin(call):
    return next((k.value.value for k in call.keywords if k.arg == "guest"), "running")


def listing(files="test_*.py"):
    """{name: Scenario}, without importing what only the machine has"""
    found = {}
    for path in sorted(glob.glob(HERE + "/" + files)):
        with open(path) as f:
            for node in ast.parse(f.read()).body:
                if call := decorator(node):
                    found[node.name] = Scenario(os.path.basename(path)[:-3],
                                                ast.get_docstring(node), guest_at_begin(call))
    return found


def in_good_order(known):
    """A guest's start takes longer than most scenarios: those that need it running come together."""
    states = ("running", "paused", "off", "absent")
    return sorted(known, key=lambda name: states.index(known[name].guest))


def diagnose(text):
    for line in text.splitlines():
        print("# " + line)


def run(f):
    """True if it passes; says why it does not, with what the daemon logged."""
    from desk import Desk
    desk = None
    try:
        begins = dict(f.begins)
        config = begins.pop("config")
        desk = Desk(**begins)
        if config:
            desk.start_daemon(config)
        f(desk)
        return True
    except Exception:
        Desk.loaded = None      # whatever it has left behind
        diagnose(traceback.format_exc())
        if desk:
            diagnose("the daemon's journal:\n" + desk.journal())
        return False
    finally:
        if desk:
            desk.stop_daemon()


def main():
    known = listing()
    if sys.argv[1:] == ["-l"]:
        for name, scenario in known.items():
            print("%-24s %s" % (name, scenario.shows))
        return 0
    if sys.argv[1:] == ["-n"]:
        print("\n".join(in_good_order(known)))
        return 0
    names = sys.argv[1:]
    if names:
        known.update(listing("package.py"))
    for name in names:
        if name not in known:
            sys.exit("no scenario %s; lab test -l lists them" % name)
    names = names or in_good_order(known)
    print("1..%d" % len(names))
    failed = 0
    for n, name in enumerate(names, 1):
        start = time.monotonic()
        good = run(getattr(importlib.import_module(known[name].module), name))
        failed += not good
        print("%s %d - %s: %s (%.1f s)" % ("ok" if good else "not ok", n, name, known[name].shows,
                                           time.monotonic() - start), flush=True)
    return failed > 0


sys.exit(main())
