# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module's functions test_* and reports each in TAP."""
import sys
import traceback


def main(module):
    tests = [f for name, f in vars(module).items() if name.startswith("test_")]
    print(f"1..{len(tests)}", flush=True)
    failed = 0
    for number, test in enumerate(tests, 1):
        try:
            test()
            print(f"ok {number} - {test.__doc__}", flush=True)
        except Exception:  # whatever it is: the test has failed
            failed += 1
            print(f"not ok {number} - {test.__doc__}", flush=True)
            print("".join(f"# {line}\n" for line in traceback.format_exc().splitlines()), flush=True)
    sys.exit(failed > 0)
