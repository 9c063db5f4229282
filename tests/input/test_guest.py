#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test_guest.py [-k KIT] [-c CONTROLLER] [-m pull|paced] [-n TIMES] HOTSEAT_INPUTD [TEST...]

hotseat-inputd and a Linux guest in QEMU, judged by the guest's own event nodes. KIT: the folder of guest.sh's
guest, made if it is not there. TIMES: how many round trips and kills (1000 and 5 by default; -n 200 for both)."""
import argparse
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import guest_keys  # noqa: E402
import guest_life  # noqa: E402
from guest_desk import HERE, Desk  # noqa: E402

TESTS = guest_keys.TESTS + guest_life.TESTS


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    parser.add_argument("-k", dest="kit", default=os.path.join(cache, "hotseat-guest"))
    parser.add_argument("-c", dest="controller", default="qemu-xhci")
    parser.add_argument("-m", dest="mode", default="pull")
    parser.add_argument("-n", dest="times", type=int)
    parser.add_argument("program")
    parser.add_argument("tests", nargs="*")
    options = parser.parse_args()
    options.trips = options.times or 1000
    options.kills = options.times or 5
    subprocess.run([os.path.join(HERE, "guest.sh"), options.kit], check=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # QEMU ends with the test
    desk = Desk(options)
    failed = 0
    try:
        for test in TESTS:
            name = test.__name__.removeprefix("test_")
            if options.tests and name not in options.tests:
                continue
            begun = time.monotonic()
            try:
                test(desk, options)
                print(f"ok {name} ({time.monotonic() - begun:.1f} s)", flush=True)
            except (AssertionError, OSError) as error:
                failed += 1
                print(f"FAILED {name}: {str(error)[:1500]}", flush=True)
                break
    finally:
        desk.stop()
    if failed:
        print("".join(open(desk.inputd.log_path).readlines()[-20:]))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
