#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs shell commands for the outside (../client.py), which needs no login and no network for it.

One TCP connection is one command. The client sends one line of JSON {"cmd", "timeout": seconds or
null, "stdin": bytes that follow} and those bytes; the answer is frames: one byte of kind ('o'
stdout, 'e' stderr, 'x' exit status), four bytes of length (big endian), data. When the client goes
away, the command's process group is killed. Only QEMU's forwarding from 127.0.0.1 leads here.
"""
import json
import os
import selectors
import signal
import socketserver
import struct
import subprocess
import tempfile
import time


class Handler(socketserver.StreamRequestHandler):
    rbufsize = 0    # the selector below looks at the socket, so nothing may hide in a buffer

    def frame(self, kind, data):
        self.request.sendall(struct.pack(">cI", kind, len(data)) + data)

    def receive(self):
        line = b""
        while not line.endswith(b"\n"):
            got = self.request.recv(1)
            if not got:
                return None, None
            line += got
        request = json.loads(line)
        stdin, left = tempfile.TemporaryFile(), request.get("stdin") or 0
        while left:
            got = self.request.recv(min(left, 1 << 20))
            if not got:
                return None, None
            stdin.write(got)
            left -= len(got)
        stdin.seek(0)
        return request, stdin

    def handle(self):
        request, stdin = self.receive()
        if not request:
            return
        p = subprocess.Popen(["/bin/bash", "-c", request["cmd"]], cwd="/", stdin=stdin,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             start_new_session=True)
        status = self.pump(p, time.monotonic() + (request.get("timeout") or 1e9))
        if status is not None:
            self.frame(b"x", struct.pack(">i", status))

    def pump(self, p, end):
        """Passes output on until the command is done; its exit status, None if no client asks."""
        sel = selectors.DefaultSelector()
        sel.register(p.stdout, selectors.EVENT_READ, b"o")
        sel.register(p.stderr, selectors.EVENT_READ, b"e")
        sel.register(self.request, selectors.EVENT_READ)
        while len(sel.get_map()) > 1:
            left = end - time.monotonic()
            if left <= 0:
                os.killpg(p.pid, signal.SIGKILL)
                p.wait()
                return 124
            events = sel.select(min(left, 0.5))
            for key, _ in events:
                data = os.read(key.fd, 65536)
                if data and key.data:
                    self.frame(key.data, data)
                elif not data and key.data:
                    sel.unregister(key.fileobj)
                elif not data:
                    os.killpg(p.pid, signal.SIGKILL)
                    p.wait()
                    return None
            # one that left children holding its pipes is done when it exits itself
            if not events and p.poll() is not None:
                break
        code = p.wait()
        return code if code >= 0 else 128 - code


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("", 9), Handler).serve_forever()
