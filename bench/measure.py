# SPDX-License-Identifier: GPL-3.0-or-later
"""The measuring part of bench/run, inside the lab's machine: measure.py N.

A switch is timed from the moment its request is written to the daemon's socket until the monitors'
registers (ddcsim's log) and the kernel's USB drivers (uevents) have changed.
"""
import glob
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time

sys.path.insert(0, "/usr/local/bin/scenarios")
from begin import NAMED  # noqa: E402
from desk import DOMAIN, SOCKET, UNIT, Desk, check, equal, eventually, sh  # noqa: E402

VIRTKVM_KIB = 45 * 1024     # resident, seen once; a figure to go by, not measured here
IDLE_SECONDS = 30
BLOCKS = 2                  # bare calls and daemon take turns, so that a slow minute meets both


class Uevents(threading.Thread):
    """Notes when usbhid releases an interface (unbind) or takes it (bind)."""

    def __init__(self):
        super().__init__(daemon=True)
        self.seen = []
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, 15)  # KOBJECT_UEVENT
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.bind((0, 1))
        self.start()

    def run(self):
        while True:
            message = self.socket.recv(65536)
            now = time.monotonic_ns()
            action, _, path = message.split(b"\0")[0].partition(b"@")
            if action in (b"bind", b"unbind") and b"DEVTYPE=usb_interface" in message:
                if action == b"unbind" or b"DRIVER=usbhid" in message:
                    self.seen.append((now, action.decode(), os.path.basename(path.decode())))

    def last(self, action, devices, since):
        """When the last of the devices changed hands; waits for it."""
        wanted = {d.port + ":1.0" for d in devices}

        def times():
            first = {}
            for t, a, name in list(self.seen):
                if t >= since and a == action and name in wanted:
                    first.setdefault(name, t)
            return len(first) == len(wanted) and max(first.values())
        return eventually(times, action + " of the devices")


def ask(to):
    """A request on an open connection: (when it was written, answer)."""
    body = json.dumps({"to": to})
    text = ("POST /switch HTTP/1.1\r\nHost: hotseat\r\nContent-Type: application/json\r\n"
            "Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)).encode()
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(SOCKET)
        start = time.monotonic_ns()
        s.sendall(text)
        answer = b""
        while True:
            data = s.recv(65536)
            if not data:
                break
            answer += data
    head, _, body = answer.partition(b"\r\n\r\n")
    equal(head.split()[1], b"200", "status, %r" % body)
    return start


def register_times(desk, since):
    """When each monitor took its first Set VCP 60 after since."""
    times = []
    for m in desk.monitors:
        with open(m.dir + "/log") as f:
            times.append(min(int(line.split()[0]) for line in f
                             if int(line.split()[0]) >= since and line.split()[2] == "60"))
    return times


ACTION = {"guest": "unbind", "host": "bind"}


def by_daemon(desk, uevents, n, results):
    desk.start_daemon(NAMED)
    for to in ("guest", "host"):    # the first of each finds its way, and is not counted
        ask(to)
    for _ in range(n):
        for to in ("guest", "host"):
            time.sleep(0.5)
            start = ask(to)
            moved = uevents.last(ACTION[to], desk.devices, start)
            results["devices to " + to].append((moved - start) / 1e6)
            written = [(t - start) / 1e6 for t in register_times(desk, start)]
            results["first monitor"].append(min(written))
            results["last monitor"].append(max(written))
    desk.stop_daemon()


def by_bare_calls(desk, uevents, n, results):
    calls = subprocess.Popen(["bare-libvirt", DOMAIN, "28da:1101", "046d:c08d"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    for round in range(n + 1):
        for to in ("guest", "host"):
            time.sleep(0.5)
            calls.stdin.write(to + "\n")
            calls.stdin.flush()
            start = int(calls.stdout.readline().split()[0])
            moved = uevents.last(ACTION[to], desk.devices, start)
            if round:
                results["bare devices to " + to].append((moved - start) / 1e6)
    calls.stdin.close()
    equal(calls.wait(), 0, "bare-libvirt")
    for _ in range(n):
        line = sh("raw-ddc %d 60 0f 1" % desk.monitors[0].bus)
        results["bare write"].append(sum(float(us) for us in line.split()[:2]) / 1e3)


def process(*argv):
    start = time.monotonic_ns()
    pid = os.posix_spawnp(argv[0], argv, os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
    check(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, argv)
    return (time.monotonic_ns() - start) / 1e6


def commands(n, results):
    """`hotseat switch host` and curl asking the same, in turns; the host has the seat already."""
    for _ in range(n + 1):
        results["hotseat"].append(process("hotseat", "switch", "host"))
        results["curl"].append(process(
            "curl", "-sf", "--unix-socket", SOCKET, "-H", "Content-Type: application/json",
            "-d", '{"to": "host"}', "http://hotseat/switch"))
    del results["hotseat"][0], results["curl"][0]


def memory(pid):
    with open("/proc/%s/smaps_rollup" % pid) as f:
        fields = dict(line.split()[:2] for line in list(f)[1:])
    return int(fields["Rss:"]), int(fields["Pss:"])


def wakeups(pid):
    """Voluntary context switches of all threads"""
    return sum(int(line.split()[1]) for status in glob.glob("/proc/%s/task/*/status" % pid)
               for line in open(status) if line.startswith("voluntary"))


def main():
    n = int(sys.argv[1])
    results = {name: [] for name in (
        "first monitor", "last monitor", "bare write", "hotseat", "curl",
        "devices to guest", "devices to host", "bare devices to guest", "bare devices to host")}
    desk, uevents = Desk(), Uevents()
    for block in range(BLOCKS):
        by_bare_calls(desk, uevents, n // BLOCKS, results)
        by_daemon(desk, uevents, n // BLOCKS, results)
    desk.start_daemon(NAMED)
    for to in ("guest", "host"):
        ask(to)
    commands(n, results)
    pid = sh("systemctl show -P MainPID " + UNIT).strip()
    time.sleep(5)
    before = wakeups(pid)
    time.sleep(IDLE_SECONDS)
    idle = wakeups(pid) - before
    rss, pss = memory(pid)
    desk.stop_daemon()

    median = {name: statistics.median(values) for name, values in results.items()}

    def spread(name):
        return "%.1f ms (%.1f-%.1f)" % (median[name], min(results[name]), max(results[name]))

    def ratio(what, name, base):
        print("%6.2f  %-55s %s / %s, n=%d" % (
            median[name] / median[base], what, spread(name), spread(base), len(results[name])))

    print("ratio of medians %47s median (min-max) / the base's, n" % "")
    ratio("request to the first monitor / bare I2C write", "first monitor", "bare write")
    ratio("request to the last monitor / bare I2C write", "last monitor", "bare write")
    for to in ("guest", "host"):
        ratio("request to all devices moved, to the %s / bare calls" % to,
              "devices to " + to, "bare devices to " + to)
    ratio("hotseat switch / curl, processes", "hotseat", "curl")
    print("%6.2f  %-55s %d KiB (PSS %d) / %d KiB" % (
        rss / VIRTKVM_KIB, "resident memory / virtkvm's", rss, pss, VIRTKVM_KIB))
    print("%6d  wake-ups of the idle daemon in %d s" % (idle, IDLE_SECONDS))


main()
