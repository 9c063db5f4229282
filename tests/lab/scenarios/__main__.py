# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs scenarios, inside the lab's machine, and prints TAP: `lab test [NAME...]`.

A scenario is a function of a test_*.py here whose parameter is the desk; its docstring is what it
shows, and @desk(...) says in what state it begins. -l lists them.
"""
import ast
import glob
import importlib
import os
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))


def is_scenario(node):
    """@desk(...) before it; what scenarios share may have other decorators"""
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(d, ast.Call) and getattr(d.func, "id", None) == "desk" for d in node.decorator_list)


def listing():
    """{name: what it shows}, without importing what only the machine has"""
    found = {}
    for path in sorted(glob.glob(HERE + "/test_*.py")):
        with open(path) as f:
            for node in ast.parse(f.read()).body:
                if is_scenario(node):
                    found[node.name] = (os.path.basename(path)[:-3], ast.get_docstring(node))
    return found


def function(name, known):
    return getattr(importlib.import_module(known[name][0]), name)


def in_good_order(known):
    """A guest's start takes longer than most scenarios: those that need it running come together."""
    states = ("running", "paused", "off", "absent")
    return sorted(known, key=lambda name: states.index(function(name, known).begins["guest"]))


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
        for name, (_, shows) in known.items():
            print("%-24s %s" % (name, shows))
        return 0
    names = sys.argv[1:]
    for name in names:
        if name not in known:
            sys.exit("no scenario %s; lab test -l lists them" % name)
    names = names or in_good_order(known)
    print("1..%d" % len(names))
    failed = 0
    for n, name in enumerate(names, 1):
        start = time.monotonic()
        good = run(function(name, known))
        failed += not good
        print("%s %d - %s: %s (%.1f s)" % ("ok" if good else "not ok", n, name, known[name][1],
                                           time.monotonic() - start), flush=True)
    return failed > 0


sys.exit(main())
