# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports for programs that are told theirs."""
import socket

KEPT = []


def reserve_port():
    """A port of 127.0.0.1 that nobody else gets, not even other tests that run meanwhile, until this one
    ends. It is bound, but nobody listens: who connects is refused, and who is told of it can listen."""
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", 0))
    KEPT.append(s)
    return s.getsockname()[1]
