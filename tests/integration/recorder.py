# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that keeps what it is sent, byte for byte, and answers with what it was told to."""
import contextlib
import re
import socket
import ssl
import threading

DEADLINE = 180


def answer(status, body):
    body = body.encode()
    return (b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            % (status.encode(), len(body), body))


DONE = answer("200 OK", '{"error":null,"success":true}')


class Recorder:
    """Plain, or over TLS with the certificate and key of these files."""

    def __init__(self, said=DONE, certificate=None, key=None):
        self.said = said
        self.seen = []  # of each connection, what came through
        self.connections = 0
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate, key)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.url = f"http{'s' if certificate else ''}://127.0.0.1:{self.port}"
        self.thread = threading.Thread(target=self.serve)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        # close() alone does not wake the thread
        self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.socket.close()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.settimeout(DEADLINE)
            # a client that turns away is the test's business
            with connection, contextlib.suppress(OSError):
                self.talk(connection)

    def talk(self, connection):
        if self.context:
            connection = self.context.wrap_socket(connection, server_side=True)
        seen = bytearray()
        try:
            while not self.is_whole(seen) and (data := connection.recv(65536)):
                seen += data
        finally:
            self.seen.append(bytes(seen))
        connection.sendall(self.said)
        connection.close()

    @staticmethod
    def is_whole(seen):
        head, end, body = seen.partition(b"\r\n\r\n")
        length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
        return end and len(body) >= int(length[1] if length else 0)

    def see_switch(self, secret, own, body='{"to":"host"}'):
        """There was one request, which is just what it has to be; own: patterns of lines that are
        the client's own business; body: None: whatever is in it."""
        assert len(self.seen) == 1, self.seen
        head, _, sent = self.seen[0].partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        others = [line for line in lines if not any(re.fullmatch(one, line) for one in own)]
        assert first == "POST /switch HTTP/1.1" and body in (None, sent.decode()), self.seen
        assert sorted(others) == ["Content-Length: 13", "Content-Type: application/json",
                                  f"Host: 127.0.0.1:{self.port}", f"X-Secret: {secret}"], others
