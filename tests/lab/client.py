#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outer end of machine/agent.py: `lab run`, `lab put` and `lab install` are this. And its port.

Exit status: the command's own; 124 when its time is over, 125 when the machine does not answer.
"""
import io
import json
import os
import re
import socket
import struct
import sys
import tarfile


def read_exactly(stream, n):
    data = stream.read(n)
    if len(data) != n:
        raise OSError("connection lost")
    return data


def run(command, timeout=None, stdin=b""):
    """Runs a shell command in the machine, passes its output on, returns its exit status."""
    with open(os.path.join(os.environ["LAB_RUN"], "port")) as f:
        port = int(f.read())
    with socket.create_connection(("127.0.0.1", port), 5) as s:
        s.settimeout(None if timeout is None else timeout + 30)
        head = {"cmd": command, "timeout": timeout, "stdin": len(stdin)}
        s.sendall(json.dumps(head).encode() + b"\n" + stdin)
        stream = s.makefile("rb")
        while True:
            kind, length = struct.unpack(">cI", read_exactly(stream, 5))
            data = read_exactly(stream, length)
            if kind == b"x":
                return struct.unpack(">i", data)[0]
            out = sys.stdout if kind == b"o" else sys.stderr
            out.buffer.write(data)
            out.flush()


def archive(names):
    """names: {file or folder: its name in the archive}"""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path, name in names.items():
            tar.add(path, name)
    return buffer.getvalue()


def unpack(names, where):
    return run("tar -xm --no-same-owner --no-overwrite-dir -C " + where, stdin=archive(names))


def free_port(name):
    """A port that nobody else gets, written to a file of that name: a socket that the command inherits has it, and as
    that does not listen, the command can."""
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", 0))
    s.set_inheritable(True)
    port = str(s.getsockname()[1])
    s.detach()
    with open(os.path.join(os.environ["LAB_RUN"], name), "w") as f:
        f.write(port)
    return port


def launch(command):
    """Becomes the command, in which @NAME@ is a port, which the file NAME has."""
    os.execvp(command[0], [re.sub(r"@(\w+)@", lambda m: free_port(m[1]), word) for word in command])


def main():
    verb, *args = sys.argv[1:]
    try:
        if verb == "launch":
            launch(args)
        if verb == "put":
            return unpack({a: os.path.basename(os.path.abspath(a)) for a in args},
                          "/usr/local/bin")
        if verb == "unpack":
            return unpack({args[0]: "."}, "/")
        timeout = None
        if args[:1] == ["-t"]:
            timeout, args = float(args[1]), args[2:]
        return run(" ".join(args), timeout)
    except OSError as e:
        print("lab:", e, file=sys.stderr)
        return 125


sys.exit(main())
