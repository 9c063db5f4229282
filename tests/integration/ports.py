# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports for programs that are told theirs."""
import socket

KEPT = []


def reserve_port():
    """A port of 127.0.0.1 that no other program gets, not even other tests that run meanwhile,
    until this one ends. It is bound without a listener: connections are refused, and a program that
    knows the port can listen."""
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("127.0.0.1", 0))
    KEPT.append(s)
    return s.getsockname()[1]
