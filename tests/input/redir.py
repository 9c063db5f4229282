# SPDX-License-Identifier: GPL-3.0-or-later
"""QEMU's side of a USB redirection, in as few lines as do."""
import socket
import struct

SET_CONFIGURATION, CONTROL, BULK = 6, 100, 101
CAPS = 1 << 1 | 1 << 4 | 1 << 5 | 1 << 6
HELLO = struct.pack("<III64sI", 0, 68, 0, b"test", CAPS)
ENDPOINT = 0x82


class Redir:
    def __init__(self, port):
        self.id = 0
        self.buffer = b""
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.settimeout(30)
        self.socket.sendall(HELLO)
        self.take(12 + 64 + 4)

    def take(self, n):
        while len(self.buffer) < n:
            data = self.socket.recv(65536)
            assert data, "hotseat-inputd closed the connection"
            self.buffer += data
        taken, self.buffer = self.buffer[:n], self.buffer[n:]
        return taken

    def send(self, kind, body):
        self.id += 1
        self.socket.sendall(struct.pack("<IIQ", kind, len(body), self.id) + body)

    def wait(self, wanted):
        """The body of the next packet of that kind."""
        while True:
            kind, length, _ = struct.unpack("<IIQ", self.take(16))
            body = self.take(length)
            if kind == wanted:
                return body

    def control(self, kind, request, value, index, length):
        """What the device answers to a request that reads; None: it refuses."""
        self.send(CONTROL, struct.pack("<BBBBHHH", kind, request, kind, 0, value, index, length))
        body = self.wait(CONTROL)
        return body[10:] if body[3] == 0 else None

    def configure(self):
        self.send(SET_CONFIGURATION, b"\1")
        self.request()

    def request(self):
        self.send(BULK, struct.pack("<BBHIH", ENDPOINT, 0, 32, 0, 0))

    def report(self):
        body = self.wait(BULK)
        self.request()
        return body[10:]
